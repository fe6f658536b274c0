// The search over every page: opened by Ctrl-K, by "/" and by the glass at the top. Arrows walk the results.
(function () {
  "use strict";
  var overlay = document.getElementById("finder");

  function open() {
    if (!overlay || overlay.open) return;
    overlay.showModal();
    var field = overlay.querySelector("[data-finder]");
    field.focus();
    field.select();
  }

  document.addEventListener("bulou:find", open);
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-finder-open]");
    if (!opener || !overlay || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  // A touch beside the overlay closes it.
  if (overlay) overlay.addEventListener("click", function (event) { if (event.target === overlay) overlay.close(); });

  document.addEventListener("keydown", function (event) {
    var place = event.target.closest && event.target.closest("[data-finder-in]");
    if (!place || event.isComposing) return;
    var field = place.querySelector("[data-finder]");
    var links = Array.prototype.slice.call(place.querySelectorAll("a.found-one"));
    var at = links.indexOf(document.activeElement);
    if (event.key === "Escape" && overlay && overlay.open) {
      event.preventDefault(); // a search field would only be emptied
      overlay.close();
    } else if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      if (at === 0) field.focus(); else links[at - 1].focus();
    } else if (event.key === "Enter" && event.target === field && links.length && field.dataset.found === field.value) {
      event.preventDefault();
      links[0].click();
    } else if (at >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      field.focus();
    }
  });
  // Enter opens the first result only once the results are those of what is in the field.
  document.addEventListener("htmx:afterRequest", function (event) {
    var field = event.target;
    if (field.matches && field.matches("[data-finder]")) field.dataset.found = event.detail.successful ? field.value : "";
  });
})();
