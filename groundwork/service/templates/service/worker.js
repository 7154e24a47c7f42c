/* Keeps the forms of a visit and of a patrol within reach where there is no signal: the newest copy of
   each that was opened, and the static files they were drawn with. Everything else goes to the network. */

const KEPT = "groundwork-visit-3";
const VISIT = "{% url 'service:visit_new' %}";
const PATROL = "{% url 'service:patrol' '~' %}".split("~");
const isForm = (path) => path === VISIT || (path.startsWith(PATROL[0]) && path.endsWith(PATROL[1]));

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && isForm(url.pathname)) event.respondWith(page(request));
  else if (url.pathname.startsWith("{% get_static_prefix %}")) event.respondWith(file(request));
});

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("groundwork-visit-") && name !== KEPT).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  const kept = await caches.open(KEPT);
  const { pathname } = new URL(request.url);
  let answer;
  try {
    answer = await fetch(request);
  } catch (error) {
    return (await kept.match(pathname)) || Response.error();
  }
  if (answer.ok && !answer.redirected) await kept.put(pathname, answer.clone());
  else if (answer.type === "opaqueredirect") await forget(kept, isForm); /* signed out: nobody's form stays */
  else if (answer.status === 403 || answer.status === 404) await forget(kept, (path) => path === pathname);
  return answer;
}

async function forget(kept, wanted) {
  const requests = await kept.keys();
  await Promise.all(requests.filter((one) => wanted(new URL(one.url).pathname)).map((one) => kept.delete(one)));
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
