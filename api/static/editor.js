// The query editor: YASGUI's where it is installed, a plain text field elsewhere. What comes back is shown by answer.js.
import { answer, element, settings, share } from "./answer.js";

const form = document.querySelector("[data-editor]");
const field = form.querySelector("textarea");
const target = document.querySelector("[data-answer]");
const told = document.querySelector("[data-told]");
const run = form.querySelector("[data-run]");
const stop = form.querySelector("[data-stop]");
const examples = form.querySelector("[data-examples]");
const { terms, ...given } = JSON.parse(document.getElementById("vocabulary").textContent);
Object.assign(settings, given);

let asking = null;

// A query with the declarations of the prefixes it uses, so that it runs at any endpoint.
function declared(text) {
  const bare = text.replace(/#[^\n]*|<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (part) => (part.startsWith("#") ? "" : " "));
  const has = new Set([...bare.matchAll(/\bPREFIX\s+([\w-]*):/gi)].map((match) => match[1]));
  const used = new Set([...bare.matchAll(/(?<![\w:?$-])([A-Za-z][\w-]*):(?=[\w])/g)].map((match) => match[1]));
  const missing = Object.entries(settings.prefixes).filter(([prefix]) => used.has(prefix) && !has.has(prefix));
  if (!missing.length) return text;
  const comments = text.match(/^(?:[ \t]*#[^\n]*\n)*/)[0];
  return `${comments}${missing.map(([prefix, name]) => `PREFIX ${prefix}: <${name}>\n`).join("")}${text.slice(comments.length)}`;
}

// --- the two editors ----------------------------------------------------------------------------------------------------

function plain() {
  return {
    get: () => field.value,
    set: (text) => (field.value = text),
    mark(line, column) {
      const lines = field.value.split("\n");
      const begin = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + column - 1;
      field.focus();
      field.setSelectionRange(begin, begin + Math.max((lines[line - 1] ?? "").slice(column - 1).search(/\s|$/), 1));
    },
  };
}

function yasqe() {
  const { Yasqe } = window;
  Yasqe.registerAutocompleter(vocabulary(), false);
  Yasqe.forkAutocompleter("prefixes", { name: "declarations", persistenceId: null, get: () => Object.entries(settings.prefixes).map(([prefix, name]) => `${prefix}: <${name}>`) }, false);
  const editor = new Yasqe(form.querySelector("[data-yasqe]"), {
    value: field.value,
    autocompleters: ["declarations", "variables", "vocabulary"],
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: true,
    editorHeight: "22rem",
    tabSize: 2,
    screenReaderLabel: "Query",
    inputStyle: "contenteditable", // what is shown is what has the focus, for those who hear the page
    // Tab leaves the field, as everywhere else; Ctrl + ] indents.
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": ask, "Cmd-Enter": ask, "Ctrl-]": "indentMore", "Ctrl-[": "indentLess" },
  });
  form.classList.add("with-yasqe");
  for (const name of ["query-label", "query-plain"]) form.querySelector(`[data-${name}]`).hidden = true;
  let wrong = null;
  editor.on("change", () => wrong?.clear());
  return {
    get: () => editor.getValue(),
    set: (text) => editor.setValue(text),
    mark(line, column) {
      const from = { line: line - 1, ch: column - 1 };
      editor.focus();
      editor.setCursor(from);
      const length = (editor.getLine(line - 1) ?? "").slice(column - 1).search(/\s|$/);
      wrong = editor.getDoc().markText(from, { line: line - 1, ch: column - 1 + Math.max(length, 1) }, { className: "wrong" });
    },
  };
}

// Suggests classes where a type is asked for, else properties, then whatever else of our vocabulary has these words.
function vocabulary() {
  const known = terms.map(([name, kind, count, label]) => ({ name, kind, count, label, words: `${name} ${label}`.toLowerCase() }));
  const described = new Map(known.map((term) => [term.name, term]));
  const isType = (editor, token) => ["a", "rdf:type"].includes(editor.getPreviousNonWsToken(editor.getDoc().getCursor().line, token).string);
  return {
    name: "vocabulary",
    bulk: false,
    autoShow: true,
    isValidCompletionPosition(editor) {
      const token = editor.getCompleteToken();
      const before = editor.getPreviousNonWsToken(editor.getDoc().getCursor().line, token);
      return /^[A-Za-z][\w-]*:?[\w-]*$/.test(token.string) && !["comment", "string", "variable-3"].includes(token.type) && !/^(prefix|base)$/i.test(before.string) && token.string.length > 1;
    },
    get(editor, token) {
      const word = token.string.toLowerCase();
      const [wanted, other] = isType(editor, editor.getCompleteToken()) ? ["class", "property"] : ["property", "class"];
      const rank = (term) => (term.name.toLowerCase().startsWith(word) ? 0 : 4) + (term.kind === wanted ? 0 : term.kind === other ? 1 : 2);
      const fitting = known.filter((term) => term.words.includes(word) && term.name.toLowerCase() !== word);
      if (/^(select|where|filter|optional|construct|describe|order|group|limit|union|minus|bind|values|graph|from|count|distinct|having|offset|exists|not|ask|as|by|in)$/.test(word)) return [];
      return fitting.sort((a, b) => rank(a) - rank(b) || b.count - a.count).slice(0, 40).map((term) => term.name);
    },
    postprocessHints: (editor, hints) => hints.map((hint) => ({ ...hint, render: (line) => line.append(...described_as(described.get(hint.text))) })),
  };
}

const described_as = ({ name, kind, count, label }) => [element("code", {}, name), element("small", {}, ` ${label ? `${label}, ` : ""}${kind}${count ? `, ${count.toLocaleString("en")}` : ""}`)];

// --- running ------------------------------------------------------------------------------------------------------------

async function ask() {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const text = editor.get();
  stop.hidden = false;
  const address = share(text);
  history.replaceState(null, "", address.length < 8000 ? address : "/sparql/editor");
  const problem = await answer(target, text, mine.signal, (said) => (told.textContent = said));
  if (asking !== mine) return;
  asking = null;
  stop.hidden = true;
  if (problem?.line) editor.mark(problem.line, problem.column);
}

const editor = window.Yasqe ? yasqe() : plain();
editor.set(declared(editor.get()));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
stop.addEventListener("click", () => asking?.abort());
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask();
});
examples.addEventListener("change", () => {
  if (!examples.value) return;
  editor.set(declared(examples.value));
  ask();
});
form.dataset.ready = window.Yasqe ? "yasqe" : "plain";
run.disabled = false;
if (new URLSearchParams(location.search).has("query")) ask();
