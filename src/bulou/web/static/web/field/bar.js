// The line that always tells what is not yet uploaded from this phone, and what can be done about it.
import { base, get } from "./store.js";
import * as entries from "./entries.js";
import * as keeper from "./keeper.js";
import { clockTime, say, words } from "./words.js";

const LOW = 20 * 1024 * 1024;
const AGAIN = 60 * 1000;
const bar = document.getElementById("phone");

function part(name) {
  return bar.querySelector("[data-phone='" + name + "']");
}

export function warn(text) {
  const place = part("notice");
  place.querySelector("span").textContent = text;
  place.hidden = !text;
}

export async function show() {
  const waiting = await entries.count();
  const synced = await get("synced");
  part("count").textContent = say("count", { n: waiting });
  bar.classList.toggle("waiting", waiting > 0);
  part("synced").textContent = synced ? say("synced", { at: clockTime(synced, Date.now()) }) : words.never;
  part("unlock").hidden = !(await keeper.isLocked());
  part("drop-pin").hidden = !(await keeper.hasPin()) || (await keeper.isLocked());
  await showRefused();
}

async function showRefused() {
  const refused = await base.refused.orderBy("seq").toArray();
  part("refused").replaceChildren(...refused.map(function (entry) {
    const row = bar.querySelector("template").content.cloneNode(true);
    row.querySelector("span").textContent = say("refused", { why: entry.why });
    row.querySelector("button").addEventListener("click", async function () {
      if (!window.confirm(words.discard)) return;
      await base.refused.delete(entry.seq);
      await show();
    });
    return row;
  }));
}

// Everything up, then the list anew. Gives true where the server answered and knows us.
export async function contact() {
  try {
    await entries.send();
    if (await keeper.isLocked()) return true;
    const known = await entries.refresh();
    warn(known ? "" : words.signed_out);
    return known;
  } catch (error) {
    return false;
  } finally {
    await show();
  }
}

async function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await entries.rescue());
  link.download = "bulou-" + new Date().toISOString().slice(0, 10) + ".json";
  link.click();
  URL.revokeObjectURL(link.href);
}

async function watchSpace() {
  if (!navigator.storage) return;
  if (navigator.storage.persist) await navigator.storage.persist();
  const { usage, quota } = await navigator.storage.estimate();
  if (quota && quota - usage < LOW) warn(words.full);
}

// `after` is called when what is kept may have changed: a PIN entered, a list received.
export async function start(after) {
  bar.hidden = false;
  const acts = {
    send: async function () { if (!(await contact())) warn(words.no_answer); after(); },
    export: download,
    pin: function () { part("pin").hidden = false; part("pin").querySelector("input").focus(); },
    "drop-pin": async function () { await keeper.setPin(null); await show(); },
  };
  bar.addEventListener("click", function (event) {
    const button = event.target.closest("[data-phone-act]");
    if (!button) return;
    bar.querySelector("details").open = false;
    acts[button.dataset.phoneAct]();
  });
  part("pin").addEventListener("submit", async function (event) {
    event.preventDefault();
    await keeper.setPin(new FormData(event.target).get("pin"));
    event.target.reset();
    event.target.hidden = true;
    await show();
  });
  part("unlock").addEventListener("submit", async function (event) {
    event.preventDefault();
    const left = await keeper.unlock(new FormData(event.target).get("pin"));
    event.target.reset();
    warn(left ? say("wrong", { n: left }) : (await keeper.hasPin()) ? "" : words.wiped);
    await show();
    if (!left) { await contact(); after(); }
  });
  entries.changed.addEventListener("change", show);
  await keeper.forgetIfUnseen();
  await show();
  watchSpace();
  window.addEventListener("online", async function () { await contact(); after(); });
  setInterval(async function () { if (await entries.count()) { await contact(); after(); } }, AGAIN);
}
