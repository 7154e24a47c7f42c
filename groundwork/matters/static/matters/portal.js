/* Comforts of the doors; every page works without them.
   What is being typed is kept in this tab until a receipt came, for a lost signal or a closed page. */

const KEPT = ["place", "place_q", "words", "name", "phone", "email"];
const form = document.querySelector("form[data-draft]");
/* What one account typed is never shown to the next one at the same desk. */
const key = (of) => `matters.draft.${document.body.dataset.actor || ""}.${of}`;

if (form) {
  const name = key(form.dataset.draft);
  const step = form.querySelector('[name="step"]');
  const fresh = !step || step.value === "1";
  if (form.dataset.sent !== undefined) forget(); /* the last call is written down: an empty sheet */
  if (fresh && form.elements.words && !form.elements.words.value) restore(name);
  form.addEventListener("input", () => keep(name));
  form.addEventListener("picked", () => keep(name));
  whenKind();
  form.addEventListener("change", whenKind);
} else {
  forget();
}

function forget() {
  try { Object.keys(sessionStorage).filter((k) => k.startsWith("matters.draft.")).forEach((k) => sessionStorage.removeItem(k)); } catch (error) { /* no storage here */ }
}

function keep(name) {
  const values = {};
  KEPT.forEach((field) => { if (form.elements[field] && form.elements[field].value) values[field] = form.elements[field].value; });
  try { sessionStorage.setItem(name, JSON.stringify(values)); } catch (error) { /* full or forbidden */ }
}
function restore(name) {
  let values = {};
  try { values = JSON.parse(sessionStorage.getItem(name)) || {}; } catch (error) { return; }
  KEPT.forEach((field) => {
    const input = form.elements[field];
    if (input && "value" in input && values[field] && !input.value) input.value = values[field];
  });
}
/* The unit complained of is asked where it is a complaint. */
function whenKind() {
  const chosen = form.querySelector('[name="kind"]:checked');
  document.querySelectorAll("[data-if-kind]").forEach((box) => { box.hidden = !chosen || chosen.value !== box.dataset.ifKind; });
}
/* A clerk's hands stay on the keys: Ctrl+Enter saves. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && form.dataset.keys !== undefined) {
    event.preventDefault();
    const save = form.querySelector("[data-save]");
    if (save) save.click();
  }
});
