// Reports that wait to be sent, with their photos. See store.js for where they lie.
//
// A report: {key, city, addresses: {form, token, upload}, fields: [name, value][], photos: {id, key}[],
//   what, words, at, state, tries, next, errors, address, number}
//   key      the idempotency key: the same key, the same report, however often it is sent
//   photos   id: of the photo in the store; key: the city's name for it, "" until it is there
//   state    waiting | refused (the city said why: errors by field) | sent (only where it is, is left)
//   next     ms since 1970 before which it is not tried again, unless somebody asks for it
import { makeRoom } from "../../pwa/caches.js";
import { StoreFull, read, write } from "./store.js";

const CHANNEL = "civicmap-outbox";
const SYNC = "civicmap-outbox";
/** In localStorage while there is something, so that other pages need not look. */
const MARK = "civicmap.outbox";
const RECEIPT_LIVES = 7 * 24 * 3600 * 1000; // ms

/** Photos that found no room in the store: id → {bytes, type}. They last as long as this page. */
export const held = new Map();

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : null;
const listeners = new Set();
channel?.addEventListener("message", () => listeners.forEach((listener) => listener()));

/** Call when the outbox may have changed, here or in another page. */
export const onChange = (listener) => listeners.add(listener);

function tell() {
  channel?.postMessage(""); // reaches the others only
  listeners.forEach((listener) => listener());
}

function mark(isSome) {
  try {
    if (isSome) localStorage.setItem(MARK, "1");
    else localStorage.removeItem(MARK);
  } catch {
    // The service worker has none.
  }
}

/** Do it once more when the device was full and what can be fetched again has gone. */
async function withRoom(change) {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof StoreFull)) throw error;
    await makeRoom();
    return change();
  }
}

/* Photos */

/**
 * Keep a photo for `owner` ("draft:city", or a report's key).
 * @param {string} id @param {{bytes: ArrayBuffer, type: string}} photo
 * @throws {StoreAway} @throws {StoreFull}
 */
export const keepPhoto = (id, owner, { bytes, type }) =>
  withRoom(() => write("photos", (photos) => photos.put({ id, owner, bytes, type, at: Date.now(), key: "" })));

/** @returns {Promise<{id: string, bytes: ArrayBuffer, type: string, key: string, isBegun?: boolean} | null>} */
export async function findPhoto(id) {
  return (await read("photos", (photos) => photos.get(id)).catch(() => null)) ?? held.get(id) ?? null;
}

/** Change some of what is known of a photo; nothing happens if it is not in the store. */
export const notePhoto = (id, changes) =>
  write("photos", (photos) => {
    const request = photos.get(id);
    request.onsuccess = () => request.result && photos.put({ ...request.result, ...changes });
  });

export async function forgetPhoto(id) {
  held.delete(id);
  await write("photos", (photos) => photos.delete(id)).catch(() => {});
}

const forgetAllOf = (photos, owner) => {
  const request = photos.index("owner").openKeyCursor(IDBKeyRange.only(owner));
  request.onsuccess = () => {
    if (!request.result) return;
    photos.delete(request.result.primaryKey);
    request.result.continue();
  };
};

/** Forget the photos of a draft that is over. */
export const forgetPhotosOf = (owner) => write("photos", (photos) => forgetAllOf(photos, owner)).catch(() => {});

/* Reports */

/**
 * Keep a report until it is sent, and its photos with it. Its words come first: a large write that
 * fails leaves less room than there was. Call it `alone` (flush.js), so that no other page sends it
 * before its photos are there.
 * @returns {Promise<"whole" | "words">} words: photos in `held` found no room
 * @throws {StoreAway} @throws {StoreFull} nothing was kept
 */
export async function keepReport(report) {
  const entry = { state: "waiting", tries: 0, next: 0, errors: {}, at: Date.now(), ...report };
  await withRoom(() =>
    write(["outbox", "photos"], (outbox, photos) => {
      outbox.put(entry);
      for (const { id } of entry.photos.filter((photo) => photo.id)) {
        const request = photos.get(id);
        request.onsuccess = () => request.result && photos.put({ ...request.result, owner: entry.key });
      }
    }),
  );
  mark(true);
  tell();
  let kept = "whole";
  for (const { id } of entry.photos.filter((photo) => held.has(photo.id))) {
    try {
      await keepPhoto(id, entry.key, held.get(id));
      held.delete(id);
    } catch {
      kept = "words";
    }
  }
  return kept;
}

/** Ask the browser not to throw away what waits, and to send it when there is network. */
export async function askForHelp() {
  await navigator.storage?.persist?.().catch(() => false);
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => null);
  await registration?.sync?.register(SYNC).catch(() => {}); // where Background Sync exists
}

/** All there is, oldest first; receipts that were shown long enough are gone. */
export async function listReports() {
  const all = await read("outbox", (outbox) => outbox.getAll());
  const old = all.filter(({ state, at }) => state === "sent" && Date.now() - at > RECEIPT_LIVES);
  if (old.length) await write("outbox", (outbox) => old.forEach(({ key }) => outbox.delete(key)));
  const rest = all.filter((report) => !old.includes(report)).sort((a, b) => a.at - b.at);
  mark(rest.length > 0);
  return rest;
}

export const findReport = (key) => read("outbox", (outbox) => outbox.get(key));

/** Change some of a report; nothing happens when it is gone. */
export async function noteReport(key, changes) {
  await write("outbox", (outbox) => {
    const request = outbox.get(key);
    request.onsuccess = () => request.result && outbox.put({ ...request.result, ...changes });
  });
  tell();
}

/** The city has it: its words, contact and photos leave the device; where to find it stays. */
export async function noteSent(key, { number, address }) {
  await write(["outbox", "photos"], (outbox, photos) => {
    const request = outbox.get(key);
    request.onsuccess = () => {
      if (!request.result) return;
      const { city, what } = request.result;
      outbox.put({ key, city, what, words: "", fields: [], photos: [], at: Date.now(), state: "sent", number, address });
      forgetAllOf(photos, key);
    };
  });
  tell();
}

/** Remove a report from this device, with its photos. */
export async function removeReport(key) {
  const left = await write(["outbox", "photos"], (outbox, photos) => {
    outbox.delete(key);
    forgetAllOf(photos, key);
    return outbox.count();
  });
  if (!left) mark(false);
  tell();
}

/**
 * The device is to be somebody else's: forget where sent reports are (their addresses open them to
 * anybody) and the photos of drafts. What the city does not have yet stays.
 */
export async function forgetSent() {
  await write(["outbox", "photos", "handover"], (outbox, photos, handover) => {
    handover.clear();
    const all = outbox.getAll();
    all.onsuccess = () => {
      const unsent = new Set(all.result.filter(({ state }) => state !== "sent").map(({ key }) => key));
      for (const { key } of all.result) if (!unsent.has(key)) outbox.delete(key);
      const request = photos.openCursor();
      request.onsuccess = () => {
        if (!request.result) return;
        if (!unsent.has(request.result.value.owner)) request.result.delete();
        request.result.continue();
      };
    };
  });
  await listReports(); // sets the mark right
  tell();
}

/** Give a report's photos back to a draft and leave the report: it is being mended, or was refused at
 *  once. @param {string} owner of the photos from now on */
export const lendPhotos = (key, owner) =>
  write("photos", (photos) => {
    const request = photos.index("owner").openCursor(IDBKeyRange.only(key));
    request.onsuccess = () => {
      if (!request.result) return;
      request.result.update({ ...request.result.value, owner });
      request.result.continue();
    };
  });
