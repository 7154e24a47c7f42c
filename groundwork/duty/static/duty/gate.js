/* The gate's phone. Whatever is tapped is kept on this device first and forgotten only when the city
   has answered for it under its key; sent twice it counts once. Works for a whole shift without
   signal. The page holds the words, this file holds none. */

import { ask, drop, forgetAll, forgetKnown, keep, keptAt, newKey, recallAt, rememberAt } from "./gate_keep.js";

const root = document.getElementById("gate");
const one = (query, from = document) => from.querySelector(query);
const all = (query, from = document) => Array.from(from.querySelectorAll(query));
const say = document.getElementById("words").dataset;
const FIRST_WAIT = 3000, LONGEST_WAIT = 60000, STATE_EVERY = 10000; /* ms */
const CODE_LIVES = 45000; /* ms after which a code on the screen is refused */
const STEP = 20; /* s that six digits stand */
const AHEAD = 4 * 3600; /* s of digits to have in hand, else more are asked for */
const SENT_AT_ONCE = 100;
const AGAIN = 60; /* s in which a second tap for help is the same one */
const TO_UNDO = 8000; /* ms in which an entry can be taken back; it is sent after them */

let csrf = "";
let wait = FIRST_WAIT;
let timer = 0;
let running = null;
let again = false;
let codeAt = 0;
let known = { people: [], note: null, shift: null, entries: 0 };
let draft = null;
let last = "";

/* ---- what is kept on the device (gate_keep.js) ------------------------------------------------ */
const kept = () => keptAt(root.dataset.gate);
const remember = () => rememberAt(root.dataset.gate, known).catch(() => {});
const recall = () => recallAt(root.dataset.gate).catch(() => null);

async function act(kind, said, key = newKey()) {
  const entry = { key, gate: root.dataset.gate, kind, at: Date.now() / 1000, order: Date.now() + Math.random(), said };
  await keep(entry);
  await show();
  drain();
  return key;
}

/* ---- sending --------------------------------------------------------------------------------- */
function drain() {
  if (running) { again = true; return running; }
  running = sendAll().catch(() => later()).finally(() => {
    running = null;
    if (again) { again = false; drain(); }
  });
  return running;
}
function later(urgent = false) {
  clearTimeout(timer);
  timer = setTimeout(drain, urgent ? FIRST_WAIT : wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}
async function sendAll() {
  clearTimeout(timer);
  for (let acts = await kept(); acts.length; acts = await kept()) {
    const ripe = (a) => a.kind !== "log" || Date.now() - a.order >= TO_UNDO;
    const ready = acts.filter((a) => !a.refused && ripe(a));
    const urgent = ready.filter((a) => a.kind === "alarm"); /* before an evening's entries */
    const some = (urgent.length ? urgent : ready).slice(0, SENT_AT_ONCE);
    if (!some.length) {
      if (acts.some((a) => !a.refused)) timer = setTimeout(drain, TO_UNDO);
      break;
    }
    if (!(await send(some))) { later(urgent.length > 0); break; }
    wait = FIRST_WAIT;
  }
  await show();
}
async function send(acts) {
  let answer;
  try {
    answer = await ask(root.dataset.sync, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ acts: acts.map(({ key, kind, at, said }) => ({ key, kind, at, said })) }),
    });
  } catch (error) {
    offline(true);
    return false;
  }
  if (!answer.ok) return refusedWhole(answer, acts);
  offline(false);
  for (const { key, error, code } of (await answer.json()).answers) {
    /* What a shut door refuses has no business on this phone; another refusal is shown for a while. */
    if (error && code !== "duty.shut") await keep({ ...acts.find((a) => a.key === key), refused: error, told: Date.now() });
    else await drop(key);
  }
  refresh();
  return true;
}
/* The order is over: of its log nothing stays, who came and went is still told. A stale form token mends itself. */
async function refusedWhole(answer, acts) {
  const said = await answer.json().catch(() => ({}));
  if (said.code === "duty.shut" && !acts.some(ofTheRoll) && (await keepTheRoll())) { drain(); return true; }
  if (said.code === "duty.shut" || said.code === "not_found") {
    await forgetAll();
    window.location.reload();
    return true;
  }
  if (answer.status === 403) await refresh();
  return false;
}
const ofTheRoll = (a) => (a.kind === "come" || a.kind === "go") && !a.refused;
const keepTheRoll = async () => {
  await Promise.all((await kept()).filter((a) => !ofTheRoll(a)).map((a) => drop(a.key)));
  return (await kept()).length > 0;
};

