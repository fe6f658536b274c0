// Recording on the phone, drafts, and the way up: oldest first, in batches, each entry struck off when the server has answered for it.
import { base, device, get, newId, put, stamp } from "./store.js";
import { forHouse } from "./seal.js";
import { forget, keep, read } from "./keeper.js";

const BATCH = 20;
const PATIENCE = 20000;

export const changed = new EventTarget();

function tell() {
  changed.dispatchEvent(new Event("change"));
}

export async function count() {
  return base.outbox.count();
}

// One entry, sealed and kept. `said` is what the list shows for it on this phone.
export async function record(task, entered, failed, said, id) {
  const list = await read("list");
  if (!list) throw new Error("no list");
  const entry = {
    ticket: list.ticket, duty: task.duty, kind: task.kind, area: task.area, entered, failed, made: stamp(), given: list.given,
  };
  const named = id || newId();
  const sealed = await forHouse(list.key, named, entry);
  await base.outbox.put({ id: named, sealed, tried: 0 });
  const marks = (await read("marks")) || {};
  marks[task.duty] = { id: named, said, at: Date.now(), result: "kept" };
  await keep("marks", marks);
  await draft(task.duty, null);
  tell();
  return named;
}

// Taken back before anything was sent: the entry is gone. False where it may have left already.
export async function takeBack(duty) {
  const marks = (await read("marks")) || {};
  const mark = marks[duty];
  const gone = await base.transaction("rw", base.outbox, async function () {
    const entry = await base.outbox.get({ id: mark.id });
    if (!entry || entry.tried) return false;
    await base.outbox.delete(entry.seq);
    return true;
  });
  if (gone) {
    delete marks[duty];
    await keep("marks", marks);
    tell();
  }
  return gone;
}

let writing = Promise.resolve();

// What stands in a form, kept at each keystroke; null forgets it.
export function draft(duty, values) {
  writing = writing.catch(function () {}).then(async function () {
    const drafts = (await read("drafts")) || {};
    if (values) drafts[duty] = values; else delete drafts[duty];
    await keep("drafts", drafts);
  });
  return writing;
}

// Today's list, but not for who removed it and has not opened it since. True where the server knows us; where it does not, what is readable here is removed.
export async function refresh() {
  if (await get("left")) return true;
  const answer = await fetch("/my/sync/list/?device=" + (await device()), { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
    await forget();
    tell();
    return false;
  }
  if (!answer.ok) throw new Error("list: " + answer.status);
  const list = await answer.json();
  list.given = stamp();
  const before = await read("list");
  if (before && before.account !== list.account) await keep("drafts", {});
  await keep("list", list);
  await keep("marks", await standing(list, before));
  await put("synced", Date.now());
  tell();
  return true;
}

// Marks of what the list still has and this phone still holds; the rest the server shows better.
async function standing(list, before) {
  const marks = before && before.account === list.account ? (await read("marks")) || {} : {};
  const held = new Set((await base.outbox.toArray()).map(function (entry) { return entry.id; }));
  return Object.fromEntries(Object.entries(marks).filter(function ([, mark]) { return held.has(mark.id) || mark.result === "conflict"; }));
}

// Everything up, one sender at a time. Gives true where all of it is up; a broken line throws and changes nothing.
export function send() {
  if (!navigator.locks) return sendAll();
  return navigator.locks.request("bulou-field-send", { ifAvailable: true }, function (held) { return held ? sendAll() : false; });
}

async function sendAll() {
  for (;;) {
    const batch = await base.outbox.orderBy("seq").limit(BATCH).toArray();
    if (!batch.length) return true;
    await base.outbox.bulkPut(batch.map(function (entry) { return { ...entry, tried: entry.tried + 1 }; }));
    const entries = batch.map(function (entry) { return { id: entry.id, sealed: entry.sealed }; });
    const language = document.documentElement.lang;
    const answer = await fetch("/my/sync/upload/?lang=" + language, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...stamp(), entries }), signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) throw new Error("upload: " + answer.status);
    const said = await answer.json();
    await settle(batch, said.results);
    if (said.signed_in) await put("synced", Date.now()); else await forget();
    tell();
  }
}

async function settle(batch, results) {
  const sent = new Map(batch.map(function (entry) { return [entry.id, entry]; }));
  await base.transaction("rw", base.outbox, base.refused, async function () {
    for (const result of results) {
      const entry = sent.get(result.id);
      if (result.result === "refused") await base.refused.put({ id: entry.id, sealed: entry.sealed, why: result.why });
      await base.outbox.delete(entry.seq);
    }
  });
  try {
    const marks = (await read("marks")) || {};
    const answers = new Map(results.map(function (result) { return [result.id, result]; }));
    for (const mark of Object.values(marks)) {
      const answer = answers.get(mark.id);
      if (answer) { mark.result = answer.result; mark.why = answer.why; }
    }
    await keep("marks", marks);
  } catch (error) { /* locked or wiped: what was answered is on the server's list */ }
}

// Everything not taken by the server, as a file for the office. It is sealed there as here.
export async function rescue() {
  const held = [...(await base.refused.orderBy("seq").toArray()), ...(await base.outbox.orderBy("seq").toArray())];
  const entries = held.map(function (entry) { return { id: entry.id, sealed: entry.sealed }; });
  return new Blob([JSON.stringify({ ...stamp(), device: await device(), entries })], { type: "application/json" });
}
