// Security keys: the library's scripts do the talking with the key, this one says which page they are on.
(function () {
  "use strict";
  var adding = document.querySelector("[data-key-add]");
  var using = document.querySelector("[data-key-use]");
  var failed = document.querySelector("[data-key-failed]");
  var none = document.querySelector("[data-no-keys]");

  if (!window.PublicKeyCredential) {
    if (none) none.hidden = false;
    [adding, using].forEach(function (button) { if (button) button.disabled = true; });
    return;
  }
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    if (failed) failed.hidden = false;
  });
  function told(id) {
    return JSON.parse(document.getElementById(id).textContent);
  }
  var ids = { credential: "credential" };
  if (adding) {
    // A key without a name would be one nobody recognises: the form's own check comes first.
    adding.addEventListener("click", function (event) {
      failed.hidden = true;
      if (!adding.form.reportValidity()) event.stopImmediatePropagation();
    });
    ids.add = "add-key";
    window.allauth.webauthn.forms.addForm({ ids: ids, data: { creation_options: told("invitation") } });
  }
  if (using) {
    using.addEventListener("click", function () { failed.hidden = true; });
    ids.authenticate = "use-key";
    window.allauth.webauthn.forms.authenticateForm({ ids: ids, data: { request_options: told("challenge") } });
  }
})();
