/* Keeps one page within reach of a person who stands at a gate without signal: that of coming and going,
   blank, for whatever code or poster the camera then opens. Nothing else of duty is kept. */

const KEPT = "groundwork-come-1";
const SHELL = "{% url 'duty:come_here' %}?blank";
const POSTER = "{% url 'duty:poster' '~' %}".split("~")[0];
const COME = "{% url 'duty:come_here' %}";

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

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.open(KEPT);
    return (await kept.match(SHELL)) || Response.error();
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.open(KEPT);
    return (await kept.match(request)) || Response.error();
  }
}