/* ---- what the city says ---------------------------------------------------------------------- */
async function refresh() {
  let answer;
  try {
    answer = await ask(root.dataset.state + (digitsFor(AHEAD) ? "" : "?ahead"), { cache: "no-store" });
  } catch (error) {
    offline(true);
    return;
  }
  if (!answer.ok) {
    if (answer.status === 403 || answer.status === 404) await refusedWhole(answer, []);
    return;
  }
  offline(false);
  if (!root.isConnected) { window.location.reload(); return; } /* the order was prolonged meanwhile */
  const state = await answer.json();
  const first = !csrf;
  csrf = state.csrf;
  if (state.code) { one("[data-code]").innerHTML = state.code; codeAt = Date.now(); } /* our own server's drawing */
  known = { people: state.people, note: state.note, shift: state.shift, next: state.next, entries: state.entries, asks: state.asks,
    ahead: state.ahead || known.ahead, off: state.at - Date.now() / 1000, end: state.end, alarms: state.alarms, reach: state.reach, calls: state.calls };
  await remember();
  if (await otherDoors(state.doors)) return;
  await show();
  if (first) drain();
}
/* The six digits by the city's clock, so many seconds from now; "" where the phone has none so far ahead. */
function digitsFor(later = 0) {
  if (!known.ahead) return "";
  const step = Math.floor((Date.now() / 1000 + (known.off || 0) + later) / STEP);
  return known.ahead.digits[step - known.ahead.first] || "";
}
function showDigits() {
  const digits = root.dataset.comes ? digitsFor() : "";
  one("[data-digits]").hidden = !digits;
  one("[data-digits-text]").textContent = digits.replace(/(...)/, "$1 ");
}
function offline(is) {
  one("[data-offline]").hidden = !is;
}
/* A door was opened or shut: entries for a log that is no more are dropped, and the page is drawn anew, once. */
async function otherDoors(doors) {
  const shown = { log: Boolean(root.dataset.log), temperature: Boolean(root.dataset.temperature), comes: Boolean(root.dataset.comes) };
  if (Object.keys(shown).every((door) => shown[door] === doors[door])) return false;
  if (!doors.log) await Promise.all((await kept()).filter((a) => a.kind === "log").map((a) => drop(a.key)));
  const now = JSON.stringify(doors);
  if (sessionStorage.getItem("gate-doors") === now) return false;
  sessionStorage.setItem("gate-doors", now);
  if (window.caches) await (await caches.open("groundwork-gate-1")).add(root.dataset.page);
  window.location.reload();
  return true;
}
/* The order's end by the city's clock as this phone last heard it: without signal too the names go then. A phone that
   is switched off, or whose clock is set back, keeps them until it is opened again with signal. */
const isOver = () => Date.now() / 1000 + (known.off || 0) >= (known.end || Number(root.dataset.end));
async function shut() {
  const { end, off } = known;
  known = { people: [], entries: 0, end, off };
  await keepTheRoll();
  await forgetKnown();
  if (window.caches) await caches.delete("groundwork-gate-1");
  all("form").forEach((form) => form.reset());
  all("[data-while-open]").forEach((part) => part.remove());
  one("[data-over]").hidden = false;
}

/* ---- showing --------------------------------------------------------------------------------- */
const clock = (stamp) => new Date(stamp * 1000).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

