/* The mark on a card, read by the camera where the browser can; elsewhere its characters are typed. */
(() => {
  const box = document.querySelector("[data-scan]");
  if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const view = box.querySelector("video");
  const button = box.querySelector("button");
  const failed = box.querySelector("[data-scan-failed]");
  box.hidden = false;

  const found = text => {
    let code = text;
    try { code = new URL(text).searchParams.get("code") || text; } catch { /* plain characters */ }
    const field = document.querySelector("input[name=code]");
    field.value = code;
    field.form.requestSubmit();
  };

  const look = async (detector, stream) => {
    const marks = await detector.detect(view).catch(() => []);
    if (marks.length) {
      stream.getTracks().forEach(track => track.stop());
      found(marks[0].rawValue);
    } else {
      requestAnimationFrame(() => look(detector, stream));
    }
  };

  button.addEventListener("click", async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      view.srcObject = stream;
      view.hidden = false;
      button.hidden = true;
      await view.play();
      look(new BarcodeDetector({ formats: ["qr_code"] }), stream);
    } catch {
      failed.hidden = false;
    }
  });
})();
