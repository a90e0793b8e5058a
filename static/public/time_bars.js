// The bars of the years: a bar for each month, in the colours of the four statuses; the years below
// them; and what a finger does on them.

const STATUSES = ["open", "in_progress", "fixed", "wont_fix"];
const SVG = "http://www.w3.org/2000/svg";
const ROOM = 44; // px that a year wants

/**
 * A path for each status in a box of 10 for each month by 100.
 * @param {number[][]} counts four numbers for each month
 * @param {number} highest reports in the month that has most
 * @returns {SVGPathElement[]}
 */
export function barsOf(counts, highest) {
  return STATUSES.map((status, index) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", `time__bar time__bar--${status}`);
    const steps = counts.map((four, month) => {
      if (!four[index]) return "";
      const below = four.slice(0, index).reduce((a, b) => a + b, 0);
      const height = (four[index] / highest) * 100;
      const top = 100 - (below / highest) * 100 - height;
      return `M${month * 10 + 1} ${top.toFixed(2)}h8v${height.toFixed(2)}h-8z`;
    });
    path.setAttribute("d", steps.join(""));
    return path;
  });
}

/**
 * The years below the bars, as many as have room.
 * @param {number} begin the month of the first bar, counted from the year 0
 * @param {number} months how many bars there are
 * @param {number} width px
 */
export function yearMarks(begin, months, width) {
  const room = Math.max(1, Math.floor(width / ROOM));
  const first = Math.ceil(begin / 12);
  const last = Math.floor((begin + months - 1) / 12);
  const every = Math.max(1, Math.ceil((last - first + 1) / room));
  const marks = [];
  for (let year = last; year >= first; year -= every) {
    const mark = document.createElement("span");
    mark.textContent = String(year);
    mark.style.left = `${(100 * (year * 12 - begin)) / months}%`;
    if (months - (year * 12 - begin) >= months / (room * 1.6)) marks.push(mark);
  }
  return marks;
}

/**
 * Choose on the bars themselves: a month by a tap, months by a stroke along them.
 * @param {HTMLElement} track
 * @param {{months: () => number, choose: (first: number, end: number) => void}} options
 *   choose: the index of the first bar, and that after the last
 */
export function alongBars(track, { months, choose }) {
  let from = null;
  const barAt = ({ clientX }) => {
    const { left, width } = track.getBoundingClientRect();
    const share = Math.max(0, Math.min(0.9999, (clientX - left) / width));
    return Math.floor(share * months());
  };
  track.addEventListener("pointerdown", (event) => {
    if (event.button || !months() || event.target.matches("input")) return;
    from = barAt(event);
    track.setPointerCapture(event.pointerId);
    choose(from, from + 1);
  });
  track.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const to = barAt(event);
    choose(Math.min(from, to), Math.max(from, to) + 1);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    track.addEventListener(name, () => {
      from = null;
    });
  }
}
