// Fetches the tiles of reports that cover a view, remembers some, and gives up what is not needed.
import { decode } from "./tile_answer.js";

const REMEMBERED = 60_000; // cells and reports of all filters together, a few MB
const FRESH = 60_000; // ms for which a tile is not asked again
export const DEEPEST = 18; // no tiles are asked beyond this zoom

/** Tile column or row of a longitude or latitude in degrees at zoom z (Web Mercator). */
const column = (lon, z) => Math.floor(((lon + 180) / 360) * 2 ** z);
const row = (lat, z) => {
  const s = Math.sin((lat * Math.PI) / 180);
  return Math.floor((0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * 2 ** z);
};

/**
 * What a view shows of the world: beyond 180° there is nothing, but Leaflet counts on.
 * @param {L.LatLngBounds} bounds
 * @returns {[number, number, number, number]} west, south, east, north in degrees
 */
export function inWorld(bounds) {
  const within = (most, degrees) => Math.max(-most, Math.min(most, degrees));
  return [
    within(180, bounds.getWest()),
    within(85.05, bounds.getSouth()),
    within(180, bounds.getEast()),
    within(85.05, bounds.getNorth()),
  ];
}

/** Of REMEMBERED; an empty tile is something to remember too. */
const sizeOf = ({ answer }) => 1 + answer.cells.length + answer.reports.length;

export class ReportTiles {
  #known = new Map(); // address → {answer, at}; the one used last is the last
  #coming = new Map(); // address → {promise, abort}
  #early = new Map(); // address → promise, asked for before its turn
  #turn = 0;
  #age = 0; // grows whenever all that is remembered becomes old
  #held = 0; // of REMEMBERED
  #inView = 0; // tiles of the last view: they stay however much they hold

  margin = 0.25; // share of a view that is fetched beyond each of its edges

  /** @param {string} template address with {z}, {x}, {y} */
  constructor(template) {
    this.template = template;
  }

  /**
   * Answers of all tiles in the bounds, each as tile_answer.js tells. What an earlier call still waits
   * for is given up unless this one needs it too; the earlier one rejects with AbortError.
   * @param {L.LatLngBounds} bounds
   * @param {number} zoom of the map; may be a fraction
   * @param {string} query filters as a query string without "?"
   * @returns {Promise<{answers: import("./tile_answer.js").Answer[], failed: number}>}
   *   failed: tiles that did not come; of some there may be an older answer
   */
  async covering(bounds, zoom, query) {
    this.#turn += 1;
    const turn = this.#turn;
    const wanted = this.#wanted(bounds, zoom, query);
    const addresses = new Set(wanted.map(({ address }) => address));
    for (const [address, { abort }] of this.#coming) {
      if (addresses.has(address)) continue;
      abort.abort();
      this.#coming.delete(address);
    }
    this.#inView = wanted.length;
    const settled = await Promise.all(wanted.map((tile) => this.#tile(tile, turn)));
    if (turn !== this.#turn) throw new DOMException("Asked for another view", "AbortError");
    return {
      answers: settled.map(({ answer }) => answer).filter(Boolean),
      failed: settled.filter(({ isFailed }) => isFailed).length,
    };
  }

  /**
   * Fetch what another view or other filters will ask for, without giving up anything for it, and
   * without being given up for another.
   */
  ahead(bounds, zoom, query) {
    for (const tile of this.#wanted(bounds, zoom, query)) {
      const { address } = tile;
      if (this.#known.has(address) || this.#coming.has(address) || this.#early.has(address)) continue;
      const promise = this.#fetch(tile, { priority: "low" });
      this.#early.set(address, promise);
      const done = () => this.#early.get(address) === promise && this.#early.delete(address);
      promise.then(done, done);
    }
  }

  /** What is already there for a view, and how many tiles are not: to show a part of it meanwhile. */
  known(bounds, zoom, query) {
    const found = this.#wanted(bounds, zoom, query).map(({ address }) => this.#known.get(address));
    const answers = found.filter(Boolean).map(({ answer }) => answer);
    return { answers, missing: found.length - answers.length };
  }

  /** Trust nothing that is remembered: something was just reported or changed. */
  forget() {
    this.#age += 1;
    for (const known of this.#known.values()) known.at = -Infinity;
    this.#early.clear();
    for (const { abort } of this.#coming.values()) abort.abort();
    this.#coming.clear();
  }

  #wanted(bounds, zoom, query) {
    const z = Math.max(0, Math.min(DEEPEST, Math.floor(zoom)));
    const last = 2 ** z - 1;
    const [west, south, east, north] = inWorld(bounds);
    const tiles = [];
    // 180° itself is already the column after the last.
    for (let x = Math.min(last, column(west, z)); x <= Math.min(last, column(east, z)); x += 1) {
      for (let y = row(north, z); y <= row(south, z); y += 1) {
        const path = this.template.replace("{z}", z).replace("{x}", x).replace("{y}", y);
        tiles.push({ z, x, y, address: query ? `${path}?${query}` : path });
      }
    }
    return tiles;
  }

  async #tile(tile, turn) {
    const { address } = tile;
    const known = this.#known.get(address);
    if (known && performance.now() - known.at < FRESH) {
      this.#keep(address, known);
      return known;
    }
    const early = this.#early.get(address);
    if (early) {
      const answer = await early.catch(() => null);
      if (answer) return { answer };
      if (turn !== this.#turn) return { answer: null, isFailed: true };
    }
    let coming = this.#coming.get(address);
    if (!coming) {
      const abort = new AbortController();
      // The browser's own cache asks the server whether it has changed: mostly it has not.
      const cache = known ? "no-cache" : "default";
      coming = { abort, promise: this.#fetch(tile, { signal: abort.signal, cache }) };
      this.#coming.set(address, coming);
      const done = () => this.#coming.get(address) === coming && this.#coming.delete(address);
      coming.promise.then(done, done);
    }
    try {
      return { answer: await coming.promise };
    } catch {
      return { answer: known?.answer ?? null, isFailed: true };
    }
  }

  async #fetch({ z, x, y, address }, options) {
    const age = this.#age;
    const answer = await fetch(address, { ...options, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new TypeError(`${answer.status}`);
    const found = decode(answer.status === 204 ? null : await answer.json(), z, x, y);
    if (age === this.#age) this.#keep(address, { answer: found, at: performance.now() });
    return found;
  }

  #keep(address, known) {
    this.#drop(address);
    this.#known.set(address, known);
    this.#held += sizeOf(known);
    while (this.#held > REMEMBERED && this.#known.size > this.#inView) {
      this.#drop(this.#known.keys().next().value);
    }
  }

  #drop(address) {
    const known = this.#known.get(address);
    if (!known) return;
    this.#known.delete(address);
    this.#held -= sizeOf(known);
  }
}
