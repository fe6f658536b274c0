// Every task without a mouse. The sheet of keys (?) is written from data-keys attributes, so it never says what is not there.
(function () {
  "use strict";
  var waiting = 0, sheet = document.getElementById("keys");

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type);
  }

  function visible(element) { return element.offsetParent !== null; }

  function rows() { return Array.prototype.filter.call(document.querySelectorAll("[data-rows] > [data-row], [data-rows] tbody > tr"), visible); }

  function current(all) { return all.indexOf(document.activeElement.closest && document.activeElement.closest("[data-row], tbody > tr")); }

  // The first thing in a row that can be filled in or pressed; else the row's own link.
  function enter(row) {
    var wanted = row.querySelector("input:not([type=hidden]):not([type=checkbox]), select, textarea, form button, summary");
    var found = wanted && visible(wanted) ? wanted : row.querySelector("a[href], button");
    if (found) { found.focus(); row.scrollIntoView({ block: "nearest" }); }
  }

  function walk(step) {
    var all = rows();
    if (!all.length) return false;
    var at = current(all);
    enter(all[Math.max(0, Math.min(all.length - 1, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))]);
    return true;
  }

  function press(key) {
    var target = document.querySelector('[data-key="' + key + '"]');
    if (!target) return false;
    if (isTyping(target)) target.focus(); else target.click();
    return true;
  }

  var acts = {
    "?": function () { if (sheet && !sheet.open) sheet.showModal(); return !!sheet; },
    "/": function () { document.dispatchEvent(new CustomEvent("bulou:find")); return true; },
    "j": function () { return walk(1); },
    "k": function () { return walk(-1); },
    "x": function () {
      var all = rows(), row = all[current(all)], box = row && row.querySelector("input[type=checkbox][name=row]");
      if (box) box.click();
      return !!box;
    },
    "o": function () {
      var all = rows(), row = all[current(all)], link = row && row.querySelector("a[href]");
      if (link) link.click();
      return !!link;
    }
  };

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("bulou:find"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    var now = Date.now();
    if (now - waiting < 1500) {
      waiting = 0;
      if (press("g " + event.key)) event.preventDefault();
    } else if (event.key === "g") {
      waiting = now;
    } else if (acts[event.key] ? acts[event.key]() : event.key.length === 1 && press(event.key)) {
      event.preventDefault();
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-keys-open]") && sheet) sheet.showModal();
    if (event.target.closest("[data-close]") || event.target === sheet) {
      var dialog = event.target.closest("dialog");
      if (dialog) dialog.close();
    }
  });

  // A part of the page is swapped: the focus stays where it was, or goes on to the next thing to do.
  var kept = null;

  function taskOf(element) { return element.closest(".task, tr, [data-row]"); }

  document.addEventListener("htmx:beforeSwap", function (event) {
    var active = document.activeElement, target = event.detail.target;
    kept = null;
    if (!active || active === document.body || !target || !target.contains(active)) return;
    var siblings = taskOf(active) ? Array.prototype.slice.call(taskOf(active).parentElement.children) : [];
    kept = { id: active.id, target: target.id, name: active.name, key: active.getAttribute("data-key"), at: siblings.indexOf(taskOf(active)), href: active.getAttribute("href") };
  });

  function next(place) {
    var tasks = Array.prototype.filter.call(place.querySelectorAll(".task:not(.finished)"), function (t) { return t.querySelector("form"); });
    var later = tasks[Math.min(kept.at, tasks.length - 1)];
    if (later || !place.matches(".household")) return later;
    for (var group = place.nextElementSibling; group && !later; group = group.nextElementSibling) {
      later = Array.prototype.find.call(group.querySelectorAll(".task:not(.finished)"), function (t) { return t.querySelector("form"); });
    }
    return later;
  }

  document.addEventListener("htmx:afterSettle", function () {
    if (!kept) return;
    var place = kept.target && document.getElementById(kept.target);
    var same = kept.id && document.getElementById(kept.id);
    if (!same && place && kept.href) same = place.querySelector('a[href="' + CSS.escape(kept.href) + '"]');
    if (!same && place && kept.key) same = place.querySelector('[data-key="' + kept.key + '"]');
    if (same) same.focus();
    else if (place) {
      var later = next(place);
      if (later) enter(later);
      else { if (!place.hasAttribute("tabindex")) place.tabIndex = -1; place.focus({ preventScroll: true }); }
    }
    kept = null;
  });
})();
