// Light and dark: the reader's system decides until the switch is used; then a cookie, so that the
// server renders the next page in the right colours at once.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return root.dataset.theme === "system" ? system.matches : root.dataset.theme === "dark";
}

function show() {
  const dark = isDark();
  root.dataset.shade = dark ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.setAttribute("aria-label", dark ? button.dataset.toLight : button.dataset.toDark);
  }
  dispatchEvent(new CustomEvent("shade"));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  root.dataset.theme = isDark() ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  show();
});
system.addEventListener("change", show);
show();
