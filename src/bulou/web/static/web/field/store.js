// What this phone keeps, in IndexedDB. things: one value by name; outbox: sealed entries in order; refused: those the server would not take.
import { Dexie } from "../../vendor/dexie/dexie.min.mjs";
import { BASE } from "./wipe.js";

export const base = new Dexie(BASE);
base.version(1).stores({ things: "name", outbox: "++seq, &id", refused: "++seq, &id" });

export async function get(name) {
  const found = await base.things.get(name);
  return found && found.value;
}

export function put(name, value) {
  return base.things.put({ name, value });
}

// Which phone this is: a random name, made once.
export async function device() {
  return base.transaction("rw", base.things, async function () {
    const known = await get("device");
    if (known) return known;
    const made = crypto.randomUUID();
    await put("device", made);
    return made;
  });
}

// A UUIDv7: milliseconds, then chance.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let place = 5; place >= 0; place--) { bytes[place] = time % 256; time = Math.floor(time / 256); }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const RUN = newId();

// What the clock and the stopwatch show; the stopwatch runs as long as this page.
export function stamp() {
  return { clock: Date.now(), steady: performance.now(), run: RUN };
}
