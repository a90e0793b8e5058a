// The shapes of the statuses: circle "!", diamond "…", square "✓", octagon "×", each with its glyph;
// a pin has a white halo around it. The drawings are those of shared/macros/status.html.

const SVG = "http://www.w3.org/2000/svg";

/** Paths of the bodies and glyphs, in a square of 20. */
export const BODIES = {
  open: "M10 1a9 9 0 1 0 0 18a9 9 0 1 0 0-18z",
  in_progress: "M10-.4 20.400 10 10 20.400-.4 10z",
  fixed: "M4 1h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3z",
  wont_fix: "M6.200 1h7.600L19 6.200v7.600L13.800 19H6.200L1 13.800V6.200z",
};
export const GLYPHS = {
  open: "M10 5.200v5.400M10 14.500v.1",
  in_progress: "M6 10h.01M10 10h.01M14 10h.01",
  fixed: "m5.600 10.300 3 3 5.800-6.200",
  wont_fix: "m6.800 6.800 6.400 6.400M13.200 6.800l-6.400 6.400",
};

/** An SVG element by its name and attributes. */
export function svg(name, attributes) {
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
  if (halo) shape.append(svg("path", { class: "shape__halo", d: BODIES[status] }));
  shape.append(svg("path", { class: "shape__body", d: BODIES[status] }));
  shape.append(svg("path", { class: "shape__glyph", d: GLYPHS[status] }));
  return shape;
}
