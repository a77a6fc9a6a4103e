// The picture: draws what /api/v1/graph answers, or what stands in the file itself, with vis-network on a canvas.
// Every label is drawn or set as text; nothing here writes markup.

const byId = (id) => document.getElementById(id);
const article = document.querySelector("article.explore");
const stage = byId("stage");
const canvas = byId("canvas");
const detail = byId("detail");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const isFile = Boolean(byId("graph-data"));

const GUTTER = { wide: 112, narrow: 30 };
const AXIS = 26;
const READABLE = { wide: 0.45, narrow: 0.68 }; // the scale below which only a part of the picture is shown
const ARRIVAL = 420; // milliseconds in which boxes move to a new place

let data, network;
let things = new Map(); // id -> node as answered
let around = new Map(); // id -> edges that touch it
let hidden = new Set();
let colours = {};
let icons = {};
let trail = []; // where the walk came from
let anchor = null; // whose neighbours are walked
let selected = null;
let near = new Set(); // the neighbours of what is selected
const known = new Map(); // id -> sources, once asked for

const tools = () => byId("tools");

const isNarrow = () => canvas.clientWidth < 640;
const gutter = () => (data.lanes.length ? (isNarrow() ? GUTTER.narrow : GUTTER.wide) : 0);

// --- small pieces -----------------------------------------------------------------------------------------------------

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function icon(kind) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  for (const [key, value] of [["viewBox", "0 0 16 16"], ["width", 12], ["height", 12], ["aria-hidden", "true"]]) svg.setAttribute(key, value);
  svg.setAttribute("class", `icon kind-${kind}`);
  path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("d", kindOf(kind).icon);
  svg.append(path);
  return svg;
}

const kindOf = (kind) => data.kinds.find((entry) => entry.kind === kind);

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  colours = { paper: value("--paper"), raised: value("--raised"), sunk: value("--sunk"), ink: value("--ink"), quiet: value("--quiet"), rule: value("--rule"), strong: value("--strong-rule"), focus: value("--focus"), mark: value("--mark") };
  for (const { kind } of data.kinds) colours[kind] = value(`--kind-${kind}`);
  for (const party of ["D", "R", "I"]) colours[party] = value(`--party-${party}`);
}

// A person has the colour of a party where one is known; everything else that of its kind.
const colourOf = (thing) => (thing.kind === "person" && colours[thing.party]) || colours[thing.kind];

// --- drawing ----------------------------------------------------------------------------------------------------------

// A box keeps its place at every scale; what is written on it depends on how much room there is.
function drawBox({ ctx, id, x, y }) {
  const thing = things.get(id);
  const [cellWidth, cellHeight] = data.cell;
  const width = cellWidth - 12;
  const height = cellHeight - 8;
  const drawNode = () => {
    const scale = network.getScale();
    const isChosen = id === selected;
    const left = x - width / 2;
    const top = y - height / 2;
    ctx.save();
    ctx.globalAlpha = faded(id) ? 0.28 : 1;
    ctx.fillStyle = colours.raised;
    ctx.strokeStyle = isChosen ? colours.focus : colourOf(thing);
    ctx.lineWidth = (isChosen ? 3 : near.has(id) ? 2 : 1) / scale;
    const isProposal = thing.kind === "bill" && thing.stage !== "enacted";
    ctx.setLineDash(isProposal ? [4 / scale, 3 / scale] : []);
    // What stands for many is a pile.
    for (const behind of thing.members ? [6, 3, 0] : [0]) {
      ctx.beginPath();
      ctx.roundRect(left + behind, top - behind / 1.5, width - (thing.members ? 6 : 0), height, 5);
      ctx.fill();
      ctx.stroke();
    }
    ctx.setLineDash([]);
    const pad = Math.min(5 / scale, 6);
    // Where there is little room the lane tells the kind, and the name needs the place of the mark.
    const isMarked = !data.lanes.length || height * scale >= 29 || (thing.kind === "person" && thing.party);
    const size = isMarked ? Math.min(13 / scale, height * 0.5) : 0;
    if (isMarked) mark(ctx, thing, left + pad, y - size / 2, size);
    write(ctx, thing, scale, left + pad + size + (isMarked ? pad : 0), y, width - size - pad * (isMarked ? 2.6 : 2) - (thing.members ? 6 : 0), height);
    ctx.restore();
  };
  return { drawNode, nodeDimensions: { width, height } };
}

// The shape of a kind; a person's party is a letter as well as a colour.
function mark(ctx, thing, left, top, size) {
  ctx.save();
  ctx.translate(left, top);
  ctx.scale(size / 16, size / 16);
  ctx.fillStyle = colourOf(thing);
  ctx.fill(icons[thing.kind], "evenodd");
  if (thing.kind === "person" && colours[thing.party]) {
    ctx.fillStyle = colours.raised;
    ctx.font = "700 10px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(thing.party, 8, 8.6);
  }
  ctx.restore();
}

