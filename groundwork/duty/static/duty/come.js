/* Coming and going on the own phone. The page is kept for where there is no signal; a camera that opens
   a code's or a poster's address there gets the kept page, which reads the address itself. */

const place = document.getElementById("come");
const form = document.querySelector("form[data-come]");
const KEPT = "groundwork-come-1";

async function keep() {
  if (!place || !("serviceWorker" in navigator) || !window.caches) return;
  await navigator.serviceWorker.register(place.dataset.worker, { scope: "/duty/" });
  const answer = await fetch(place.dataset.shell, { credentials: "same-origin" });
  const cache = await caches.open(KEPT);
  if (!answer.ok || answer.redirected) { await caches.delete(KEPT); return; } /* signed out: nobody's page stays */
  await cache.put(place.dataset.shell, answer.clone());
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
  const files = Array.from(drawn.querySelectorAll("link[rel=stylesheet], script[src]"), (one) => one.href || one.src)
    .concat(performance.getEntriesByType("resource").map((one) => one.name));
  const own = files.map((one) => new URL(one, window.location.href))
    .filter((url) => url.origin === window.location.origin && url.pathname.startsWith("/static/")).map((url) => url.href.split("#")[0]);
  await Promise.all([...new Set(own)].map((url) => cache.add(url).catch(() => {})));
  document.documentElement.dataset.kept = "";
}

/* /duty/come/<gate>/<code>/ or /duty/p/<poster>/ */
function readAddress() {
  const [, , first, second, third] = window.location.pathname.split("/");
  if (first === "come" && second && third) {
    form.elements.gate.value = second;
    form.elements.code.value = third;
  } else if (first === "p" && second) {
    form.action = form.dataset.poster.replace("~", second);
  } else return;
  form.querySelector("[data-digits]").hidden = true;
  form.elements.digits.disabled = true;
}

if (form) readAddress();
/* The poster's page with signal is another form than the kept one. Before the queue reads either: when it was tapped. */
document.addEventListener("submit", (event) => {
  if (event.target.elements.said) event.target.elements.said.value = String(Date.now() / 1000);
}, true);
document.addEventListener("queue:answered", (event) => {
  const tap = document.querySelector("[data-tap]");
  if (tap && event.target.querySelector("[data-came]")) tap.remove();
});
keep().catch(() => {});
