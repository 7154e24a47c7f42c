/* The projector's page: fetched every five seconds by htmx. Where that fails for longer than a code
   lives, the code is hidden, so that nobody scans what is refused; it comes back with the line. */

const box = document.querySelector("[data-screen]");
const longest = Number(box.dataset.staleAfter) * 1000;
let fresh = Date.now();

function show(stale) {
  box.querySelectorAll("[data-code]").forEach((part) => { part.hidden = stale; });
  const note = box.querySelector("[data-stale]");
  if (note) note.hidden = !stale;
}
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === box) { fresh = Date.now(); show(false); }
});
/* An error page must not take the place of the code. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400) event.detail.shouldSwap = false;
});
setInterval(() => show(Date.now() - fresh > longest), 1000);