function write(ctx, thing, scale, left, middle, width, height) {
  if (width * scale < 18) return;
  const tall = height * scale;
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  if (tall < 29) {
    const font = Math.max(Math.min(tall * 0.52, 12), 8) / scale;
    line(ctx, thing.short || thing.label, left, middle, width, font, 600);
    return;
  }
  const font = Math.min(tall * 0.34, 14) / scale;
  const [first, second] = lines(thing, width / (font * 0.53));
  line(ctx, first, left, second ? middle - font * 0.62 : middle, width, font, 600);
  if (!second) return;
  ctx.fillStyle = thing.kind === "claim" ? colours.ink : colours.quiet;
  line(ctx, second, left, middle + font * 0.68, width, font * 0.92, 400);
}

// A thing with a second line of its own has a short name above it; a claim takes both lines for what it says.
function lines(thing, room) {
  const text = thing.label;
  const second = thing.kind === "claim" ? "" : countOf(thing) || thing.caption;
  const first = text.length <= room && !thing.members ? text : thing.short;
  if (second) return [first, second.startsWith(`${first} `) ? second.slice(first.length + 1) : second];
  if (text.length <= room) return [text, ""];
  if (thing.kind !== "claim" && thing.short.length <= room) return [thing.short, ""];
  const cut = text.lastIndexOf(" ", room);
  return cut > 0 ? [text.slice(0, cut), text.slice(cut + 1)] : [text, ""];
}

// How many of a crowd are left by what was chosen, where it is not all of them.
const countOf = ({ members, shown }) => (members && shown < members.length ? `${shown} of them` : "");

function line(ctx, text, x, y, width, font, weight) {
  ctx.font = `${weight} ${font}px system-ui, sans-serif`;
  ctx.fillText(cut(ctx, text, width / NARROWED), x, y, width);
}

// How much narrower than drawn letters may be set before words are cut.
const NARROWED = 0.85;

// Measuring is slow and a picture is drawn many times, so what fits is kept.
const fitting = new Map();

function cut(ctx, text, width) {
  const known = `${ctx.font}|${Math.round(width)}|${text}`;
  if (fitting.has(known)) return fitting.get(known);
  let shown = text;
  let room = text.length;
  while (room > 1 && ctx.measureText(shown).width > width) {
    room = Math.min(room - 1, Math.ceil((room * width) / ctx.measureText(shown).width));
    shown = `${text.slice(0, room).trimEnd()}…`;
  }
  if (fitting.size > 20000) fitting.clear();
  fitting.set(known, shown);
  return shown;
}

const faded = (id) => selected !== null && id !== selected && !near.has(id);

function onScreen(ctx, draw) {
  const surface = canvas.querySelector("canvas");
  const ratio = surface.width / surface.clientWidth;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw(surface.clientWidth, surface.clientHeight);
  ctx.restore();
}

const toScreen = (x, y) => network.canvasToDOM({ x, y });

function drawBands(ctx) {
  const [width, height] = data.cell;
  onScreen(ctx, (wide, high) => {
    data.lanes.forEach((lane, index) => {
      const top = toScreen(0, lane.y - 6).y;
      const bottom = toScreen(0, lane.y + lane.rows * height + 6).y;
      if (index % 2 === 0) {
        ctx.fillStyle = colours.sunk;
        ctx.fillRect(0, top, wide, bottom - top);
      }
    });
    ctx.strokeStyle = colours.rule;
    ctx.lineWidth = 1;
    for (const era of data.eras) {
      const x = Math.round(toScreen(era.x, 0).x) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, 0);
      ctx.lineTo(x, high);
      ctx.stroke();
    }
  });
}

