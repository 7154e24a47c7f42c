/* After the answer to a tap the button has done its work: it goes, the answer stays. */
document.addEventListener("queue:answered", (event) => {
  if (!event.target.querySelector("[data-signed]")) return;
  const form = event.target.closest("form");
  const button = form && form.querySelector("[data-sign]");
  if (button) button.remove();
});
