// How marks look on a canvas: a pin is the status's shape with its glyph and a white halo; a cluster is
// a white disc with the true number in ink and a ring of the four shares. Shapes, discs and numbers
// are drawn once and then copied.
import { radiusOf } from "./clusters.js";
import { ringWidth } from "./mark_elements.js";
import { BODIES, GLYPHS } from "./pins.js";
import { shortNumber, STATUSES } from "./words.js";

const PIN = 31; // px, side of a pin with its halo
const PIN_BOX = 25; // the same in the units of its paths, around a square of 20
const SHADOW = 4; // px around a drawing that its shadow may take
const KEPT = 400; // drawings of numbers

const TOKENS = {
  ink: "--ink",
  open: "--open",
  in_progress: "--in-progress",
  fixed: "--fixed",
  wont_fix: "--wont-fix",
};

export class MarkPainter {
  #discs = new Map();
  #numbers = new Map();
  #pins = new Map();

  /**
   * @param {HTMLElement} element whose style has the colours and the type
   * @param {number} ratio device pixels per px
   */
  constructor(element, ratio) {
    this.ratio = ratio;
    const style = getComputedStyle(element);
    this.family = style.fontFamily;
    this.colours = Object.fromEntries(
      Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()]),
    );
    this.isEdged = matchMedia("(prefers-contrast: more), (forced-colors: active)").matches;
  }

  /** Draw a mark in px around (x, y); larger or smaller by `size`. */
  paint(context, mark, x, y, size = 1) {
    if (mark.total === 1) {
      this.#copy(context, this.#pin(STATUSES[mark.counts.indexOf(1)]), x, y, size);
      return;
    }
    const radius = radiusOf(mark.total);
    this.#copy(context, this.#disc(radius), x, y, size);
    this.#ring(context, mark, x, y, radius * size);
    this.#copy(context, this.#number(shortNumber(mark.total), radius > 24), x, y, size);
  }

  #copy(context, { drawing, side, top }, x, y, size) {
    // On whole device pixels, or a copy is blurred.
    const left = Math.round((x - (side * size) / 2) * this.ratio) / this.ratio;
    const above = Math.round((y - (top ?? side / 2) * size) * this.ratio) / this.ratio;
    const height = (drawing.height / this.ratio) * size;
    context.drawImage(drawing, left, above, (drawing.width / this.ratio) * size, height);
  }

  #sheet(side, height = side) {
    const drawing = document.createElement("canvas");
    drawing.width = Math.ceil(side * this.ratio);
    drawing.height = Math.ceil(height * this.ratio);
    const context = drawing.getContext("2d");
    context.scale(this.ratio, this.ratio);
    return { drawing, context, side: drawing.width / this.ratio };
  }

  #shadow(context, blur, opacity) {
    context.shadowColor = `rgb(27 36 48 / ${opacity})`;
    context.shadowBlur = blur * this.ratio;
    context.shadowOffsetY = this.ratio;
  }

  #pin(status) {
    let pin = this.#pins.get(status);
    if (pin) return pin;
    pin = this.#sheet(PIN + 2 * SHADOW);
    this.#pins.set(status, pin);
    const { context, side } = pin;
    context.translate(side / 2, side / 2);
    context.scale(PIN / PIN_BOX, PIN / PIN_BOX);
    context.translate(-10, -10);
    context.lineJoin = "round";
    context.lineCap = "round";
    const body = new Path2D(BODIES[status]);
    if (this.isEdged) {
      context.strokeStyle = this.colours.ink;
      context.lineWidth = 6;
      context.stroke(body);
    }
    context.fillStyle = "#ffffff";
    context.strokeStyle = "#ffffff";
    context.lineWidth = 4;
    context.save();
    this.#shadow(context, 3, 0.35);
    context.stroke(body);
    context.restore();
    context.fill(body);
    context.fillStyle = this.colours[status];
    context.fill(body);
    context.lineWidth = 2.4;
    context.stroke(new Path2D(GLYPHS[status]));
    return pin;
  }

  #disc(radius) {
    const name = Math.round(radius * 4);
    let disc = this.#discs.get(name);
    if (disc) return disc;
    disc = this.#sheet(2 * (radius + SHADOW));
    this.#discs.set(name, disc);
    const { context, side } = disc;
    context.beginPath();
    context.arc(side / 2, side / 2, radius - 0.5, 0, 2 * Math.PI);
    context.fillStyle = "#ffffff";
    this.#shadow(context, 4, 0.25);
    context.fill();
    if (this.isEdged) {
      context.shadowColor = "transparent";
      context.strokeStyle = this.colours.ink;
      context.stroke();
    }
    return disc;
  }

  #ring(context, mark, x, y, radius) {
    const width = ringWidth(radius);
    context.lineWidth = width;
    let start = -Math.PI / 2;
    for (let index = 0; index < STATUSES.length; index += 1) {
      if (!mark.counts[index]) continue;
      const end = start + (mark.counts[index] / mark.total) * 2 * Math.PI;
      context.beginPath();
      context.arc(x, y, radius - 2 - width / 2, start, end);
      context.strokeStyle = this.colours[STATUSES[index]];
      context.stroke();
      start = end;
    }
  }

  #number(text, isLarge) {
    const name = isLarge ? `${text} ` : text;
    let number = this.#numbers.get(name);
    if (number) return number;
    const size = isLarge ? 13.5 : 12.5; // px
    const font = `700 ${size}px ${this.family}`;
    const measured = this.#sheet(1).context;
    const dress = (context) => {
      context.font = font;
      context.letterSpacing = `${-0.02 * size}px`;
      context.fontKerning = "none";
    };
    dress(measured);
    const { width } = measured.measureText(text);
    number = this.#sheet(width + 2, size * 1.5);
    const { context, side } = number;
    dress(context);
    context.fillStyle = this.colours.ink;
    context.textAlign = "center";
    // The middle of the figures, not of the line with its room for accents.
    const { actualBoundingBoxAscent: ascent } = context.measureText("0");
    number.top = (size * 1.5) / 2;
    context.fillText(text, side / 2, number.top + ascent / 2);
    if (this.#numbers.size > KEPT) this.#numbers.clear();
    this.#numbers.set(name, number);
    return number;
  }
}
