// The query editor: runs a query at our own endpoint, shows the answer as a table with names beside addresses, and says
// why when there is none. Everything shown is text; nothing is asked of another host.

const base = "https://w3id.org/section230";
const form = document.querySelector("[data-editor]");
const query = form.querySelector("textarea");
const answer = document.querySelector("[data-answer]");
const SHOWN = 500;

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

async function ask(text, accept) {
  const response = await fetch("/sparql", {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: accept },
    body: text,
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  throw new Error(`${response.status}: ${problem.detail ?? problem.title ?? "the query was not answered"}`);
}

async function names(rows) {
  const ours = new Set();
  for (const row of rows) for (const term of Object.values(row)) if (term.type === "uri" && term.value.startsWith(base)) ours.add(term.value);
  const some = [...ours].slice(0, 300);
  if (!some.length) return new Map();
  const text = `SELECT ?s ?l { VALUES ?s { ${some.map((iri) => `<${iri}>`).join(" ")} } ?s rdfs:label ?l }`;
  try {
    const found = await (await ask(text, "application/sparql-results+json")).json();
    return new Map(found.results.bindings.map((row) => [row.s.value, row.l.value]));
  } catch {
    return new Map();
  }
}

function cell(term, labels) {
  if (!term) return element("td");
  if (term.type !== "uri") return element("td", { textContent: term.value });
  const shown = labels.get(term.value) ?? term.value;
  if (!term.value.startsWith(`${base}/`)) return element("td", { textContent: shown });
  return element("td", {}, element("a", { href: term.value.slice(base.length), textContent: shown, title: term.value }));
}

function table(found, labels) {
  const columns = found.head.vars;
  const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col", textContent: name })));
  const rows = found.results.bindings.slice(0, SHOWN);
  const body = rows.map((row) => element("tr", {}, ...columns.map((name) => cell(row[name], labels))));
  return element("div", { className: "wide" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
}

function links(text) {
  const address = `/sparql?query=${encodeURIComponent(text)}`;
  const share = `${location.pathname}?query=${encodeURIComponent(text)}`;
  const curl = `curl -H 'Accept: text/csv' --data-urlencode query@query.rq ${location.origin}/sparql`;
  const copy = element("button", { type: "button", textContent: "Copy as curl" });
  copy.addEventListener("click", () => navigator.clipboard?.writeText(curl));
  const csv = element("button", { type: "button", textContent: "CSV" });
  csv.addEventListener("click", async () => {
    const content = await (await ask(text, "text/csv")).blob();
    const link = element("a", { href: URL.createObjectURL(content), download: "answer.csv" });
    link.click();
    URL.revokeObjectURL(link.href);
  });
  return element("p", { className: "run" }, csv, " ", copy, " ", element("a", { href: share, textContent: "Link to this query" }), " · ", element("a", { href: address, textContent: "The endpoint’s answer" }));
}

async function run() {
  const text = query.value;
  answer.hidden = false;
  answer.replaceChildren(element("p", { className: "quiet", textContent: "Asking …" }));
  const begun = performance.now();
  try {
    const graph = /^\s*(CONSTRUCT|DESCRIBE)\b/im.test(text.replace(/^\s*(PREFIX|BASE|#).*$/gim, ""));
    const response = await ask(text, graph ? "text/turtle" : "application/sparql-results+json");
    const taken = () => `${Math.round(performance.now() - begun)} ms`;
    if (graph) {
      const content = await response.text();
      answer.replaceChildren(element("p", { className: "quiet", textContent: taken() }), element("pre", { tabIndex: 0, textContent: content.slice(0, 200000) }), links(text));
      return;
    }
    const found = await response.json();
    if ("boolean" in found) {
      answer.replaceChildren(element("p", { textContent: found.boolean ? "Yes." : "No." }), element("p", { className: "quiet", textContent: taken() }), links(text));
      return;
    }
    const count = found.results.bindings.length;
    const more = count > SHOWN ? `, the first ${SHOWN} shown` : "";
    const said = `${count} row${count === 1 ? "" : "s"} in ${taken()}${more}`;
    answer.replaceChildren(element("p", { className: "quiet", textContent: said }), table(found, await names(found.results.bindings.slice(0, SHOWN))), links(text));
  } catch (error) {
    answer.replaceChildren(element("p", { className: "asof asof-none", role: "alert", textContent: error.message }));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
form.querySelector("[data-examples]")?.addEventListener("change", (event) => {
  if (event.target.value) query.value = event.target.value;
});
if (new URLSearchParams(location.search).has("query")) run();
