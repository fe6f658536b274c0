// Before the first paint: light, dark, or as the device says. The toggle keeps the choice on this device only.
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function kept() {
    try { return localStorage.getItem("bulou-theme"); } catch (error) { return null; }
  }

  function keep(theme) {
    try { localStorage.setItem("bulou-theme", theme); } catch (error) { /* private window: the choice lasts for this page */ }
  }

  function show(theme) {
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("bulou:theme"));
  }

  // A device that asks for more contrast is given it, whatever the account says.
  if (window.matchMedia("(prefers-contrast: more)").matches) document.documentElement.setAttribute("data-contrast", "more");
  show(kept() || (dark.matches ? "dark" : "light"));
  dark.addEventListener("change", function () { if (!kept()) show(dark.matches ? "dark" : "light"); });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-toggle]")) return;
    var next = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    keep(next);
    show(next);
  });
})();
