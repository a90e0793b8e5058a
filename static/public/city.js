// A city's page: map, filters and list in step, and all of it in the address, so that what one sees
// can be sent to somebody else. Without this file the same links and pages work by themselves.
import { createCityMap } from "../shared/map/city_map.js";
import { L } from "../shared/map/leaflet.js";
import { locateButton } from "../shared/map/locate.js";
import { boundsOf } from "../shared/map/outline.js";
import { PlaceSearch } from "../shared/map/place_search.js";
import { ReportLayer } from "../shared/map/report_layer.js";
import { inWorld } from "../shared/map/report_tiles.js";
import { stackListFrom } from "../shared/map/stack_list.js";
import { pointedInStep } from "./cards_and_pins.js";
import { mapTools } from "./map_tools.js";
import { fetchPage, hideAreasButton, replaceParts } from "./panel_parts.js";
import { photoStart } from "./photo_start.js";
import { wordsAndDays } from "./words_and_days.js";

const FILTERS = ["status", "category", "group", "area", "department", "since", "until", "q"];
const STREET = 15; // zoom from which one looks at a street
const SETTLED = 280; // ms after the last move before the panel follows

const page = document.querySelector("[data-city]");
const column = page.querySelector(".city__column"); // what is filtered, and the panel
const panel = column.querySelector("[data-panel]");
const message = page.querySelector("[data-map-message]");
const element = document.getElementById("city-map");
const categories = JSON.parse(element.dataset.categories || "{}");

/** The filters of an address, as [name, value] pairs: a status may come twice. */
const filtersOf = (search) =>
  [...new URLSearchParams(search)].filter(([name, value]) => FILTERS.includes(name) && value);
const areaOf = (filters) => filters.find(([name]) => name === "area")?.[1] ?? null;

const state = {
  filters: filtersOf(location.search),
  view: new URLSearchParams(location.search).get("view"),
};

const cityMap = createCityMap(element);
const { map, words } = cityMap;
// The search lies over the upper edge, buttons over the lower one: the city in the midst between them.
const placeSearch = page.querySelector("[data-place-search]");
placeSearch.hidden = false;
if (!state.view && element.clientWidth < 600) {
  const covered = placeSearch.getBoundingClientRect().bottom - element.getBoundingClientRect().top;
  map.panBy([0, -Math.max(0, covered) / 4], { animate: false });
}
const layer = new ReportLayer(cityMap, {
  tiles: element.dataset.reportTiles,
  reportAddress: (number) => element.dataset.reportUrl.replace("NUMBER", encodeURIComponent(number)),
  titleOf: (report) => report.title || categories[report.category] || report.number,
  covers: () => page.querySelectorAll(".city__column, .map__locate, .place-search, .map-tools, .time, .heat-legend"),
  stackList: stackListFrom(page.dataset.listUrl),
  filters: state.filters,
  first: JSON.parse(element.dataset.firstTiles || "[]"),
});
cityMap.highlight(areaOf(state.filters));

/* The address */

function query(extra = {}) {
  const parameters = new URLSearchParams(state.filters);
  for (const [name, value] of Object.entries(extra)) {
    if (value) parameters.set(name, value);
  }
  const language = new URLSearchParams(location.search).get("lang");
  if (language) parameters.set("lang", language);
  return parameters.toString();
}

function writeAddress() {
  // Commas stay readable in an address that people copy.
  const search = query({ view: state.view }).replaceAll("%2C", ",");
  history.replaceState(null, "", search ? `?${search}` : location.pathname);
}

/* The panel follows */

let asked = null;
let waiting = 0;
let isBehind = false; // the panel tells of something else than the map
let aboutMarks = ""; // what has to be said of the marks as they are drawn

const box = () =>
  inWorld(map.getBounds())
    .map((degrees) => degrees.toFixed(5))
    .join(",");

/** Counters, categories and list of what the map shows, or of the whole city, in one answer. */
async function refreshPanel() {
  clearTimeout(waiting);
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  panel.setAttribute("aria-busy", "true");
  const seen = state.view ? { bbox: box(), zoom: String(Math.round(map.getZoom())) } : {};
  try {
    replaceParts(column, await fetchPage(`${page.dataset.viewUrl}?${query(seen)}`, signal));
    if (isBehind) say(aboutMarks);
    isBehind = false;
    page.querySelector("[data-announce]").textContent =
      panel.querySelector("#recent-title").textContent;
  } catch (error) {
    if (error.name === "AbortError") return;
    isBehind = true;
    say(words("data_failed"));
  }
  panel.removeAttribute("aria-busy");
}

function refreshSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(refreshPanel, SETTLED);
}

/** Show what these filters, [name, value] pairs, leave: on the map, beside it, in the address. */
function applyFilters(filters) {
  state.filters = filters;
  cityMap.highlight(areaOf(filters));
  layer.setFilters(filters);
  writeAddress();
  fillFields(filters);
  refreshPanel();
  page.dispatchEvent(new CustomEvent("filters:changed", { detail: { filters } }));
}

/** Only reports sent between two days, "2026-05-31", both included; "" where there is no end. */
function setDates(since, until) {
  change({ since, until });
}

