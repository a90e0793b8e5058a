// The worklist on the map: pins lead to the report's page for staff.
import { createCityMap } from "../shared/map/city_map.js";
import { locateButton } from "../shared/map/locate.js";
import { ReportLayer } from "../shared/map/report_layer.js";

const element = document.getElementById("worklist-map");
const message = document.querySelector("[data-map-message]");
const categories = JSON.parse(element.dataset.categories || "{}");

const cityMap = createCityMap(element);
const { map, words } = cityMap;
new ReportLayer(cityMap, {
  tiles: element.dataset.reportTiles,
  reportAddress: (number) => element.dataset.reportUrl.replace("NUMBER", encodeURIComponent(number)),
  titleOf: (report) => categories[report.category] || report.number,
  filters: Object.entries(JSON.parse(element.dataset.filters || "{}")),
  stackList: (bbox, filters) => {
    const query = new URLSearchParams([...filters, ["bbox", bbox]]);
    return Promise.resolve({ lines: [], all: `${element.dataset.worklistUrl}?${query}` });
  },
});

function say(sentence) {
  message.textContent = sentence;
  message.hidden = !sentence;
}
element.addEventListener("reports:failed", () => say(words("data_failed")));
element.addEventListener("reports:drawn", ({ detail }) => say(detail.more ? words("at_least") : ""));

const button = document.querySelector("[data-locate]");
if (button) {
  locateButton(button, message, words, ({ lat, lon, accuracy }) => {
    map.setView([lat, lon], accuracy > 60 ? 16 : 17);
  });
}
