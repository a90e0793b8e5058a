// Reports on a city map: tiles are fetched for the view, merged so that nothing overlaps, and drawn on
// a canvas; the pointer, the keys and the list reach every mark.
import { mergeMarks, radiusOf } from "./clusters.js";
import { L } from "./leaflet.js";
import { MarkCanvas } from "./mark_canvas.js";
import { MarkReach } from "./mark_reach.js";
import { DEEPEST, ReportTiles } from "./report_tiles.js";
import { openStack } from "./stack_list.js";
import { decode } from "./tile_answer.js";
import { STATUSES } from "./words.js";

const APART_AT = 20; // zoom at which reports that still touch are shown as a list
const LIST_AT_MOST = 60;
const PATIENCE = 400; // ms after which a part of a view is shown, if only a part has come

/** Distance in px within which reports gather in one mark. */
const reachAt = (zoom) => (zoom < 14 ? 46 : zoom < 17 ? 32 : 0);

export class ReportLayer {
  #filters = new URLSearchParams();
  #marks = [];
  #merged = null; // {answers, zoom} of the marks
  #drawn = null; // {zoom, query} of the picture
  #isFirst = false; // the picture is of the tiles that came with the page
  #popup = null;
  #isVisible = true;

  /**
   * @param {ReturnType<import("./city_map.js").createCityMap>} cityMap
   * @param {{tiles: string, reportAddress: (number: string) => string,
   *   titleOf: (report: object) => string, filters?: [string, string][], first?: object[],
   *   covers?: () => Element[],
   *   stackList?: (bbox: string, filters: URLSearchParams) => Promise<object>}} options
   *   tiles: address with {z}, {x}, {y}; titleOf: what a pin is called; filters: as of setFilters;
   *   first: tiles ({z, x, y, body}) that came with the page, shown until those of the view are there;
   *   covers: what lies over the map;
   *   stackList: lists the reports of a cell too full to be told one by one, see stack_list.js
   */
  constructor(
    cityMap,
    { tiles, reportAddress, titleOf, filters = [], first = [], covers = () => [], stackList = null },
  ) {
    this.#filters = new URLSearchParams(filters);
    this.cityMap = cityMap;
    this.map = cityMap.map;
    this.element = this.map.getContainer();
    this.tiles = new ReportTiles(tiles);
    this.reportAddress = reportAddress;
    this.titleOf = titleOf;
    this.stackList = stackList;
    this.pane = this.map.createPane("reports");
    this.pane.style.zIndex = "600";
    this.canvas = new MarkCanvas(this.map, this.pane, () => this.reach?.follow());
    this.reach = new MarkReach(cityMap, this.pane, {
      place: (mark) => this.canvas.place(mark),
      latLng: ({ x, y }) => this.#latLng(x, y),
      open: (mark) => this.#open(mark),
      tell: (number) => this.#tell("pin:shown", { number }),
      covers,
      saying: { words: cityMap.words, reportAddress, titleOf },
    });
    cityMap.avoid(() => this.#boxes());
    this.map.on("moveend resize", () => this.refresh());
    // What a zoom leads to is asked for while it is under way.
    this.map.on("zoomanim", ({ center, zoom }) => this.#fetchAhead(center, zoom));
    if (first.length) this.#drawFirst(first);
    this.refresh();
  }

  /**
   * Show what these filters leave, as soon as it has come; until then the picture stays.
   * @param {[string, string][]} filters names and values of the address: status, category, area…
   */
  setFilters(filters) {
    this.#filters = new URLSearchParams(filters);
    this.#popup?.close();
    return this.refresh();
  }

  /**
   * Fetch and draw what the view needs. Tells "reports:drawn" or "reports:failed" on the element, with
   * the tiles' answers, for others to draw from.
   */
  async refresh({ again = false } = {}) {
    if (again) this.tiles.forget();
    if (!this.#isVisible) return;
    const zoom = this.map.getZoom();
    const bounds = this.map.getBounds().pad(this.tiles.margin);
    const query = `${this.#filters}`;
    const slow = setTimeout(() => this.#showPart(bounds, zoom, query), PATIENCE);
    try {
      const { answers, failed } = await this.tiles.covering(bounds, zoom, query);
      if (zoom !== this.map.getZoom()) return;
      // Where the network fails, the picture that came with the page is better than holes.
      if (!failed || !this.#isFirstOf(zoom, query)) this.#draw(answers, zoom, query);
      const more = answers.some((answer) => answer.more);
      this.#tell(failed ? "reports:failed" : "reports:drawn", { failed, answers, zoom, more });
      this.element.classList.remove("is-loading");
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      clearTimeout(slow);
    }
  }

  /** Raise the pin of a report (a card of the list has the pointer or the focus); null lowers it. */
  highlight(number) {
    this.reach.raise(number);
  }

  /** Fetch what these filters will show of this view, before they are set. */
  ahead(filters) {
    const bounds = this.map.getBounds().pad(this.tiles.margin);
    this.tiles.ahead(bounds, this.map.getZoom(), `${new URLSearchParams(filters)}`);
  }

  /** Whether marks are shown; while they are not, nothing is fetched and nothing can be touched. */
  setVisible(isVisible) {
    if (isVisible === this.#isVisible) return;
    this.#isVisible = isVisible;
    this.pane.hidden = !isVisible;
    if (!isVisible) {
      this.#popup?.close();
      this.element.classList.remove("is-loading");
    }
    this.#showMarks();
    this.cityMap.placeNames();
    this.refresh();
  }

  #tell(name, detail) {
    this.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  #fetchAhead(center, zoom) {
    if (!this.#isVisible) return;
    const half = this.map.getSize().multiplyBy(0.5 + this.tiles.margin);
    const middle = this.map.project(center, zoom);
    const bounds = L.latLngBounds(
      this.map.unproject(middle.subtract(half), zoom),
      this.map.unproject(middle.add(half), zoom),
    );
    this.tiles.covering(bounds, zoom, `${this.#filters}`).catch(() => {});
  }

  /** On a slow network the view's own tiles are a second away. */
  #drawFirst(first) {
    const zoom = this.map.getZoom();
    const answers = first.map(({ z, x, y, body }) => decode(body, z, x, y));
    this.#draw(answers, zoom, `${this.#filters}`);
    this.#isFirst = true;
  }

  #isFirstOf(zoom, query) {
    return this.#isFirst && this.#drawn.zoom === zoom && this.#drawn.query === query;
  }

  #showMarks() {
    const marks = this.#isVisible ? this.#marks : [];
    this.canvas.show(marks);
    this.reach.setMarks(marks);
  }

  /** Some tiles are late: the others are shown, if that adds to the picture and does not alter it. */
  #showPart(bounds, zoom, query) {
    if (!this.#isVisible) return;
    this.element.classList.add("is-loading");
    if (this.#isFirstOf(zoom, query)) return;
    const { answers } = this.tiles.known(bounds, zoom, query);
    const isSame = !this.#drawn || (this.#drawn.zoom === zoom && this.#drawn.query === query);
    if (isSame && answers.length && zoom === this.map.getZoom()) this.#draw(answers, zoom, query);
  }

  #draw(answers, zoom, query) {
    if (!this.#drawn) performance.mark("first-marks"); // a browser's own tools show it, and so does bin/bench
    this.#isFirst = false;
    this.#drawn = { zoom, query };
    const last = this.#merged;
    const isKnown =
      last?.zoom === zoom &&
      last.answers.length === answers.length &&
      answers.every((answer, index) => answer === last.answers[index]);
    if (!isKnown) {
      this.#marks = mergeMarks(answers, zoom, reachAt(zoom));
      this.#merged = { answers, zoom };
      this.#showMarks();
    } else {
      this.reach.settle();
    }
    this.cityMap.placeNames();
  }

  /** A cluster was chosen: come closer, or list what would stay on one spot however close one came. */
  #open(mark) {
    const known = mark.reports.length === mark.total;
    const apart = Math.max(mark.east - mark.west, mark.south - mark.north) * 2 ** APART_AT; // px
    const isDeepest = this.map.getZoom() >= this.map.getMaxZoom();
    if (known && ((mark.total <= LIST_AT_MOST && apart < 40) || isDeepest)) {
      this.#list(mark, Promise.resolve({ lines: mark.reports.map((one) => this.#line(one)) }));
      return;
    }
    // No closer tile will part one cell.
    const isOneCell = mark.members === 1 && this.map.getZoom() >= DEEPEST;
    if (!known && this.stackList && (isOneCell || isDeepest)) {
      this.#list(mark, this.stackList(this.#boxAround(mark), this.#filters));
      return;
    }
    const corners = [
      [mark.west, mark.north],
      [mark.east, mark.south],
    ].map((corner) => this.#latLng(...corner));
    const fitting = this.map.getBoundsZoom(L.latLngBounds(corners).pad(0.2));
    const zoom = this.map.getZoom();
    const closer = Math.max(zoom + 1, Math.min(fitting, zoom + 4));
    const centre =
      mark.members > 1 ? L.latLngBounds(corners).getCenter() : this.#latLng(mark.x, mark.y);
    this.map.setView(centre, Math.min(closer, this.map.getMaxZoom()));
  }

  #list(mark, lines) {
    this.#popup = openStack(this.map, {
      at: this.#latLng(mark.x, mark.y),
      mark,
      lines,
      words: this.cityMap.words,
      onClose: (hadFocus) => hadFocus && this.reach.focus(mark),
    });
  }

  #line(report) {
    return {
      href: this.reportAddress(report.number),
      title: this.titleOf(report),
      status: STATUSES[report.status],
      number: report.number,
    };
  }

  /** Of world pixels, which are those of zoom 0. */
  #latLng(x, y) {
    return this.map.unproject([x, y], 0);
  }

  /** "west,south,east,north" in degrees, fine enough that the server finds the same cells: with
   *  seven digits the box reached over their borders. */
  #boxAround({ west, north, east, south }) {
    const [first, last] = [this.#latLng(west, south), this.#latLng(east, north)];
    return [first.lng, first.lat, last.lng, last.lat].map((degrees) => degrees.toFixed(11)).join();
  }

  /** Boxes of all marks in px of the container: names of districts keep away from them. */
  #boxes() {
    if (!this.#isVisible) return [];
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const size = this.map.getSize();
    return this.#marks
      .map((mark) => {
        const at = this.canvas.place(mark);
        const [x, y] = [at.x - corner.x, at.y - corner.y];
        const radius = radiusOf(mark.total) + 1;
        return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
      })
      .filter(
        ({ left, right, top, bottom }) => right > 0 && bottom > 0 && left < size.x && top < size.y,
      );
  }
}