/** Some filters changed, the others left as they are; "" takes one off. */
function change(changes) {
  const others = state.filters.filter(([name]) => !(name in changes));
  applyFilters([...others, ...Object.entries(changes).filter(([, value]) => value)]);
}

/* Filter links */

column.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain || link.closest(".report-card") || "plain" in link.dataset) return;
  const target = new URL(link.href);
  if (target.pathname !== location.pathname) return;
  event.preventDefault();
  if ("wholeCity" in link.dataset) showWholeCity();
  else applyFilters(filtersOf(target.search));
  // On a phone the choice is made: the folded list goes away and the map is seen again.
  const fold = link.closest("[data-categories-fold]");
  if (fold && !desktop.matches) fold.open = false;
});

// On a phone they stand in a row that is moved sideways: what the keyboard has reached is seen whole.
column.addEventListener("focusin", ({ target }) => {
  if (target.matches(".chosen a:focus-visible")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

const fillFields = wordsAndDays(panel.querySelector("[data-more-filters-form]"), change);

panel.addEventListener("change", async (event) => {
  if (event.target.id !== "area") return;
  const slug = event.target.value;
  change({ area: slug });
  const outline = await cityMap.outline;
  const area = outline?.areas?.find((one) => one.slug === slug);
  if (area) map.fitBounds(boundsOf(area.geometry), { padding: [24, 24] });
});

/* The view */

const viewOf = ({ lat, lng }, zoom) => `${lat.toFixed(5)},${lng.toFixed(5)},${zoom}`;
const lookedAt = () => ({ center: map.getCenter(), zoom: map.getZoom() });
let last = lookedAt();
let isGoingHome = false;

map.on("moveend", () => {
  if (isGoingHome) return;
  const now = lookedAt();
  // A frame that only changes its size leaves the whole city the whole city, give or take half a pixel.
  const moved = map.project(now.center).distanceTo(map.project(last.center));
  if (!state.view && now.zoom === last.zoom && moved < 3) return;
  last = now;
  state.view = viewOf(now.center, now.zoom);
  writeAddress();
  pointReportLink();
  refreshSoon();
});

/** Back to all of the city: on the map, in the numbers, in the address. */
function showWholeCity() {
  isGoingHome = true;
  const [south, west, north, east] = element.dataset.bounds.split(",").map(Number);
  map.fitBounds([[south, west], [north, east]], { animate: false });
  isGoingHome = false;
  last = lookedAt();
  state.view = null;
  writeAddress();
  pointReportLink();
  refreshPanel();
}

/** Whoever looks at a street and taps "Report a problem" begins there, not at the whole city. */
function pointReportLink() {
  const link = page.querySelector("[data-report-problem]");
  const target = new URL(link.href);
  const { lat, lng } = map.getCenter();
  if (map.getZoom() >= STREET) target.searchParams.set("position", `${lat.toFixed(5)}, ${lng.toFixed(5)}`);
  else target.searchParams.delete("position");
  link.href = target;
}

if (state.view) {
  refreshSoon();
  pointReportLink();
}

pointedInStep({ panel, element, layer, mayScroll: () => desktop.matches });
photoStart(page.querySelector("[data-photo-start]"), () => page.querySelector("[data-report-problem]").href);

/* Messages, location, size of the map */

function say(sentence) {
  message.textContent = sentence;
  message.hidden = !sentence;
}

element.addEventListener("reports:failed", () => {
  aboutMarks = words("data_failed");
  say(aboutMarks);
});
element.addEventListener("reports:drawn", ({ detail }) => {
  aboutMarks = detail.more ? words("at_least") : "";
  if (!isBehind) say(aboutMarks);
});

locateButton(page.querySelector("[data-locate]"), message, words, ({ lat, lon }) => {
  if (!map.options.maxBounds?.contains([lat, lon])) return words("location_outside");
  map.setView([lat, lon], 16);
  return "";
});

// What was searched is ringed: among pins one would not know it again.
let ring = null;
new PlaceSearch(placeSearch, cityMap.outline, (lat, lon, zoom, { kind }) => {
  say("");
  ring?.remove();
  ring = null;
  if (kind !== "area") {
    const icon = L.divIcon({ className: "found-ring", iconSize: [36, 36] });
    ring = L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(map);
  }
  map.setView([lat, lon], zoom);
});

const tools = mapTools(page, {
  map,
  outline: cityMap.outline,
  pins: layer,
  filters: () => state.filters,
  setDates,
  say,
});

const desktop = matchMedia("(min-width: 52rem)");
const fold = panel.querySelector("[data-categories-fold]");
const foldFits = () => {
  fold.open = desktop.matches;
};
desktop.addEventListener("change", foldFits);
foldFits();
hideAreasButton(panel);

const grip = page.querySelector("[data-map-size]");
grip.hidden = false;
grip.addEventListener("click", () => {
  const large = page.classList.toggle("is-map-large");
  grip.setAttribute("aria-expanded", String(large));
  if (large) window.scrollTo({ top: 0 });
});

// Coming back from a report by the browser's cache: something may have changed meanwhile.
function lookAgain() {
  layer.refresh({ again: true });
  tools.refresh();
  refreshPanel();
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) lookAgain();
});
window.addEventListener("online", lookAgain);
