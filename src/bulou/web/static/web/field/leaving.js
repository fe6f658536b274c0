// Whoever leaves takes the readable list along: on sign-out, and wherever one is asked to sign in.
import { wipe } from "./wipe.js";

document.addEventListener("submit", function (event) {
  const form = event.target;
  if (form.getAttribute("action") !== "/sign-out/" || navigator.onLine || form.dataset.wiped) return;
  event.preventDefault();
  wipe().then(function () { form.dataset.wiped = "1"; form.requestSubmit(); });
});

if (document.querySelector("form[action='/sign-in/']")) wipe().then(function () { document.body.dataset.phone = "wiped"; });
