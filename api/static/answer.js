// An answer of the SPARQL service as a reader sees it: table, chart, picture, and the reason where there is none.
// Everything shown is set as text; nothing is asked of another host.

const base = "https://w3id.org/section230";
const endpoint = "/sparql";
const PAGE = 500; // rows added to the table at a time
const MOST_BARS = 60;
const MOST_WORDS = 40; // connections beyond which their words would be a haze; the table has them
const READABLE = 0.7; // the scale below which a picture's words are too small
const BOTH = "application/sparql-results+json, application/n-triples;q=0.9";
const NUMBERS = /#(integer|int|long|decimal|double|float|nonNegativeInteger)$/;

export const settings = { labels: "", prefixes: {} };

// --- small pieces -----------------------------------------------------------------------------------------------------

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const many = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
const seconds = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

function copier(word, make) {
  const button = element("button", { type: "button", class: "plain-button" }, word);
  button.addEventListener("click", async () => {
    const text = make();
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = word), 1500);
    } catch {
      // A page that is not served securely may not write to the clipboard: the reader copies by hand.
      const shown = element("textarea", { rows: 6, readonly: true, "aria-label": word }, text);
      button.closest("section").append(shown);
      shown.select();
    }
  });
  return button;
}

// --- asking -----------------------------------------------------------------------------------------------------------

export class Refusal extends Error {
  constructor(title, detail, problem = {}) {
    super(detail);
    Object.assign(this, { title, problem });
  }
}

const TITLES = {
  400: "This query cannot be read",
  403: "This is not allowed here",
  408: "The request did not come through in time",
  413: "This query is too long",
  429: "Too many requests",
  501: "There is no such function",
  503: "The service is busy",
  504: "Stopped at the time limit",
  507: "Stopped at the memory limit",
};

const post = (text, accept, signal) => fetch(endpoint, { method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: accept }, body: text, signal });

// The whole answer as { type, text, bytes }. Throws `Refusal`, also for an answer that breaks off: it is not shown in half.
async function ask(text, accept, signal) {
  const began = performance.now();
  let response;
  try {
    response = await post(text, accept, signal);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal("No answer", "The service could not be reached. Is it running?");
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    const wait = response.headers.get("Retry-After");
    const detail = `${problem.detail ?? response.statusText}${wait ? ` (in ${wait} seconds)` : ""}`;
    throw new Refusal(TITLES[response.status] ?? `The service answered ${response.status}`, detail, problem);
  }
  const decoder = new TextDecoder();
  const pieces = [];
  let bytes = 0;
  try {
    const reader = response.body.getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      bytes += value.length;
      pieces.push(decoder.decode(value, { stream: true }));
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const came = `${(bytes / 1e6).toFixed(1)} MB in ${seconds(performance.now() - began)}`;
    throw new Refusal("The answer was cut off", `After ${came} the query was stopped: it was past the time or the memory that one query may have. Half an answer is not shown; ask for less, or add LIMIT.`);
  }
  return { type: (response.headers.get("Content-Type") ?? "").split(";")[0], text: pieces.join("") + decoder.decode(), bytes };
}

const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };
const unescaped = (text) => text.replace(/\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)/g, (_, short, long, one) => (one ? (ESCAPES[one] ?? one) : String.fromCodePoint(parseInt(short ?? long, 16))));