function drawCaptions(ctx) {
  if (selected !== null) drawSayings(ctx);
  if (!data.lanes.length) return;
  const [width, height] = data.cell;
  onScreen(ctx, (wide, high) => {
    const room = gutter();
    ctx.fillStyle = colours.raised;
    ctx.fillRect(0, 0, room, high);
    ctx.fillRect(0, 0, wide, AXIS);
    ctx.strokeStyle = colours.rule;
    ctx.beginPath();
    ctx.moveTo(room + 0.5, 0);
    ctx.lineTo(room + 0.5, high);
    ctx.moveTo(0, AXIS + 0.5);
    ctx.lineTo(wide, AXIS + 0.5);
    ctx.stroke();
    ctx.textBaseline = "middle";
    for (const lane of data.lanes) {
      const top = Math.max(toScreen(0, lane.y).y, AXIS + 8);
      const bottom = Math.min(toScreen(0, lane.y + lane.rows * height).y, high - 4);
      if (bottom - top < 4) continue;
      const middle = (top + bottom) / 2;
      ctx.save();
      ctx.translate(9, middle - 6);
      ctx.scale(0.75, 0.75);
      ctx.fillStyle = colours[lane.kind];
      ctx.fill(icons[lane.kind], "evenodd");
      ctx.restore();
      if (isNarrow()) continue;
      ctx.fillStyle = colours.ink;
      ctx.font = "600 11.5px system-ui, sans-serif";
      ctx.textAlign = "left";
      ctx.fillText(kindOf(lane.kind)?.label ?? "", 26, middle, room - 30);
    }
    ctx.save();
    ctx.beginPath();
    ctx.rect(room, 0, wide - room, AXIS);
    ctx.clip();
    ctx.font = "600 11.5px system-ui, sans-serif";
    ctx.fillStyle = colours.quiet;
    ctx.textAlign = "center";
    for (const era of data.eras) {
      const from = Math.max(toScreen(era.x, 0).x, room);
      const to = Math.min(toScreen(era.x + era.columns * width, 0).x, wide);
      if (to - from < 34) continue;
      const years = era.first === "" ? "no date" : era.first === era.last ? era.first : `${era.first}–${era.last}`;
      ctx.fillText(years, (from + to) / 2, AXIS / 2, to - from - 4);
    }
    ctx.restore();
  });
}

// What is said between the selected box and its neighbours, as a tab on each neighbour: there it covers nothing else.
function drawSayings(ctx) {
  const scale = network.getScale();
  const [width, height] = data.cell;
  if (height * scale < 27) return;
  const said = new Map();
  for (const edge of around.get(selected) ?? []) {
    const other = edge.from === selected ? edge.to : edge.from;
    if (!hidden.has(other) && !said.has(other)) said.set(other, edge.from === selected ? `${edge.says} →` : `${edge.says} ←`);
  }
  onScreen(ctx, () => {
    ctx.font = "600 9.5px system-ui, sans-serif";
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    for (const [id, text] of said) {
      const { x, y } = toScreen(things.get(id).x - width / 2 + 10, things.get(id).y - height / 2);
      const shown = cut(ctx, text, (width - 32) * scale);
      const wide = ctx.measureText(shown).width + 8;
      ctx.fillStyle = colours.ink;
      ctx.beginPath();
      ctx.roundRect(x, y - 6, wide, 12, 3);
      ctx.fill();
      ctx.fillStyle = colours.paper;
      ctx.fillText(shown, x + 4, y + 0.5);
    }
  });
}

const CROWD = 400; // connections beyond which they would be a haze
// What the story hangs on: who made what, and what became of it. It stands out; all else stays in the background.
const SPINE = new Set(["sponsored", "authored", "became", "added", "renumbered", "rewrote", "repealed", "inserted words in", "changed words of", "is stated in", "published"]);
const QUIET = new Set(["is part of", "mentions", "claims", "is about", "held", "is related to", "bears on"]);

function edgeStyle(edge) {
  const isNear = selected !== null && (edge.from === selected || edge.to === selected);
  if (isNear) return { color: { color: colourOf(things.get(selected)), opacity: 0.9 }, width: 2.2 };
  const isFree = !data.lanes.length; // then nothing but the connections tells why a thing is where it is
  const isSpine = SPINE.has(edge.says);
  const usual = isFree ? 0.9 : isSpine ? 0.75 : QUIET.has(edge.says) ? 0.22 : 0.45;
  const opacity = selected !== null ? 0.07 : data.edges.length > CROWD ? usual / 2 : usual;
  return { color: { color: isSpine ? colourOf(things.get(edge.from)) : colours.strong, opacity }, width: isSpine ? 1.6 : edge.count ? 2 : 1 };
}

function restyle() {
  for (const edge of data.edges) network.body.edges[edge.id].setOptions(edgeStyle(edge));
  redrawSoon();
}

// --- what is shown ----------------------------------------------------------------------------------------------------

function take(answered) {
  data = answered;
  things = new Map(data.nodes.map((node) => [node.id, node]));
  around = new Map(data.nodes.map((node) => [node.id, []]));
  data.edges.forEach((edge, index) => {
    edge.id = index;
    around.get(edge.from).push(edge);
    if (edge.to !== edge.from) around.get(edge.to).push(edge);
  });
  icons = Object.fromEntries(data.kinds.map((entry) => [entry.kind, new Path2D(entry.icon)]));
  readColours();
}

function show() {
  hidden = new Set();
  const nodes = new vis.DataSet(data.nodes.map(({ id, x, y }) => ({ id, x, y, shape: "custom", ctxRenderer: drawBox })));
  const edges = new vis.DataSet(data.edges.map((edge) => ({ id: edge.id, from: edge.from, to: edge.to, says: edge.says, ...edgeStyle(edge) })));
  if (network) {
    network.setData({ nodes, edges });
  } else {
    network = new vis.Network(canvas, { nodes, edges }, data.options);
    network.on("beforeDrawing", drawBands);
    network.on("afterDrawing", drawCaptions);
    network.on("click", ({ nodes: [id] }) => choose(id ?? null));
    network.on("doubleClick", ({ nodes: [id] }) => id && !isFile && toggle(id));
    network.on("hoverNode", ({ node, event }) => hover(node, event));
    network.on("blurNode", () => (byId("hover").hidden = true));
    network.on("dragStart", () => (byId("hover").hidden = true));
  }
  showOpened();
  filter();
}

