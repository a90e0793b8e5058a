// Fetches the tiles of reports that cover a view, remembers some, and gives up what is not needed.

const REMEMBERED = 400; // tiles of all filters together
const DEEPEST = 18; // no tiles are asked beyond this zoom

/** Tile column or row of a longitude or latitude in degrees at zoom z (Web Mercator). */
const column = (lon, z) => Math.floor(((lon + 180) / 360) * 2 ** z);
const row = (lat, z) => {
  const s = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return Math.floor((0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * 2 ** z);
};

export class ReportTiles {
  #answers = new Map();
  #abort = null;

  /** @param {string} template address with {z}, {x}, {y} */
  constructor(template) {
    this.template = template;
  }

  /**
   * Answers of all tiles in the bounds. Rejects with AbortError if asked again meanwhile.
   * @param {L.LatLngBounds} bounds
   * @param {number} zoom of the map; may be a fraction
   * @param {string} query filters as a query string without "?"
   * @returns {Promise<{answers: object[], failed: number}>}
   */
  async covering(bounds, zoom, query) {
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const z = Math.max(0, Math.min(DEEPEST, Math.floor(zoom)));
    const last = 2 ** z - 1;
    const clip = (value) => Math.max(0, Math.min(last, value));
    const asked = [];
    for (let x = clip(column(bounds.getWest(), z)); x <= clip(column(bounds.getEast(), z)); x += 1) {
      for (let y = clip(row(bounds.getNorth(), z)); y <= clip(row(bounds.getSouth(), z)); y += 1) {
        asked.push(this.#tile(z, x, y, query, signal));
      }
    }
    const settled = await Promise.all(asked);
    signal.throwIfAborted();
    return {
      answers: settled.filter((answer) => answer),
      failed: settled.filter((answer) => answer === null).length,
    };
  }

  /** Forget everything: something was just reported or changed. */
  forget() {
    this.#answers.clear();
  }

  async #tile(z, x, y, query, signal) {
    const path = this.template.replace("{z}", z).replace("{x}", x).replace("{y}", y);
    const address = query ? `${path}?${query}` : path;
    const known = this.#answers.get(address);
    if (known) return known;
    try {
      const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return null;
      const found = answer.status === 204 ? {} : await answer.json();
      this.#answers.set(address, found);
      if (this.#answers.size > REMEMBERED) {
        this.#answers.delete(this.#answers.keys().next().value);
      }
      return found;
    } catch (error) {
      if (error.name === "AbortError") return {};
      return null;
    }
  }
}
