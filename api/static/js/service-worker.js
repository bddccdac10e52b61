// Keeps the agent's pages for places without a network. Served as /service-worker.js, scope /today.
// What it keeps of a day is gone at log-out and never shown when older than DAY_MS.

const SHELL = "shell-1";
const DAY = "day-1";
const DAY_MS = 18 * 3_600_000;
const PATIENCE_MS = 4_000;
const SHELL_FILES = [
  "/static/app.css", "/static/icons.svg", "/static/favicon.svg", "/static/today.webmanifest",
  ...["theme", "page", "store", "outbox", "field", "today", "visit"].map((name) => `/static/js/${name}.js`),
  "/static/vendor/idb@8.0.4/idb.js", "/offline",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(SHELL_FILES.map((file) => new Request(file, { cache: "reload" })))));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const known = [SHELL, DAY];
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => !known.includes(name)).map((name) => caches.delete(name)))));
  self.clients.claim();
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "keep") event.waitUntil(Promise.all(event.data.addresses.map((address) => fetchPage(new Request(address)).catch(() => null))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === "/logout") event.waitUntil(caches.delete(DAY));
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && pathname.startsWith("/today")) event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request, event));
});

async function fetchPage(request) {
  const answer = await fetch(request, { credentials: "same-origin" });
  // A redirect is the log-in page: never keep that under a visit's address.
  if (answer.ok && !answer.redirected) {
    const cache = await caches.open(DAY);
    await cache.put(new URL(request.url).pathname, answer.clone());
  }
  return answer;
}

async function page(request) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
  const fresh = fetchPage(request);
  try {
    return await Promise.race([fresh, late]);
  } catch {
    return (await kept(request)) ?? (await fresh.catch(() => caches.match("/offline")));
  }
}

async function kept(request) {
  const cache = await caches.open(DAY);
  const path = new URL(request.url).pathname;
  const answer = await cache.match(path);
  const made = Date.parse(answer?.headers.get("Date") ?? "");
  if (answer && Date.now() - made <= DAY_MS) return marked(answer);
  await cache.delete(path);
  return undefined;
}

// A phone may believe to be online and reach nothing: the page itself says that it was kept.
async function marked(answer) {
  const headers = new Headers(answer.headers);
  headers.delete("Content-Length");
  const text = (await answer.text()).replace("<html", "<html data-kept");
  return new Response(text, { status: answer.status, statusText: answer.statusText, headers });
}

async function file(request, event) {
  const found = await caches.match(request);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && found) await (await caches.open(SHELL)).put(request, answer.clone());
    return answer;
  });
  if (!found) return fresh;
  event.waitUntil(fresh.catch(() => null));
  return found;
}
