// Heat on a city map: where much is reported, drawn from the same tiles as the pins. Imported when it
// is first asked for, and imports nothing that a map has already: Leaflet's map is given.
import { STEP, almostHighest, blur, gather, paint, roundUp } from "./heat_density.js";
import { kilometresAt } from "./ground.js";

export class HeatLayer {
  #query = "";
  #answers = [];
  #zoom = null; // of the map when it asked for them
  #isShown = false;
  #drawn = null; // the picture: its corner in world px (x, y) and in px (left, top), its zoom and size
  #scale = { key: "", top: 0 };
  #kind = "";
  #districts = null;
  #weights = new WeakMap(); // of places that tiles told of

  /**
   * @param {L.Map} map
   * @param {{tiles: ReportTiles, onScale: (top: number) => void}} options tiles: those of the pins, which
   *   ask for nothing while heat is shown; onScale is told the value of the darkest colour: reports per
   *   square kilometre or, where districts were given, per 1,000 residents
   */
  constructor(map, { tiles, onScale }) {
    this.map = map;
    this.tiles = tiles;
    this.onScale = onScale;
    const pane = map.createPane("heat");
    pane.style.zIndex = "240"; // districts and their names stay above it
    pane.style.pointerEvents = "none";
    this.frame = document.createElement("div");
    this.frame.className = "heat leaflet-zoom-animated";
    this.frame.setAttribute("aria-hidden", "true"); // the legend says it in words
    this.frame.hidden = true;
    this.canvas = document.createElement("canvas");
    this.hatching = document.createElement("canvas");
    this.frame.append(this.canvas, this.hatching);
    pane.append(this.frame);
    map.on("moveend resize", () => this.refresh());
    map.on("zoomanim", (event) => this.#place(event.center, event.zoom));
  }

  /** @param {string} query filters as a query string without "?"; done when they can be seen */
  setFilters(query) {
    this.#query = query;
    return this.refresh();
  }

  setVisible(isShown) {
    this.#isShown = isShown;
    this.frame.hidden = !isShown;
    this.#answers = [];
  }

  /** Fetch and draw what the view needs. What was drawn stays until then. */
  async refresh() {
    if (!this.#isShown) return;
    const zoom = this.map.getZoom();
    try {
      const bounds = this.map.getBounds().pad(this.tiles.margin);
      const { answers, failed } = await this.tiles.covering(bounds, zoom, this.#query);
      this.#answers = answers;
      this.#zoom = zoom;
      this.#draw();
      const name = failed ? "reports:failed" : "reports:drawn";
      const more = answers.some((answer) => answer.more);
      const detail = { failed, answers, zoom, more };
      this.map.getContainer().dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  /** Pictures of one kind can be compared: their scale may grow, but does not shrink. @param {string} kind */
  set kind(kind) {
    this.#kind = kind;
  }

  /** Count by residents of these districts, or with null by ground. @param {object | null} districts */
  perResident(districts) {
    this.#districts = districts;
    this.#draw();
  }

  #draw() {
    const { map } = this;
    const zoom = map.getZoom();
    if (!this.#isShown || zoom !== this.#zoom) return;
    const size = map.getSize();
    const scale = 2 ** zoom;
    const { margin } = this.tiles; // drawn too, for dragging
    const edge = { x: Math.round(size.x * margin), y: Math.round(size.y * margin) };
    const view = map.project(map.getCenter(), zoom);
    const left = Math.round(view.x - size.x / 2 - edge.x);
    const top = Math.round(view.y - size.y / 2 - edge.y);
    const width = size.x + 2 * edge.x;
    const height = size.y + 2 * edge.y;
    if (!(size.x > 0 && size.y > 0)) return;

    const grid = blur(gather(this.#places(scale, left, top), width, height));
    // Reports of a square, by its ground: what they are a square kilometre of.
    for (let row = 0; row < grid.height; row += 1) {
      const side = kilometresAt((top + (row + 0.5) * STEP) / scale) * (STEP / scale);
      const ground = side * side;
      const end = (row + 1) * grid.width;
      for (let index = row * grid.width; index < end; index += 1) grid.values[index] /= ground;
    }
    const highest = roundUp(
      almostHighest(grid, {
        left: Math.floor(edge.x / STEP),
        top: Math.floor(edge.y / STEP),
        right: Math.floor((edge.x + size.x) / STEP),
        bottom: Math.floor((edge.y + size.y) / STEP),
      }),
    );
    const key = `${zoom} ${this.#districts !== null} ${this.#kind}`;
    const known = key === this.#scale.key ? this.#scale.top : 0;
    this.#scale = { key, top: Math.max(known, highest) };

    this.canvas.width = grid.width;
    this.canvas.height = grid.height;
    this.canvas.style.width = `${grid.width * STEP}px`;
    this.canvas.style.height = `${grid.height * STEP}px`;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(grid.width, grid.height);
    paint(grid, this.#scale.top, image.data);
    context.putImageData(image, 0, 0);
    this.#drawn = { x: left / scale, y: top / scale, zoom, left, top, width, height };
    this.#hatch();
    this.#place(map.getCenter(), zoom);
    this.onScale(this.#scale.top);
  }

  /** Counted places in px of the picture; by residents, each weighs what it means to its district. */
  #places(scale, left, top) {
    const places = [];
    const add = (place, total) => {
      const weight = total * (this.#districts ? this.#weightOf(place) : 1);
      if (weight) places.push({ x: place.x * scale - left, y: place.y * scale - top, weight });
    };
    for (const { cells, reports } of this.#answers) {
      for (const cell of cells) {
        const [open, inProgress, fixed, wontFix] = cell.counts;
        add(cell, open + inProgress + fixed + wontFix);
      }
      for (const report of reports) add(report, 1);
    }
    return places;
  }

  /** What makes of reports per km² those per 1,000 residents; 0 where nobody has counted these. */
  #weightOf(place) {
    let weight = this.#weights.get(place);
    if (weight === undefined) {
      const district = this.#districts.at(place.x, place.y);
      weight = district?.population
        ? (1000 * district.squareKilometres) / district.population
        : 0;
      this.#weights.set(place, weight);
    }
    return weight;
  }

  /** Districts that nobody has counted the people of: neither much nor little is said of them. */
  #hatch() {
    const unknown = this.#districts?.all.filter(({ population }) => !population) ?? [];
    this.hatching.hidden = !unknown.length;
    if (!unknown.length) return;
    const { left, top, width, height, zoom } = this.#drawn;
    const sharp = Math.min(2, window.devicePixelRatio || 1);
    this.hatching.width = Math.round(width * sharp);
    this.hatching.height = Math.round(height * sharp);
    this.hatching.style.width = `${width}px`;
    this.hatching.style.height = `${height}px`;
    const context = this.hatching.getContext("2d");
    context.scale(sharp, sharp);
    const scale = 2 ** zoom;
    context.beginPath();
    for (const { rings } of unknown) {
      for (const ring of rings) {
        ring.forEach(([x, y], index) => {
          context[index ? "lineTo" : "moveTo"](x * scale - left, y * scale - top);
        });
        context.closePath();
      }
    }
    const colour = (name) => getComputedStyle(this.map.getContainer()).getPropertyValue(name);
    context.fillStyle = colour("--map-land"); // nor what their neighbours' blur says
    context.fill("evenodd");
    context.clip("evenodd");
    context.beginPath();
    for (let x = -height; x < width; x += 9) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.strokeStyle = colour("--map-boundary");
    context.lineWidth = 1.25;
    context.stroke();
  }

  /** Put the picture where it belongs when the map looks at `center` from `zoom`. */
  #place(center, zoom) {
    if (!this.#drawn) return;
    const { map } = this;
    // As Leaflet reckons the corner of its panes for a view that is not there yet.
    const pane = map.layerPointToContainerPoint([0, 0]);
    const corner = map.project(center, zoom).subtract(map.getSize().divideBy(2)).add(pane);
    const scale = 2 ** zoom;
    const x = this.#drawn.x * scale - Math.round(corner.x);
    const y = this.#drawn.y * scale - Math.round(corner.y);
    const closer = 2 ** (zoom - this.#drawn.zoom);
    this.frame.style.transform = `translate3d(${x}px, ${y}px, 0) scale(${closer})`;
  }
}
