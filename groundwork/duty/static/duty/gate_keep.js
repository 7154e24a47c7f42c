/* What the gate's phone keeps on the device: acts until the city has answered for them, and what the city said last.
   It lies there as it was typed, readable for whoever opens the phone. A key beside it in the same base, extractable
   or not, would lie on the same disk and keep nobody out; what protects the names is that they are few, and go: with
   the answer to their sending, by the clock at the order's end, and whenever the city says the gate is shut. */

const BASE = "groundwork-gate";
const PATIENCE = 15000; /* ms: a signal so weak that nothing comes back is none */

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(BASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("acts", { keyPath: "key" });
      request.result.createObjectStore("seen", { keyPath: "name" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
async function within(store, mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
export const keep = (act) => within("acts", "readwrite", (store) => store.put(act));
export const drop = (key) => within("acts", "readwrite", (store) => store.delete(key));
export const keptAt = async (gate) => (await within("acts", "readonly", (store) => store.getAll()))
  .filter((act) => act.gate === gate).sort((a, b) => a.order - b.order);
export const rememberAt = (gate, known) => within("seen", "readwrite", (store) => store.put({ name: gate, known }));
export const recallAt = (gate) => within("seen", "readonly", (store) => store.get(gate));
export const forgetKnown = () => within("seen", "readwrite", (store) => store.clear());
export async function forgetAll() {
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(BASE);
    request.onsuccess = request.onerror = request.onblocked = resolve;
  });
}
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
export function ask(url, options) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), PATIENCE);
  return fetch(url, { credentials: "same-origin", signal: stop.signal, ...options });
}