// Crowds that are shown one by one, each with a button that gathers it again.
function showOpened() {
  const line = byId("opened");
  line.hidden = !data.opened.length;
  line.replaceChildren("One by one: ", ...data.opened.map(({ id, label }) => element("button", { type: "button", onclick: () => toggle(id), "aria-label": `Gather ${label} again` }, `${label} ×`)));
}

// Boxes travel from where they stood on the screen to where they stand now; new ones come out of what they were part of.
function travel(from, origin) {
  if (still.matches) return;
  const starts = new Map();
  for (const node of data.nodes) {
    const start = from.get(node.id) ?? from.get(origin);
    if (start) starts.set(node.id, network.DOMtoCanvas(start));
  }
  const begun = performance.now();
  const frame = (now) => {
    const part = Math.min((now - begun) / ARRIVAL, 1);
    const eased = 1 - (1 - part) ** 3;
    for (const [id, start] of starts) {
      const [held, end] = [network.body.nodes[id], things.get(id)];
      if (!held || !end) continue;
      held.x = start.x + (end.x - start.x) * eased;
      held.y = start.y + (end.y - start.y) * eased;
    }
    network.redraw();
    if (part < 1) requestAnimationFrame(frame);
  };
  frame(begun);
}

function bounds() {
  const [width, height] = data.cell;
  const shown = data.nodes.filter((node) => !hidden.has(node.id));
  const xs = shown.map((node) => node.x);
  const ys = shown.map((node) => node.y);
  if (!shown.length) return { left: 0, top: 0, wide: width, high: height };
  const [left, top] = [Math.min(...xs) - width / 2 - 6, Math.min(...ys) - height / 2 - 8];
  return { left, top, wide: Math.max(...xs) + width / 2 + 6 - left, high: Math.max(...ys) + height / 2 + 8 - top };
}

// The picture as wide as the page. Where it could not be read then, only a part is shown, around what it is about;
// the whole of it when that is asked for.
function fit({ asked = false } = {}) {
  const { left, top, wide, high } = bounds();
  const room = { wide: canvas.clientWidth - gutter() - 8, high: Math.max(innerHeight * 0.72, 320) };
  const whole = Math.min(room.wide / wide, 1);
  const least = isNarrow() ? READABLE.narrow : READABLE.wide;
  const isLegible = whole >= least;
  const scale = isLegible ? whole : asked ? Math.min(whole, (room.high - AXIS) / high) : least;
  const tall = isLegible ? Math.max(high * scale + AXIS + 12, 320) : room.high;
  canvas.style.height = `${Math.round(tall)}px`;
  network.setSize("100%", `${Math.round(tall)}px`);
  network.redraw();
  const centre = things.get(data.focus.at(-1)) ?? data.nodes.find((node) => node.short === "§ 230") ?? data.nodes[0];
  const x = within(centre?.x ?? 0, left, wide, room.wide / scale);
  const y = within(centre?.y ?? 0, top, high, (tall - AXIS) / scale);
  network.moveTo({ position: { x: x - gutter() / 2 / scale, y: y - AXIS / 2 / scale }, scale, animation: false });
}

// The middle of what is seen: what is wanted, but with nothing empty beside the picture.
function within(wanted, begin, length, seen) {
  if (length <= seen) return begin + length / 2;
  return Math.min(Math.max(wanted, begin + seen / 2), begin + length - seen / 2);
}

function zoom(factor) {
  network.moveTo({ scale: network.getScale() * factor, animation: still.matches ? false : { duration: 150 } });
}

const FACETS = { party: ["person", "bill"], congress: ["bill", "vote", "law"], stage: ["bill"] };

