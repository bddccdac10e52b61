// The manager's day: joins list, map and crews x time by one selection, and follows a plan run.

import { data } from "./page.js";
import { drawMap } from "./map.js";
import { drawTimeline } from "./timeline.js";
import { followRun } from "./run.js";

const day = data("day-data");
const selection = new EventTarget();
let selected = null;

function select(visitId, from) {
  selected = selected === visitId ? null : visitId;
  selection.dispatchEvent(new CustomEvent("change", { detail: { id: selected, from } }));
}

selection.addEventListener("change", ({ detail }) => {
  for (const row of document.querySelectorAll("button.stop")) {
    const isOn = row.dataset.stop === detail.id;
    row.setAttribute("aria-pressed", String(isOn));
    if (isOn && detail.from !== "list") row.scrollIntoView({ block: "nearest" });
  }
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("button.stop");
  if (row) select(row.dataset.stop, "list");
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.drop[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// A form that must not be sent twice greys its button once it is on its way.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    setTimeout(() => { button.disabled = true; });
  });
}

if (day.run?.is_open) followRun(day.run.id, day.words);
drawTimeline(day, selection, select);
drawMap(day, selection, select);
