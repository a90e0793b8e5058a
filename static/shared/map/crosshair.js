// Choosing a place. By touch: a fixed crosshair over a moving map, the pin never hides under the
// finger; a tap brings the spot under the cross. With a fine pointer: click, or drag the pin. With keys:
// arrows move either, Enter on the map puts the pin in its middle. Nothing needs to be dragged.
//
// The element tells:
//   place:moving                                        the place is being moved
//   place:by-hand                                       by the person, not by a search or the location
//   place:chosen  {lat, lon, accuracy, source}          WGS 84 degrees; accuracy in metres or null;
//                                                       source: "map", "location" or "given"
import { L } from "./leaflet.js";

const SETTLED = 160; // ms without movement before a place counts
const KEY_STEP = 12; // px an arrow key moves the pin; 2 px with Shift
const CLOSE = 18; // zoom at which a house can be told from its neighbour
const PRECISION = 6; // decimals of a degree: about 0.1 m

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const SVG = "http://www.w3.org/2000/svg";

function drawing(className, viewBox, paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("aria-hidden", "true");
  for (const [name, d] of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const TICKS = "M40 4v24M40 52v24M4 40h24M52 40h24";
const DOT = "M40 35.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0-9z";
const PIN = "M20 50C11 40 4 32.500 4 21a16 16 0 0 1 32 0c0 11.500-7 19-16 29z";

export class PlacePicker {
  #timer = 0;
  #source = "map";
  #accuracy = null;
  #circle = null;
  #target = null; // a place that was set, until the person moves it: exact, whatever the map's size
  #isSet = false; // a place that was set is told even if it is the same again
  #pin = null;

  /**
   * @param {ReturnType<import("./city_map.js").createCityMap>} cityMap
   * @param {{start?: {lat: number, lon: number} | null, fine?: boolean}} options
   *   start: a place that is already known; fine: whether the pointer is precise
   */
  constructor(cityMap, { start = null, fine = matchMedia("(pointer: fine)").matches } = {}) {
    this.cityMap = cityMap;
    this.map = cityMap.map;
    this.element = this.map.getContainer();
    this.fine = fine;
    this.place = null;
    this.element.classList.add("map--picking");
    if (fine) this.#usePin();
    else this.#useCrosshair();
    if (start) this.set(start.lat, start.lon, { source: "given" });
  }

  /**
   * Go to a place (an address was found, the location is known).
   * @param {number} lat degrees @param {number} lon degrees
   * @param {{accuracy?: number | null, source?: string, zoom?: number}} how accuracy in metres
   */
  set(lat, lon, { accuracy = null, source = "given", zoom } = {}) {
    this.#isSet = true;
    this.#target = L.latLng(lat, lon);
    this.#source = source;
    this.#accuracy = accuracy;
    this.#drawAccuracy(lat, lon, accuracy);
    const near = accuracy && accuracy > 60 ? 16 : CLOSE;
    const target = zoom ?? Math.max(near, Math.min(this.map.getZoom(), CLOSE + 1));
    if (this.fine) {
      this.#putPin(L.latLng(lat, lon));
      this.map.setView([lat, lon], target);
      this.#settle();
    } else {
      this.map.setView([lat, lon], target);
      // setView to the very place and zoom where the map already stands moves nothing.
      if (this.map.getCenter().equals([lat, lon], 1e-7)) this.#settle();
    }
  }

  #useCrosshair() {
    const cross = document.createElement("div");
    cross.className = "crosshair";
    cross.append(
      drawing("crosshair__drawing", "0 0 80 80", [
        ["crosshair__halo", TICKS],
        ["crosshair__ticks", TICKS],
        ["crosshair__dot", DOT],
      ]),
    );
    this.element.append(cross);
    this.map.options.scrollWheelZoom = "center";
    this.map.options.touchZoom = "center";
    this.map.options.doubleClickZoom = "center";
    this.map.on("movestart", () => {
      cross.classList.add("is-moving");
      this.#tell("place:moving");
    });
    this.map.on("resize", () => {
      if (this.#target) this.map.panTo(this.#target, { animate: false });
    });
    this.map.on("dragstart", () => this.#forgetLocation());
    this.map.on("click", ({ latlng }) => {
      this.#forgetLocation();
      this.map.panTo(latlng);
    });
    this.map.on("moveend", () => {
      cross.classList.remove("is-moving");
      this.#settle();
    });
    this.map.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key in ARROWS) this.#forgetLocation();
    });
  }

  #usePin() {
    this.map.on("click", (event) => {
      this.#forgetLocation();
      this.#putPin(event.latlng);
      this.#settle();
    });
    this.map.doubleClickZoom.disable();
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.element) return;
      event.preventDefault();
      this.#forgetLocation();
      this.#putPin(this.map.getCenter());
      this.#settle();
    });
  }

  /**
   * Move the place by pixels of the screen: for buttons instead of a drag.
   * @param {number} right @param {number} down
   */
  nudge(right, down) {
    this.#forgetLocation();
    this.#tell("place:moving");
    if (!this.fine) {
      this.map.panBy([right, down], { animate: false });
      return;
    }
    const from = this.#pin ? this.map.latLngToContainerPoint(this.#pin.getLatLng()) : this.map.getSize().divideBy(2);
    this.#putPin(this.map.containerPointToLatLng(this.#pin ? from.add([right, down]) : from));
    if (!this.map.getBounds().contains(this.#pin.getLatLng())) this.map.panTo(this.#pin.getLatLng());
    this.#settle();
  }

  #putPin(at) {
    if (this.#pin) {
      this.#pin.setLatLng(at);
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "place-pin";
    button.setAttribute("aria-label", this.cityMap.words("place_pin"));
    button.append(
      drawing("place-pin__drawing", "-2 -2 44 56", [
        ["place-pin__body", PIN],
        ["place-pin__dot", "M20 14.500a6 6 0 1 0 0 12a6 6 0 1 0 0-12z"],
      ]),
    );
    this.#pin = L.marker(at, {
      icon: L.divIcon({ className: "mark", html: button, iconSize: [44, 56], iconAnchor: [22, 54] }),
      draggable: true,
      autoPan: true,
      keyboard: false,
    }).addTo(this.map);
    this.#pin.on("dragstart", () => {
      this.#forgetLocation();
      this.#tell("place:moving");
    });
    this.#pin.on("dragend", () => this.#settle());
    button.addEventListener("keydown", (event) => this.#movePin(event));
  }

  #movePin(event) {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 2 : KEY_STEP;
    this.nudge(arrow[0] * step, arrow[1] * step);
  }

  /** The person places it by hand. */
  #forgetLocation() {
    this.#tell("place:by-hand");
    this.#target = null;
    this.#source = "map";
    this.#accuracy = null;
    this.#circle?.remove();
    this.#circle = null;
  }

  #drawAccuracy(lat, lon, accuracy) {
    this.#circle?.remove();
    this.#circle = accuracy
      ? L.circle([lat, lon], {
          radius: accuracy,
          className: "accuracy-circle",
          interactive: false,
        }).addTo(this.map)
      : null;
  }

  #settle() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const at = this.fine ? this.#pin?.getLatLng() : (this.#target ?? this.map.getCenter());
      if (!at) return;
      if (!this.#isSet && this.#isStill(at)) return;
      this.#isSet = false;
      const wrapped = at.wrap();
      const lat = Number(wrapped.lat.toFixed(PRECISION));
      const lon = Number(wrapped.lng.toFixed(PRECISION));
      this.place = { lat, lon, accuracy: this.#accuracy, source: this.#source };
      this.#tell("place:chosen", this.place);
    }, SETTLED);
  }

  /** A map that only changed its size, or was zoomed, still shows the place that was told. */
  #isStill(at) {
    if (!this.place || this.place.source !== this.#source || this.place.accuracy !== this.#accuracy) return false;
    const [was, is] = [this.place, at].map((one) => this.map.latLngToContainerPoint(L.latLng(one.lat, one.lng ?? one.lon)));
    return was.distanceTo(is) < 2;
  }

  #tell(name, detail = null) {
    this.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
