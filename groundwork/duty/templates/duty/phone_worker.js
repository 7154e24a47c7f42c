/* Keeps the gate's page and what it is drawn with, for a whole shift without signal. Answers of the
   city (state, sending) are never kept: gate.js has a queue of its own. */

const KEPT = "groundwork-gate-1";
const PAGE = "{% url 'duty:phone' %}";

const PATIENCE = 3000; /* ms */
const NEVER_CHANGES = /\.[0-9a-f]{12}\.\w+$/; /* a file whose name says what is in it */

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith("{% get_static_prefix %}")) event.respondWith(file(request));
});

/* A signal so weak that nothing comes back is none: what is kept is shown then. Where nothing is kept it waits on. */
async function soon(request) {
  const kept = await (await caches.open(KEPT)).match(request.mode === "navigate" ? PAGE : request);
  if (!kept) return fetch(request);
  if (NEVER_CHANGES.test(request.url)) return kept;
  let clock;
  const late = new Promise((resolve, reject) => { clock = setTimeout(() => reject(new Error("late")), PATIENCE); });
  return Promise.race([fetch(request), late]).finally(() => clearTimeout(clock));
}

async function page(request) {
  const kept = await caches.open(KEPT);
  let answer;
  try {
    answer = await soon(request);
  } catch (error) {
    return (await kept.match(PAGE)) || Response.error();
  }
  if (answer.ok) await kept.put(PAGE, answer.clone());
  else if (answer.status === 403 || answer.status === 404) await kept.delete(PAGE); /* the order is over, or the phone was closed */
  else if (answer.status >= 500) return (await kept.match(PAGE)) || answer;
  return answer;
}

async function file(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await soon(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch (error) {
    return (await kept.match(request)) || Response.error();
  }
}
