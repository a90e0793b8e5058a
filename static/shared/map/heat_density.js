// Heat, pure: counted places become a smooth density, and a density becomes colours.
// Places are in px of a picture; its grid is coarser, because what is blurred has no finer detail.

export const STEP = 6; // px of the picture for one square of the grid
const REACH = 2; // squares to each side of one pass of the blur: five passes make a round bell of 19 px
const PASSES = 5;

// From light to dark, so that it reads without colours too; none of them is a status's.
// [share of the scale's top, red, green, blue, opacity]
const RAMP = [
  [0, 244, 206, 164, 0],
  [0.04, 244, 206, 164, 0],
  [0.14, 244, 206, 164, 0.5],
  [0.32, 233, 160, 146, 0.74],
  [0.55, 201, 92, 122, 0.84],
  [0.78, 143, 44, 104, 0.9],
  [1, 74, 16, 72, 0.94],
];

/** @typedef {{width: number, height: number, values: Float32Array}} Grid */

/**
 * A grid with the weights of all places, each shared between the four squares around it.
 * @param {Iterable<{x: number, y: number, weight: number}>} places in px of the picture
 * @param {number} width of the picture in px
 * @param {number} height
 * @returns {Grid}
 */
export function gather(places, width, height) {
  const columns = Math.ceil(width / STEP);
  const rows = Math.ceil(height / STEP);
  const values = new Float32Array(columns * rows);
  for (const { x, y, weight } of places) {
    const column = x / STEP - 0.5;
    const row = y / STEP - 0.5;
    const left = Math.floor(column);
    const top = Math.floor(row);
    if (left < 0 || top < 0 || left + 1 >= columns || top + 1 >= rows) continue; // beyond the edge
    const right = (column - left) * weight;
    const below = row - top;
    const at = top * columns + left;
    values[at] += (weight - right) * (1 - below);
    values[at + 1] += right * (1 - below);
    values[at + columns] += (weight - right) * below;
    values[at + columns + 1] += right * below;
  }
  return { width: columns, height: rows, values };
}

const SHARE = 1 / (2 * REACH + 1);

/** Each square becomes the mean of itself and REACH others to its left and right. */
function averageAcross(from, to, width, height) {
  for (let row = 0; row < height; row += 1) {
    const start = row * width;
    let sum = 0;
    for (let i = 0; i < Math.min(REACH, width); i += 1) sum += from[start + i];
    for (let i = 0; i < width; i += 1) {
      if (i + REACH < width) sum += from[start + i + REACH];
      if (i > REACH) sum -= from[start + i - REACH - 1];
      to[start + i] = sum * SHARE;
    }
  }
}

/** The same up and down, a whole row at a time: memory is read in its order. */
function averageDown(from, to, width, height) {
  const sums = new Float32Array(width);
  const add = (row, sign) => {
    if (row < 0 || row >= height) return;
    const start = row * width;
    for (let i = 0; i < width; i += 1) sums[i] += sign * from[start + i];
  };
  for (let row = 0; row < REACH; row += 1) add(row, 1);
  for (let row = 0; row < height; row += 1) {
    add(row + REACH, 1);
    add(row - REACH - 1, -1);
    const start = row * width;
    for (let i = 0; i < width; i += 1) to[start + i] = sums[i] * SHARE;
  }
}

/** The same grid, blurred; what lies in it in all stays the same, but for what leaves its edges. */
export function blur({ width, height, values }) {
  let from = values;
  let to = new Float32Array(values.length);
  for (let pass = 0; pass < 2 * PASSES; pass += 1) {
    (pass % 2 ? averageDown : averageAcross)(from, to, width, height);
    [from, to] = [to, from];
  }
  // What rounding leaves where nothing was is nothing.
  let highest = 0;
  for (let i = 0; i < from.length; i += 1) if (from[i] > highest) highest = from[i];
  const least = highest / 1e5;
  for (let i = 0; i < from.length; i += 1) if (from[i] < least) from[i] = 0;
  return { width, height, values: from };
}

/**
 * The value that 98 of 100 squares with something to see in them do not exceed, in a part of the grid.
 * @param {Grid} grid
 * @param {{left: number, top: number, right: number, bottom: number}} part in squares
 */
export function almostHighest({ width, values }, { left, top, right, bottom }) {
  let highest = 0;
  for (let row = top; row < bottom; row += 1) {
    for (let at = row * width + left; at < row * width + right; at += 1) {
      if (values[at] > highest) highest = values[at];
    }
  }
  if (!highest) return 0;
  // Counted into steps of the scale: a sort of all squares would take longer than the blur.
  const steps = new Uint32Array(1001);
  let some = 0;
  for (let row = top; row < bottom; row += 1) {
    for (let at = row * width + left; at < row * width + right; at += 1) {
      const step = Math.ceil((values[at] / highest) * 1000);
      if (step <= 20) continue;
      steps[step] += 1;
      some += 1;
    }
  }
  let step = 1000;
  for (let above = steps[1000]; above <= some * 0.02 && step > 21; above += steps[step]) step -= 1;
  return (highest * step) / 1000;
}

/** The next number from here that is easily read: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
export function roundUp(value) {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  const step = steps.find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(2));
}

/** 256 colours of the ramp as red, green, blue, opacity (0..255 each). */
export const COLOURS = (() => {
  const colours = new Uint8ClampedArray(256 * 4);
  for (let index = 0; index < 256; index += 1) {
    const share = index / 255;
    const next = Math.max(1, RAMP.findIndex(([at]) => at >= share));
    const [from, ...before] = RAMP[next - 1];
    const [to, ...after] = RAMP[next];
    const part = (share - from) / (to - from);
    const mixed = before.map((value, channel) => value + (after[channel] - value) * part);
    colours.set([mixed[0], mixed[1], mixed[2], mixed[3] * 255], index * 4);
  }
  return colours;
})();
const WHOLE_COLOURS = new Uint32Array(COLOURS.buffer); // all four channels as one number

/**
 * Paint a grid: colours go by the root of the values, so that quiet ground differs too.
 * @param {Grid} grid
 * @param {number} top value from which on the darkest colour stands
 * @param {Uint8ClampedArray} pixels of an image of the grid's size
 */
export function paint({ values }, top, pixels) {
  const whole = new Uint32Array(pixels.buffer);
  const scale = top > 0 ? (255 * 255) / top : 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    whole[index] = value ? WHOLE_COLOURS[Math.min(255, Math.sqrt(value * scale)) | 0] : 0;
  }
}
