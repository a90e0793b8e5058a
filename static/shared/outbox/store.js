// What this device keeps until the city has it: IndexedDB "civicmap", for pages and the service worker.
//
//   outbox    reports that wait to be sent             key `key`: the idempotency key
//   photos    their photos, and those of a draft       key `id`, index `owner`
//   handover  photos on their way from one page to the next   key `id`
//
// Photos are kept as {bytes: ArrayBuffer, type: string}: Safari has lost Blobs in IndexedDB.

const DATABASE = "civicmap";
// Devices that made their store earlier have an empty "device" in it, too. That is no reason for a new
// version, which would take the store from pages that are open: the next one may delete it.
const VERSION = 1;

/** This browser keeps nothing for us: a private window, a forbidden or broken store. */
export class StoreAway extends Error {}

/** There is no room left on the device; nothing of the failed change was kept. */
export class StoreFull extends Error {}

let opened = null;

function meaning(error) {
  if (error instanceof StoreAway || error instanceof StoreFull) return error;
  return error?.name === "QuotaExceededError" ? new StoreFull(String(error)) : new StoreAway(String(error));
}

function prepare(database) {
  database.createObjectStore("outbox", { keyPath: "key" });
  database.createObjectStore("photos", { keyPath: "id" }).createIndex("owner", "owner");
  database.createObjectStore("handover", { keyPath: "id" });
}

/** @returns {Promise<IDBDatabase>} @throws {StoreAway} @throws {StoreFull} */
export function openStore() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => prepare(request.result);
    request.onerror = () => reject(meaning(request.error));
    request.onblocked = () => reject(new StoreAway("an older page holds it"));
    request.onsuccess = () => {
      const database = request.result;
      const leave = () => {
        database.close();
        opened = null;
      };
      database.onversionchange = leave; // a newer page wants to change the schema
      database.onclose = () => (opened = null); // the browser took it away
      resolve(database);
    };
  }).catch((error) => {
    opened = null;
    throw meaning(error);
  });
  return opened;
}

/** One transaction; resolves when it is on the disk, to what `use` returned (a request: its result). */
async function transact(names, mode, use) {
  for (let attempt = 1; ; attempt += 1) {
    const database = await openStore();
    try {
      return await new Promise((resolve, reject) => {
        // strict: kept means kept, also when the phone dies the moment after.
        const transaction = database.transaction(names, mode, { durability: "strict" });
        let returned;
        transaction.oncomplete = () => resolve(returned instanceof IDBRequest ? returned.result : returned);
        transaction.onabort = () => reject(transaction.error ?? new StoreAway("aborted"));
        returned = use(...[names].flat().map((name) => transaction.objectStore(name)));
      });
    } catch (error) {
      // The connection was closed beneath us: once more with a new one.
      if (error?.name === "InvalidStateError" && attempt === 1) {
        opened = null;
        continue;
      }
      throw meaning(error);
    }
  }
}

/**
 * Read in one transaction: `read("outbox", (outbox) => outbox.getAll())`.
 * @param {string | string[]} names stores
 * @param {(...stores: IDBObjectStore[]) => IDBRequest | any} use
 * @throws {StoreAway}
 */
export const read = (names, use) => transact(names, "readonly", use);

/**
 * Change in one transaction, wholly or not at all; durable when it resolves.
 * @param {string | string[]} names stores
 * @param {(...stores: IDBObjectStore[]) => IDBRequest | any} use
 * @throws {StoreAway} @throws {StoreFull}
 */
export const write = (names, use) => transact(names, "readwrite", use);

/** A random name for what is kept here, and for the server: 26 letters and digits, 130 bits. */
export function newKey() {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), (byte) => alphabet[byte & 31]).join("");
}
