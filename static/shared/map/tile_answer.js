// What a tile's answer says, pure: from flat rows of Morton indexes to places in the world.
//
// Places are world pixels at zoom 0: x from 0 (180° west) to 256, y from 0 (85.05° north) to 256, so
// that at zoom z a place lies at x * 2 ** z.

export const WORLD = 256; // px, side of the world at zoom 0

/**
 * Every second bit of an index, from the lowest on. Of up to 24 bits: the server tells places no finer
 * than 12 levels below the tile (FINEST_REPORTS).
 */
function everySecondBit(index) {
  let bits = index & 0x555555;
  bits = (bits | (bits >> 1)) & 0x333333;
  bits = (bits | (bits >> 2)) & 0x0f0f0f;
  bits = (bits | (bits >> 4)) & 0xff00ff;
  return (bits | (bits >> 8)) & 0xffff;
}

/**
 * @typedef {{x: number, y: number, counts: number[]}} Cell  its middle; counts in the order of STATUSES
 * @typedef {{x: number, y: number, number: string, category: string, status: number}} Report
 *   status is the index in STATUSES
 * @typedef {{z: number, x: number, y: number, cells: Cell[], reports: Report[], more: boolean,
 *   size: number}} Answer  z, x, y of the tile; size: side of its cells in world pixels; more: a search
 *   was cut off, there is at least what is told
 */

/** @param {object | null} body JSON of a tile; null when it is empty @returns {Answer} */
export function decode(body, z, x, y) {
  const answer = { z, x, y, cells: [], reports: [], more: Boolean(body?.more), size: 0 };
  if (!body) return answer;
  const tile = WORLD / 2 ** z;
  const placeIn = (side) => (index) => ({
    x: x * tile + (everySecondBit(index) + 0.5) * side,
    y: y * tile + (everySecondBit(index >> 1) + 0.5) * side,
  });

  const { cells, reports } = body;
  answer.size = WORLD / 2 ** cells.level;
  const cellAt = placeIn(answer.size);
  for (let at = 0; at + 4 < cells.rows.length; at += 5) {
    answer.cells.push({ ...cellAt(cells.rows[at]), counts: cells.rows.slice(at + 1, at + 5) });
  }
  const reportAt = placeIn(WORLD / 2 ** reports.level);
  for (let at = 0; at + 3 < reports.rows.length; at += 4) {
    const [index, number, category, status] = reports.rows.slice(at, at + 4);
    answer.reports.push({ ...reportAt(index), number, category, status });
  }
  return answer;
}
