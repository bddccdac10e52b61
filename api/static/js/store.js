// What the agent's phone keeps: facts not yet sent, and marks of what was done today.

import { openDB } from "../vendor/idb@8.0.4/idb.js";

const DAY_MS = 86_400_000;

const opened = openDB("fairvisit", 1, {
  upgrade(database) {
    database.createObjectStore("facts", { keyPath: "id" }).createIndex("sequence", "sequence");
    database.createObjectStore("marks", { keyPath: "key" });
    database.createObjectStore("device");
  },
});

export async function addFact(fact) {
  const database = await opened;
  const tx = database.transaction(["facts", "marks", "device"], "readwrite");
  const device = tx.objectStore("device");
  const deviceId = (await device.get("id")) ?? crypto.randomUUID();
  const sequence = ((await device.get("sequence")) ?? 0) + 1;
  await device.put(deviceId, "id");
  await device.put(sequence, "sequence");
  // The bytes are fixed here, once: a second try must be the same to the last byte.
  const text = JSON.stringify({ ...fact.body, id: fact.id, device_id: deviceId, sequence });
  await tx.objectStore("facts").put({ ...fact, body: undefined, text, sequence, state: "waiting", tries: 0, next_at: 0 });
  if (fact.mark) {
    const key = `${fact.visit_id}:${fact.mark}`;
    await tx.objectStore("marks").put({ key, visit_id: fact.visit_id, mark: fact.mark, at: fact.at, fact_id: fact.id });
  }
  await tx.done;
}

export async function facts() {
  return (await opened).getAllFromIndex("facts", "sequence");
}

export async function changeFact(fact) {
  await (await opened).put("facts", fact);
}

export async function dropFact(id) {
  await (await opened).delete("facts", id);
}

export async function marks(now = Date.now()) {
  const database = await opened;
  const all = await database.getAll("marks");
  const old = all.filter((mark) => now - Date.parse(mark.at) > DAY_MS);
  await Promise.all(old.map((mark) => database.delete("marks", mark.key)));
  return all.filter((mark) => !old.includes(mark));
}
