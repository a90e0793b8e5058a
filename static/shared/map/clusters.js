// Merging, pure: from cells of counts and single reports to what is drawn. Every report is counted
// exactly once and nothing touches anything else. What becomes of a place depends on what lies near it,
// not on where the view stands: whoever pans sees the same marks.

/**
 * @typedef {{key: string, x: number, y: number, counts: number[], total: number,
 *   reports: import("./tile_answer.js").Report[], members: number,
 *   west: number, north: number, east: number, south: number}} Mark
 *   x, y and the box around its members in world pixels (see tile_answer.js); reports is complete only
 *   if its length is total; members: cells and reports it was made of
 */

/** Radius of a mark in px: a pin is 14, a ring grows with the figures it holds. */
export function radiusOf(total) {
  return total === 1 ? 14 : Math.min(38, 15.5 + 4.6 * Math.log10(total));
}

const WIDEST = 2 * 38; // px, two of the largest marks side by side
// A cell draws in those beside it: of large ones side by side the picture would be a grid.
const BESIDE = 1.1; // sides of a cell
const NONE = -1;

/** Cells and reports of tile answers in columns: half a million numbers are read more quickly so. */
function columnsOf(answers) {
  let most = 0;
  for (const { cells, reports } of answers) most += cells.length + reports.length;
  const columns = {
    length: 0,
    x: new Float64Array(most),
    y: new Float64Array(most),
    half: new Float64Array(most), // side of the cell, halved; 0 of a report
    totals: new Float64Array(most),
    counts: new Float64Array(most * 4),
    reports: new Array(most).fill(null),
  };
  const seen = new Set(); // a report that was moved meanwhile may come with two tiles
  for (const { cells, reports, size } of answers) {
    for (const { x, y, counts } of cells) {
      const total = counts[0] + counts[1] + counts[2] + counts[3];
      if (total > 0) put(columns, x, y, size / 2, total).set(counts, (columns.length - 1) * 4);
    }
    for (const report of reports) {
      if (seen.has(report.number)) continue;
      seen.add(report.number);
      const at = columns.length;
      put(columns, report.x, report.y, 0, 1)[at * 4 + report.status] = 1;
      columns.reports[at] = report;
    }
  }
  return columns;
}

function put(columns, x, y, half, total) {
  const at = columns.length;
  columns.length += 1;
  columns.x[at] = x;
  columns.y[at] = y;
  columns.half[at] = half;
  columns.totals[at] = total;
  return columns.counts;
}

/** A number below `below` that a place has wherever it is asked from: breaks ties between equals. */
function lot(x, y, below) {
  let mixed = Math.imul(Math.round(x * 4194304), 0x9e3779b1) ^ Math.imul(Math.round(y * 4194304), 0x85ebca77);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
}

/**
 * Indexes of the largest first. Equals are drawn by lot, not from the north: else one more pin at the
 * upper edge would move all below it. Sorted as plain numbers, which is ten times as quick as asking
 * a function: total, lot and index share the 53 bits of one.
 */
function largestFirst({ length, x, y, totals }) {
  const indexes = 2 ** Math.ceil(Math.log2(length + 1));
  const lots = 2 ** Math.max(1, 53 - 27 - Math.log2(indexes)); // totals of up to 134 million
  const keys = new Float64Array(length);
  for (let at = 0; at < length; at += 1) {
    keys[at] = (totals[at] * lots + lot(x[at], y[at], lots)) * indexes + at;
  }
  keys.sort();
  const order = new Int32Array(length);
  for (let at = 0; at < length; at += 1) order[at] = keys[length - 1 - at] % indexes;
  return order;
}

/** Squares of a side, each with what lies in it, so that only neighbours need be asked. */
class Squares {
  constructor(x, y, side) {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let at = 0; at < x.length; at += 1) {
      left = Math.min(left, x[at]);
      right = Math.max(right, x[at]);
      top = Math.min(top, y[at]);
      bottom = Math.max(bottom, y[at]);
    }
    this.side = Math.max(side, (right - left) / 1000, (bottom - top) / 1000);
    this.left = Math.floor(left / this.side) - 1;
    this.top = Math.floor(top / this.side) - 1;
    this.columns = Math.floor(right / this.side) - this.left + 2;
    const rows = Math.floor(bottom / this.side) - this.top + 2;
    this.first = new Int32Array(this.columns * rows).fill(NONE);
    this.next = new Int32Array(x.length).fill(NONE);
    this.x = x;
    this.y = y;
  }

  #square(x, y) {
    return (
      Math.floor(x / this.side) - this.left + (Math.floor(y / this.side) - this.top) * this.columns
    );
  }

  add(at) {
    const square = this.#square(this.x[at], this.y[at]);
    this.next[at] = this.first[square];
    this.first[square] = at;
  }

  remove(at) {
    const square = this.#square(this.x[at], this.y[at]);
    if (this.first[square] === at) {
      this.first[square] = this.next[at];
      return;
    }
    let before = this.first[square];
    while (this.next[before] !== at) before = this.next[before];
    this.next[before] = this.next[at];
  }

  /** The nearest of those within side of (x, y) that are nearer than `within(index)` px; or NONE. */
  nearest(x, y, within) {
    const middle = this.#square(x, y);
    let found = NONE;
    let least = Infinity;
    for (let row = -this.columns; row <= this.columns; row += this.columns) {
      for (let square = middle + row - 1; square <= middle + row + 1; square += 1) {
        for (let at = this.first[square]; at !== NONE; at = this.next[at]) {
          const distance = (this.x[at] - x) ** 2 + (this.y[at] - y) ** 2;
          if (distance < least && distance < within(at) ** 2) {
            least = distance;
            found = at;
          }
        }
      }
    }
    return found;
  }
}