function term(text) {
  if (text.startsWith("<")) return { type: "uri", value: unescaped(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { type: "bnode", value: text.slice(2) };
  const [, value, datatype] = text.match(/^"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@\S+)?$/s) ?? [null, text];
  return { type: "literal", value: unescaped(value), datatype };
}

// N-Triples as rows, so that triples are read like any other answer.
function triples(text) {
  const line = /^(<[^>]*>|_:\S+) (<[^>]*>) (.*?) \.$/gm;
  return [...text.matchAll(line)].map(([, subject, predicate, object]) => ({ subject: term(subject), predicate: term(predicate), object: term(object) }));
}

async function names(rows) {
  const ours = new Set();
  for (const row of rows) for (const value of Object.values(row)) if (value.type === "uri" && value.value.startsWith(`${base}/`)) ours.add(value.value);
  const found = new Map();
  if (!ours.size || !settings.labels) return found;
  try {
    const asked = settings.labels.replaceAll("$things", [...ours].map((iri) => `<${iri}>`).join(" "));
    for (const row of JSON.parse((await ask(asked, BOTH)).text).results.bindings) found.set(row.thing.value, row.label.value);
  } catch {
    // Without names the addresses are shown alone.
  }
  return found;
}

// --- one value --------------------------------------------------------------------------------------------------------

export function prefixed(iri) {
  const found = Object.entries(settings.prefixes).find(([, name]) => iri.startsWith(name) && /^[\w-]+$/.test(iri.slice(name.length)));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : "";
}

function page(iri) {
  if (iri.startsWith(`${base}/ns#`)) return `/ontology#${encodeURIComponent(iri.slice(base.length + 4))}`;
  const path = iri.startsWith(`${base}/`) ? iri.slice(base.length) : "";
  if (path) return path.startsWith("//") ? "" : path.replaceAll("?", "%3F").replaceAll("#", "%23");
  return /^https?:\/\//.test(iri) ? iri : "";
}

function shown(value, labels) {
  if (!value) return [];
  if (value.type === "bnode") return [element("span", { class: "quiet" }, `_:${value.value}`)];
  if (value.type !== "uri") return [element("bdi", {}, value.value)];
  const iri = value.value;
  const short = prefixed(iri) || (iri.startsWith(`${base}/`) ? iri.slice(base.length) : iri);
  const address = page(iri);
  const label = labels.get(iri);
  const name = element("bdi", {}, label ?? short);
  const link = address ? element("a", { href: address, rel: address.startsWith("/") ? null : "external noreferrer", title: iri }, name) : name;
  return label && label !== short ? [link, element("code", { class: "beside" }, short)] : [link];
}

const isNumber = (value) => value?.type === "literal" && NUMBERS.test(value.datatype ?? "") && Number.isFinite(Number(value.value));

// --- table ------------------------------------------------------------------------------------------------------------

function table(columns, rows, labels, more) {
  const numeric = new Set(columns.filter((name) => rows.length && rows.every((row) => !row[name] || isNumber(row[name])) && rows.some((row) => row[name])));
  const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col", class: numeric.has(name) ? "number" : null }, name)));
  const body = element("tbody");
  const status = element("p", { class: "quiet small" });
  const button = element("button", { type: "button", class: "plain-button" }, `Show ${PAGE} more`);
  let count = 0;
  const add = async () => {
    const next = rows.slice(count, count + PAGE);
    const known = count ? await names(next) : labels;
    count += next.length;
    body.append(...next.map((row) => element("tr", {}, ...columns.map((name) => element("td", { class: numeric.has(name) ? "number" : null }, ...shown(row[name], known))))));
    const isAll = count >= rows.length;
    button.hidden = isAll;
    status.textContent = isAll ? "" : `The first ${count.toLocaleString("en")} of ${many(rows.length, "row")} are shown; CSV has all of them.`;
  };
  button.addEventListener("click", add);
  add();
  const held = element("table", { class: "answer-table" }, element("thead", {}, head), body);
  return element("div", {}, element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Answer as a table" }, held), status, button);
}

// --- chart ------------------------------------------------------------------------------------------------------------

// Grouped counts: numbers beside what they are counted for, up to sixty bars. Null where there is nothing to draw.
function chart(columns, rows, labels) {
  if (rows.length < 2 || rows.length > MOST_BARS) return null;
  const isMeasure = (name) => rows.every((row) => isNumber(row[name]) && Number(row[name].value) >= 0);
  // A number in the first column, such as a year, is what the others are counted for.
  const measures = columns.filter((name, index) => index && isMeasure(name));
  const groups = columns.filter((name) => !measures.includes(name) && rows.some((row) => row[name]));
  if (!measures.length || !groups.length) return null;
  const said = (value) => (value ? (labels.get(value.value) ?? (value.type === "uri" ? prefixed(value.value) || value.value.split("/").at(-1) : value.value)) : "none");
  const isOne = new Set(rows.map((row) => said(row[groups[0]]))).size === rows.length;
  const used = groups.slice(0, isOne ? 1 : 2);
  const bars = (measure) => figure(rows.map((row) => ({ label: used.map((name) => said(row[name])).join(" · "), value: Number(row[measure].value) })), measure, used.join(" and "));
  const frame = element("div", {}, bars(measures[0]));
  if (measures.length === 1) return frame;
  const choice = element("select", { onchange: (event) => frame.replaceChildren(bars(event.target.value)) }, ...measures.map((name) => element("option", {}, name)));
  return element("div", {}, element("p", { class: "chart-choice" }, element("label", {}, "Show ", choice)), frame);
}

function figure(bars, measure, group) {
  const most = Math.max(...bars.map((bar) => bar.value), 1e-9);
  const list = bars.map(({ label, value }) => {
    const length = (100 * value) / most;
    const bar = drawn("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, drawn("rect", { width: length, height: 10, rx: 0.4 }));
    return element("li", {}, element("span", { class: "bar-label" }, element("bdi", {}, label)), element("span", { class: "bar-plot" }, bar), element("span", { class: "bar-value" }, value.toLocaleString("en", { maximumFractionDigits: 2 })));
  });
  return element("figure", { class: "bars" }, element("figcaption", {}, `${measure} by ${group}`), element("ol", { class: "bar-list" }, ...list));
}

// --- picture ----------------------------------------------------------------------------------------------------------

// What the query has made, laid out by the service as our own pictures are.
async function picture(text) {
  const response = await fetch("/api/v1/graph", { method: "POST", headers: { "Content-Type": "application/n-triples" }, body: text });
  if (!response.ok) throw new Refusal("No picture", (await response.json().catch(() => ({}))).detail ?? response.statusText);
  return sketch(await response.json());
}

function sketch({ nodes, edges, kinds, cell, truncated }) {
  if (!nodes.length) return element("p", { class: "quiet" }, "There is nothing to draw.");
  const [width, height] = [cell[0] + 36, cell[1] + 26];
  const place = (node) => ({ x: (node.x / cell[0]) * width, y: (node.y / cell[1]) * height });
  const places = new Map(nodes.map((node) => [node.id, place(node)]));
  const xs = [...places.values()].map(({ x }) => x);
  const ys = [...places.values()].map(({ y }) => y);
  const box = [Math.min(...xs) - width / 2, Math.min(...ys) - height / 2, Math.max(...xs) - Math.min(...xs) + width, Math.max(...ys) - Math.min(...ys) + height];
  const icons = new Map(kinds.map((entry) => [entry.kind, entry.icon]));
  const lines = edges.filter((edge) => edge.from !== edge.to).map((edge) => arrow(places.get(edge.from), places.get(edge.to), edges.length > MOST_WORDS ? "" : edge.says, cell));
  const boxes = nodes.map((node) => thing(node, places.get(node.id), icons.get(node.kind), cell));
  const marker = drawn("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, drawn("path", { d: "M0 0L8 4L0 8z" }));
  const svg = drawn("svg", { viewBox: box.join(" "), width: box[2], height: box[3], role: "group", "aria-label": `Picture of ${many(nodes.length, "thing")} and ${many(edges.length, "connection")}; the table has the same` }, drawn("defs", {}, marker), ...lines, ...boxes);
  const legend = kinds.map((entry) => element("span", {}, drawn("svg", { viewBox: "0 0 16 16", width: 14, height: 14, class: `icon kind-${entry.kind}`, "aria-hidden": "true" }, drawn("path", { d: entry.icon, "fill-rule": "evenodd" })), ` ${entry.label}`));
  const note = truncated ? element("p", { class: "quiet small" }, `Only the first ${nodes.length} things are drawn; construct less to see all.`) : "";
  const frame = element("div", { class: "sketch-frame", tabindex: 0, role: "region", "aria-label": "Picture" }, svg);
  const busiest = nodes.reduce((best, node) => (touching(edges, node) > touching(edges, best) ? node : best));
  const zoom = zoomer(frame, svg, box, places.get(busiest.id));
  return element("figure", { class: "sketch" }, zoom, frame, element("figcaption", { class: "sketch-legend small" }, ...legend), note);
}

const touching = (edges, node) => edges.filter((edge) => edge.from === node.id || edge.to === node.id).length;

// Buttons that make the picture larger and smaller. It opens whole where it can be read so, else on its busiest thing.
function zoomer(frame, svg, [left, top, width, height], middle) {
  let scale = 1;
  const show = (wanted, at) => {
    scale = Math.min(Math.max(wanted, 0.1), 3);
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
    frame.scrollTo((at.x - left) * scale - frame.clientWidth / 2, (at.y - top) * scale - frame.clientHeight / 2);
  };
  const seen = () => ({ x: left + (frame.scrollLeft + frame.clientWidth / 2) / scale, y: top + (frame.scrollTop + frame.clientHeight / 2) / scale });
  const whole = () => Math.min((frame.clientWidth - 20) / width, 1);
  requestAnimationFrame(() => show(Math.max(whole(), READABLE), middle));
  const button = (word, label, act) => element("button", { type: "button", class: "plain-button", "aria-label": label, onclick: act }, word);
  return element("p", { class: "sketch-zoom" }, button("+", "Larger", () => show(scale * 1.3, seen())), button("−", "Smaller", () => show(scale / 1.3, seen())), button("Whole picture", null, () => show(Math.min(whole(), (innerHeight * 0.75) / height), middle)));
}

function arrow(from, to, says, cell) {
  const [begin, end] = [edgeOf(from, to, cell), edgeOf(to, from, cell)];
  const middle = { x: (begin.x + end.x) / 2, y: (begin.y + end.y) / 2 };
  const word = drawn("text", { x: middle.x, y: middle.y + 3 });
  word.append(says.length > 28 ? `${says.slice(0, 27)}…` : says);
  return drawn("g", { class: "sketch-edge" }, drawn("path", { d: `M${begin.x} ${begin.y}L${end.x} ${end.y}`, "marker-end": "url(#tip)" }), word);
}

// Where the line between two boxes leaves the first.
function edgeOf(from, to, [wide, high]) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const reach = Math.min((wide - 6) / 2 / Math.abs(dx || 1e-9), (high - 6) / 2 / Math.abs(dy || 1e-9));
  return { x: from.x + dx * reach, y: from.y + dy * reach };
}

function thing(node, { x, y }, icon, [wide, high]) {
  const [width, tall] = [wide - 8, high - 8];
  const [left, top] = [x - width / 2, y - tall / 2];
  const lines = wrapped(node.label, 18);
  const text = lines.map((line, index) => {
    const made = drawn("text", { x: left + 24, y: y + 4 + (index - (lines.length - 1) / 2) * 13 });
    made.append(line);
    return made;
  });
  const title = drawn("title");
  title.append(node.label);
  const parts = [title, drawn("rect", { x: left, y: top, width, height: tall, rx: 5 }), drawn("path", { d: icon, "fill-rule": "evenodd", transform: `translate(${left + 6} ${y - 7}) scale(.85)`, class: `kind-${node.kind}` }), ...text];
  return node.id.startsWith("/") ? drawn("a", { href: page(base + node.id), class: "sketch-thing" }, ...parts) : drawn("g", { class: "sketch-thing" }, ...parts);
}

function wrapped(label, room) {
  if (label.length <= room) return [label];
  const cut = label.lastIndexOf(" ", room);
  const first = cut > 4 ? label.slice(0, cut) : label.slice(0, room);
  const rest = label.slice(first.length).trim();
  return [first, rest.length > room ? `${rest.slice(0, room - 1)}…` : rest];
}

// --- the same elsewhere -----------------------------------------------------------------------------------------------

const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const accepted = (isGraph) => (isGraph ? "text/turtle" : "text/csv");

export const curl = (text, isGraph) => `curl ${shell(location.origin + endpoint)} -H 'Accept: ${accepted(isGraph)}' \\\n  --data-urlencode ${shell(`query=${text}`)}\n`;

export function python(text, isGraph) {
  const query = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  const reading = isGraph ? ["    print(answer.read().decode())"] : ["    rows = list(csv.DictReader(io.TextIOWrapper(answer, \"utf-8\", newline=\"\")))", "for row in rows:", "    print(row)"];
  return [
    ...(isGraph ? [] : ["import csv", "import io"]),
    "import urllib.parse",
    "import urllib.request",
    "",
    `QUERY = """\n${query}\n"""`,
    `request = urllib.request.Request("${location.origin}${endpoint}", urllib.parse.urlencode({"query": QUERY}).encode())`,
    `request.add_header("Accept", "${accepted(isGraph)}")`,
    "with urllib.request.urlopen(request) as answer:",
    ...reading,
    "",
  ].join("\n");
}

export const share = (text) => `/sparql/editor?query=${encodeURIComponent(text)}`;

async function download(text, accept, name, note) {
  try {
    const content = await ask(text, accept);
    const link = element("a", { href: URL.createObjectURL(new Blob([content.text], { type: accept })), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (error) {
    note.textContent = error.message;
  }
}

function actions(text, isGraph, isRows) {
  const note = element("span", { class: "quiet", role: "status" });
  const save = (word, accept, name) => element("button", { type: "button", class: "plain-button", onclick: () => download(text, accept, name, note) }, word);
  return element(
    "p",
    { class: "answer-actions" },
    isGraph ? save("Turtle", "text/turtle", "graph.ttl") : null,
    isGraph ? save("JSON-LD", "application/ld+json", "graph.jsonld") : null,
    isRows ? save("CSV", "text/csv", "answer.csv") : null,
    isGraph ? null : save("JSON", "application/sparql-results+json", "answer.json"),
    copier("Copy link", () => location.origin + share(text)),
    copier("Copy as curl", () => curl(text, isGraph)),
    copier("Copy as Python", () => python(text, isGraph)),
    note,
  );
}

// --- the whole --------------------------------------------------------------------------------------------------------

// Views behind buttons; one is shown at a time, and made when it is first asked for.
function views(entries) {
  const frame = element("div", { class: "view" });
  const made = new Map();
  const buttons = entries.map(([word, make]) => {
    const button = element("button", { type: "button", class: "view-button", "aria-pressed": "false" }, word);
    button.addEventListener("click", async () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      if (!made.has(word)) {
        frame.replaceChildren(element("p", { class: "quiet" }, "Drawing …"));
        made.set(word, await Promise.resolve(make()).catch((error) => element("p", { class: "asof asof-none", role: "alert" }, error.message)));
      }
      frame.replaceChildren(made.get(word));
    });
    return button;
  });
  buttons[0].click();
  return [entries.length > 1 ? element("p", { class: "view-buttons", role: "group", "aria-label": "Show the answer as" }, ...buttons) : "", frame];
}

function refused(error) {
  return element("div", { class: "refusal asof asof-none", role: "alert" }, element("p", {}, element("strong", {}, `${error.title ?? "Something broke here"}. `), error.message));
}

// Ask, show what comes in `target`, and tell how many rows came. The problem where the query was refused, with its line
// and column; else null.
export async function answer(target, text, signal, tell) {
  target.hidden = false;
  target.setAttribute("aria-busy", "true");
  const began = performance.now();
  const tick = element("span");
  const timer = setInterval(() => (tick.textContent = ` ${seconds(performance.now() - began)}`), 200);
  target.replaceChildren(element("p", { class: "quiet" }, "Asking …", tick));
  try {
    const found = await ask(text, BOTH, signal);
    const took = seconds(performance.now() - began);
    const isGraph = found.type === "application/n-triples";
    const content = isGraph ? { rows: triples(found.text), columns: ["subject", "predicate", "object"] } : read(found.text);
    if ("boolean" in content) {
      tell(content.boolean ? "Yes" : "No");
      target.replaceChildren(said("", took), element("p", { class: "verdict-line" }, element("strong", {}, content.boolean ? "Yes." : "No.")), actions(text, false, false));
      return null;
    }
    const { rows, columns } = content;
    const labels = await names(rows.slice(0, PAGE));
    const bars = isGraph ? null : chart(columns, rows, labels);
    const shownAs = [["Table", () => table(columns, rows, labels)]];
    if (bars) shownAs.push(["Chart", () => bars]);
    if (isGraph && rows.length) shownAs.push(["Picture", () => picture(found.text)]);
    const count = many(rows.length, isGraph ? "triple" : "row");
    tell(`${count} in ${took}`);
    target.replaceChildren(said(count, took), actions(text, isGraph, !isGraph), ...views(shownAs));
    return null;
  } catch (error) {
    if (error.name === "AbortError") {
      target.replaceChildren(element("p", { class: "quiet" }, `Stopped by you after ${seconds(performance.now() - began)}.`));
      return null;
    }
    target.replaceChildren(refused(error));
    return error.problem ?? {};
  } finally {
    clearInterval(timer);
    target.setAttribute("aria-busy", "false");
  }
}

function read(text) {
  const found = JSON.parse(text);
  return "boolean" in found ? found : { rows: found.results.bindings, columns: found.head.vars };
}

const said = (count, took) => element("p", { class: "answer-said" }, count ? element("strong", {}, count) : "", element("span", { class: "quiet" }, `${count ? " in " : "Answered in "}${took}`));
