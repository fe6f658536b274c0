// My list with signal: the page stays what it is. This keeps today's list for later, and catches what the server did not answer.
import * as bar from "./bar.js";
import * as entries from "./entries.js";
import { Locked, read } from "./keeper.js";
import { base } from "./store.js";
import { clockTime, say, summary, words } from "./words.js";

const GATEWAY = 502;

function able() {
  return "serviceWorker" in navigator && window.crypto && crypto.subtle && window.indexedDB;
}

async function taskOf(duty) {
  const list = await read("list");
  const tasks = list ? list.groups.flatMap(function (group) { return group.tasks; }) : [];
  return tasks.find(function (task) { return task.duty === duty; });
}

// What a form held when the line broke goes to the outbox, under the id it had: should it have arrived after all, it is the same.
async function rescue(form, data) {
  const duty = data.get("key");
  const task = await taskOf(duty);
  if (!task) return;
  const entered = {};
  data.forEach(function (value, name) { if (name.startsWith("data.")) entered[name.slice(5)] = value.trim(); });
  const said = summary(task, entered);
  await entries.record(task, entered, data.getAll("failed"), said, data.get("id"));
  const note = document.getElementById("phone-kept").content.cloneNode(true).firstElementChild;
  note.dataset.duty = duty;
  note.querySelector("span").textContent = say("kept", { what: said, at: clockTime(Date.now(), Date.now()) });
  form.replaceWith(note);
}

function broken(event) {
  const status = event.detail.xhr.status;
  const form = event.detail.elt.closest(".task-form");
  if (!form || !event.detail.requestConfig.path.endsWith("/record/") || (status && status < GATEWAY)) return;
  rescue(form, event.detail.requestConfig.formData).catch(function (error) {
    bar.warn(error instanceof Locked ? words.locked : words.not_kept);
  });
}

async function showAnswers() {
  const marks = (await read("marks").catch(function () { return null; })) || {};
  const kept = new Set(Object.values(marks).filter(function (mark) { return mark.result === "kept"; }).map(function (mark) { return mark.id; }));
  document.querySelectorAll(".task-kept").forEach(function (note) {
    const mark = marks[note.dataset.duty];
    if (mark && kept.has(mark.id)) return;
    const why = mark && mark.why;
    note.querySelector("span").textContent = why ? why : words.uploaded;
  });
}

async function restoreDrafts() {
  const drafts = (await read("drafts").catch(function () { return null; })) || {};
  document.querySelectorAll(".task-form").forEach(function (form) {
    const values = drafts[form.elements.key.value] || {};
    Object.entries(values).forEach(function ([name, value]) {
      const field = form.elements[name];
      if (field && !field.value) field.value = value;
    });
  });
}

function keepDraft(event) {
  const form = event.target.closest(".task-form");
  if (!form) return;
  const values = {};
  new FormData(form).forEach(function (value, name) { if (name.startsWith("data.") && value) values[name] = value; });
  entries.draft(form.elements.key.value, values).catch(function () {});
}

function forgetDraft(event) {
  const data = event.detail.requestConfig.formData;
  if (event.detail.successful && data && data.get("key")) entries.draft(data.get("key"), null).catch(function () {});
}

async function begin() {
  if (!able()) {
    document.getElementById("phone-unable").hidden = false;
    return;
  }
  document.addEventListener("htmx:sendError", broken);
  document.addEventListener("htmx:timeout", broken);
  document.addEventListener("htmx:responseError", broken);
  document.addEventListener("htmx:afterRequest", forgetDraft);
  document.addEventListener("input", keepDraft);
  entries.changed.addEventListener("change", showAnswers);
  await base.things.delete("left");
  await bar.start(showAnswers);
  await restoreDrafts();
  navigator.serviceWorker.register("/my/worker.js", { scope: "/my/" }).catch(function () { bar.warn(words.no_worker); });
  const kept = await caches.open("bulou-field-language");
  await kept.put("/my/language", new Response(document.documentElement.lang));
  await bar.contact();
  await showAnswers();
  document.body.dataset.phone = "ready";
}

begin();
