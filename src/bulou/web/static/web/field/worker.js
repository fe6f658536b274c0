// Keeps the program, never a page about people. SHELL (address to hash of content) and VERSION are written above by the server.
const CACHE = "bulou-field-" + VERSION;
const PATIENCE = 8000;
const GATEWAY = 502;

function keyed(path) {
  return path + "?v=" + SHELL[path];
}

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.keys(SHELL).map(async function (path) {
    const answer = await fetch(path, { cache: "no-cache" });
    if (!answer.ok) throw new Error(path + " " + answer.status);
    await cache.put(keyed(path), answer);
  }));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter(function (name) { return name.startsWith("bulou-field-") && name !== CACHE && name !== "bulou-field-language"; });
  await Promise.all(old.map(function (name) { return caches.delete(name); }));
  await self.clients.claim();
}

async function shell() {
  const language = await caches.match("/my/language");
  const path = "/my/shell/" + ((language && (await language.text())) || "zh-Hans") + "/";
  return (await caches.match(keyed(path))) || Response.error();
}

async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    return answer.status >= GATEWAY ? await shell() : answer;
  } catch (error) {
    return shell();
  }
}

async function file(request, path) {
  return (await caches.match(keyed(path))) || fetch(request);
}

self.addEventListener("install", function (event) { event.waitUntil(install()); });
self.addEventListener("activate", function (event) { event.waitUntil(activate()); });
self.addEventListener("fetch", function (event) {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (address.pathname === "/my/") event.respondWith(page(event.request));
  } else if (address.pathname in SHELL) {
    event.respondWith(file(event.request, address.pathname));
  }
});
