// One visit: arrive, identity before content, report; each step kept first, sent after.

import { begin, record, time, words } from "./field.js";
import { fill } from "./page.js";
import { outbox } from "./outbox.js";
import { facts } from "./store.js";

const visit = document.querySelector("article[data-visit]");
const visitId = visit.dataset.visit;
const form = document.getElementById("outcome");
const POSITION_MS = 4000;
let reportedId = null; // a second report corrects the first, it never replaces it

function say(step, at) {
  const line = visit.querySelector(`[data-said="${step}"]`);
  if (line) line.textContent = fill(words.saved, { time: time(at) });
  visit.querySelector(`[data-step="${step}"]`)?.classList.add("is-done");
}

function position() {
  // A signal, not a guard: without it the arrival counts just the same.
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    const done = ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy) });
    navigator.geolocation.getCurrentPosition(done, () => resolve(null), { timeout: POSITION_MS, maximumAge: 60_000 });
    setTimeout(() => resolve(null), POSITION_MS); // its own time-out does not run while the phone asks for leave
  });
}

async function checkIn(kind) {
  const method = visit.querySelector("[name=identity-method]:checked")?.value;
  if (kind === "identity" && !method) {
    visit.querySelector('[data-said="identity"]').textContent = words.choose_method;
    return;
  }
  const extra = kind === "identity" ? { method } : { position: await position() };
  await record({ kind, url: "/v1/check-ins", visitId, mark: kind, body: { kind, ...extra } });
}

async function beLate(minutes) {
  await record({ kind: "en_route", url: "/v1/check-ins", visitId, mark: "late", body: { kind: "en_route", late_minutes: minutes } });
}

async function showAmounts() {
  const box = document.getElementById("amounts");
  if (box.dataset.shown) return;
  box.hidden = false;
  // The server tells amounts once it knows of the check, so that goes first.
  if ((await facts()).some((fact) => fact.kind === "identity" && fact.visit_id === visitId)) return;
  try {
    const answer = await fetch(`/today/visits/${visitId}/amounts`, { cache: "no-store", headers: { Accept: "application/json" } });
    if (!answer.ok) {
      if (answer.status === 404) document.getElementById("amounts-said").textContent = words.hidden_amounts;
      return;
    }
    const { items } = await answer.json();
    box.dataset.shown = "yes";
    document.getElementById("amounts-said").hidden = items.length > 0;
    document.getElementById("amounts-list").replaceChildren(...items.map(amountRow));
  } catch {
    return; // offline: the page says that amounts show with a network
  }
}

function amountRow({ label, text }) {
  const row = document.createElement("div");
  const name = document.createElement("dt");
  const value = document.createElement("dd");
  name.textContent = label;
  value.textContent = text;
  row.append(name, value);
  return row;
}

function outcomeBody() {
  const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  const body = { code: given.code, attitude: given.attitude ?? null, willingness: given.willingness ?? null, own_words: given.own_words ?? null, promise: null, amends: reportedId };
  body.risks = new FormData(form).getAll("risks");
  if (given.code === "PTP") {
    body.promise = {
      amount: given.promise_amount?.replace(",", ".") ?? null,
      currency: visit.dataset.currency,
      due_on: given.promise_due_on ?? null,
      is_read_back: given.promise_read_back === "1",
    };
  }
  return body;
}

function faultOf(body) {
  if (!body.code) return words.choose_code;
  if (body.promise && !(body.promise.amount && body.promise.due_on)) return words.promise_missing;
  if (body.promise && !body.promise.is_read_back) return words.promise_read_back;
  return "";
}

async function report(event) {
  event.preventDefault();
  const body = outcomeBody();
  const fault = document.getElementById("report-fault");
  fault.textContent = faultOf(body);
  fault.hidden = !fault.textContent;
  if (!fault.hidden) return;
  await record({ kind: "outcome", url: "/v1/outcomes", visitId, mark: "reported", body });
}

async function leave(button) {
  if (button.dataset.leave === "DECLINED_TALK") {
    // From here the seconds count until the crew has left.
    await record({ kind: "asked_to_leave", url: "/v1/check-ins", visitId, body: { kind: "asked_to_leave" } });
  }
  const body = { code: button.dataset.leave, attitude: null, willingness: null, own_words: null, promise: null, amends: reportedId };
  await record({ kind: "outcome", url: "/v1/outcomes", visitId, mark: "reported", body });
  button.textContent = words.leave_saved;
  for (const other of document.querySelectorAll("[data-leave]")) other.disabled = true;
}

visit.addEventListener("mark", ({ detail }) => {
  say(detail.mark, detail.at);
  if (detail.mark === "identity") {
    visit.querySelector("[data-after-identity]")?.removeAttribute("hidden"); // who sends us, and what about
    showAmounts();
  }
  if (detail.mark === "reported") {
    reportedId = detail.fact_id;
    form.querySelector("[type=submit] span").textContent = words.amend;
  }
});
outbox.addEventListener("change", () => visit.querySelector('[data-step="identity"].is-done') && showAmounts());
document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-check-in]");
  if (step) checkIn(step.dataset.checkIn);
  const late = event.target.closest("[data-late]");
  if (late) beLate(Number(late.dataset.late));
  const going = event.target.closest("[data-leave]");
  if (going) leave(going);
});
// Each radio of the report is required in HTML; here one fault line says it better.
form.noValidate = true;
form.addEventListener("submit", report);
await begin();
