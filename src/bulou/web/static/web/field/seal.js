// Sealing with what the browser has. For the house: ECDH P-256, HKDF, AES-GCM, as `envelope.py` opens it. For this phone: AES-GCM.
const NONCE = 12;
const PURPOSE = new TextEncoder().encode("bulou field entry 1");

export function bytesOf(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
}

export function textOf(bytes) {
  let plain = "";
  bytes.forEach(function (byte) { plain += String.fromCharCode(byte); });
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce(function (sum, part) { return sum + part.length; }, 0));
  let at = 0;
  parts.forEach(function (part) { whole.set(part, at); at += part.length; });
  return whole;
}

function idBytes(id) {
  return Uint8Array.from(id.replace(/-/g, "").match(/../g), function (hex) { return parseInt(hex, 16); });
}

// One entry for the house alone, bound to its id.
export async function forHouse(house, id, value) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const point = bytesOf(house.point);
  const theirs = await crypto.subtle.importKey("raw", point, curve, false, []);
  const writer = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const mine = new Uint8Array(await crypto.subtle.exportKey("raw", writer.publicKey));
  const head = joined([Uint8Array.of(1), bytesOf(house.id), mine]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, writer.privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: head, info: PURPOSE };
  const key = await crypto.subtle.deriveKey(derivation, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const bound = { name: "AES-GCM", iv: nonce, additionalData: joined([head, idBytes(id)]) };
  const sealed = await crypto.subtle.encrypt(bound, key, new TextEncoder().encode(JSON.stringify(value)));
  return textOf(joined([head, nonce, new Uint8Array(sealed)]));
}

// A key of this phone, which no script can take out of the browser.
export function phoneKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export function rawKey(bytes) {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export async function pinKey(pin, salt) {
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const slow = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 310000 };
  return crypto.subtle.deriveKey(slow, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function lockBytes(key, bytes) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  return joined([nonce, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, bytes))]);
}

export async function openBytes(key, sealed) {
  const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.slice(0, NONCE) }, key, sealed.slice(NONCE));
  return new Uint8Array(opened);
}

export function lock(key, value) {
  return lockBytes(key, new TextEncoder().encode(JSON.stringify(value)));
}

export async function open(key, sealed) {
  return JSON.parse(new TextDecoder().decode(await openBytes(key, sealed)));
}
