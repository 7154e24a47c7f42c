/* Small comforts over pages that work without them. ES2019, no imports, no inline handlers. */

const ready = (work) => (document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", work) : work());

/* Dialogs: <button data-opens="id">, <button data-closes> inside; without <dialog> the fallback href is followed. */
document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-opens],[data-closes],[data-print],[data-copy],[data-all],[data-inserts]");
  if (!target) return;
  if (target.dataset.opens) {
    const dialog = document.getElementById(target.dataset.opens);
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    dialog.showModal();
  } else if ("closes" in target.dataset) {
    const dialog = target.closest("dialog");
    if (dialog) { event.preventDefault(); dialog.close(); }
  } else if ("print" in target.dataset) {
    window.print();
  } else if (target.dataset.copy) {
    copy(target);
  } else if (target.dataset.inserts) {
    insertInto(document.getElementById(target.dataset.into), target.dataset.inserts, event);
  } else if (target.dataset.all) {
    document.querySelectorAll(target.dataset.all).forEach((box) => { box.checked = true; });
  }
});

/* <button name="insert" data-inserts="text" data-into="id">: where the cursor is; without a script it is sent. */
function insertInto(field, text, event) {
  if (!field || !field.setRangeText) return;
  event.preventDefault();
  const before = field.value.slice(0, field.selectionStart);
  const open = before.lastIndexOf("【") > before.lastIndexOf("】"); // inside a mark: behind it
  const end = open ? field.value.indexOf("】", field.selectionStart) + 1 : 0;
  field.setRangeText(text, end || field.selectionStart, end || field.selectionEnd, "end");
  field.focus();
}

/* <button data-copy="text" data-done="已复制">: in-app browsers on plain http have no clipboard API. */
async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(button.dataset.done || text);
}

/* Says a sentence in the page's live region. */
function say(text, kind = "success") {
  const region = document.getElementById("messages");
  if (!region) return;
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = text;
  region.replaceChildren ? region.replaceChildren(line) : (region.textContent = "", region.appendChild(line));
}

/* A form is sent once, however often the button is tapped. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.queue !== undefined) return;
  if (form.dataset.busy !== undefined) { event.preventDefault(); return; }
  form.dataset.busy = "";
});
/* Back from the next page: the browser shows the old page as it was left. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-busy]").forEach((form) => { delete form.dataset.busy; });
});

/* <select data-submits>, <input data-submits>: a filter applies as soon as it is changed. */
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.dataset.submits !== undefined && input.form) input.form.requestSubmit ? input.form.requestSubmit() : input.form.submit();
  if (input.type === "file") previewFile(input);
});

function previewFile(input) {
  let line = input.parentNode.querySelector(".file-preview");
  if (!line) {
    line = document.createElement("p");
    line.className = "file-preview";
    line.setAttribute("role", "status");
    input.insertAdjacentElement("afterend", line);
  }
  line.textContent = Array.from(input.files).map((file) => `${file.name} · ${size(file.size)}`).join("；");
}
const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

/* The reader is taken to what is wrong. */
ready(() => {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
});
document.addEventListener("htmx:afterSwap", (event) => {
  const summary = event.target.querySelector && event.target.querySelector("[data-focus]");
  if (summary) summary.focus();
});

/* [data-wake]: a wall's or a lectern's computer goes to sleep otherwise. */
async function stayAwake() {
  try { if (navigator.wakeLock && !document.hidden) await navigator.wakeLock.request("screen"); } catch (error) { /* the office's own setting holds */ }
}
ready(() => {
  if (!document.querySelector("[data-wake]")) return;
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
});
