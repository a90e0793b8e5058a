// The one mark that has the pointer, the focus or the list's attention, as a real link or button that
// looks like its drawing on the canvas, a little larger.
import { radiusOf } from "./clusters.js";
import { statusShape, svg } from "./pins.js";
import { number, shortNumber, STATUSES } from "./words.js";

/** The report that a mark stands for alone; null for a cluster. @param {import("./clusters.js").Mark} mark */
export const reportOf = (mark) => (mark.total === 1 ? (mark.reports[0] ?? null) : null);

/** Widths of a ring in px. */
export const ringWidth = (radius) => (radius > 24 ? 5 : 4.5);

function ring(mark, radius) {
  const size = radius * 2;
  const drawing = svg("svg", {
    class: "cluster__ring",
    width: size,
    height: size,
    viewBox: `${-radius} ${-radius} ${size} ${size}`,
    "aria-hidden": "true",
    focusable: "false",
  });
  drawing.append(svg("circle", { class: "cluster__disc", r: radius - 0.5 }));
  const width = ringWidth(radius);
  let start = 0;
  for (const [index, status] of STATUSES.entries()) {
    const share = (mark.counts[index] / mark.total) * 100;
    if (!share) continue;
    drawing.append(
      svg("circle", {
        class: `cluster__share shape--${status}`,
        r: radius - 2 - width / 2,
        pathLength: 100,
        "stroke-width": width,
        "stroke-dasharray": `${share} ${100 - share}`,
        "stroke-dashoffset": -start,
        transform: "rotate(-90)",
      }),
    );
    start += share;
  }
  return drawing;
}

/** [status, count] of those that a mark has, in the order of STATUSES. */
const partsOf = (mark) =>
  STATUSES.map((status, index) => [status, mark.counts[index]]).filter(([, count]) => count);

/**
 * The name a screen reader gives a cluster: the number and its four parts.
 * @param {import("./clusters.js").Mark} mark
 * @param {Function} words
 */
export function clusterName(mark, words) {
  const parts = partsOf(mark).map(([status, count]) => `${words(status)}: ${number(count)}`);
  return `${words("cluster", { total: number(mark.total) })} ${parts.join(", ")}`;
}

function label(...content) {
  const name = document.createElement("span");
  name.className = "mark__name";
  name.setAttribute("aria-hidden", "true");
  name.append(...content);
  return name;
}

function clusterLabel(mark, words) {
  const total = document.createElement("strong");
  total.textContent = words("cluster", { total: number(mark.total) });
  const parts = document.createElement("span");
  parts.className = "mark__parts";
  for (const [status, count] of partsOf(mark)) {
    const part = document.createElement("span");
    part.append(statusShape(status, true), number(count));
    parts.append(part);
  }
  return label(total, parts);
}

/** A button: a cluster, or a lone report whose number is not known at this zoom. */
function clusterButton(mark, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", clusterName(mark, words));
  if (mark.total === 1) {
    button.className = "pin";
    button.append(statusShape(STATUSES[mark.counts.indexOf(1)], true));
    return button;
  }
  const radius = radiusOf(mark.total);
  const count = document.createElement("span");
  count.className = "cluster__number";
  count.textContent = shortNumber(mark.total);
  button.className = radius > 24 ? "cluster cluster--large" : "cluster";
  button.append(ring(mark, radius), count, clusterLabel(mark, words));
  return button;
}

function pinLink(report, address, words, title) {
  const status = STATUSES[report.status];
  const link = document.createElement("a");
  link.className = "pin";
  link.href = address;
  link.draggable = false;
  link.dataset.number = report.number;
  link.setAttribute("aria-label", `${title}. ${words(status)}. ${report.number}`);
  link.append(statusShape(status, true), label(title));
  return link;
}

/**
 * A link to the report's page, or a button that opens a cluster.
 * @param {import("./clusters.js").Mark} mark
 * @param {{words: Function, reportAddress: (number: string) => string, titleOf: Function}} saying
 * @returns {HTMLElement}
 */
export function markElement(mark, { words, reportAddress, titleOf }) {
  const report = reportOf(mark);
  const inside = report
    ? pinLink(report, reportAddress(report.number), words, titleOf(report))
    : clusterButton(mark, words);
  const radius = radiusOf(mark.total);
  inside.classList.add("mark");
  inside.style.width = `${2 * radius}px`;
  inside.style.height = `${2 * radius}px`;
  return inside;
}
