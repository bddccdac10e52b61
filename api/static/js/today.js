// The list of today's visits: shows what this phone knows beyond the page, and keeps each visit's
// page for a place without a network.

import { begin } from "./field.js";

await begin();
const addresses = [...document.querySelectorAll(".leg-open")].map((link) => link.getAttribute("href"));
const worker = await navigator.serviceWorker?.ready;
worker?.active?.postMessage({ type: "keep", addresses: ["/today", ...addresses] });
