/* The order is over, or this phone was closed: nothing of a gate's log stays on it. Who came and went before the
   end, and was not sent yet, is told once more; the city takes it by its own time. */
const BASE = "groundwork-gate";
const root = document.querySelector("[data-phone-shut]");

async function tellTheRoll() {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(BASE);
    request.onupgradeneeded = () => request.transaction.abort(); /* there is none */
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  try {
    const acts = await new Promise((resolve, reject) => {
      const request = database.transaction("acts").objectStore("acts").getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const roll = acts.filter((act) => act.kind === "come" || act.kind === "go").slice(0, 200);
    if (!roll.length) return;
    await fetch(root.dataset.sync, {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify({ acts: roll.map(({ key, kind, at, said }) => ({ key, kind, at, said })) }),
    });
  } finally {
    database.close();
  }
}

const over = root.dataset.phoneShut === "duty.shut" ? tellTheRoll().catch(() => {}) : Promise.resolve();
over.finally(() => { indexedDB.deleteDatabase(BASE); });
if (window.caches) caches.delete("groundwork-gate-1");
