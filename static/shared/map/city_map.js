// A city's map: paper land, district hairlines, the outside dimmed, tiles (if any) desaturated.
// It looks intended with no tiles at all: what cannot load is simply not drawn.
//
// <div class="map" data-map data-outline="/poznan/outline.json" data-bounds="s,w,n,e"
//      data-home="lat,lon,zoom" data-view="lat,lon,zoom" data-tiles="https://…/{z}/{x}/{y}.png" data-attribution="…"
//      data-tiles-max-zoom="19" data-words='{"zoom_in": …}'></div>
import { DistrictNames } from "./district_names.js";
import { L } from "./leaflet.js";
import { drawOutline } from "./outline.js";
import { wordsOf } from "./words.js";

const PLAIN = /^-?\d{1,3}(\.\d{1,17})?$/;

/** Comma-separated plain decimal numbers; null unless there are exactly `length` of them. */
export function numbersFrom(text, length) {
  const parts = (text ?? "").split(",").map((part) => part.trim());
  return parts.length === length && parts.every((part) => PLAIN.test(part))
    ? parts.map(Number)
    : null;
}

/** Whether less motion is asked for (`matches`), and when that changes. */
export const calm = matchMedia("(prefers-reduced-motion: reduce)");

function addTiles(map, element) {
  const { tiles, attribution, tilesMaxZoom } = element.dataset;
  if (!tiles) {
    element.classList.add("map--bare");
    return;
  }
  const layer = L.tileLayer(tiles, {
    attribution: attribution ?? "",
    maxNativeZoom: Number(tilesMaxZoom || 19),
    maxZoom: 20,
    detectRetina: false,
    // OpenStreetMap's servers refuse requests that do not say which site they come from.
    referrerPolicy: "strict-origin-when-cross-origin",
  });
  // Until a first tile is there, and again if none ever comes, the drawing carries the map alone.
  element.classList.add("map--bare");
  layer.on("tileload", () => element.classList.remove("map--bare"));
  layer.addTo(map);
}

/**
 * A shared view first; else where the city says its map opens, at least as close as the whole city
 * needs, and not so close that a large screen shows only a part of what it could.
 */
function setFirstView(map, element, bounds) {
  const view = numbersFrom(element.dataset.view, 3);
  const home = numbersFrom(element.dataset.home, 3);
  if (view) {
    map.setView([view[0], view[1]], view[2], { animate: false });
  } else if (bounds) {
    const whole = map.getBoundsZoom(bounds);
    const closer = home ? Math.min(1, Math.max(0, home[2] - whole)) : 0;
    const small = element.clientWidth < 600 || element.clientHeight < 420;
    const centre = small && home ? [home[0], home[1]] : bounds.getCenter();
    map.setView(centre, small ? whole + closer : whole, { animate: false });
  } else {
    map.setView([0, 0], 2, { animate: false });
  }
}

/** Keys, the focus, a search, a choice: whatever slides a map does so by its panBy. */
function jumpWhereCalm(map) {
  const { panBy } = map;
  map.panBy = (offset, options) =>
    panBy.call(map, offset, calm.matches ? { ...options, animate: false } : options);
}

/**
 * Build the map in `element` from its data attributes.
 * @param {HTMLElement} element
 * @param {L.MapOptions} options
 * @returns {{map: L.Map, words: Function, outline: Promise<object | null>,
 *   avoid: (boxes: Function) => void, placeNames: () => void, highlight: (slug: string | null) => void}}
 */
export function createCityMap(element, options = {}) {
  const words = wordsOf(element);
  const corners = numbersFrom(element.dataset.bounds, 4);
  const bounds = corners && L.latLngBounds([corners[0], corners[1]], [corners[2], corners[3]]);
  const map = L.map(element, {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.5,
    zoomDelta: 1,
    wheelPxPerZoomLevel: 90,
    maxZoom: 20,
    maxBounds: bounds ? bounds.pad(0.75) : undefined,
    maxBoundsViscosity: 0.8,
    zoomAnimation: !calm.matches,
    fadeAnimation: !calm.matches,
    markerZoomAnimation: !calm.matches,
    inertia: !calm.matches,
    ...options,
  });
  jumpWhereCalm(map);
  if (bounds) map.setMinZoom(Math.max(2, map.getBoundsZoom(bounds) - 1));
  if (options.zoomButtons !== false) {
    L.control
      .zoom({
        position: "bottomright",
        zoomInTitle: words("zoom_in"),
        zoomOutTitle: words("zoom_out"),
      })
      .addTo(map);
  }
  L.control.attribution({ position: "bottomleft", prefix: false }).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 90 }).addTo(map);
  setFirstView(map, element, bounds);
  addTiles(map, element);
  // The frame may change size without the window: a sheet grows, a column folds.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(element);

  let names = null;
  let drawn = null;
  let chosen = null;
  let boxes = () => [];
  const outline = element.dataset.outline
    ? fetch(element.dataset.outline, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : null))
        .catch(() => null)
        .then((found) => {
          if (!found) return null;
          drawn = drawOutline(map, found);
          drawn.highlight(chosen);
          names = new DistrictNames(map, found.areas ?? [], () => boxes());
          return found;
        })
    : Promise.resolve(null);

  return {
    map,
    words,
    outline,
    avoid(pinBoxes) {
      boxes = pinBoxes;
    },
    placeNames() {
      names?.place();
    },
    highlight(slug) {
      chosen = slug;
      drawn?.highlight(slug);
    },
  };
}
