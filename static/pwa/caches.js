// The caches of the service worker: their names, and what is the same for all of them.

export const PUBLIC_PAGES = "civicmap-pages";
export const PRIVATE_PAGES = "civicmap-own-pages";
export const TILES = "civicmap-tiles"; // of the base map
export const DATA = "civicmap-data"; // outlines and counts of reports
export const PHOTOS = "civicmap-photos";
export const OWN_PHOTOS = "civicmap-own-photos";
const STATIC = "civicmap-static-";

export const staticCache = (version) => `${STATIC}${version}`;

/** When something was kept, as ISO 8601; in the answer itself, so that it cannot get lost. */
const KEPT_AT = "X-Kept-At";
/** The version of the static files that a kept page refers to. */
const KEPT_VERSION = "X-Kept-Version";

const DAY = 24 * 3600 * 1000; // ms
const PAGE_LIVES = 30 * DAY;
const SLACK = 20; // entries more than the limit before a cache is trimmed

/** Milliseconds since an answer was kept. */
export const ageOf = (answer) => Date.now() - Date.parse(answer.headers.get(KEPT_AT) ?? 0);

/** An answer made of this body, dated now, with the headers that matter to a page. */
export function dated(body, answer, extra = {}) {
  const headers = new Headers({ [KEPT_AT]: new Date().toISOString(), ...extra });
  for (const name of ["Content-Type", "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"]) {
    const value = answer.headers.get(name);
    if (value) headers.set(name, value);
  }
  return new Response(body, { status: answer.status, headers });
}

export const withVersion = (version) => ({ [KEPT_VERSION]: version });
export const versionOf = (answer) => answer.headers.get(KEPT_VERSION) ?? "";

const written = new Map(); // cache name → entries put since it was trimmed

/**
 * Keep an answer; the oldest go once there are more than `most`. A full device is no error here:
 * what can be fetched again makes room first.
 */
export async function keep(name, key, answer, most) {
  try {
    const cache = await caches.open(name);
    await cache.put(key, answer);
    const count = written.get(name) ?? SLACK;
    written.set(name, count + 1);
    if (count < SLACK) return;
    written.set(name, 0);
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((old) => cache.delete(old)));
  } catch (error) {
    if (error.name === "QuotaExceededError") await makeRoom();
  }
}

/** Give up everything that can be fetched again, for what cannot. */
export async function makeRoom() {
  if ("caches" in globalThis) await Promise.all([TILES, DATA, PHOTOS, OWN_PHOTOS].map((name) => caches.delete(name)));
}

/**
 * Whoever leaves leaves no page: a public one may say, too, whose report it shows. And no photo: there
 * may be some that were never sent.
 */
export async function forgetPerson() {
  if (!("caches" in globalThis)) return;
  const own = [PUBLIC_PAGES, PRIVATE_PAGES, PHOTOS, OWN_PHOTOS];
  await Promise.all(own.map((name) => caches.delete(name)));
}

export async function forgetAll() {
  if (!("caches" in globalThis)) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("civicmap-")).map((name) => caches.delete(name)));
}

/**
 * Drop pages that are too old, and static files that neither this version nor a kept page needs; of
 * older versions the latest one stays as long as a page refers to it.
 * @param {string} current version
 */
export async function sweep(current) {
  const needed = new Map(); // older version → its pages, as [cache, key]
  for (const name of [PUBLIC_PAGES, PRIVATE_PAGES]) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    for (const key of await cache.keys()) {
      const page = await cache.match(key, { ignoreVary: true });
      if (!page) continue;
      const version = versionOf(page);
      if (ageOf(page) > PAGE_LIVES) await cache.delete(key);
      else if (version !== current) needed.set(version, [...(needed.get(version) ?? []), [cache, key, ageOf(page)]]);
    }
  }
  const youngest = (entries) => Math.min(...entries.map(([, , age]) => age));
  const [previous, ...gone] = [...needed].sort(([, a], [, b]) => youngest(a) - youngest(b));
  for (const [, entries] of gone) await Promise.all(entries.map(([cache, key]) => cache.delete(key)));
  const used = new Set([staticCache(current), ...(previous ? [staticCache(previous[0])] : [])]);
  for (const name of await caches.keys()) {
    if (name.startsWith(STATIC) && !used.has(name)) await caches.delete(name);
  }
}
