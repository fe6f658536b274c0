// Small comforts; every page works without them.
(function () {
  "use strict";

  // A menu closes when something else is touched, or on Escape.
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details[data-drop][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-drop][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // A refusal comes back as a page part to show, not as silence.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status === 422 || event.detail.xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // Nobody should believe a tap was kept when it was not.
  function unsaved(event) {
    var stale = event.target.querySelector("[data-stale]");
    if (stale) stale.hidden = false;
    var form = event.target.closest("form");
    var place = form && form.querySelector("[data-unsaved]");
    if (place) place.hidden = false;
  }
  document.addEventListener("htmx:sendError", unsaved);
  document.addEventListener("htmx:responseError", unsaved);
  document.addEventListener("htmx:beforeRequest", function (event) {
    var place = event.target.querySelector && event.target.querySelector("[data-unsaved]");
    if (place) place.hidden = true;
  });
})();
