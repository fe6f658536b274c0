// My list without signal: drawn from what this phone keeps, recorded to its outbox.
import * as bar from "./bar.js";
import * as entries from "./entries.js";
import { Locked, forget, read } from "./keeper.js";
import { put } from "./store.js";
import { clockTime, say, summary, words } from "./words.js";

const main = document.getElementById("households");

function copy(name) {
  return document.getElementById("t-" + name).content.cloneNode(true).firstElementChild;
}

function fill(node, values) {
  Object.entries(values).forEach(function ([name, text]) {
    const places = [node, ...node.querySelectorAll("[data-say]")];
    places.filter(function (place) { return place.dataset.say === name; }).forEach(function (place) { place.textContent = text; });
  });
  return node;
}

function iconOf(node, name) {
  const use = node.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#" + name));
}

function question(task, field, single) {
  if (field.shape === "choice") {
    const set = fill(copy("choice"), { label: field.label });
    field.options.forEach(function (option) {
      const label = fill(copy("option"), { word: option.word });
      Object.assign(label.querySelector("input"), { name: field.name, value: option.value, required: true });
      set.append(label);
    });
    return set;
  }
  const node = fill(copy(single && field.shape === "number" ? "number" : "text"), { label: field.label, unit: field.unit });
  const input = node.querySelector("input");
  Object.assign(input, { name: field.name, type: field.input, inputMode: field.shape === "number" ? (field.whole ? "numeric" : "decimal") : "", required: true });
  if (node.classList.contains("with-unit")) input.placeholder = field.label;
  return node;
}

// What is wrong with an entry, empty where nothing is; the server checks again.
function wrong(task, entered) {
  for (const field of task.fields.filter(function (one) { return one.shape === "number"; })) {
    const plain = entered[field.name].replace(/[，。,．]/g, ".").replace(/[０-９]/g, function (digit) { return String.fromCharCode(digit.charCodeAt(0) - 0xfee0); });
    const number = Number(plain);
    if (!plain || Number.isNaN(number) || (field.whole && !Number.isInteger(number))) return words.number;
    if (field.least !== undefined && number < field.least) return say("least", { n: field.least });
    if (field.most !== undefined && number > field.most) return say("most", { n: field.most });
  }
  return "";
}

async function save(event, task, row) {
  event.preventDefault();
  const form = event.target;
  const data = new FormData(form, event.submitter);
  const entered = {};
  task.fields.forEach(function (field) { entered[field.name] = String(data.get(field.name) || "").trim(); });
  const error = wrong(task, entered);
  const place = form.querySelector("[role=alert]");
  place.textContent = error;
  place.hidden = !error;
  if (error) return;
  try {
    await entries.record(task, entered, data.getAll("failed"), summary(task, entered));
  } catch (problem) {
    place.textContent = problem instanceof Locked ? words.locked : words.not_kept;
    place.hidden = false;
    return;
  }
  const rows = Array.from(main.querySelectorAll(".task-form"));
  const next = rows[rows.indexOf(form) + 1];
  await draw();
  const follows = next && main.querySelector("[data-duty='" + CSS.escape(next.dataset.duty) + "'] input:not([type=checkbox])");
  if (follows) follows.focus();
}

function formOf(task, drafted) {
  const form = copy("form");
  form.dataset.duty = task.duty;
  const button = form.querySelector("button[type=submit]");
  const choice = task.fields.length === 1 && task.fields[0].shape === "choice" && task.fields[0];
  if (choice) {
    const buttons = choice.options.map(function (option) {
      const one = fill(copy("answer"), { word: option.word });
      Object.assign(one, { name: choice.name, value: option.value });
      return one;
    });
    button.replaceWith(fill(copy("ask"), { label: choice.label }), ...buttons);
  } else {
    task.fields.forEach(function (field) { button.before(question(task, field, task.fields.length === 1)); });
    fill(button, { act: task.act });
    button.classList.toggle("plain", !task.fields.length);
  }
  if (task.items.length) {
    const checks = copy("checks");
    task.items.forEach(function (item) {
      const label = fill(copy("check"), { word: item.word });
      label.querySelector("input").value = item.value;
      checks.querySelector("fieldset").append(label);
    });
    form.prepend(checks);
  }
  Object.entries(drafted || {}).forEach(function ([name, value]) {
    const field = form.elements[name.replace(/^data\./, "")];
    if (field && !field.value) field.value = value;
  });
  form.addEventListener("input", function () {
    const values = {};
    new FormData(form).forEach(function (value, name) { if (name !== "failed" && value) values["data." + name] = value; });
    entries.draft(task.duty, values).catch(function () {});
  });
  return form;
}

