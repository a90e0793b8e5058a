// Reports on a city map: tiles are fetched for the view, merged so that nothing overlaps, and drawn
// as real links and buttons in reading order.
import { clusterButton, clusterName, pinLink, statusShape } from "./pins.js";
import { marksOf, mergeMarks, radiusOf } from "./clusters.js";
import { L } from "./leaflet.js";
import { ReportTiles } from "./report_tiles.js";
import { STATUSES } from "./words.js";

const APART_AT = 20; // zoom at which reports that still touch are shown as a list
const LIST_AT_MOST = 60;

/** Distance in px within which reports gather in one mark. */
const reachAt = (zoom) => (zoom < 14 ? 46 : zoom < 17 ? 32 : 0);

export class ReportLayer {
  #drawn = new Map(); // key → {marker, element, mark}
  #filters = new URLSearchParams();
  #highlighted = null;
  #popup = null;

  /**
   * @param {ReturnType<import("./city_map.js").createCityMap>} cityMap
   * @param {{tiles: string, reportAddress: (number: string) => string,
   *   titleOf: (report: object) => string, covers?: () => Element[]}} options
   *   tiles: address with {z}, {x}, {y}; titleOf: what a pin is called; covers: what lies over the map
   */
  constructor(cityMap, { tiles, reportAddress, titleOf, covers = () => [] }) {
    this.cityMap = cityMap;
    this.map = cityMap.map;
    this.element = this.map.getContainer();
    this.tiles = new ReportTiles(tiles);
    this.reportAddress = reportAddress;
    this.titleOf = titleOf;
    this.covers = covers;
    const pane = this.map.createPane("reports");
    pane.style.zIndex = "600";
    pane.setAttribute("role", "list");
    pane.setAttribute("aria-label", cityMap.words("reports_on_map"));
    cityMap.avoid(() => this.#boxes());
    this.map.on("moveend resize", () => this.refresh());
    this.refresh();
  }

  /** @param {[string, string][]} filters names and values of the address: status, category, area… */
  setFilters(filters) {
    this.#filters = new URLSearchParams(filters);
    this.#popup?.close();
    return this.refresh();
  }

  /** Fetch and draw what the view needs. Tells "reports:drawn" or "reports:failed" on the element. */
  async refresh({ again = false } = {}) {
    if (again) this.tiles.forget();
    const slow = setTimeout(() => this.element.classList.add("is-loading"), 350);
    try {
      const zoom = this.map.getZoom();
      const bounds = this.map.getBounds().pad(0.12);
      const { answers, failed } = await this.tiles.covering(bounds, zoom, `${this.#filters}`);
      if (zoom !== this.map.getZoom()) return;
      this.#draw(answers, zoom);
      this.#tell(failed ? "reports:failed" : "reports:drawn", { failed });
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      clearTimeout(slow);
      this.element.classList.remove("is-loading");
    }
  }

  /** Raise the pin of a report (a card of the list has the pointer or the focus); null lowers it. */
  highlight(number) {
    this.#highlighted = number;
    for (const { element, mark } of this.#drawn.values()) {
      const holds = number !== null && mark.reports.some((report) => report.number === number);
      element.classList.toggle("is-raised", holds);
    }
  }

  #tell(name, detail) {
    this.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  #draw(answers, zoom) {
    const project = (lat, lon) => this.map.project([lat, lon], zoom);
    const all = mergeMarks(marksOf(answers, project), reachAt(zoom));
    const view = this.map.getPixelBounds();
    const marks = all.filter(
      ({ x, y }) =>
        x > view.min.x - 20 && x < view.max.x + 20 && y > view.min.y - 20 && y < view.max.y + 20,
    );
    const wanted = new Set(marks.map((mark) => mark.key));
    let focusLost = false;
    for (const [key, { marker, element }] of this.#drawn) {
      if (wanted.has(key)) continue;
      focusLost ||= element.contains(document.activeElement);
      marker.remove();
      this.#drawn.delete(key);
    }
    const pane = this.map.getPane("reports");
    for (const mark of marks) {
      const known = this.#drawn.get(mark.key);
      if (known) {
        known.mark = mark;
        if (!known.element.contains(document.activeElement)) pane.append(known.marker.getElement());
      } else {
        this.#drawn.set(mark.key, this.#add(mark, zoom));
      }
    }
    this.#order();
    if (focusLost) this.element.focus({ preventScroll: true });
    if (this.#highlighted) this.highlight(this.#highlighted);
    this.cityMap.placeNames();
  }

  #add(mark, zoom) {
    const single = mark.total === 1 && mark.reports.length === 1 ? mark.reports[0] : null;
    const { words } = this.cityMap;
    const element = single
      ? pinLink(single, this.reportAddress(single.number), words, this.titleOf)
      : clusterButton(mark, words);
    const radius = radiusOf(mark.total);
    const icon = L.divIcon({
      className: "mark",
      html: element,
      iconSize: [radius * 2, radius * 2],
    });
    const marker = L.marker(this.map.unproject([mark.x, mark.y], zoom), {
      icon,
      pane: "reports",
      interactive: false,
      keyboard: false,
    }).addTo(this.map);
    marker.getElement().setAttribute("role", "listitem");
    L.DomEvent.disableClickPropagation(element);
    const drawn = { marker, element, mark };
    if (single) {
      for (const [event, number] of [
        ["pointerenter", single.number],
        ["focus", single.number],
        ["pointerleave", null],
        ["blur", null],
      ]) {
        element.addEventListener(event, () => this.#tell("pin:shown", { number }));
      }
    } else {
      element.addEventListener("click", () => this.#open(drawn));
    }
    return drawn;
  }

  /** A cluster was chosen: come closer, or list what would stay on one spot however close one came. */
  #open({ mark, marker, element }) {
    const bounds = L.latLngBounds(mark.points);
    const corners = [bounds.getNorthWest(), bounds.getSouthEast()];
    const [a, b] = corners.map((corner) => this.map.project(corner, APART_AT));
    const known = mark.reports.length === mark.total;
    if (known && mark.total <= LIST_AT_MOST && Math.max(b.x - a.x, b.y - a.y) < 40) {
      this.#list(mark, marker.getLatLng(), element);
      return;
    }
    if (known && this.map.getZoom() >= this.map.getMaxZoom()) {
      this.#list(mark, marker.getLatLng(), element);
      return;
    }
    const fitting = this.map.getBoundsZoom(bounds.pad(0.2));
    const closer = Math.max(this.map.getZoom() + 1, Math.min(fitting, this.map.getZoom() + 4));
    const centre = mark.points.length > 1 ? bounds.getCenter() : marker.getLatLng();
    this.map.setView(centre, Math.min(closer, this.map.getMaxZoom()));
  }

  #list(mark, at, opener) {
    const { words } = this.cityMap;
    const list = document.createElement("ul");
    list.className = "stack-list";
    list.setAttribute("role", "list");
    list.setAttribute("aria-label", clusterName(mark, words));
    for (const report of mark.reports.slice(0, LIST_AT_MOST)) {
      const link = document.createElement("a");
      link.href = this.reportAddress(report.number);
      link.className = "stack-list__link";
      const text = document.createElement("span");
      text.textContent = this.titleOf(report);
      const below = document.createElement("span");
      below.className = "stack-list__number";
      below.textContent = `${words(STATUSES[report.status])} · ${report.number}`;
      text.append(below);
      link.append(statusShape(STATUSES[report.status]), text);
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    this.#popup = L.popup({ className: "map-popup", maxHeight: 280, minWidth: 220, maxWidth: 300 })
      .setLatLng(at)
      .setContent(list)
      .openOn(this.map);
    const frame = this.#popup.getElement();
    frame.setAttribute("role", "dialog");
    frame.setAttribute("aria-label", words("cluster", { total: String(mark.total) }));
    frame.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words("close"));
    frame.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#popup.close();
    });
    list.querySelector("a").focus();
    this.#popup.on("remove", () => {
      if (opener.isConnected) opener.focus({ preventScroll: true });
    });
  }

  /**
   * Only marks that can be seen whole are in the tab order: one under the edge or under a button
   * would be half hidden when it has the focus. Moving the map brings it in.
   */
  #order() {
    const frame = this.element.getBoundingClientRect();
    const covers = [...this.covers(), ...this.element.querySelectorAll(".leaflet-control")].map(
      (cover) => cover.getBoundingClientRect(),
    );
    for (const { element, mark } of this.#drawn.values()) {
      const box = element.getBoundingClientRect();
      const reach = Math.max(0, 22 - radiusOf(mark.total));
      const whole =
        box.left >= frame.left + reach &&
        box.top >= frame.top + reach &&
        box.right <= frame.right - reach &&
        box.bottom <= frame.bottom - reach;
      const clear = !covers.some(
        (cover) =>
          cover.width &&
          box.left - reach < cover.right &&
          box.right + reach > cover.left &&
          box.top - reach < cover.bottom &&
          box.bottom + reach > cover.top,
      );
      element.tabIndex = whole && clear ? 0 : -1;
    }
  }

  /** Boxes of all marks in px of the container: names of districts keep away from them. */
  #boxes() {
    return [...this.#drawn.values()].map(({ marker, mark }) => {
      const { x, y } = this.map.latLngToContainerPoint(marker.getLatLng());
      const radius = radiusOf(mark.total) + 1;
      return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
    });
  }
}
