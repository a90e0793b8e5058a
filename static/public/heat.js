// Heat on a city's page: the layer, its legend in words and numbers, and the switch to "per 1,000
// residents" where districts say how many people live in them.
import { COLOURS } from "../shared/map/heat_density.js";
import { Districts, worldX, worldY } from "../shared/map/ground.js";
import { HeatLayer } from "../shared/map/heat_layer.js";
import { number, wordsOf } from "../shared/map/words.js";

/** With as many digits as a round number needs, two at most: 0.25, 1.5, 2, 60. */
const round = (value) =>
  number(value, [0, 1].find((digits) => value === Number(value.toFixed(digits))) ?? 2);

/**
 * @param {HTMLElement} legend as public/time.html writes it
 * @param {{map: L.Map, outline: Promise<object | null>, tiles: ReportTiles}} options
 */
export async function heatView(legend, options) {
  const found = await options.outline;
  return new HeatView(legend, new Districts(found?.areas ?? []), options);
}

class HeatView {
  #query = "";
  #counts = null; // reports by district, for the query
  #asked = null;
  #pointed = null; // district under the pointer
  #isPerResident = false;
  #isFilm = false;

  constructor(legend, districts, { map, tiles }) {
    this.legend = legend;
    this.districts = districts;
    this.map = map;
    this.words = wordsOf(legend);
    this.layer = new HeatLayer(map, { tiles, onScale: (top) => this.#sayScale(top) });
    this.#paintRamp();
    const withPeople = districts.all.filter(({ population }) => population);
    const choice = legend.querySelector("[data-per-resident]");
    choice.hidden = !withPeople.length;
    choice.querySelector("input").addEventListener("change", ({ target }) => {
      this.#isPerResident = target.checked;
      const title = target.checked ? "per_resident" : "per_km";
      legend.querySelector("[data-heat-title]").textContent = this.words(title);
      const some = withPeople.length < districts.all.length;
      legend.querySelector("[data-unknown]").hidden = !(target.checked && some);
      this.layer.perResident(target.checked ? districts : null);
      this.#sayHere();
    });
    map.on("moveend", () => this.#sayHere());
    map.on("mousemove", ({ latlng }) => this.#point(latlng));
    map.on("mouseout dragstart zoomstart", () => this.#point(null));
    map.on("click", ({ latlng }) => {
      this.#point(latlng);
      this.#sayHere();
    });
  }

  get isShown() {
    return !this.legend.hidden;
  }

  setVisible(shown) {
    this.legend.hidden = !shown;
    this.layer.setVisible(shown);
  }

  /** Ask again for what is shown: it did not come, or may have changed. */
  refresh() {
    if (!this.#isFilm) this.#countDistricts();
    return this.layer.refresh();
  }

  /**
   * @param {string} query filters as a query string without "?"
   * @param {{film?: boolean}} options film: one picture of many
   * @returns {Promise<void>} done when they can be seen
   */
  setFilters(query, { film = false } = {}) {
    this.layer.kind = film ? "film" : query;
    this.#query = query;
    this.#isFilm = film;
    this.#asked?.abort();
    this.#counts = null; // in a film nobody has the time to read them
    this.#sayHere();
    if (!film) this.#countDistricts();
    return this.layer.setFilters(query);
  }

  /* The legend */

  #paintRamp() {
    const ramp = this.legend.querySelector("[data-ramp]");
    const context = ramp.getContext("2d");
    const image = context.createImageData(256, 1);
    image.data.set(COLOURS);
    context.putImageData(image, 0, 0);
  }

  #sayScale(top) {
    const say = (name, value) => {
      this.legend.querySelector(`[data-${name}]`).textContent = value;
    };
    // Colours go by the root of the value: half way along stands a quarter.
    const middle = top / 4;
    say("middle", top ? round(middle) : "");
    say("top", this.words("and_more", { value: round(top) }));
  }

  /* A district in words: the one under the pointer, or in the middle of the map */

  async #countDistricts() {
    const address = this.legend.dataset.areas;
    if (!address || !this.districts.all.length) return;
    this.#asked?.abort();
    this.#asked = new AbortController();
    try {
      const answer = await fetch(this.#query ? `${address}?${this.#query}` : address, {
        signal: this.#asked.signal,
        headers: { Accept: "application/json" },
      });
      if (answer.ok) this.#counts = answer.status === 204 ? {} : await answer.json();
    } catch {
      return; // the picture stands without it
    }
    this.#sayHere();
  }

  #point(place) {
    if (this.legend.hidden) return;
    const district = place && this.districts.at(worldX(place.lng), worldY(place.lat));
    if (district === this.#pointed) return;
    this.#pointed = district;
    this.#writeHere();
  }

  /** Aloud too; what only lies under a moving pointer is not. */
  #sayHere() {
    const said = this.legend.querySelector("[data-announce-here]");
    const sentence = this.#writeHere();
    if (said.textContent !== sentence) said.textContent = sentence;
  }

  #writeHere() {
    if (this.legend.hidden) return "";
    const { lat, lng } = this.map.getCenter();
    const district = this.#pointed ?? this.districts.at(worldX(lng), worldY(lat));
    const line = this.legend.querySelector("[data-here]");
    line.textContent = district && this.#counts ? this.#figureOf(district) : "";
    return line.textContent;
  }

  #figureOf({ slug, name, population, squareKilometres }) {
    const total = (this.#counts[slug] ?? []).reduce((a, b) => a + b, 0);
    if (this.#isPerResident && !population) return this.words("here_unknown", { area: name });
    const value = this.#isPerResident ? (1000 * total) / population : total / squareKilometres;
    return this.words(this.#isPerResident ? "here_per_resident" : "here_per_km", {
      area: name,
      value: number(value, value && value < 100 ? 1 : 0),
    });
  }
}
