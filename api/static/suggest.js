// Suggestions while typing, grouped by kind: a combobox with a listbox (ARIA Authoring Practices).

let lists = 0;

export function suggest(input) {
  const list = document.createElement("div");
  list.id = `suggestions-${++lists}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  const status = document.createElement("span");
  status.className = "unseen";
  status.setAttribute("role", "status");
  input.after(list, status);
  for (const [name, value] of [["role", "combobox"], ["aria-controls", list.id], ["aria-expanded", "false"], ["aria-autocomplete", "list"]])
    input.setAttribute(name, value);

  let options = [];
  let chosen = -1;
  let asked = 0;
  let timer;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (next) => {
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = (next + options.length) % options.length;
    options[chosen].setAttribute("aria-selected", "true");
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };

  const show = (groups) => {
    list.replaceChildren();
    for (const group of groups) {
      const box = document.createElement("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", group.title);
      const title = document.createElement("p");
      title.textContent = group.title;
      title.setAttribute("aria-hidden", "true");
      box.append(title, ...group.results.slice(0, 4).map(option));
      list.append(box);
    }
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((item, position) => (item.id = `${list.id}-${position}`));
    status.textContent = options.length ? `${options.length} suggestions` : "No suggestions";
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    chosen = -1;
  };

  const ask = async () => {
    const text = input.value.trim();
    const turn = ++asked;
    if (text.length < 2) return close();
    const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(text)}`);
    if (answer.ok && turn === asked) show((await answer.json()).groups.slice(0, 6));
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(close), 120);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) location.href = options[chosen].dataset.path;
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) location.href = item.dataset.path;
  });
}

function badge(text) {
  const sign = document.createElement("span");
  sign.className = `badge badge-${text.replace(/\W/g, "-")}`;
  sign.textContent = text;
  return sign;
}

function option(result) {
  const item = document.createElement("div");
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const address = new URL(encodeURI(result.path), location.origin);
  item.dataset.path = address.pathname + address.hash;
  const label = document.createElement("span");
  label.textContent = result.label;
  const about = document.createElement("small");
  about.textContent = result.about;
  item.append(label);
  if (result.badge) item.append(badge(result.badge));
  if (!result.is_enforced) item.append(badge("not enforced"));
  item.append(about);
  return item;
}
