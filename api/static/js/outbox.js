// The outbox of facts from the field. A fact is dropped only when the server has echoed its id;
// no network, 429, 5xx and a lost session keep it; any other refusal waits for a person. Never lost.

import { addFact, changeFact, dropFact, facts } from "./store.js";
import { csrfToken } from "./page.js";

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
const TRY_LIMIT_MS = 20_000;

export const outbox = new EventTarget();
let timer = null;

function changed() {
  outbox.dispatchEvent(new Event("change"));
}

export async function keep(fact) {
  await addFact(fact);
  changed();
  flush();
}

export function flush({ now = false } = {}) {
  // One tab sends at a time, else two tabs would race with the same fact.
  const run = () => sendAll(now);
  return navigator.locks ? navigator.locks.request("fairvisit-outbox", run) : run();
}

async function sendAll(ignoreWaits) {
  const waiting = (await facts()).filter((fact) => fact.state === "waiting");
  waiting.sort((a, b) => (b.kind === "duress") - (a.kind === "duress") || a.sequence - b.sequence);
  const blocked = new Set();
  for (const fact of waiting) {
    const isDue = ignoreWaits || fact.next_at <= Date.now();
    if (!isDue || blocked.has(fact.visit_id)) {
      blocked.add(fact.visit_id); // a visit's facts go in the order in which they happened
      continue;
    }
    const verdict = await send(fact);
    await apply(verdict, fact, blocked);
    changed();
    if (verdict.kind === "offline") break;
    outbox.dispatchEvent(new Event("reached"));
  }
  plan(await facts());
}

async function send(fact) {
  try {
    const answer = await fetch(fact.url, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() },
      body: fact.text,
      redirect: "manual",
      signal: AbortSignal.timeout(TRY_LIMIT_MS),
    });
    return await judge(answer, fact);
  } catch {
    return { kind: "offline" };
  }
}

async function judge(answer, fact) {
  if (answer.ok) {
    const echoed = await answer.json().catch(() => ({}));
    // A hotel's log-in page also answers 200: only our own echo counts.
    return { kind: echoed.id === fact.id ? "stored" : "offline" };
  }
  if (answer.status === 401 || answer.type === "opaqueredirect") return { kind: "signed-out" };
  if (answer.status === 408 || answer.status === 425 || answer.status === 429 || answer.status >= 500) {
    return { kind: "later", after: Number(answer.headers.get("Retry-After")) * 1000 || 0 };
  }
  const problem = await answer.json().catch(() => ({}));
  return { kind: "refused", detail: problem.detail ?? problem.title ?? String(answer.status) };
}

async function apply(verdict, fact, blocked) {
  if (verdict.kind === "stored") return dropFact(fact.id);
  if (verdict.kind === "refused") return changeFact({ ...fact, state: "attention", detail: verdict.detail });
  blocked.add(fact.visit_id);
  const tries = fact.tries + 1;
  const wait = Math.max(verdict.after ?? 0, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 8)));
  const spread = wait * (0.8 + Math.random() * 0.4);
  return changeFact({ ...fact, tries, last: verdict.kind, next_at: Date.now() + spread });
}

function plan(all) {
  clearTimeout(timer);
  const times = all.filter((fact) => fact.state === "waiting").map((fact) => fact.next_at);
  if (times.length) timer = setTimeout(flush, Math.max(1_000, Math.min(...times) - Date.now()));
}

addEventListener("online", () => flush({ now: true }));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
