// Merging, pure: from cells of counts and single reports to what is drawn. Every report is counted
// exactly once, whatever is merged.

/**
 * @typedef {{number: string, lat: number, lon: number, status: number, category: string,
 *   title: string}} Report  status is the index in STATUSES
 * @typedef {{key: string, x: number, y: number, counts: number[], total: number,
 *   reports: Report[], points: [number, number][]}} Mark  x, y in px of the projection;
 *   reports is complete only if its length is total; points are (lat, lon) of the members
 */

/** Radius of a mark in px: a pin is 14, a ring grows with the figures it holds. */
export function radiusOf(total) {
  return total === 1 ? 14 : Math.min(38, 15.5 + 4.6 * Math.log10(total));
}

function take(mark, other) {
  const total = mark.total + other.total;
  mark.x = (mark.x * mark.total + other.x * other.total) / total;
  mark.y = (mark.y * mark.total + other.y * other.total) / total;
  mark.total = total;
  other.counts.forEach((count, status) => (mark.counts[status] += count));
  mark.reports.push(...other.reports);
  mark.points.push(...other.points);
}

/** Cells and reports of tile answers as marks of their own. @param {Function} project (lat, lon) → {x, y} px */
export function marksOf(answers, project) {
  const marks = [];
  const seen = new Set(); // a report on the edge of two tiles comes twice
  for (const answer of answers) {
    for (const [lat, lon, ...counts] of answer.cells ?? []) {
      const { x, y } = project(lat, lon);
      const total = counts.reduce((sum, count) => sum + count, 0);
      if (total) marks.push({ key: "", x, y, counts, total, reports: [], points: [[lat, lon]] });
    }
    for (const [number, lat, lon, status, category, title] of answer.reports ?? []) {
      if (seen.has(number)) continue;
      seen.add(number);
      const index = typeof status === "number" ? status : STATUS_INDEX[status];
      const counts = [0, 0, 0, 0];
      counts[index] = 1;
      const { x, y } = project(lat, lon);
      const report = { number, lat, lon, status: index, category, title: title ?? "" };
      marks.push({ key: "", x, y, counts, total: 1, reports: [report], points: [[lat, lon]] });
    }
  }
  return marks;
}

const STATUS_INDEX = { open: 0, in_progress: 1, fixed: 2, wont_fix: 3 };

/**
 * Merge marks that would not be told apart. The largest draw in what is near them, wherever the view
 * stands, so that panning changes little; then any two that still touch become one.
 * @param {Mark[]} marks
 * @param {number} reach px within which a mark draws others in; 0 merges only what touches
 * @param {number} gap px kept between two marks
 * @returns {Mark[]} in reading order, top to bottom
 */
export function mergeMarks(marks, reach, gap = 3) {
  const order = [...marks].sort((a, b) => b.total - a.total || a.y - b.y || a.x - b.x);
  const seeds = [];
  const squares = new Map(); // seeds by squares of side `reach`, so that only neighbours are asked
  const side = reach || 1;
  for (const one of order) {
    const mark = { ...one, counts: [...one.counts], reports: [...one.reports], points: [...one.points] };
    const column = Math.floor(mark.x / side);
    const row = Math.floor(mark.y / side);
    const near = reach ? nearest(squares, column, row, mark, reach) : null;
    if (near) {
      take(near.mark, mark);
      continue;
    }
    const seed = { x: mark.x, y: mark.y, mark };
    seeds.push(seed);
    const square = `${column}:${row}`;
    if (!squares.has(square)) squares.set(square, []);
    squares.get(square).push(seed);
  }
  let merged = seeds.map(({ mark }) => mark);
  for (let round = 0; round < 6; round += 1) {
    const { kept, touched } = mergeTouching(merged, gap);
    merged = kept;
    if (!touched) break;
  }
  for (const mark of merged) mark.key = keyOf(mark);
  return merged.sort((a, b) => a.y - b.y || a.x - b.x);
}

function nearest(squares, column, row, mark, reach) {
  let found = null;
  let least = reach;
  for (let dx = -1; dx <= 1; dx += 1) {
    for (let dy = -1; dy <= 1; dy += 1) {
      for (const seed of squares.get(`${column + dx}:${row + dy}`) ?? []) {
        const distance = Math.hypot(seed.x - mark.x, seed.y - mark.y);
        if (distance < least) {
          least = distance;
          found = seed;
        }
      }
    }
  }
  return found;
}

function mergeTouching(marks, gap) {
  const kept = [];
  let touched = false;
  for (const mark of [...marks].sort((a, b) => b.total - a.total || a.y - b.y || a.x - b.x)) {
    const radius = radiusOf(mark.total);
    const near = kept.find(
      (other) =>
        Math.hypot(other.x - mark.x, other.y - mark.y) < radiusOf(other.total) + radius + gap,
    );
    if (near) {
      take(near, mark);
      touched = true;
    } else {
      kept.push(mark);
    }
  }
  return { kept, touched };
}

/** The same content at the same place has the same key, so its element (and the focus) can stay. */
function keyOf(mark) {
  return mark.total === 1 && mark.reports.length === 1
    ? `r${mark.reports[0].number}:${mark.reports[0].status}`
    : `c${Math.round(mark.x)}:${Math.round(mark.y)}:${mark.counts.join(",")}`;
}
