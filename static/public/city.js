// A city's page: map, filters and list in step, and all of it in the address, so that what one sees
// can be sent to somebody else. Without this file the same links and pages work by themselves.
import { createCityMap } from "../shared/map/city_map.js";
import { L } from "../shared/map/leaflet.js";
import { locateButton } from "../shared/map/locate.js";
import { PlaceSearch } from "../shared/map/place_search.js";
import { ReportLayer } from "../shared/map/report_layer.js";
import { stackListFrom } from "../shared/map/stack_list.js";
import { mapTools } from "./map_tools.js";
import { photoStart } from "./photo_start.js";

const FILTERS = ["status", "category", "group", "area", "department", "since", "until", "q"];
const STREET = 15; // zoom from which one looks at a street
const SETTLED = 280; // ms after the last move before the panel follows

const page = document.querySelector("[data-city]");
const panel = page.querySelector("[data-panel]");
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

function box() {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
    .map((degrees) => degrees.toFixed(5))
    .join(",");
}

/** How an element is found again in fresh parts: by its id, its key, or where it leads. */
function traceOf(element) {
  const { key, status } = element.dataset;
  if (element.id) return `[id="${CSS.escape(element.id)}"]`;
  if (key !== undefined) return `[data-key="${CSS.escape(key)}"]`;
  if (status) return `[data-status="${CSS.escape(status)}"]`;
  return element.hasAttribute("href") ? `[href="${CSS.escape(element.getAttribute("href"))}"]` : null;
}

/** Put fresh parts in the place of those that have changed; what had the focus keeps it. */
function replaceParts(fresh) {
  const focused = panel.contains(document.activeElement) ? document.activeElement : null;
  const moreOpen = panel.querySelector(".more")?.open;
  hideAreasButton(fresh);
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = panel.querySelector(`[data-part="${part.dataset.part}"]`);
    if (old && !old.isEqualNode(part)) old.replaceWith(part);
  }
  const more = panel.querySelector(".more");
  if (more && moreOpen) more.open = true;
  if (!focused || panel.contains(document.activeElement)) return;
  const trace = traceOf(focused);
  const again = trace && panel.querySelector(trace);
  (again ?? panel.querySelector("#recent-title"))?.focus({ preventScroll: true });
}

async function fetchPage(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new TypeError(`${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Counters, categories and list of what the map shows, or of the whole city, in one answer. */
async function refreshPanel() {
  clearTimeout(waiting);
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  panel.setAttribute("aria-busy", "true");
  const seen = state.view ? { bbox: box(), zoom: String(Math.round(map.getZoom())) } : {};
  try {
    replaceParts(await fetchPage(`${page.dataset.viewUrl}?${query(seen)}`, signal));
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
  fillFields();
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

panel.addEventListener("click", (event) => {
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

/** The choice of a district takes effect by itself. */
function hideAreasButton(root) {
  const button = root.querySelector("[data-areas-submit]");
  if (button) button.hidden = true;
}

const seeking = panel.querySelector("[data-more-filters-form]");
const { q, since, until } = seeking.elements;

/** The form says what is filtered, whoever has filtered it. */
function fillFields() {
  const values = Object.fromEntries(state.filters);
  for (const field of [q, since, until]) {
    if (field !== document.activeElement) field.value = values[field.name] ?? "";
  }
  joinDays();
}

/** The last day is not before the first. */
function joinDays() {
  until.min = since.value;
}

since.addEventListener("change", joinDays);
seeking.addEventListener("submit", (event) => {
  event.preventDefault();
  change({ q: q.value.trim(), since: since.value, until: until.value });
});

panel.addEventListener("change", async (event) => {
  if (event.target.id !== "area") return;
  const slug = event.target.value;
  change({ area: slug });
  const outline = await cityMap.outline;
  const area = outline?.areas?.find((one) => one.slug === slug);
  if (area) map.fitBounds(boundsOf(area.geometry), { padding: [24, 24] });
});

/** Bounds of a GeoJSON geometry as Leaflet corners (lat, lon). */
function boundsOf(geometry) {
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

photoStart(page.querySelector("[data-photo-start]"), () => page.querySelector("[data-report-problem]").href);

/* Card and pin in step */

for (const [event, leave] of [
  ["pointerover", "pointerout"],
  ["focusin", "focusout"],
]) {
  panel.addEventListener(event, ({ target }) => {
    const card = target.closest(".report-card");
    if (card) layer.highlight(card.dataset.number);
  });
  panel.addEventListener(leave, ({ target }) => {
    if (target.closest(".report-card")) layer.highlight(null);
  });
}

element.addEventListener("pin:shown", ({ detail }) => {
  for (const card of panel.querySelectorAll(".report-card.is-shown")) card.classList.remove("is-shown");
  if (!detail.number) return;
  const card = panel.querySelector(`.report-card[data-number="${CSS.escape(detail.number)}"]`);
  card?.classList.add("is-shown");
  if (card && desktop.matches) card.scrollIntoView({ block: "nearest" });
});

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
