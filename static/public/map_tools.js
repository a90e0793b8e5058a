// The two buttons beside a map's pins: the years and heat. What they open is loaded when first asked
// for; nothing here is imported that would make the page heavier.
import { calm } from "../shared/map/city_map.js";

/**
 * @param {HTMLElement} page holds what public/time.html writes; tells "filters:changed"
 * @param {{map: L.Map, outline: Promise<object | null>, pins: ReportLayer,
 *   filters: () => [string, string][], setDates: (since: string, until: string) => void,
 *   say: (sentence: string) => void}} options
 *   setDates: narrow the whole page to these days; say: a sentence over the map
 * @returns {{refresh: () => void}} refresh: ask again for what is shown, and failed or may have changed
 */
export function mapTools(page, { map, outline, pins, filters, setDates, say }) {
  const tools = page.querySelector("[data-map-tools]");
  const openTime = tools.querySelector("[data-open-time]");
  const showHeat = tools.querySelector("[data-show-heat]");
  const words = JSON.parse(tools.dataset.words);
  const sprite = tools.querySelector("use").getAttribute("href").split("#")[0];
  let time = null;
  let heat = null;
  let sheets = null;

  const queryOf = (pairs) => new URLSearchParams(pairs).toString();
  // While a film runs it goes its own way; the page's filters stay behind until it stops.
  let frame = null;
  const current = () => frame ?? filters();
  const withDates = ({ since, until }) => [
    ...filters().filter(([name]) => name !== "since" && name !== "until"),
    ["since", since],
    ["until", until],
  ];

  const addSheet = (address) =>
    new Promise((resolve, reject) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = address;
      link.addEventListener("load", resolve);
      link.addEventListener("error", () => {
        sheets = null;
        link.remove();
        reject(new TypeError("no styles"));
      });
      document.head.append(link);
    });
  const styles = () => (sheets ??= Promise.all(tools.dataset.styles.split(" ").map(addSheet)));

  /** Make what a button opens, once; a failed attempt may be made again. */
  async function make(button, load) {
    button.setAttribute("aria-busy", "true");
    try {
      const [made] = await Promise.all([load(), styles()]);
      return made;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(words.failed);
      return null;
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  async function makeTime() {
    const { timeControl } = await import("./time.js");
    const bar = page.querySelector("[data-time]");
    const room = new ResizeObserver(() => {
      tools.parentElement.style.setProperty("--time-height", `${bar.offsetHeight}px`);
    });
    room.observe(bar);
    return timeControl(bar, {
      sprite,
      calm,
      filters: filters(),
      onFrame: (dates) => {
        frame = withDates(dates);
        return heat?.isShown
          ? heat.setFilters(queryOf(frame), { film: true })
          : pins.setFilters(frame);
      },
      ahead: (dates) => pins.ahead(withDates(dates)),
      onChange: ({ since, until }) => setDates(since, until),
      onClose: () => {
        openTime.setAttribute("aria-expanded", "false");
        openTime.focus({ preventScroll: true });
      },
      onFailure: () => say(words.failed),
    });
  }

  openTime.addEventListener("click", async () => {
    if (openTime.getAttribute("aria-busy")) return;
    if (openTime.getAttribute("aria-expanded") === "true") {
      time.close();
      return;
    }
    time ??= await make(openTime, makeTime);
    if (!time) return;
    openTime.setAttribute("aria-expanded", "true");
    time.open();
  });

  showHeat.addEventListener("click", async () => {
    if (showHeat.getAttribute("aria-busy")) return;
    heat ??= await make(showHeat, async () => {
      const { heatView } = await import("./heat.js");
      const legend = page.querySelector("[data-heat]");
      return heatView(legend, { map, outline, tiles: pins.tiles });
    });
    if (!heat) return;
    const shown = !heat.isShown;
    showHeat.setAttribute("aria-pressed", String(shown));
    heat.setVisible(shown);
    pins.setVisible(!shown);
    if (shown) heat.setFilters(queryOf(current()));
    else pins.setFilters(current());
  });

  page.addEventListener("filters:changed", ({ detail }) => {
    frame = null;
    time?.setFilters(detail.filters);
    if (heat?.isShown) heat.setFilters(queryOf(detail.filters));
  });
  tools.hidden = false;
  return {
    refresh() {
      time?.refresh();
      if (heat?.isShown) heat.refresh();
    },
  };
}
