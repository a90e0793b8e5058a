// How a mark looks: a pin is the status's shape with its glyph and a white halo; a cluster is a
// white disc with the true number in ink and a ring of the four shares.
import { radiusOf } from "./clusters.js";
import { number, shortNumber, STATUSES } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

// The drawings of shared/macros/status.html: circle "!", diamond "…", square "✓", octagon "×".
const BODIES = {
  open: ["circle", { cx: 10, cy: 10, r: 9 }],
  in_progress: ["path", { d: "M10-.4 20.400 10 10 20.400-.4 10z" }],
  fixed: ["rect", { x: 1, y: 1, width: 18, height: 18, rx: 3 }],
  wont_fix: ["path", { d: "M6.200 1h7.600L19 6.200v7.600L13.800 19H6.200L1 13.800V6.200z" }],
};
const GLYPHS = {
  open: "M10 5.200v5.400M10 14.500v.1",
  in_progress: "M6 10h.01M10 10h.01M14 10h.01",
  fixed: "m5.600 10.300 3 3 5.800-6.200",
  wont_fix: "m6.800 6.800 6.400 6.400M13.200 6.800l-6.400 6.400",
};

function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** @param {string} status @returns {SVGElement} */
export function statusShape(status, halo = false) {
  const shape = svg("svg", {
    class: `shape shape--${status}${halo ? " shape--pin" : ""}`,
    viewBox: halo ? "-2.500 -2.500 25 25" : "0 0 20 20",
    "aria-hidden": "true",
    focusable: "false",
  });
  const [name, attributes] = BODIES[status];
  if (halo) shape.append(svg(name, { class: "shape__halo", ...attributes }));
  shape.append(svg(name, { class: "shape__body", ...attributes }));
  shape.append(svg("path", { class: "shape__glyph", d: GLYPHS[status] }));
  return shape;
}

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
  const width = radius > 24 ? 5 : 4.5;
  const r = radius - 2 - width / 2;
  let start = 0;
  for (const [index, status] of STATUSES.entries()) {
    const share = (mark.counts[index] / mark.total) * 100;
    if (!share) continue;
    drawing.append(
      svg("circle", {
        class: `cluster__share shape--${status}`,
        r,
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

/**
 * The name a screen reader gives a cluster: the number and its four parts.
 * @param {import("./clusters.js").Mark} mark
 * @param {Function} words
 */
export function clusterName(mark, words) {
  const parts = STATUSES.map((status, index) => [status, mark.counts[index]])
    .filter(([, count]) => count)
    .map(([status, count]) => `${words(status)}: ${number(count)}`);
  return `${words("cluster", { total: number(mark.total) })} ${parts.join(", ")}`;
}

/** A button: a cluster, or a lone report whose number is not known at this zoom. */
export function clusterButton(mark, words) {
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
  button.append(ring(mark, radius), count);
  return button;
}

/**
 * A link to the report's page.
 * @param {import("./clusters.js").Report} report
 * @param {string} address
 * @param {Function} words
 * @param {Function} titleOf report → its words, or its category's name
 */
export function pinLink(report, address, words, titleOf) {
  const status = STATUSES[report.status];
  const link = document.createElement("a");
  link.className = "pin";
  link.href = address;
  link.dataset.number = report.number;
  const title = titleOf(report);
  link.setAttribute("aria-label", `${title}. ${words(status)}. ${report.number}`);
  link.append(statusShape(status, true));
  const name = document.createElement("span");
  name.className = "pin__name";
  name.setAttribute("aria-hidden", "true");
  name.textContent = title;
  link.append(name);
  return link;
}