function filter() {
  const boxes = [...tools().querySelectorAll("[name=kinds]")];
  const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  const { from, to } = days();
  const wanted = Object.entries(facets()).map(([key, value]) => [key, value.split(",")]);
  const holds = ({ since, until }) => !(to && since && since > to) && !(from && until && until <= from && !(since && since >= from));
  const fits = (kind, thing) => holds(thing) && wanted.every(([key, values]) => !FACETS[key].includes(kind) || values.includes(thing[key]));
  const out = new Set();
  const focus = new Set(data.focus);
  for (const node of data.nodes) {
    const left = (node.members ?? [node]).filter((thing) => fits(node.kind, thing)).length;
    node.shown = kinds.has(node.kind) ? left : 0;
    if (!focus.has(node.id) && !node.shown) out.add(node.id);
  }
  if (from || to || wanted.length) {
    for (const node of data.nodes) {
      if (node.since || out.has(node.id) || focus.has(node.id)) continue;
      if (!around.get(node.id).some((edge) => !out.has(edge.from) && !out.has(edge.to))) out.add(node.id);
    }
  }
  hidden = out;
  // Set where vis-network reads it: an update of its data sets would prepare everything anew, at each step of a slider.
  const { body } = network;
  for (const { id } of data.nodes) body.nodes[id].options.hidden = out.has(id);
  for (const edge of data.edges) body.edges[edge.id].options.hidden = isOver(edge, from, to);
  network._updateVisibleIndices();
  count();
  redrawSoon();
}

// Once a frame at most, however often it is asked for.
let isRedrawn = true;

function redrawSoon() {
  if (!isRedrawn) return;
  isRedrawn = false;
  requestAnimationFrame(() => ((isRedrawn = true), network.redraw()));
}

const isOver = ({ since, until }, from, to) => Boolean((to && since && since > to) || (from && until && until <= from));

function count() {
  const counts = {};
  for (const node of data.nodes) {
    counts[node.kind] ??= [0, 0];
    counts[node.kind][1] += node.members?.length ?? 1;
    if (!hidden.has(node.id)) counts[node.kind][0] += node.shown;
  }
  for (const box of tools().querySelectorAll("[name=kinds]")) {
    const [shown, all] = counts[box.value] ?? [0, 0];
    box.closest("label").querySelector(".legend-count").textContent = shown === all || !box.checked ? all : `${shown} of ${all}`;
  }
}

function facets() {
  const chosen = [...tools().querySelectorAll("select")].filter((select) => select.value);
  return Object.fromEntries(chosen.map((select) => [select.name, select.value]));
}

function days() {
  const { from, to } = tools().elements;
  return { from: from.value, to: to.value };
}

function slide() {
  const [from, to] = [byId("slide-from"), byId("slide-to")];
  if (Number(from.value) > Number(to.value)) (document.activeElement === to ? from : to).value = document.activeElement.value;
  tools().elements.from.value = from.value === from.min ? "" : `${from.value}-01-01`;
  tools().elements.to.value = to.value === to.max ? "" : `${to.value}-12-31`;
  filter();
  said();
}

function said() {
  const [from, to] = [byId("slide-from").value, byId("slide-to").value];
  byId("slide-said").textContent = from === to ? from : `${from} – ${to}`;
  for (const bar of byId("years").children) bar.classList.toggle("is-out", bar.dataset.year < from || bar.dataset.year > to);
}

// --- selecting and walking ----------------------------------------------------------------------------------------------

function neighbours(id) {
  const ends = (around.get(id) ?? []).map((edge) => (edge.from === id ? edge.to : edge.from));
  return [...new Set(ends)].filter((end) => !hidden.has(end)).sort((a, b) => things.get(a).y - things.get(b).y || things.get(a).x - things.get(b).x);
}

function choose(id, { walking = false } = {}) {
  selected = id;
  if (!walking) {
    anchor = id;
    trail = [];
  }
  near = new Set(id === null ? [] : neighbours(id));
  byId("hover").hidden = true;
  describe();
  restyle();
  keep();
  if (id === null) return;
  const thing = things.get(id);
  byId("told").textContent = `${thing.label}, ${kindOf(thing.kind).label}${thing.badge ? `, ${thing.badge}` : ""}. ${neighbours(id).length} connections.`;
  reveal(thing);
}

// Into what is seen of the picture beside the panel.
function reveal(thing) {
  const { x, y } = toScreen(thing.x, thing.y);
  const panel = detail.getBoundingClientRect();
  const frame = canvas.getBoundingClientRect();
  const right = panel.left > frame.left + 200 ? Math.min(panel.left - frame.left, frame.width) : frame.width;
  if (x > gutter() + 30 && x < right - 60 && y > AXIS + 10 && y < frame.height - 20) return;
  const aside = (frame.width - right) / 2 / network.getScale();
  network.moveTo({ position: { x: thing.x + aside, y: thing.y }, animation: still.matches ? false : { duration: 250 } });
}

function relation(edge, id) {
  const other = edge.from === id ? edge.to : edge.from;
  const button = element("button", { type: "button", class: "go", onclick: () => step(other) }, things.get(other).label);
  const said = edge.from === id ? [`${edge.says} `, button] : [button, ` ${edge.says} ${edge.from === id ? "" : "it"}`];
  return element("li", {}, icon(things.get(other).kind), element("span", {}, ...said));
}

