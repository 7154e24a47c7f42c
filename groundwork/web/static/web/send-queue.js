/* The offline send queue. A <form data-queue> is kept in IndexedDB before it is sent and forgotten only
   when the server has answered. The hidden field client_key names the sending: the server counts a
   key once, so resending never doubles. What one account typed is never sent under another's name.

   Shown by <span data-queue-count hidden> (anywhere; one is made when missing) and, inside the form,
   <div data-queue-answer>. The server answers with an HTML fragment, or redirects. */

const STORE = "sends";
const FIRST_WAIT = 2000; /* ms; doubles up to LONGEST_WAIT */
const LONGEST_WAIT = 60000;
const PATIENCE = 400; /* ms until a sending under way is told as waiting */
const MOST_PLAIN = 5; /* answers without a link that stay in sight */
const chinese = document.documentElement.lang.toLowerCase().startsWith("zh");
const words = chinese
  ? { waiting: (n) => `${n} 条在本机，待上传`, kept: "已存在本机，连上网后自动上传。", login: "请刷新页面或重新登录，再上传本机的内容。" }
  : { waiting: (n) => (n === 1 ? "1 entry on this device, waiting" : `${n} entries on this device, waiting`),
      kept: "Kept on this device; it will be sent when you are online.", login: "Please reload or sign in again to send what is kept on this device." };
const owner = document.body.dataset.actor || "";
let wait = FIRST_WAIT;
let timer = 0;
let running = null;
let latest = 0;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("groundwork", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
async function inStore(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
const keep = (entry) => inStore("readwrite", (store) => store.put(entry));
const forget = (key) => inStore("readwrite", (store) => store.delete(key));
const kept = async () => (await inStore("readonly", (store) => store.getAll()))
  .filter((entry) => entry.owner === owner)
  .sort((a, b) => a.kept - b.kept);

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
function csrfToken() {
  try { return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] || ""; } catch (error) { return ""; }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.queue === undefined || !window.indexedDB) return;
  event.preventDefault();
  const data = new FormData(form);
  if (event.submitter && event.submitter.name) data.append(event.submitter.name, event.submitter.value);
  if (!data.get("client_key")) data.set("client_key", newKey());
  data.delete("csrfmiddlewaretoken"); /* it may be stale when the line is back */
  const entry = { key: data.get("client_key"), owner, url: form.action, fields: Array.from(data.entries()), kept: nextMoment() };
  /* At once, not when the entry is kept: a second entry typed meanwhile must neither be wiped nor go out
     under the first one's key, which would put it in the first one's place. */
  const restore = renew(form);
  try {
    await keep(entry);
  } catch (error) { /* private browsing keeps nothing: send it the plain way */
    restore();
    if (event.submitter && event.submitter.name) form.appendChild(hidden(event.submitter.name)).value = event.submitter.value;
    form.submit();
    return;
  }
  wait = FIRST_WAIT;
  setTimeout(show, PATIENCE);
  await drain(form);
});

/* The order of sending: two entries of the same millisecond keep theirs. */
function nextMoment() {
  latest = Math.max(Date.now(), latest + 1);
  return latest;
}

function hidden(name) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  return field;
}

/* The form is free for the next entry, under a new key; what it returns fills it in again as it was. */
function renew(form) {
  const before = Array.from(form.elements, (field) => [field, field.value, field.checked, field.files]);
  form.reset();
  let field = form.querySelector('input[name="client_key"]');
  if (!field) field = form.appendChild(hidden("client_key"));
  field.value = newKey();
  return () => before.forEach(([one, value, checked, files]) => {
    if (one.type === "file") one.files = files;
    else if (one.type === "checkbox" || one.type === "radio") one.checked = checked;
    else one.value = value;
  });
}

/* One sender at a time, in all tabs together where the browser can; a call during a run starts
   another run after it. Two tabs that come online would else both send what is kept, and one of
   them would tell that it had come before. */
