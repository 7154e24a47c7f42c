/* Search-as-you-type for <div class="pick" data-pick="/address">: the server answers ?q= with <li role="option">. */

document.querySelectorAll(".pick[data-pick]").forEach(enhance);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll(".pick[data-pick]").forEach(enhance));

function enhance(box) {
  if (box.dataset.ready !== undefined) return;
  box.dataset.ready = "";
  const input = box.querySelector('input[type="text"]');
  const list = box.querySelector(".pick-list");
  const chosen = box.querySelector('input[type="hidden"]');
  if (!chosen) return; /* namesakes stand as radios: nothing to search until one is taken */
  let timer = 0;
  let asked = 0;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  shut();

  input.addEventListener("input", () => {
    chosen.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, 200);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; /* the input method's own Enter and arrows */
    const rows = Array.from(list.querySelectorAll("[data-id]"));
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" && rows.length) { event.preventDefault(); mark(rows, (at + 1) % rows.length); }
    else if (event.key === "ArrowUp" && rows.length) { event.preventDefault(); mark(rows, (at - 1 + rows.length) % rows.length); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); take(rows[at]); }
    else if (event.key === "Escape") shut();
  });
  /* mousedown comes before blur: the tap counts, then the list closes. */
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const row = event.target.closest("[data-id]");
    if (row) take(row);
  });
  input.addEventListener("blur", shut);

  async function ask() {
    const words = input.value.trim();
    const turn = ++asked;
    if (!words) return shut();
    try {
      const url = `${box.dataset.pick}${box.dataset.pick.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`;
      const answer = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" } });
      if (turn !== asked || !answer.ok) return;
      list.innerHTML = await answer.text(); /* our own server's escaped HTML */
      list.querySelectorAll("li").forEach((row, i) => { row.id = `${list.id}-${i}`; });
      input.setAttribute("aria-expanded", "true");
    } catch (error) { /* offline: the typed name is sent as it stands */ }
  }
  function mark(rows, at) {
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", rows[at].id);
    rows[at].scrollIntoView({ block: "nearest" });
  }
  function take(row) {
    chosen.value = row.dataset.id;
    input.value = row.dataset.label;
    shut();
    box.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: row.dataset }));
  }
  function shut() {
    asked += 1;
    list.innerHTML = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}
