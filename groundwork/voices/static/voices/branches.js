/* Questions behind a branch show when the earlier answer leads there. Without a script all are shown, and the
   server drops what stands behind a branch not taken. Hidden fields are disabled: they are neither asked nor sent. */

const form = document.querySelector("form[data-branches]");

function chosen(key) {
  return Array.from(form.querySelectorAll(`[name="${key}"]:checked:enabled`)).map((input) => input.value);
}
function follow() {
  form.querySelectorAll("[data-if]").forEach((part) => {
    const wanted = part.dataset.in.split(" ");
    const open = chosen(part.dataset.if).some((value) => wanted.includes(value));
    part.hidden = !open;
    part.querySelectorAll("input, textarea").forEach((input) => { input.disabled = !open; });
  });
}
if (form) {
  form.addEventListener("change", follow);
  form.addEventListener("reset", () => setTimeout(follow));
  follow();
}
