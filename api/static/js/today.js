// The list of today's visits: shows what this phone knows beyond the page, and keeps each visit's
// page for a place without a network.

import { begin } from "./field.js";

const list = document.querySelector(".itinerary");

function markNext() {
  // A report kept on this phone moves "next" on, before the server knows of it.
  const legs = [...list.querySelectorAll(".leg")];
  const next = legs.find((leg) => !leg.matches(".progress-reported, .progress-cancelled"));
  for (const leg of legs) {
    leg.classList.toggle("next", leg === next);
    if (leg === next) leg.setAttribute("aria-current", "step");
    else leg.removeAttribute("aria-current");
  }
}

for (const leg of list.querySelectorAll(".leg")) leg.addEventListener("mark", markNext);
await begin();
const addresses = [...document.querySelectorAll(".leg-open")].map((link) => link.getAttribute("href"));
const worker = await navigator.serviceWorker?.ready;
worker?.active?.postMessage({ type: "keep", addresses: ["/today", ...addresses] });