function describe() {
  detail.replaceChildren();
  detail.hidden = selected === null;
  if (selected === null) return;
  const thing = things.get(selected);
  const when = thing.since ? (thing.until === thing.since ? thing.since : `${thing.since} – ${thing.until ?? "now"}`) : "";
  const links = (around.get(selected) ?? []).filter((edge) => !hidden.has(edge.from) && !hidden.has(edge.to));
  detail.append(
    element("button", { type: "button", class: "detail-close", "aria-label": "Close", onclick: () => (choose(null), canvas.focus()) }, "×"),
    element("p", { class: "kicker" }, icon(thing.kind), kindOf(thing.kind).label, badge(thing.badge)),
    element("h2", {}, thing.label),
    element("p", { class: "quiet" }, [facts(thing), when].filter(Boolean).join(" · ")),
    element("p", {}, thing.description || (thing.members ? "" : thing.caption)),
  );
  if (!isFile) detail.append(actions(thing));
  if (thing.members) detail.append(element("h3", {}, `Who or what they are (${thing.members.length})`), element("ul", { class: "members" }, ...thing.members.map(member)));
  if (links.length) {
    detail.append(element("h3", {}, `Connections (${links.length})`), element("ul", {}, ...links.slice(0, 80).map((edge) => relation(edge, selected))));
    if (links.length > 80) detail.append(element("p", { class: "quiet" }, `and ${links.length - 80} more in the table`));
  }
  if (!thing.members) sources(thing.id);
}

const badge = (text) => (text ? element("span", { class: `badge badge-${text.split(" ·")[0].replaceAll(" ", "-")}` }, text) : null);

const PARTIES = { D: "Democrat", R: "Republican", I: "Independent" };
const facts = ({ kind, party, outcome }) => (kind === "person" ? PARTIES[party] : kind === "bill" && party ? `sponsor: ${PARTIES[party] ?? party}` : outcome);

function actions(thing) {
  if (thing.members) return element("p", { class: "detail-actions" }, element("button", { type: "button", onclick: () => toggle(thing.id) }, "Show them one by one"));
  const isOpen = data.focus.includes(thing.id);
  return element("div", {},
    element("p", { class: "detail-actions" },
      element("a", { href: address(thing.id) }, "Open page"),
      element("button", { type: "button", onclick: () => toggle(thing.id) }, isOpen ? "Show less around it" : "Show more around it"),
      element("button", { type: "button", onclick: () => visit({ focus: [thing.id] }) }, "Look from here")),
    element("form", { action: "/path", class: "detail-path" },
      element("input", { type: "hidden", name: "from", value: thing.id }),
      element("label", {}, "How is it connected with ", element("input", { name: "to", type: "search", required: true, maxlength: 200, placeholder: "another thing" })),
      element("button", {}, "Find")));
}

const member = ({ id, label, since, party }) =>
  element("li", {}, isFile ? element("bdi", {}, label) : element("a", { href: address(id) }, label), since ? element("span", { class: "quiet" }, since) : null);

// The sources of a thing are asked for when it is selected; a file carries its own.
async function sources(id) {
  const place = element("div", {});
  detail.append(place);
  if (!known.has(id)) {
    if (isFile) known.set(id, data.sources?.[id] ?? []);
    else {
      const answer = await fetch(`/api/v1/sources?thing=${encodeURIComponent(id)}`);
      known.set(id, answer.ok ? (await answer.json()).sources : []);
    }
  }
  const found = known.get(id);
  if (!found.length) return;
  const CONFIDENCE = { official: "official record", "two-sources": "two sources", "one-source": "one source", memory: "from memory" };
  const line = ({ title, address: where, snapshot, confidence }) =>
    element("li", {},
      element("span", {},
        !isFile && /^https?:\/\//.test(where) ? element("a", { href: where, rel: "noopener external" }, title) : element("bdi", {}, title),
        element("span", { class: "quiet" }, ` ${CONFIDENCE[confidence] ?? confidence}${snapshot ? `, as of ${snapshot}` : ""}`)));
  place.append(element("h3", {}, "Sources"), element("ul", { class: "sources-short" }, ...found.slice(0, 5).map(line)));
  if (found.length > 5) place.append(element("p", {}, isFile ? `and ${found.length - 5} more` : element("a", { href: `${address(id)}#sources` }, `All ${found.length} sources`)));
}

const address = (id) => (id.startsWith("/") && !id.startsWith("//") ? encodeURI(id) : "#");

function step(id) {
  if (selected !== null) trail.push([anchor, selected]);
  anchor = id;
  choose(id, { walking: true });
  canvas.focus({ preventScroll: true });
}

function back() {
  const [where, what] = trail.pop() ?? [null, null];
  anchor = where;
  choose(what, { walking: true });
}

