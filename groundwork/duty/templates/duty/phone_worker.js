/* Keeps the gate's page and what it is drawn with, for a whole shift without signal. Answers of the
   city (state, sending) are never kept: gate.js has a queue of its own. */

const KEPT = "groundwork-gate-1";
const PAGE = "{% url 'duty:phone' %}";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith("{% get_static_prefix %}")) event.respondWith(file(request));
});

async function page(request) {
  const kept = await caches.open(KEPT);
  let answer;
  try {
    answer = await fetch(request);
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
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch (error) {
    return (await kept.match(request)) || Response.error();
  }
}
