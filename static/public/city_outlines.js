// Many cities on one map: each a patch of land with its name from afar; from close by, its true
// border and its districts, fetched when one comes near.
import { DistrictNames, freeStep } from "../shared/map/district_names.js";
import { L } from "../shared/map/leaflet.js";

const NEAR = 10.5; // zoom from which a city is more than a patch
const LINE = 15; // px, height of a name
const STEPS = [0, 24, -24, 36, -36, 52, -52, 66]; // px that a name may step aside, below first
const GRID = 10; // degrees between the lines that a map of half a continent is measured by

function grid() {
  const lines = [];
  for (let at = -180; at <= 180; at += GRID) {
    lines.push([[at, -80], [at, 80]]);
    if (Math.abs(at) <= 80) lines.push([[-180, at], [180, at]]);
  }
  return { type: "MultiLineString", coordinates: lines };
}

export class CityOutlines {
  #boxes = () => [];
  #cities = [];

  /**
   * @param {L.Map} map
   * @param {string} address of {"cities": [{name, box: [west, south, east, north], outline, boundary}]}
   */
  constructor(map, address) {
    this.map = map;
    this.element = map.getContainer();
    this.pane = map.createPane("outline");
    this.pane.style.zIndex = "250";
    this.pane.style.pointerEvents = "none";
    const common = { pane: "outline", renderer: L.svg({ pane: "outline", padding: 0.5 }) };
    this.common = { ...common, interactive: false, smoothFactor: 1 };
    this.names = map.createPane("city-names");
    this.names.style.zIndex = "300";
    this.names.style.pointerEvents = "none";
    this.names.setAttribute("aria-hidden", "true");
    L.geoJSON(grid(), { ...this.common, className: "map-grid" }).addTo(map);
    map.on("zoomend", () => this.#tellZoom());
    map.on("moveend", () => this.#come());
    map.on("zoomstart", () => this.#hideNames());
    map.on("resize", () => this.placeNames());
    this.#tellZoom();
    this.address = address;
    this.refresh();
  }

  /** Fetch what is not there yet. */
  async refresh() {
    if (this.#cities.length) {
      this.#come();
      return;
    }
    const found = await this.#fetch(this.address);
    if (!this.#cities.length) this.#draw(found?.cities ?? []);
  }

  /** @param {() => {left: number, top: number, right: number, bottom: number}[]} boxes what names
   *   must give way to, in px of the map's container */
  avoid(boxes) {
    this.#boxes = boxes;
  }

  async #fetch(address) {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  #draw(cities) {
    const context = document.createElement("canvas").getContext("2d");
    context.font = `600 13px ${getComputedStyle(this.element).fontFamily}`;
    this.#cities = cities.map((city) => {
      const [west, south, east, north] = city.box;
      const bounds = L.latLngBounds([south, west], [north, east]);
      const text = document.createElement("span");
      text.className = "map-name map-name--city";
      text.textContent = city.name;
      const icon = L.divIcon({ className: "map-name-at", html: text, iconSize: [0, 0] });
      const place = { icon, pane: "city-names", interactive: false, keyboard: false };
      L.marker(bounds.getCenter(), place).addTo(this.map);
      return {
        ...city,
        bounds,
        text,
        width: context.measureText(city.name).width,
        shape: this.#shape(city.boundary, "map-city"),
        size: bounds.getNorth() - bounds.getSouth(),
      };
    });
    this.#cities.sort((a, b) => b.size - a.size);
    this.#come();
    this.placeNames();
  }

  #shape(geometry, className) {
    return L.geoJSON(geometry, { ...this.common, className }).addTo(this.map);
  }

  #tellZoom() {
    this.element.classList.toggle("map--near", this.map.getZoom() >= NEAR);
  }

  /** Fetch what one has come near to. */
  #come() {
    if (this.map.getZoom() < NEAR) return;
    const view = this.map.getBounds();
    for (const city of this.#cities) {
      if (city.near || !view.intersects(city.bounds)) continue;
      city.near = this.#fetch(city.outline).then((found) => {
        if (!found) {
          city.near = null; // perhaps next time
          return;
        }
        city.shape.remove();
        city.shape = this.#shape(found.boundary, "map-city");
        for (const area of found.areas) this.#shape(area.geometry, "map-area");
        city.districts = new DistrictNames(this.map, found.areas, () => this.#boxes());
      });
    }
  }

  #hideNames() {
    for (const city of this.#cities) city.text.classList.remove("is-shown");
  }

  /** Show the names there is room for: of cities from afar, of districts from close by. */
  placeNames() {
    for (const city of this.#cities) city.districts?.place();
    if (this.map.getZoom() >= NEAR) {
      this.#hideNames();
      return;
    }
    const taken = this.#boxes();
    for (const city of this.#cities) {
      const at = this.map.latLngToContainerPoint(city.bounds.getCenter());
      const step = freeStep(at, { x: city.width / 2 + 4, y: LINE / 2 }, STEPS, taken);
      city.text.classList.toggle("is-shown", step !== null);
      if (step !== null) city.text.style.translate = `-50% calc(-50% + ${step}px)`;
    }
  }
}
