/* The wall: fetches its part at the server's pace and puts it in place of the former. A lost line
   leaves what stands there, with the time it was true. "wall:refresh" asks at once. ES2019. */

const wall = document.querySelector("[data-wall]");
const lost = document.querySelector("[data-lost]");
const asOf = document.querySelector("[data-as-of]");
const pause = document.querySelector("[data-pause]");
const full = document.querySelector("[data-full]");
const EVERY = Number(wall.dataset.every) * 1000;
const PATIENCE = 15000;
const build = () => { const mark = wall.querySelector("[data-build]"); return mark ? mark.dataset.build : ""; };

let tag = wall.dataset.tag;
let timer = 0;
let failures = 0;
let paused = false;
let asking = false;

/* What has the focus keeps it: the same link of the new part, found by where it leads. */
function put(html) {
  const held = wall.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const former = build();
  wall.innerHTML = html;
  if (held) {
    const again = Array.from(wall.querySelectorAll("a")).find((link) => link.getAttribute("href") === held);
    if (again) again.focus({ preventScroll: true });
  }
  return former === "" || former === build();
}

async function ask() {
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(wall.dataset.wall, {
      headers: { "If-None-Match": tag }, cache: "no-store", credentials: "same-origin", signal: stop.signal,
    });
    if (answer.status === 304) return true;
    if (!answer.ok || answer.redirected) return false;
    const html = await answer.text();
    tag = answer.headers.get("ETag") || "";
    /* The server runs another version: its styles and this script are fetched with the page. */
    if (!put(html)) location.reload();
    return true;
  } catch (error) {
    return false;
  } finally {
    clearTimeout(limit);
  }
}

async function refresh() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  const there = await ask();
  failures = there ? 0 : failures + 1;
  if (!there) asOf.textContent = wall.querySelector("time") ? wall.querySelector("time").textContent : "";
  lost.hidden = there;
  asking = false;
  document.dispatchEvent(new CustomEvent("wall:refreshed", { detail: there }));
  /* A thousand walls come back one after another, not all in the second in which the line does. */
  const wait = failures ? Math.min(EVERY * failures, 120000) * (0.5 + Math.random() / 2) : EVERY;
  if (!paused) timer = setTimeout(refresh, wait);
}

document.addEventListener("wall:refresh", refresh);
window.addEventListener("online", refresh);
timer = setTimeout(refresh, EVERY);

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  clearTimeout(timer);
  if (!paused) refresh();
});
if (document.documentElement.requestFullscreen) {
  full.hidden = false;
  full.addEventListener("click", () => document.documentElement.requestFullscreen());
}
