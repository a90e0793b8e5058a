// A small map with one report on it: for a report's own page. It does not catch the page's scroll.
import { createCityMap, numbersFrom } from "./city_map.js";
import { L } from "./leaflet.js";
import { statusShape } from "./pins.js";

const NEAR = 16; // zoom with a base map under it
const AMONG_DISTRICTS = 13.5; // zoom without one: only the districts tell where it is

/**
 * @param {HTMLElement} element a map element with data-pin="lat,lon" and data-status
 * @returns {ReturnType<typeof createCityMap> | null} null without a readable place
 */
export function createPlaceMap(element) {
  const place = numbersFrom(element.dataset.pin, 2);
  if (!place) return null;
  element.dataset.view = `${place[0]},${place[1]},${element.dataset.tiles ? NEAR : AMONG_DISTRICTS}`;
  const coarse = matchMedia("(pointer: coarse)").matches;
  const cityMap = createCityMap(element, { scrollWheelZoom: false, dragging: !coarse });
  const pin = document.createElement("span");
  pin.className = "pin pin--still";
  pin.append(statusShape(element.dataset.status, true));
  L.marker(place, {
    icon: L.divIcon({ className: "mark", html: pin, iconSize: [36, 36] }),
    interactive: false,
    keyboard: false,
  }).addTo(cityMap.map);
  cityMap.avoid(() => {
    const { x, y } = cityMap.map.latLngToContainerPoint(place);
    return [{ left: x - 20, right: x + 20, top: y - 20, bottom: y + 20 }];
  });
  return cityMap;
}

for (const element of document.querySelectorAll("[data-place-map]")) createPlaceMap(element);
