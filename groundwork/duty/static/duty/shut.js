/* The order is over, or this phone was closed: nothing of a gate's log stays on it. */
indexedDB.deleteDatabase("groundwork-gate");
if (window.caches) caches.delete("groundwork-gate-1");
