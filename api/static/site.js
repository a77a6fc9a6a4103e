// What pages gain with JavaScript: a theme switch, copy buttons, suggestions. Everything works without.
import { suggest } from "./suggest.js";

function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function themeSwitch(button) {
  const show = () => button.setAttribute("aria-pressed", String(dark()));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // The choice then holds for this page alone.
    }
    show();
  });
}

function copyButton(element) {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(element.value ?? element.dataset.text);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  element.dataset.text = element.textContent.trim();
  if (element.matches("p, dd")) element.append(" ", button);
  else (element.closest("pre") ?? element).after(button);
}

document.querySelectorAll("button.theme").forEach(themeSwitch);
document.querySelectorAll("[data-copy]").forEach(copyButton);
document.querySelectorAll("[data-suggest]").forEach(suggest);