async function show() {
  if (root.isConnected && isOver()) await shut();
  const acts = await kept();
  const waiting = acts.filter((a) => !a.refused);
  one("[data-waiting]").hidden = !waiting.length;
  one("[data-waiting-n]").textContent = waiting.length;
  if (!root.isConnected) return;
  const shift = known.shift || known.next;
  one("[data-shift]").textContent = shift ? `${clock(shift.from)}–${clock(shift.to)}` : say.none;
  const count = one("[data-count]");
  if (count) count.textContent = known.entries + waiting.filter((a) => a.kind === "log").length;
  showPeople(waiting);
  showAsks(waiting);
  showNote(waiting);
  all("[data-calls]").forEach((part) => { if (known.calls && part.dataset.calls !== known.calls) part.innerHTML = part.dataset.calls = known.calls; });
  document.dispatchEvent(new CustomEvent("gate:shown", { detail: { acts, known, offline: !one("[data-offline]").hidden } }));
}
/* What was tapped here and is not sent yet is laid over what the city said last. */
function over(person, waiting) {
  const now = { ...person };
  waiting.filter((a) => a.said.post === person.id).forEach((a) => {
    if (a.kind === "come") Object.assign(now, { came: true, checked: true, state: "standing", tapped: a.at });
    if (a.kind === "go") now.gone = true;
    if (a.kind === "pause") Object.assign(now, { away: true, unsent: true });
    if (a.kind === "back") now.away = false;
  });
  return now;
}
function showPeople(waiting) {
  const list = one("[data-people]");
  list.textContent = "";
  known.people.map((person) => over(person, waiting)).forEach((person) => {
    const row = document.getElementById("person").content.cloneNode(true);
    one("[data-name]", row).textContent = person.name;
    one("[data-lead]", row).hidden = !person.lead;
    one("[data-rest]", row).hidden = !person.short_rest;
    one("[data-say]", row).textContent = `${clock(person.from)}–${clock(person.to)} · ${wordOf(person)}`;
    const shown = { come: !person.came || !person.checked, go: person.came && !person.gone, pause: person.came && !person.gone && !person.away, back: person.away };
    all("[data-act]", row).forEach((button) => {
      button.hidden = !shown[button.dataset.act] || !root.dataset.comes;
      button.setAttribute("aria-label", `${person.name} ${button.textContent}`);
      button.addEventListener("click", () => act(button.dataset.act, { post: person.id }));
    });
    list.appendChild(row);
  });
  one("[data-nobody]").hidden = known.people.length > 0;
}
/* A neighbour gate has somebody away and asks for a hand: who goes says so with one tap. */
function showAsks(waiting) {
  const list = one("[data-asks]");
  list.textContent = "";
  const here = known.people.map((person) => over(person, waiting)).filter((person) => person.came && !person.gone && !person.away);
  (known.asks || []).filter((ask) => !waiting.some((a) => a.kind === "cover" && a.said.of === ask.id)).forEach((ask) => {
    const row = document.getElementById("ask").content.cloneNode(true);
    one("[data-ask-gate]", row).textContent = `${ask.gate} ${ask.spot}`;
    const who = one("select", row);
    options(who, here);
    who.setAttribute("aria-label", `${ask.gate} ${one("[data-go]", row).textContent}`);
    one("[data-go]", row).disabled = !here.length;
    one("[data-go]", row).addEventListener("click", () => act("cover", { of: ask.id, post: who.value }));
    list.appendChild(row);
  });
  list.hidden = !list.children.length;
}
function wordOf(person) {
  if (person.gone) return say.gone;
  if (person.unsent) return `${say.away} · ${say.unsent}`;
  if (person.away && person.cover) return `${say.away} · ${person.cover} ${say.cover}`;
  if (person.away) return `${say.away} · ${person.asked ? `${say.asked} ${person.asked}` : known.reach ? say.told : say.nobody}`;
  if (person.came) return person.checked ? say.standing : say.unchecked;
  return person.state === "missed" ? say.missed : say.planned;
}
function options(select, people) {
  const chosen = select.value;
  select.textContent = "";
  people.forEach((person) => select.add(new Option(person.name, person.id)));
  if (people.some((person) => person.id === chosen)) select.value = chosen;
}
function showNote(waiting) {
  const here = known.people.map((person) => over(person, waiting)).filter((person) => person.came);
  options(one("[data-giver]"), here);
  const mine = waiting.find((a) => a.kind === "hand");
  const taken = waiting.find((a) => a.kind === "take");
  const note = mine
    ? { key: mine.key, text: mine.said.note, from: mine.said.post, name: (known.people.find((p) => p.id === mine.said.post) || {}).name || "", at: mine.at, counted: mine.said.counted }
    : known.note;
  const box = one("[data-note]");
  box.hidden = !note || Boolean(taken && note.key === taken.said.of);
  if (box.hidden) return;
  box.dataset.key = note.key;
  one("[data-note-from]").textContent = `${note.name} ${clock(note.at)} · ${note.counted} ${say.counted}`;
  one("[data-note-text]").textContent = note.text;
  options(one("[data-taker]"), here.filter((person) => person.id !== note.from));
}
/* ---- tapping --------------------------------------------------------------------------------- */
function step(name) {
  all("[data-step]").forEach((part) => {
    const shown = { who: [["who"]], visitor: [["visitor", "save"]], vehicle: [["vehicle", "save"]], resident: [["save"]], fever: [["fever"]] }[name][0];
    part.hidden = !shown.includes(part.dataset.step);
  });
  const tab = one('[data-tab="log"]');
  if (tab) tab.hidden = name === "fever";
  const field = one(`form[data-step="${name}"] input`);
  if (field) { field.focus(); field.setSelectionRange(field.value.length, field.value.length); }
}
function begin(who) {
  draft = { who };
  const saved = one("[data-saved]");
  if (saved) saved.hidden = true;
  one("[data-mend]").hidden = true;
  /* Where no temperature is taken a resident is one tap. */
  if (who === "resident" && !root.dataset.temperature) { save(""); return; }
  step(who);
}
async function save(fever) {
  const form = one(`form[data-step="${draft.who}"]`);
  const said = { ...draft };
  if (form) {
    new FormData(form).forEach((value, name) => { said[name] = value.trim(); });
    const good = draft.who === "visitor" ? said.name : /^[\u4e00-\u9fff][A-Za-z][A-Za-z0-9]{5,6}$/.test(said.plate.replace(/[\s·.-]/g, ""));
    one("[data-mend]").hidden = Boolean(good);
    if (!good) return;
  }
  if (fever) said.fever = fever;
  last = await act("log", said);
  if (form) form.reset();
  const key = last;
  one("[data-saved]").hidden = false;
  setTimeout(() => { if (last === key) one("[data-saved]").hidden = true; }, TO_UNDO);
  if (fever === "1") {
    step("fever");
    await raise("fever");
  } else step("who");
  draft = null;
}
function raise(alarm) {
  return act("alarm", { alarm }).catch(() => document.dispatchEvent(new CustomEvent("gate:unkept", { detail: alarm })));
}
async function undo() {
  one("[data-saved]").hidden = true;
  await drop(last); /* what the city has already is not taken back from a gate */
  await show();
}
function tab(name) {
  all("[data-tab]").forEach((part) => { part.hidden = part.dataset.tab !== name; });
  all("[data-show]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.show === name)));
  const fever = one('[data-step="fever"]');
  if (fever) fever.hidden = true;
  show();
}
function on(query, work, event = "click") {
  all(query).forEach((part) => part.addEventListener(event, (happened) => { happened.preventDefault(); work(part, happened); }));
}
on("[data-who]", (button) => begin(button.dataset.who));
on("[data-save]", (button) => save(button.dataset.save));
on("form[data-step]", () => {}, "submit");
on("[data-cancel]", () => { draft = null; step("who"); });
on("[data-undo]", undo);
on("[data-fever-done]", () => { step("who"); show(); });
on("[data-alarm]", async (button) => {
  const kind = button.dataset.alarm, now = Date.now() / 1000 + (known.off || 0);
  const waits = (await kept()).some((a) => a.kind === "alarm" && !a.refused && a.said.alarm === kind);
  if (!waits && !(known.alarms || []).some((one) => one.kind === kind && now - one.sent < AGAIN)) await raise(kind);
});
on("[data-show]", (button) => tab(button.dataset.show));
on("[data-hand]", async (form) => {
  const giver = one("[data-giver]").value;
  if (!giver) return;
  const counter = one("[data-count]");
  await act("hand", { post: giver, note: new FormData(form).get("note"), counted: counter ? counter.textContent : "0" });
  form.reset();
  one("[data-handed]").hidden = false;
}, "submit");
on("[data-take]", async () => {
  const taker = one("[data-taker]").value;
  if (!taker) return;
  await act("take", { post: taker, of: one("[data-note]").dataset.key });
  one("[data-handed]").hidden = false;
});

/* ---- from the first moment ------------------------------------------------------------------- */
async function start() {
  const seen = await recall();
  if (seen) known = seen.known;
  await show();
  await refresh();
  drain();
  setInterval(refresh, STATE_EVERY);
  setInterval(() => {
    if (!root.isConnected) return;
    if (isOver()) show();
    const stale = Date.now() - codeAt > CODE_LIVES;
    one("[data-code]").hidden = stale;
    one("[data-code-stale]").hidden = !stale || !root.dataset.comes;
    showDigits();
  }, 1000);
}
window.addEventListener("online", () => { wait = FIRST_WAIT; refresh(); drain(); });
document.addEventListener("gate:changed", () => show());
document.addEventListener("visibilitychange", () => { if (!document.hidden) { refresh(); drain(); } });
start().catch(() => {});
