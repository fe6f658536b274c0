// The part of the phone that can be read here, under its key, and the key under a PIN where one is set.
import { base, get, put } from "./store.js";
import { lock, lockBytes, open, openBytes, phoneKey, pinKey, rawKey } from "./seal.js";
import { wipe } from "./wipe.js";

export const MOST_WRONG = 10;
const UNSEEN = 7 * 24 * 3600 * 1000;
let unlocked = null;

export class Locked extends Error {}

async function key() {
  if (unlocked) return unlocked;
  if (await get("lock")) throw new Locked();
  let known = await get("key");
  if (!known) {
    const made = await phoneKey();
    known = await base.transaction("rw", base.things, async function () {
      const other = await get("key");
      if (!other) await put("key", made);
      return other || made;
    });
  }
  return known;
}

export async function read(name) {
  const sealed = await get(name);
  return sealed ? open(await key(), sealed) : null;
}

export async function keep(name, value) {
  await put(name, await lock(await key(), value));
}

export async function isLocked() {
  return !unlocked && Boolean(await get("lock"));
}

export async function hasPin() {
  return Boolean(await get("lock"));
}

export async function forget() {
  unlocked = null;
  await wipe();
}

// After a week without contact nothing readable is left.
export async function forgetIfUnseen() {
  const synced = await get("synced");
  if (synced && Math.abs(Date.now() - synced) > UNSEEN) await forget();
}

// A new key under the PIN (none: a plain one); what is kept is sealed anew.
export async function setPin(pin) {
  const kept = {};
  for (const name of ["list", "drafts", "marks"]) kept[name] = await read(name);
  await base.things.bulkDelete(["key", "lock", "pepper"]);
  unlocked = null;
  if (pin) {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const pepper = await phoneKey();
    const wrapped = await lockBytes(pepper, await lockBytes(await pinKey(pin, salt), raw));
    await put("pepper", pepper);
    await put("lock", { salt, wrapped, wrong: 0 });
    unlocked = await rawKey(raw);
  }
  for (const name of Object.keys(kept)) if (kept[name]) await keep(name, kept[name]);
}

// How many tries are left; 0 where the PIN was right. A try is counted before it is made; the last one wipes.
export async function unlock(pin) {
  const kept = await get("lock");
  const wrong = kept.wrong + 1;
  await put("lock", { ...kept, wrong });
  try {
    const inner = await openBytes(await get("pepper"), kept.wrapped);
    unlocked = await rawKey(await openBytes(await pinKey(pin, kept.salt), inner));
    await put("lock", { ...kept, wrong: 0 });
    return 0;
  } catch (error) {
    if (wrong >= MOST_WRONG) await forget();
    return MOST_WRONG - wrong;
  }
}
