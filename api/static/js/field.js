// What both agent pages share: the outbox line, the unsent list, the sheets, the silent alarm.

import { data, fill } from "./page.js";
import { flush, keep, outbox } from "./outbox.js";
import { facts, marks } from "./store.js";

export const words = data("page-words");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

export function time(at) {
  return clock.format(new Date(at));
}

export async function record({ kind, url, visitId, mark, body }) {
  const id = crypto.randomUUID();
  const at = new Date().toISOString();
  await keep({ id, kind, url: `${url}/${id}`, visit_id: visitId, mark, at, body: { ...body, visit_id: visitId, occurred_at: at } });
  return at;
}

function entry(fact) {
  const item = document.createElement("li");
  item.className = "case";
  const head = document.createElement("p");
  const name = document.createElement("b");
  name.textContent = words[`item_${fact.kind}`] ?? fact.kind;
  head.append(name, ` · ${fill(words.keep_words, { time: time(fact.at) })}`);
  const said = document.createElement("p");
  said.className = fact.state === "attention" ? "fault" : "quiet";
  if (fact.state === "attention") said.textContent = fill(words.refused, { detail: fact.detail });
  else if (fact.last === "signed-out") said.textContent = words.signed_out;
  else said.textContent = fact.tries ? fill(words.retry, { time: time(fact.next_at) }) : words.waiting;
  item.append(head, said);
  return item;
}

async function showOutbox() {
  const all = (await facts()).filter((fact) => fact.kind !== "duress");
  const stuck = all.filter((fact) => fact.state === "attention");
  const line = document.getElementById("queue");
  line.dataset.state = stuck.length ? "attention" : all.length ? "unsent" : "sent";
  line.querySelector("span").textContent = stuck.length
    ? fill(words.attention, { count: stuck.length })
    : all.length ? fill(words.unsent, { count: all.length }) : words.all_sent;
  line.querySelector("use").setAttribute("href", `/static/icons.svg#${stuck.length ? "alert" : all.length ? "clock" : "check"}`);
  document.getElementById("unsent").hidden = !all.length;
  document.getElementById("unsent-list").replaceChildren(...all.map(entry));
}

async function showMarks() {
  for (const mark of await marks()) {
    const box = document.querySelector(`[data-visit="${mark.visit_id}"]`);
    const chip = box?.querySelector("[data-progress]");
    if (chip && words[mark.mark]) chip.textContent = `${words[mark.mark]} ${time(mark.at)}`;
    // At the door somebody may see the screen: what is told on the way is told no more.
    if (["arrived", "identity", "reported"].includes(mark.mark)) box?.querySelector(".risk-note")?.remove();
    if (mark.mark === "reported") box?.classList.add("progress-reported");
    box?.dispatchEvent(new CustomEvent("mark", { detail: mark }));
  }
}

// A browser may say that it is online while nothing is reached: a kept page was shown for want of a fresh one.
let isKept = "kept" in document.documentElement.dataset;

function showNetwork() {
  document.getElementById("offline").hidden = navigator.onLine && !isKept;
}

function showReached() {
  isKept = false;
  showNetwork();
}

async function duress() {
  // Nothing on the screen tells that it was sent: somebody may be looking. The hand feels it go, and arrive.
  document.getElementById("help-sheet").close();
  // On the list the visit that comes next says where the crew should be.
  const near = document.querySelector("article[data-visit]") ?? document.querySelector(".leg.next") ?? [...document.querySelectorAll(".leg")].at(-1);
  const visit = near?.dataset.visit ?? null;
  await record({ kind: "duress", url: "/v1/check-ins", visitId: visit, body: { kind: "duress" } });
  navigator.vibrate?.(40);
  const tell = async () => {
    if ((await facts()).some((fact) => fact.kind === "duress")) return;
    navigator.vibrate?.([40, 80, 40]);
    outbox.removeEventListener("change", tell);
  };
  outbox.addEventListener("change", tell);
}

export async function begin() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    if (event.target.closest("[data-duress]")) duress();
  });
  document.getElementById("send-now").addEventListener("click", () => flush({ now: true }));
  addEventListener("online", showReached);
  addEventListener("offline", showNetwork);
  showNetwork();
  try {
    outbox.addEventListener("reached", showReached);
    outbox.addEventListener("change", () => { showOutbox(); showMarks(); });
    await showOutbox();
    await showMarks();
    flush();
  } catch {
    const box = document.getElementById("offline");
    box.hidden = false;
    box.textContent = words.no_storage;
  }
  navigator.storage?.persist?.();
  await navigator.serviceWorker?.register("/service-worker.js", { scope: "/today" }).catch(() => null);
}
