// Removes what is readable on this phone: the list, drafts, their key. Entries not yet uploaded stay: nobody here can read them.
const READABLE = ["key", "lock", "pepper", "list", "drafts", "marks", "synced"];

export const BASE = "bulou-field";

export function wipe() {
  return new Promise(function (done) {
    if (!window.indexedDB) return done();
    const asked = indexedDB.open(BASE);
    asked.onupgradeneeded = function () { asked.transaction.abort(); };
    asked.onerror = function () { done(); };
    asked.onsuccess = function () {
      const base = asked.result;
      base.onversionchange = function () { base.close(); };
      if (!base.objectStoreNames.contains("things")) { base.close(); return done(); }
      const work = base.transaction("things", "readwrite");
      READABLE.forEach(function (name) { work.objectStore("things").delete(name); });
      work.oncomplete = work.onabort = function () { base.close(); done(); };
    };
  });
}