function walk(direction) {
  if (anchor === null) {
    const begin = data.nodes.find((node) => !hidden.has(node.id) && data.focus.includes(node.id)) ?? data.nodes.find((node) => node.short === "§ 230" && !hidden.has(node.id)) ?? data.nodes.find((node) => !hidden.has(node.id));
    if (begin) choose(begin.id);
    return;
  }
  const ring = neighbours(anchor);
  if (!ring.length) return;
  const place = ring.indexOf(selected);
  const next = place < 0 ? (direction > 0 ? 0 : ring.length - 1) : (place + direction + ring.length) % ring.length;
  choose(ring[next], { walking: true });
}

function key(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const does = {
    ArrowRight: () => walk(1),
    ArrowLeft: () => walk(-1),
    ArrowDown: () => (selected === null ? walk(1) : step(selected)),
    ArrowUp: () => trail.length && back(),
    Escape: () => (trail.length ? back() : choose(null)),
    Enter: () => selected !== null && !isFile && (things.get(selected).members ? toggle(selected) : location.assign(address(selected))),
    "+": () => zoom(1.3),
    "-": () => zoom(1 / 1.3),
    0: () => fit({ asked: true }),
  }[event.key];
  if (!does) return;
  event.preventDefault();
  does();
}

function hover(id, event) {
  const tip = byId("hover");
  const thing = things.get(id);
  tip.textContent = thing.caption && thing.kind !== "claim" ? `${thing.label}: ${thing.caption}` : thing.label;
  const box = stage.querySelector(".stage-frame").getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  tip.style.left = `${Math.min(x + 12, box.width - 300)}px`;
  tip.style.top = `${y + 16}px`;
  tip.hidden = false;
}

// --- search, address, more ------------------------------------------------------------------------------------------------

function jumper() {
  const input = byId("jump");
  const list = byId("jump-list");
  let at = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const pick = (id) => {
    close();
    input.value = "";
    const box = tools().querySelector(`[name=kinds][value="${things.get(id).kind}"]`);
    if (hidden.has(id) && box) {
      box.checked = true;
      filter();
    }
    choose(id);
    canvas.focus({ preventScroll: true });
    stage.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  };
  const suggest = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (node) => `${node.label} ${node.short} ${node.caption}`.toLowerCase();
    const found = words.length ? data.nodes.filter((node) => words.every((word) => text(node).includes(word))).slice(0, 10) : [];
    const options = found.map((node, index) => element("span", { role: "option", id: `jump-${index}`, onmousedown: (event) => (event.preventDefault(), pick(node.id)) }, icon(node.kind), ` ${node.label}`, element("small", {}, node.caption)));
    options.forEach((option, index) => (option.dataset.id = found[index].id));
    list.replaceChildren(...options);
    at = -1;
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(Boolean(options.length)));
  };
  input.addEventListener("input", suggest);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    if (event.key === "Escape") close();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!options.length) return;
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
      input.setAttribute("aria-activedescendant", `jump-${at}`);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const option = options[Math.max(at, 0)];
      if (option) pick(option.dataset.id);
      else if (input.value.trim() && !isFile) location.assign(`/explore?focus=${encodeURIComponent(input.value.trim())}`);
    }
  });
}

// What is asked for, as an address has it: what the server was asked, and what was chosen here since.
function query() {
  const asked = new URLSearchParams(isFile ? "" : new URL(article.dataset.source, location).search);
  asked.delete("gather");
  const boxes = [...tools().querySelectorAll("[name=kinds]")];
  const kinds = boxes.filter((box) => box.checked).map((box) => box.value);
  if (kinds.length < boxes.length) asked.set("kinds", kinds.join(","));
  for (const [name, value] of Object.entries({ ...days(), ...facets() })) if (value) asked.set(name, value);
  return asked;
}

const here = () => (selected === null ? "" : `#at=${encodeURIComponent(selected)}`);

function explored(asked) {
  const text = asked.toString();
  return `/explore${text ? `?${text}` : ""}${here()}`;
}

// The address always says what is seen, so that it can be sent to somebody.
function keep() {
  if (isFile) return;
  history.replaceState(null, "", article.dataset.page ? `${location.pathname}${location.search}${here()}` : explored(query()));
}

// More is asked of the server, which lays everything out anew; then the picture moves over to it.
function visit({ focus, open }) {
  const asked = query();
  if (focus) {
    for (const name of ["focus", "limit", "open", "depth"]) asked.delete(name);
    focus.forEach((id) => asked.append("focus", id));
  }
  if (open) {
    asked.delete("open");
    open.forEach((id) => asked.append("open", id));
  }
  const where = explored(asked);
  if (article.dataset.page) return location.assign(where);
  return load(where, { origin: selected, isNew: true });
}

function toggle(id) {
  const opened = data.opened.map((crowd) => crowd.id);
  if (opened.includes(id)) return visit({ open: opened.filter((other) => other !== id) });
  if (things.get(id)?.members) return visit({ open: [...opened, id] });
  const focus = data.focus.length ? data.focus : ["story"];
  const rest = focus.filter((other) => other !== id);
  if (rest.length === focus.length) return visit({ focus: [...focus, id] });
  return visit({ focus: rest.length === 1 && rest[0] === "story" ? [] : rest });
}

