// What pages are made of: static files for good, map tiles and counts as they were seen last.
import { DATA, OWN_PHOTOS, PHOTOS, TILES, ageOf, dated, keep, staticCache } from "./caches.js";

const DAY = 24 * 3600 * 1000; // ms
const FRESH_TILE = 7 * DAY; // as long as OpenStreetMap asks its users to keep one
const MOST = { [TILES]: 600, [DATA]: 300, [PHOTOS]: 60, [OWN_PHOTOS]: 40 };
const MOST_AT_ONCE = 80; // pieces of one page
// CORS: an answer that nobody may look into would count as megabytes in the cache. The server is told
// which site it is, as OpenStreetMap asks.
const READABLE = { mode: "cors", credentials: "omit", referrerPolicy: "strict-origin-when-cross-origin" };
const COUNTS = /^\/(?:outlines\.json|tiles\/[a-z0-9-]+\/\d+\/\d+\/\d+|[a-z0-9-]+\/(?:outline|report\/other-words)\.json)$/;
const PHOTO = /^\/photos\/[a-z0-9]{26}-(?:list|page)\.webp$/;
const OWN_PHOTO = /^\/mine\/[^/]+\/[^/]+\/photos\/[a-z0-9]{26}-(?:list|page)\.webp$/;
const VERSIONED = /^\/static\/([0-9a-f]{12})\/(?!staff\/|auth\/|mailbox\/)/;

/**
 * What is kept of outlines and counts: not those of some months, which a film of years asks for by the
 * hundred; they would push everything else off the device.
 */
const isCount = ({ pathname, searchParams }) =>
  COUNTS.test(pathname) && !searchParams.has("since") && !searchParams.has("until");

/** A tester of addresses for a template like "https://{s}.tile.org/{z}/{x}/{y}{r}.png". */
function tilePattern(template) {
  if (!template) return null;
  const absolute = template.startsWith("/") ? `${location.origin}${template}` : template;
  const escaped = absolute.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const parts = { s: "[a-z0-9-]+", z: "\\d+", x: "\\d+", y: "\\d+", r: "(?:@2x)?" };
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? "[^/]+")}$`);
}

export class Pieces {
  /** @param {{version: string, assets: string[], tileUrl: string}} configuration */
  constructor({ version, assets, tileUrl }) {
    this.version = version;
    this.assets = assets;
    this.tile = tilePattern(tileUrl);
  }

  /**
   * Everything that a page of this version may need; much of it is in the browser's own cache. Who asks
   * for few bytes gets only that.
   */
  async install() {
    const cache = await caches.open(staticCache(this.version));
    if (!navigator.connection?.saveData) {
      await cache.addAll(this.assets);
      return;
    }
    const there = { mode: "same-origin", cache: "only-if-cached" };
    await Promise.allSettled(this.assets.map((address) => cache.add(new Request(address, there))));
  }

  /** Keep what a page has fetched without us; from the browser's own cache where it can be. */
  async keepAlso(addresses) {
    for (const address of addresses.slice(0, MOST_AT_ONCE)) {
      const url = new URL(address);
      const isOurs = url.origin === location.origin;
      let name = "";
      if (this.tile?.test(address)) name = TILES;
      else if (isOurs && isCount(url)) name = DATA;
      else if (isOurs && PHOTO.test(url.pathname)) name = PHOTOS;
      if (!name) continue;
      const options = name === TILES ? READABLE : {};
      const answer = await fetch(address, options).catch(() => null);
      if (answer?.ok) await this.#keep(name, address, answer);
    }
  }

  /** The answer to a request that is not for a page; null when it is none of ours. */
  answer(event) {
    const { request } = event;
    const url = new URL(request.url);
    if (this.tile?.test(request.url)) return this.#tile(event);
    if (url.origin !== location.origin) return null;
    const version = VERSIONED.exec(url.pathname)?.[1];
    if (version) return this.#static(event, version);
    if (isCount(url)) return this.#latest(event, DATA);
    if (PHOTO.test(url.pathname)) return this.#latest(event, PHOTOS);
    if (OWN_PHOTO.test(url.pathname)) return this.#latest(event, OWN_PHOTOS);
    return null;
  }

  /** Its address changes with its content: what is kept is right. */
  async #static(event, version) {
    const name = staticCache(version);
    const kept = (await caches.has(name)) && (await (await caches.open(name)).match(event.request, { ignoreVary: true }));
    if (kept) return kept;
    const answer = await fetch(event.request);
    if (answer.ok && version === this.version) event.waitUntil(keep(name, event.request.url, answer.clone(), 1000));
    return answer;
  }

  /** From the network, and as it was last seen when that does not answer. */
  async #latest(event, name) {
    const { url } = event.request;
    try {
      const answer = await fetch(event.request);
      if (answer.ok) event.waitUntil(this.#keep(name, url, answer.clone()));
      else if (answer.status < 500) event.waitUntil(caches.open(name).then((cache) => cache.delete(url)));
      return answer;
    } catch (error) {
      const kept = await (await caches.open(name)).match(url, { ignoreVary: true });
      if (kept) return kept;
      throw error;
    }
  }

  async #keep(name, url, answer) {
    const body = answer.status === 204 ? null : await answer.arrayBuffer();
    await keep(name, url, dated(body, answer), MOST[name]);
  }

  /** A tile is kept for a week, and shown older rather than not at all. */
  async #tile(event) {
    const { url } = event.request;
    const kept = await (await caches.open(TILES)).match(url, { ignoreVary: true });
    if (kept && ageOf(kept) < FRESH_TILE) return kept;
    try {
      return await this.#fetchTile(event, url);
    } catch (error) {
      if (kept) return kept;
      throw error;
    }
  }

  async #fetchTile(event, url) {
    let answer;
    try {
      answer = await fetch(url, READABLE);
    } catch (error) {
      if (!navigator.onLine) throw error;
      return fetch(event.request); // a server without CORS: shown, not kept
    }
    if (answer.ok) {
      const body = await answer.clone().arrayBuffer();
      event.waitUntil(keep(TILES, url, dated(body, answer), MOST[TILES]));
    }
    return answer;
  }
}
