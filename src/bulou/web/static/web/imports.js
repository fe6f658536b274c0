// A file dropped anywhere on the form is the one to import; the template follows the kind that is chosen.
(function () {
  "use strict";
  var input = document.getElementById("file"), kind = document.querySelector("[data-kind]"), link = document.querySelector("[data-template]");
  if (!input) return;
  var zone = input.closest(".drop");

  ["dragover", "dragleave", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  });
  kind.addEventListener("change", function () { link.href = link.dataset.template.replace("KIND", encodeURIComponent(kind.value)); });
})();
