/* Keeps the form of a visit within reach where there is no signal: the newest copy of that one page
   and the static files it was drawn with. Everything else goes to the network as ever. */

const KEPT = "groundwork-visit-2";
const PAGE = "{% url 'service:visit_new' %}";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith("{% get_static_prefix %}")) event.respondWith(file(request));
});

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("groundwork-visit-") && name !== KEPT).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  const kept = await caches.open(KEPT);
  let answer;
  try {
    answer = await fetch(request);
  } catch (error) {
    return (await kept.match(PAGE)) || Response.error();
  }
  if (answer.ok && !answer.redirected) await kept.put(PAGE, answer.clone());
  else if (answer.type === "opaqueredirect" || answer.status === 403) await kept.delete(PAGE); /* signed out: nobody's form stays */
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
