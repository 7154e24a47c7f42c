/* The form of a visit or a patrol where there is no signal: the page is kept for opening again, and a
   copy that was kept some days begins with today and a key of its own. */

const form = document.querySelector("form[data-fresh]");

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function refresh() {
  const now = new Date();
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  const day = form.querySelector('input[name="day"]');
  if (day && day.defaultValue && day.value === day.defaultValue && day.value < today) day.value = day.defaultValue = today;
  form.querySelector('input[name="client_key"]').value = freshKey();
}

/* The first visit to the page was not served by the worker: keep it and what it was drawn with. */
async function keep(address) {
  await navigator.serviceWorker.register(address);
  await navigator.serviceWorker.ready;
  const kept = (await caches.keys()).filter((name) => name.startsWith("groundwork-visit-")).sort().pop() || "groundwork-visit-3";
  const files = performance.getEntriesByType("resource").map((entry) => new URL(entry.name))
    .filter((url) => url.origin === window.location.origin && url.pathname.startsWith("/static/")).map((url) => url.href.split("#")[0]);
  const cache = await caches.open(kept);
  await Promise.all([form.action, ...new Set(files)].map((url) => cache.add(url)));
  document.documentElement.dataset.kept = "";
}

if (form) {
  refresh();
  if (form.dataset.worker && "serviceWorker" in navigator && window.caches) keep(form.dataset.worker).catch(() => {});
}
