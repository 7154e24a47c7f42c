/* Keeps one page within reach of a person who stands at a gate without signal: that of coming and going,
   blank, for whatever code or poster the camera then opens. Nothing else of duty is kept. */

const KEPT = "groundwork-come-1";
const SHELL = "{% url 'duty:come_here' %}?blank";
const POSTER = "{% url 'duty:poster' '~' %}".split("~")[0];
const COME = "{% url 'duty:come_here' %}";

const PATIENCE = 3000; /* ms */
const NEVER_CHANGES = /\.[0-9a-f]{12}\.\w+$/; /* a file whose name says what is in it */

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const poster = url.pathname.startsWith(POSTER) && url.pathname.split("/").length === 5; /* not what lies below it */
  const mine = url.pathname.startsWith(COME) || poster;
  if (request.mode === "navigate" && mine) event.respondWith(page(request));
  else if (url.pathname.startsWith("{% get_static_prefix %}")) event.respondWith(file(request));
});

/* A signal so weak that nothing comes back is none: what is kept is shown then. Where nothing is kept it waits on. */
async function soon(request) {
  const kept = await (await caches.open(KEPT)).match(request.mode === "navigate" ? SHELL : request);
  if (!kept) return fetch(request);
  if (NEVER_CHANGES.test(request.url)) return kept;
  let clock;
  const late = new Promise((resolve, reject) => { clock = setTimeout(() => reject(new Error("late")), PATIENCE); });
  return Promise.race([fetch(request), late]).finally(() => clearTimeout(clock));
}

async function page(request) {
  try {
    return await soon(request);
  } catch (error) {
    const kept = await caches.open(KEPT);
    return (await kept.match(SHELL)) || Response.error();
  }
}

async function file(request) {
  try {
    return await soon(request);
  } catch (error) {
    const kept = await caches.open(KEPT);
    return (await kept.match(request)) || Response.error();
  }
}
