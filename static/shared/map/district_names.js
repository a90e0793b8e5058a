// Names of districts: quiet, only where there is room, never over each other, never over a pin.
import { L } from "./leaflet.js";

const LINE = 15; // px, height of a name with its margin
const CLEAR = 4; // px kept free around a name
const STEPS = [0, 24, -24, 38, -38]; // px that a name may step aside, below first
const ASIDE = 78; // px above the middle of the view, clear of a crosshair

/** Whether a ring of (lon, lat) goes around a point: how often a ray to the east crosses it. */
function surrounds(ring, lon, lat) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[j];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** Whether a GeoJSON Polygon or MultiPolygon (lon, lat) covers a point. */
function covers(geometry, { lat, lng }) {
  const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  return polygons.some(([outer, ...holes]) => {
    return surrounds(outer, lng, lat) && !holes.some((hole) => surrounds(hole, lng, lat));
  });
}

const overlap = (a, b) =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

/**
 * Find room for a name: how far down (px) it has to step aside, or null where there is no room.
 * @param {{x: number, y: number}} at where its middle belongs, in px of the map
 * @param {{x: number, y: number}} half half of its size, with what is kept free around it
 * @param {number[]} steps px, the best one first
 * @param {{left: number, top: number, right: number, bottom: number}[]} taken boxes; its own is added
 */
export function freeStep(at, half, steps, taken) {
  for (const step of steps) {
    const box = {
      left: at.x - half.x,
      right: at.x + half.x,
      top: at.y + step - half.y,
      bottom: at.y + step + half.y,
    };
    if (taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    return step;
  }
  return null;
}

/** Size of a name in px, broken into lines at spaces and hyphens where it is long. */
function measure(context, name) {
  const parts = name.length > 16 ? name.split(/(?<=[ -])/) : [name];
  const lines = [""];
  for (const part of parts) {
    if ((lines.at(-1) + part).trim().length > 16 && lines.at(-1)) lines.push("");
    lines[lines.length - 1] += part;
  }
  const width = Math.max(...lines.map((line) => context.measureText(line.trim()).width));
  return { lines: lines.map((line) => line.trim()), width, height: lines.length * LINE };
}

export class DistrictNames {
  /**
   * @param {L.Map} map
   * @param {{name: string, label: [number, number], geometry: object}[]} areas label is (lat, lon)
   * @param {() => {left: number, top: number, right: number, bottom: number}[]} pinBoxes boxes of
   *   what names must give way to, in px of the map's container
   */
  constructor(map, areas, pinBoxes) {
    this.map = map;
    this.pinBoxes = pinBoxes;
    const pane = map.createPane("names");
    pane.style.zIndex = "300";
    pane.style.pointerEvents = "none";
    pane.setAttribute("aria-hidden", "true");
    const context = document.createElement("canvas").getContext("2d");
    context.font = `500 12px ${getComputedStyle(map.getContainer()).fontFamily}`;
    this.names = areas
      .filter((area) => area.label)
      .map((area) => this.#name(area, context))
      .sort((a, b) => b.size - a.size);
    map.on("moveend zoomend resize", () => this.place());
    map.on("zoomstart", () => this.hide());
    this.place();
  }

  #name(area, context) {
    const { lines, width, height } = measure(context, area.name);
    const text = document.createElement("span");
    text.className = "map-name";
    for (const [index, line] of lines.entries()) {
      if (index) text.append(document.createElement("br"));
      text.append(line);
    }
    const icon = L.divIcon({ className: "map-name-at", html: text, iconSize: [0, 0] });
    const bounds = L.geoJSON(area.geometry).getBounds();
    const corner = this.map.project(bounds.getNorthWest(), 0);
    const other = this.map.project(bounds.getSouthEast(), 0);
    const marker = L.marker(area.label, { icon, pane: "names", interactive: false, keyboard: false });
    return {
      area,
      marker,
      text,
      width,
      height,
      span: other.x - corner.x, // px at zoom 0
      size: (other.x - corner.x) * (other.y - corner.y),
      shown: false,
    };
  }

  hide() {
    for (const name of this.names) name.text.classList.remove("is-shown");
  }

  /** Choose what is shown now. Larger districts come first; a name may step aside a little. */
  place() {
    const { map } = this;
    this.#bringIn();
    const scale = map.options.crs.scale(map.getZoom()) / map.options.crs.scale(0);
    const size = map.getSize();
    const taken = this.pinBoxes();
    for (const name of this.names) {
      const at = map.latLngToContainerPoint(name.marker.getLatLng());
      const inView = at.x > -60 && at.y > -20 && at.x < size.x + 60 && at.y < size.y + 20;
      const room = name.span * scale * 1.25 > name.width;
      const half = { x: name.width / 2 + CLEAR, y: name.height / 2 + CLEAR / 2 };
      const step = inView && room ? freeStep(at, half, STEPS, taken) : null;
      if (step === null) {
        name.text.classList.remove("is-shown");
        continue;
      }
      if (!name.shown) {
        name.marker.addTo(map);
        name.shown = true;
      }
      name.text.style.translate = `-50% calc(-50% + ${step}px)`;
      name.text.classList.add("is-shown");
    }
  }

  /** Where one is so close that the district's own label is out of view, its name comes along. */
  #bringIn() {
    const { map } = this;
    const view = map.getBounds();
    for (const name of this.names) {
      const home = L.latLng(name.area.label);
      const away = !view.contains(home) && covers(name.area.geometry, map.getCenter());
      const middle = map.getSize().divideBy(2).subtract([0, ASIDE]);
      name.marker.setLatLng(away ? map.containerPointToLatLng(middle) : home);
    }
  }
}
