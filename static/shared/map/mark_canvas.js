// The canvas on which all marks are drawn. It moves with the map's pane, so a drag costs nothing; it is
// drawn anew when the view has settled or its margin is used up. While the map zooms, marks keep their
// size and move apart with the ground; a new picture takes the old one's place without a flash.
import { calm } from "./city_map.js";
import { radiusOf } from "./clusters.js";
import { MarkPainter } from "./mark_painter.js";
import { WORLD } from "./tile_answer.js";

const MARGIN = { least: 64, most: 192 }; // px drawn around the view, for the next drag
const ZOOM_TIME = 250; // ms, of Leaflet's zoom animation
const SWAP_TIME = 180; // ms in which one picture becomes another
const SMALLEST = 0.7; // size from which a new mark grows

/** Leaflet's curve for a zoom, cubic-bezier(0, 0, 0.25, 1): how far after a share of the time. */
function zoomCurve(time) {
  let [low, high] = [0, 1];
  for (let step = 0; step < 16; step += 1) {
    const middle = (low + high) / 2;
    const x = 0.75 * middle ** 2 * (1 - middle) + middle ** 3;
    if (x < time) low = middle;
    else high = middle;
  }
  return 3 * low ** 2 * (1 - low) + low ** 3;
}

export class MarkCanvas {
  #canvas = document.createElement("canvas");
  #context = this.#canvas.getContext("2d");
  #painter = null;
  #marks = [];
  #leaving = []; // marks of the picture before, while it fades
  #arriving = new Set();
  #swapFrom = -Infinity; // ms, when the present picture began
  #zooming = null; // {from, to, at}: two grounds, and when it began
  #frame = 0;
  #corner = { x: 0, y: 0 }; // of the canvas, px of the pane
  #size = { x: 0, y: 0 }; // of the canvas, px

  /**
   * @param {L.Map} map
   * @param {HTMLElement} pane
   * @param {() => void} onMove told whenever marks have moved against the pane
   */
  constructor(map, pane, onMove) {
    this.map = map;
    this.onMove = onMove;
    this.#canvas.className = "marks-canvas";
    this.#canvas.setAttribute("aria-hidden", "true");
    pane.append(this.#canvas);
    map.on("zoomanim", ({ center, zoom }) => this.#zoomTo(center, zoom));
    map.on("zoom viewreset", () => {
      this.#zooming = null;
      this.#draw();
    });
    map.on("moveend resize", () => {
      this.#zooming = null;
      this.#soon();
    });
    map.on("move", () => {
      if (!this.#coversView()) this.#draw();
    });
    for (const query of ["(prefers-contrast: more)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => {
        this.#painter = null;
        this.#draw();
      });
    }
  }

  /** Show these marks in the place of what is shown. @param {import("./clusters.js").Mark[]} marks */
  show(marks) {
    const before = new Set(this.#marks.map(({ key }) => key));
    const now = new Set(marks.map(({ key }) => key));
    const isQuiet = calm.matches || this.map.getContainer().offsetParent === null;
    this.#leaving = isQuiet ? [] : this.#marks.filter(({ key }) => !now.has(key));
    this.#arriving = isQuiet ? new Set() : new Set([...now].filter((key) => !before.has(key)));
    this.#marks = marks;
    this.#swapFrom = performance.now();
    this.#draw();
  }

  /** Where a mark's middle is drawn now, in px of the pane. */
  place({ x, y }) {
    const { scale, left, top } = this.#ground();
    return { x: x * scale - left, y: y * scale - top };
  }

  /** How world pixels become px of the pane, at this moment of an animation. */
  #ground() {
    const rest = () => {
      const origin = this.map.getPixelOrigin();
      return { scale: this.#scaleAt(this.map.getZoom()), left: origin.x, top: origin.y };
    };
    if (!this.#zooming) return rest();
    const { from, to, at } = this.#zooming;
    const far = zoomCurve(Math.min(1, (performance.now() - at) / ZOOM_TIME));
    const between = (name) => from[name] + (to[name] - from[name]) * far;
    return { scale: between("scale"), left: between("left"), top: between("top") };
  }

  #scaleAt(zoom) {
    return this.map.options.crs.scale(zoom) / WORLD;
  }

  #zoomTo(center, zoom) {
    const from = this.#ground();
    // As Leaflet does: where the pane's origin will be once the zoom has ended.
    const pane = this.map.containerPointToLayerPoint([0, 0]);
    const half = this.map.getSize().divideBy(2);
    const origin = this.map.project(center, zoom).subtract(half).subtract(pane).round();
    const to = { scale: this.#scaleAt(zoom), left: origin.x, top: origin.y };
    this.#zooming = { from, to, at: performance.now() };
    this.#draw();
  }

  #coversView() {
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const size = this.map.getSize();
    return (
      corner.x >= this.#corner.x &&
      corner.y >= this.#corner.y &&
      corner.x + size.x <= this.#corner.x + this.#size.x &&
      corner.y + size.y <= this.#corner.y + this.#size.y
    );
  }

  #fit() {
    const size = this.map.getSize();
    const ratio = window.devicePixelRatio || 1;
    const quarter = Math.min(size.x, size.y) / 4;
    const margin = Math.round(Math.max(MARGIN.least, Math.min(MARGIN.most, quarter)));
    const [width, height] = [size.x + 2 * margin, size.y + 2 * margin];
    this.#size = { x: width, y: height };
    const canvas = this.#canvas;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across;
      canvas.height = down;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    if (this.#painter?.ratio !== ratio) {
      this.#painter = new MarkPainter(this.map.getContainer(), ratio);
    }
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    this.#corner = { x: corner.x - margin, y: corner.y - margin };
    canvas.style.transform = `translate(${this.#corner.x}px, ${this.#corner.y}px)`;
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.clearRect(0, 0, width, height);
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    if (!this.map.getSize().x) return;
    this.#fit();
    const { x: width, y: height } = this.#size;
    const { scale, left, top } = this.#ground();
    const swapped = Math.min(1, (performance.now() - this.#swapFrom) / SWAP_TIME);
    const context = this.#context;
    const paint = (mark, size) => {
      const x = mark.x * scale - left - this.#corner.x;
      const y = mark.y * scale - top - this.#corner.y;
      const reach = radiusOf(mark.total) + 4;
      if (x < -reach || y < -reach || x > width + reach || y > height + reach) return;
      this.#painter.paint(context, mark, x, y, size);
    };
    if (swapped < 1) {
      context.globalAlpha = 1 - swapped;
      for (const mark of this.#leaving) paint(mark, 1);
    }
    for (const mark of this.#marks) {
      const isNew = swapped < 1 && this.#arriving.has(mark.key);
      context.globalAlpha = isNew ? swapped : 1;
      paint(mark, isNew ? SMALLEST + (1 - SMALLEST) * swapped : 1);
    }
    context.globalAlpha = 1;
    this.onMove();
    const isZooming = this.#zooming && performance.now() - this.#zooming.at < ZOOM_TIME;
    if (isZooming || swapped < 1) this.#soon();
  }

  #soon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }
}
