/* What became of an alarm, said as it is: it waits, it arrived, somebody has seen to it. Until it has arrived the
   telephone stands beside it. Entries that the city refused stand here too, for a while. gate.js keeps and sends; the
   page holds the words. */

import { drop } from "./gate_keep.js";

const words = document.getElementById("words").dataset;
const strip = document.querySelector("[data-alarms]");
const fever = document.querySelector("[data-fever-said]");
const dialog = document.querySelector('[data-step="fever"]');
const SEEN_TO = 600; /* s that an answered alarm stays on the screen */
const REFUSED_STAYS = 3600000; /* ms that a refused entry stays on the phone to be read */
const raised = new Map(); /* key → alarm of this page, from the tap until the city's own word of it */
let unkept = "";

const time = (stamp) => new Date(stamp * 1000).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

function wordOf(alarm, { known, offline }) {
  if (alarm.refused) return `${words.alarmRefused} ${alarm.refused}`;
  if (alarm.waits) return offline ? words.alarmWaits : words.alarmSending;
  if (alarm.answered) return `${time(alarm.answered)} ${words.alarmAnswered}`;
  return known.reach === false ? words.alarmAlone : `${alarm.sent ? time(alarm.sent) : ""} ${words.alarmSent}`;
}
function alarmsOf({ acts, known }) {
  const waiting = new Map(acts.filter((a) => a.kind === "alarm")
    .map((a) => [a.key, { key: a.key, kind: a.said.alarm, at: a.at, waits: !a.refused, refused: a.refused }]));
  waiting.forEach((alarm, key) => raised.set(key, { key, kind: alarm.kind, at: alarm.at }));
  const now = Date.now() / 1000 + (known.off || 0);
  const told = (known.alarms || []).filter((alarm) => !alarm.answered || now - alarm.answered < SEEN_TO);
  (known.alarms || []).forEach((alarm) => raised.delete(alarm.key));
  const sent = Array.from(raised.values()).filter((alarm) => !waiting.has(alarm.key));
  return [...waiting.values(), ...sent, ...told.filter((alarm) => !waiting.has(alarm.key))].sort((a, b) => b.at - a.at);
}
function show(detail) {
  const alarms = alarmsOf(detail);
  const list = strip.querySelector("ul");
  list.textContent = "";
  alarms.slice(0, 3).forEach((alarm) => {
    const line = document.createElement("li");
    if (alarm.waits || alarm.refused) line.className = "big";
    const title = document.createElement("b");
    title.textContent = `${alarm.kind === "fever" ? words.alarmFever : words.alarmHelp} ${time(alarm.at)}`;
    line.append(title, document.createElement("br"), wordOf(alarm, detail));
    list.appendChild(line);
  });
  if (unkept) {
    const line = document.createElement("li");
    line.className = "big";
    line.textContent = words.alarmUnkept;
    list.appendChild(line);
  }
  strip.hidden = !list.children.length || Boolean(dialog && !dialog.hidden); /* there it is said already */
  const rings = unkept || alarms.some((alarm) => alarm.waits || alarm.refused) || (alarms.length && detail.known.reach === false);
  strip.querySelector("[data-calls]").hidden = !rings;
  const last = alarms.find((alarm) => alarm.kind === "fever");
  if (fever) fever.textContent = unkept === "fever" ? words.alarmUnkept : last ? wordOf(last, detail) : "";
}

async function forget(entry) {
  await drop(entry.key);
  document.dispatchEvent(new CustomEvent("gate:changed"));
}
function showRefused(acts) {
  const list = document.querySelector("[data-refused]");
  if (!list) return;
  list.textContent = "";
  list.hidden = !acts.length;
  acts.forEach((entry) => {
    if (Date.now() - entry.told > REFUSED_STAYS) { forget(entry); return; }
    const line = document.createElement("li");
    line.className = "note late";
    line.textContent = `${time(entry.at)} ${entry.said.name || entry.said.plate || ""} ${entry.refused} `;
    const button = document.createElement("button");
    button.className = "btn sm";
    button.textContent = "✕";
    button.addEventListener("click", () => forget(entry));
    line.appendChild(button);
    list.appendChild(line);
  });
}

document.addEventListener("gate:shown", (event) => {
  show(event.detail);
  showRefused(event.detail.acts.filter((a) => a.refused && a.kind !== "alarm"));
});
document.addEventListener("gate:unkept", (event) => {
  unkept = event.detail;
  show({ acts: [], known: {}, offline: true });
});
