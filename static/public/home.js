// The map of all cities: their outlines from afar, districts from close by, and every report.
import { createCityMap } from "../shared/map/city_map.js";
import { ReportLayer } from "../shared/map/report_layer.js";
import { CityOutlines } from "./city_outlines.js";

const element = document.getElementById("cities-map");
const message = document.querySelector("[data-map-message]");
const categories = JSON.parse(element.dataset.categories || "{}");

// The page scrolls under a wheel until one has gone into the map.
const cityMap = createCityMap(element, { scrollWheelZoom: false });
const { map, words } = cityMap;
const wheel = map.scrollWheelZoom;
element.addEventListener("focusin", () => wheel.enable());
element.addEventListener("pointerdown", () => wheel.enable());
element.addEventListener("pointerleave", () => wheel.disable());

// Names give way to what is reported; the layer says where that is, and when it is drawn anew.
const outlines = new CityOutlines(map, element.dataset.outlines);
cityMap.avoid = (boxes) => outlines.avoid(boxes);
cityMap.placeNames = () => outlines.placeNames();

const layer = new ReportLayer(cityMap, {
  tiles: element.dataset.reportTiles,
  reportAddress: (number) => element.dataset.reportUrl.replace("NUMBER", encodeURIComponent(number)),
  titleOf: (report) => categories[report.category] || report.number,
  // A spot is of one city, but no list here is of a spot: its city's page has one.
  stackList: () => Promise.resolve({ lines: [], note: element.dataset.tooMany }),
});

element.addEventListener("reports:failed", () => {
  message.textContent = words("data_failed");
  message.hidden = false;
});
element.addEventListener("reports:drawn", () => {
  message.hidden = true;
});
window.addEventListener("online", () => {
  outlines.refresh();
  layer.refresh({ again: true });
});