function drain(form) {
  const run = () => (navigator.locks ? navigator.locks.request("groundwork-sends", () => sendAll(form)) : sendAll(form));
  running = (running || Promise.resolve()).then(run).catch(() => {});
  return running;
}
async function sendAll(form) {
  clearTimeout(timer);
  for (const entry of await kept()) {
    const state = await send(entry, form);
    if (state === "later") {
      timer = setTimeout(drain, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
      break;
    }
    if (state === "login") break;
    wait = FIRST_WAIT;
  }
  await show();
}

async function send(entry, form) {
  const body = new FormData();
  entry.fields.forEach(([name, value]) => body.append(name, value));
  let answer;
  try {
    answer = await fetch(entry.url, {
      method: "POST", body, credentials: "same-origin",
      headers: { "HX-Request": "true", "X-CSRFToken": csrfToken(), "X-Client-Key": entry.key },
    });
  } catch (error) {
    tell(form, words.kept);
    return "later";
  }
  if (answer.status === 408 || answer.status === 425 || answer.status === 429 || answer.status >= 500) {
    tell(form, words.kept);
    return "later";
  }
  if (answer.status === 401 || (answer.redirected && answer.url.includes("/login"))) {
    tell(form, words.login);
    return "login";
  }
  const text = answer.redirected ? "" : await answer.text();
  if (answer.status === 403 && text.includes("<html")) { /* a stale form token, not the city's refusal */
    tell(form, words.login);
    return "login";
  }
  await forget(entry.key);
  if (answer.redirected && form) window.location.assign(answer.url);
  else answered(form, entry.key, text);
  return "done";
}

function answerBox(form) {
  const box = (form && form.querySelector("[data-queue-answer]")) || document.querySelector("[data-queue-answer]");
  if (box) box.setAttribute("aria-live", "polite");
  return box;
}
/* Answers stand one below the other: each may hold the one link that leads back to what was sent. */
function answered(form, key, html) {
  const box = answerBox(form);
  if (!box) return;
  silence(box);
  const answer = document.createElement("div");
  answer.dataset.answerTo = key;
  answer.innerHTML = html; /* our own server's escaped HTML */
  box.appendChild(answer);
  const plain = Array.from(box.querySelectorAll(":scope > [data-answer-to]")).filter((one) => !one.querySelector("a[href]"));
  plain.slice(0, -MOST_PLAIN).forEach((one) => one.remove());
  box.dataset.key = key;
  if (window.htmx) window.htmx.process(answer);
  bringIntoSight(form, answer);
  box.dispatchEvent(new CustomEvent("queue:answered", { bubbles: true, detail: { key } }));
}
/* Who has just tapped is at the bottom of a long form: the word on it comes into sight. Nobody is
   moved by what is sent later by itself. */
function bringIntoSight(form, line) {
  if (form) line.scrollIntoView({ block: "nearest" });
}
function silence(box) {
  box.querySelectorAll(":scope > [data-queue-told]").forEach((line) => line.remove());
}
function tell(form, sentence) {
  const box = answerBox(form);
  if (!box) return;
  silence(box);
  const line = document.createElement("p");
  line.className = "note due";
  line.dataset.queueTold = "";
  line.textContent = sentence;
  box.appendChild(line);
  bringIntoSight(form, line);
}

async function show() {
  const waiting = (await kept()).length;
  const box = answerBox();
  if (!waiting && box) silence(box); /* another tab may have sent it */
  let chip = document.querySelector("[data-queue-count]");
  if (!chip && waiting) {
    chip = document.createElement("p");
    chip.dataset.queueCount = "";
    chip.className = "chip due num";
    const first = document.querySelector("form[data-queue]") || document.querySelector("main");
    first.insertAdjacentElement("beforebegin", chip);
  }
  if (!chip) return;
  chip.hidden = !waiting;
  chip.textContent = waiting ? words.waiting(waiting) : "";
}

window.addEventListener("online", () => { wait = FIRST_WAIT; drain(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) drain(); });
if (window.indexedDB) drain();