// The page at another address, without leaving this one: its heading, tools and table are taken over as they are.
async function load(where, { origin = null, isNew = false } = {}) {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(where, { headers: { accept: "text/html" } })).text(), "text/html");
    const next = page.querySelector("article.explore");
    const answered = await (await fetch(next.dataset.source)).json();
    const before = new Map(data.nodes.map((node) => [node.id, toScreen(node.x, node.y)]));
    const isTable = byId("table").open;
    if (isNew) history.pushState(null, "", where);
    document.title = page.title;
    article.dataset.source = next.dataset.source;
    for (const part of [".explore-head", "#tools", "#table"]) article.querySelector(part).replaceWith(document.adoptNode(next.querySelector(part)));
    canvas.setAttribute("aria-label", next.querySelector("#canvas").getAttribute("aria-label"));
    take(answered);
    prepare();
    byId("table").open = isTable;
    near = new Set();
    show();
    fit();
    travel(before, origin);
    choose(things.has(selected) ? selected : null);
    stage.dataset.drawn = String(data.nodes.length);
  } catch {
    location.assign(where);
  }
}

// --- the table --------------------------------------------------------------------------------------------------------

const COLUMN = { kind: 0, name: 1, from: 2, to: 3, links: 4 };

function sort(heading) {
  const key = heading.dataset.sort;
  const cell = heading.closest("th");
  const isUp = cell.getAttribute("aria-sort") !== "ascending" && !(key === "links" && cell.getAttribute("aria-sort") === null);
  const value = (row) => {
    const at = row.cells[COLUMN[key]];
    return key === "links" ? Number(at.dataset.count) : key === "kind" ? data.kinds.findIndex((kind) => kind.label === at.textContent.trim()) : at.textContent.trim();
  };
  const body = byId("table").querySelector("tbody");
  const rows = [...body.rows].map((row) => [value(row), row]);
  // What has no day comes last, whichever way the days run.
  const order = ([a], [b]) => (a === "" ? 1 : b === "" ? -1 : (typeof a === "number" ? a - b : a.localeCompare(b)) * (isUp ? 1 : -1));
  body.append(...rows.sort(order).map(([, row]) => row));
  for (const other of cell.parentElement.cells) other.removeAttribute("aria-sort");
  cell.setAttribute("aria-sort", isUp ? "ascending" : "descending");
}

// --- beginning --------------------------------------------------------------------------------------------------------

function listen() {
  article.addEventListener("change", (event) => tools().contains(event.target) && event.target.name && (filter(), restyle(), describe(), keep()));
  article.addEventListener("change", (event) => event.target.type === "range" && keep());
  article.addEventListener("input", (event) => event.target.type === "range" && slide());
  article.addEventListener("click", (event) => {
    const heading = event.target.closest("[data-sort]");
    if (!heading || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    sort(heading);
  });
  canvas.addEventListener("keydown", key);
  // A wheel turns the page; with Ctrl it zooms, as on a map.
  canvas.addEventListener("wheel", (event) => event.ctrlKey || event.metaKey || event.stopPropagation(), { capture: true });
  byId("zoom-in").addEventListener("click", () => zoom(1.3));
  byId("zoom-out").addEventListener("click", () => zoom(1 / 1.3));
  byId("zoom-fit").addEventListener("click", () => fit({ asked: true }));
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(canvas.clientWidth - width) < 2) return;
    width = canvas.clientWidth;
    fit();
  }).observe(canvas);
  const recolour = () => (readColours(), restyle());
  new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  const openTable = () => location.hash === "#table" && (byId("table").open = true);
  addEventListener("hashchange", openTable);
  openTable();
  if (!article.dataset.page && !isFile) addEventListener("popstate", () => location.hash !== "#table" && load(location.href));
  addEventListener("beforeprint", () => (choose(null), (byId("table").open = true)));
}

// The tools as they are with a script: sliders for days, a search box, and closed where there is little room.
function prepare() {
  for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
  document.querySelectorAll(".needs-no-script, .day-fields").forEach((part) => (part.hidden = true));
  const choices = tools().querySelector(".choices");
  choices.open = !matchMedia("(max-width: 46rem)").matches;
  byId("table").open = false;
  said();
  jumper();
}

async function begin() {
  if (!tools() || !window.vis) return;
  const answered = isFile ? JSON.parse(byId("graph-data").textContent) : await (await fetch(article.dataset.source)).json();
  take(answered);
  prepare();
  show();
  fit();
  listen();
  const at = decodeURIComponent(location.hash.match(/^#at=(.*)$/)?.[1] ?? "");
  if (things.has(at)) choose(at);
  stage.dataset.drawn = String(data.nodes.length);
}

begin();