/**
 * Merge what would not be told apart at a zoom. The largest draw in what is near them; then any two
 * that still touch become one.
 * @param {import("./tile_answer.js").Answer[]} answers
 * @param {number} zoom may be a fraction
 * @param {number} reach px within which a mark draws others in; 0: reports merge only where they touch
 * @param {number} gap px kept between two marks
 * @returns {Mark[]} in reading order, top to bottom
 */
export function mergeMarks(answers, zoom, reach, gap = 3) {
  const all = columnsOf(answers);
  const { length } = all;
  if (length === 0) return [];
  const scale = 2 ** zoom;
  const x = all.x.subarray(0, length).map((value) => value * scale); // px
  const y = all.y.subarray(0, length).map((value) => value * scale);
  const totals = all.totals.slice(0, length);
  // The members of a mark hang on its first one as a chain.
  const next = new Int32Array(length).fill(NONE);
  const last = Int32Array.from(next, (_, at) => at);
  const take = (into, other) => {
    const total = totals[into] + totals[other];
    x[into] = (x[into] * totals[into] + x[other] * totals[other]) / total;
    y[into] = (y[into] * totals[into] + y[other] * totals[other]) / total;
    totals[into] = total;
    next[last[into]] = other;
    last[into] = last[other];
  };

  let heads = largestFirst({ ...all, length });
  const reaches = all.half.subarray(0, length).map((half) => Math.max(reach, 2 * half * scale * BESIDE));
  heads = drawIn(heads, x, y, take, reaches);
  heads = mergeTouching(heads, x, y, totals, take, gap);
  return heads
    .map((head) => markOf(head, all, next, x[head] / scale, y[head] / scale, zoom))
    .sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Measured from where the first of a mark was, not from where it has moved to since. */
function drawIn(order, x, y, take, reaches) {
  const widest = reaches.reduce((one, other) => Math.max(one, other), 0);
  if (!widest) return order;
  const squares = new Squares(x.slice(), y.slice(), widest);
  const seeds = [];
  const within = (at) => reaches[at];
  for (const at of order) {
    const near = squares.nearest(x[at], y[at], within);
    if (near === NONE) {
      squares.add(at);
      seeds.push(at);
    } else {
      take(near, at);
    }
  }
  return seeds;
}

/** What is kept never touches: a mark that has grown is asked again before it is kept. */
function mergeTouching(heads, x, y, totals, take, gap) {
  const order = [...heads].sort((a, b) => totals[b] - totals[a]); // equals stay as the lot fell
  const radii = new Float64Array(totals.length);
  const squares = new Squares(x, y, WIDEST + gap);
  const kept = new Set();
  for (const one of order) {
    let mark = one;
    for (;;) {
      radii[mark] = radiusOf(totals[mark]);
      const least = radii[mark] + gap;
      const near = squares.nearest(x[mark], y[mark], (at) => radii[at] + least);
      if (near === NONE) break;
      squares.remove(near);
      kept.delete(near);
      const [larger, smaller] = totals[near] >= totals[mark] ? [near, mark] : [mark, near];
      take(larger, smaller);
      mark = larger;
    }
    squares.add(mark);
    kept.add(mark);
  }
  return [...kept];
}

function markOf(head, all, next, x, y, zoom) {
  const counts = [0, 0, 0, 0];
  const reports = [];
  let [west, east, north, south, members] = [Infinity, -Infinity, Infinity, -Infinity, 0];
  for (let at = head; at !== NONE; at = next[at]) {
    for (let status = 0; status < 4; status += 1) counts[status] += all.counts[at * 4 + status];
    if (all.reports[at]) reports.push(all.reports[at]);
    west = Math.min(west, all.x[at] - all.half[at]);
    east = Math.max(east, all.x[at] + all.half[at]);
    north = Math.min(north, all.y[at] - all.half[at]);
    south = Math.max(south, all.y[at] + all.half[at]);
    members += 1;
  }
  const total = counts[0] + counts[1] + counts[2] + counts[3];
  const key = keyOf(x, y, zoom, counts, total, reports);
  return { key, x, y, counts, total, reports, members, west, north, east, south };
}

/** The same content at the same place has the same key, so what is said of it (and the focus) can stay. */
function keyOf(x, y, zoom, counts, total, reports) {
  if (total === 1 && reports.length === 1) return `r${reports[0].number}:${reports[0].status}`;
  const scale = 2 ** zoom;
  return `c${Math.round(x * scale)}:${Math.round(y * scale)}:${counts.join(",")}`;
}