function keptOf(task, mark) {
  const note = copy("kept");
  const at = clockTime(mark.at, Date.now());
  const text = { kept: say("kept", { what: mark.said, at }), stored: words.uploaded, already: words.uploaded };
  fill(note, { text: text[mark.result] || mark.why });
  note.classList.toggle("bad", mark.result === "refused" || mark.result === "conflict");
  const back = note.querySelector("button");
  back.hidden = mark.result !== "kept";
  back.addEventListener("click", async function () {
    if (!(await entries.takeBack(task.duty))) bar.warn(words.gone_already);
    await draw();
  });
  return note;
}

function isLong(task) {
  return task.fields.length > 1 || (task.fields.length === 1 && task.fields[0].shape === "text");
}

// More than a line of questions is shown when asked for.
function folded(task, form) {
  const fold = fill(copy("fold"), { act: task.act });
  fold.append(form);
  return fold;
}

function taskOf(task, marks, drafts) {
  const row = copy("task");
  const now = Date.now();
  fill(row, { title: task.title, name: task.name, due: say(task.state === "missed" ? "was_due" : "due", { at: clockTime(task.due, now) }) });
  row.classList.toggle("missed", task.state === "missed");
  iconOf(row.querySelector(".task-due"), task.state === "missed" ? "circle" : "clock");
  row.querySelector(".task-due .icon").classList.toggle("s-missed-icon", task.state === "missed");
  const mark = marks[task.duty];
  if (mark) {
    row.append(keptOf(task, mark));
  } else {
    const form = formOf(task, drafts[task.duty]);
    form.addEventListener("submit", function (event) { save(event, task, row); });
    row.append(isLong(task) ? folded(task, form) : form);
  }
  return row;
}

function householdOf(group, marks, drafts) {
  const sheet = fill(copy("household"), { name: group.name });
  iconOf(sheet, group.icon);
  const left = group.tasks.filter(function (task) { return !marks[task.duty]; }).length;
  fill(sheet, { left: left ? say("left", { n: left }) : words.all_kept });
  sheet.setAttribute("aria-label", group.name);
  sheet.querySelector("ul").append(...group.tasks.map(function (task) { return taskOf(task, marks, drafts); }));
  return sheet;
}

// The whole list from what is kept.
async function draw() {
  let list = null;
  try {
    list = await read("list");
  } catch (error) {
    if (!(error instanceof Locked)) throw error;
  }
  const marks = (list && (await read("marks"))) || {};
  const drafts = (list && (await read("drafts"))) || {};
  document.getElementById("nothing").hidden = Boolean(list);
  document.querySelector("h1").textContent = list ? list.unit : words.my_list;
  document.getElementById("as-of").textContent = list ? say("as_of", { at: clockTime(list.now, list.now) }) + (list.beginning ? " · " + list.beginning : "") : "";
  const groups = list ? list.groups.filter(function (group) { return group.tasks.length; }) : [];
  main.replaceChildren(...groups.map(function (group) { return householdOf(group, marks, drafts); }));
}

document.getElementById("leave").addEventListener("click", async function () {
  if (!window.confirm(words.leave)) return;
  await forget();
  await put("left", true);
  await draw();
  await bar.show();
});

await bar.start(draw);
await draw();
await bar.contact();
await draw();
document.body.dataset.phone = "ready";
