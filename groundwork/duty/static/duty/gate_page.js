/* Keeps the gate's page within reach for a shift without signal, and the screen awake. */

const root = document.getElementById("gate");

async function keepPage() {
  if (!("serviceWorker" in navigator) || !window.caches) return;
  await navigator.serviceWorker.register(root.dataset.worker);
  await navigator.serviceWorker.ready;
  const cache = await caches.open("groundwork-gate-1");
  const files = performance.getEntriesByType("resource").map((entry) => new URL(entry.name))
    .filter((url) => url.origin === window.location.origin && url.pathname.startsWith("/static/")).map((url) => url.href.split("#")[0]);
  await Promise.all([root.dataset.page, ...new Set(files)].map((url) => cache.add(url)));
  document.documentElement.dataset.kept = "";
}
async function stayAwake() {
  try { if (navigator.wakeLock && !document.hidden) await navigator.wakeLock.request("screen"); } catch (error) { /* the phone's own setting holds */ }
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) stayAwake(); });
stayAwake();
/* After the page has heard the city once: what is drawn then is what is kept. */
document.addEventListener("gate:shown", () => keepPage().catch(() => {}), { once: true });
