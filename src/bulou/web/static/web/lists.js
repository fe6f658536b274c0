// Rows are chosen: one, all of the page, or from one to another with Shift; the bar says how many.
(function () {
  "use strict";
  var last = null;

  function boxes(form) { return Array.prototype.slice.call(form.querySelectorAll("input[name=row]")); }

  function count(form) {
    var chosen = boxes(form).filter(function (box) { return box.checked; }).length;
    var place = form.querySelector("[data-chosen]"), every = form.querySelector("[data-all]");
    if (place) place.textContent = chosen;
    if (every) { every.checked = chosen > 0 && chosen === boxes(form).length; every.indeterminate = chosen > 0 && !every.checked; }
  }

  document.addEventListener("click", function (event) {
    var box = event.target, form = box.closest && box.closest("form.bulk");
    if (event.target.closest("[data-print-list]")) window.print();
    if (!form || box.type !== "checkbox") return;
    if (box.hasAttribute("data-all")) boxes(form).forEach(function (one) { one.checked = box.checked; });
    else if (box.name === "row") {
      var all = boxes(form), from = all.indexOf(last), to = all.indexOf(box);
      if (event.shiftKey && from >= 0) all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (one) { one.checked = box.checked; });
      last = box;
    }
    count(form);
  });
  document.addEventListener("htmx:load", function () { document.querySelectorAll("form.bulk").forEach(count); });
})();
