/* The hall: large letters, folds that fetch what is in them. ES2019. */

const root = document.documentElement;
const large = document.querySelector("[data-large]");
const KEY = "hall-large";

function keep(value) { try { localStorage.setItem(KEY, value); } catch (error) { /* not kept: the switch works all the same */ } }
function kept() { try { return localStorage.getItem(KEY) === "1"; } catch (error) { return false; } }
function show(on) {
  root.classList.toggle("large", on);
  large.setAttribute("aria-pressed", String(on));
}
if (large) {
  show(kept());
  large.addEventListener("click", () => {
    const on = large.getAttribute("aria-pressed") !== "true";
    show(on);
    keep(on ? "1" : "0");
  });
}

/* <details data-fold>: its first element hears "fold:open" when it is opened. */
document.querySelectorAll("[data-fold]").forEach((fold) => {
  fold.addEventListener("toggle", () => {
    if (fold.open) fold.querySelector("[hx-get]").dispatchEvent(new CustomEvent("fold:open"));
  });
});

/* An error page must not take the place of what stands on a screen, and somebody who is choosing
   a button must not have it fetched away from under the finger. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const status = event.detail.xhr.status;
  if (status >= 400 && status !== 422 && status !== 429) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const asks = event.detail.requestConfig;
  if (asks.verb !== "get" || event.detail.elt.id !== "part") return;
  if (event.detail.elt.contains(document.activeElement) && document.activeElement.matches("button")) event.preventDefault();
});
