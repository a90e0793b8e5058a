// The city's boundary, the land outside it dimmed, and its districts as hairlines.
import { L } from "./leaflet.js";

const WORLD = [
  [-85, -540],
  [-85, 540],
  [85, 540],
  [85, -540],
];

/** Outer and inner rings of a GeoJSON Polygon or MultiPolygon as Leaflet rings (lat, lon). */
function ringsOf(geometry) {
  const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  return polygons.flat().map((ring) => ring.map(([lon, lat]) => [lat, lon]));
}

/**
 * Draw an outline answer: {"boundary": geometry, "areas": [{name, slug, label, geometry}]}.
 * @param {L.Map} map
 * @param {{boundary: object, areas: object[]}} outline GeoJSON geometries in EPSG:4326 (lon, lat)
 * @returns {{highlight: (slug: string | null) => void}}
 */
export function drawOutline(map, outline) {
  const pane = map.createPane("outline");
  pane.style.zIndex = "250";
  pane.style.pointerEvents = "none";
  // Half a screen around the view is drawn ahead, so that dragging meets no bare edge.
  const renderer = L.svg({ pane: "outline", padding: 0.5 });
  const common = { pane: "outline", renderer, interactive: false };

  if (outline.boundary) {
    const rings = ringsOf(outline.boundary);
    L.polygon([WORLD, ...rings], {
      ...common,
      className: "map-outside",
      stroke: false,
      smoothFactor: 1,
    }).addTo(map);
  }
  const areas = new Map();
  for (const area of outline.areas ?? []) {
    const shape = L.geoJSON(area.geometry, {
      ...common,
      className: "map-area",
      smoothFactor: 1.2,
    }).addTo(map);
    areas.set(area.slug, shape);
  }
  if (outline.boundary) {
    L.geoJSON(outline.boundary, {
      ...common,
      className: "map-boundary",
      fill: false,
      smoothFactor: 1,
    }).addTo(map);
  }

  return {
    highlight(slug) {
      for (const [name, shape] of areas) {
        shape.eachLayer((layer) =>
          layer.getElement()?.classList.toggle("map-area--chosen", name === slug),
        );
      }
    },
  };
}

/** Bounds of a GeoJSON geometry as Leaflet corners (lat, lon). */
export function boundsOf(geometry) {
  const points = geometry.coordinates.flat(Infinity);
  const lons = points.filter((_, index) => index % 2 === 0);
  const lats = points.filter((_, index) => index % 2 === 1);
  const [south, north] = [lats.reduce((a, b) => Math.min(a, b)), lats.reduce((a, b) => Math.max(a, b))];
  const [west, east] = [lons.reduce((a, b) => Math.min(a, b)), lons.reduce((a, b) => Math.max(a, b))];
  return [
    [south, west],
    [north, east],
  ];
}
