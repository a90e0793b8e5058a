// Reports that no zoom can part, as a list over the map: those at the same address, or hundreds in one
// small cell.
import { L } from "./leaflet.js";
import { clusterName } from "./mark_elements.js";
import { statusShape } from "./pins.js";
import { number, STATUSES } from "./words.js";

/**
 * @typedef {{href: string, title: string, status: string, number: string}} Line
 * @typedef {{lines: Line[], all?: string, note?: string}} Lines  all: address of the whole list, if there
 *   are more; note: a sentence in the place of lines
 */

/**
 * How the reports of a box are listed from a page of reports: `?part=list&bbox=…` under the filters.
 * @param {string} address of the list
 * @returns {(bbox: string, filters: URLSearchParams) => Promise<Lines>} for ReportLayer's `stackList`
 */
export function stackListFrom(address) {
  return async (bbox, filters) => {
    const query = new URLSearchParams([...filters, ["bbox", bbox]]);
    const answer = await fetch(`${address}?${query}&part=list`, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new TypeError(`${answer.status}`);
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const lines = [...found.querySelectorAll(".report-card")].map((card) => {
      const link = card.querySelector(".report-card__link");
      const shape = card.querySelector(".shape")?.getAttribute("class") ?? "";
      return {
        href: link.getAttribute("href"),
        title: link.textContent,
        number: card.dataset.number,
        status: STATUSES.find((status) => shape.includes(`shape--${status}`)) ?? STATUSES[0],
      };
    });
    return { lines, all: `${address}?${query}` };
  };
}

function lineOf({ href, title, status, number: name }, words) {
  const link = document.createElement("a");
  link.href = href;
  link.className = "stack-list__link";
  const text = document.createElement("span");
  text.textContent = title;
  const below = document.createElement("span");
  below.className = "stack-list__number";
  below.textContent = `${words(status)} · ${name}`;
  text.append(below);
  link.append(statusShape(status), text);
  const item = document.createElement("li");
  item.append(link);
  return item;
}

/** The last line leads to the whole list. */
function lineToAll(address, words) {
  const link = document.createElement("a");
  link.href = address;
  link.className = "stack-list__link stack-list__link--all";
  link.textContent = words("full_list");
  const item = document.createElement("li");
  item.append(link);
  return item;
}

/**
 * Open a list over the map: a dialog that Escape, its button or a touch beside it closes.
 * @param {L.Map} map
 * @param {{at: L.LatLng, mark: object, lines: Promise<Lines>, words: Function,
 *   onClose: (hadFocus: boolean) => void}} stack
 * @returns {L.Popup}
 */
export function openStack(map, { at, mark, lines, words, onClose }) {
  const list = document.createElement("ul");
  list.className = "stack-list";
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", clusterName(mark, words));
  list.setAttribute("aria-busy", "true");
  list.tabIndex = -1;
  const popup = L.popup({ className: "map-popup", maxHeight: 280, minWidth: 220, maxWidth: 300 })
    .setLatLng(at)
    .setContent(list)
    .openOn(map);
  const frame = popup.getElement();
  frame.setAttribute("role", "dialog");
  frame.setAttribute("aria-label", words("cluster", { total: number(mark.total) }));
  frame.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words("close"));
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    popup.close();
  });
  popup.on("remove", () => {
    const { activeElement } = document;
    onClose(frame.contains(activeElement) || activeElement === document.body);
  });
  list.focus({ preventScroll: true });
  const say = (sentence) => {
    const item = document.createElement("li");
    item.className = "stack-list__words";
    item.textContent = sentence;
    list.replaceChildren(item);
  };
  say("…");
  // Leaflet takes the list out and puts it in again to measure it: the focus would be lost.
  const refresh = () => {
    const hadFocus = frame.contains(document.activeElement);
    list.removeAttribute("aria-busy");
    if (!popup.isOpen()) return;
    popup.update();
    if (hadFocus) (list.querySelector("a") ?? list).focus({ preventScroll: true });
  };
  lines
    .then(({ lines: found, all, note }) => {
      if (note) {
        say(note);
        return;
      }
      list.replaceChildren(...found.map((line) => lineOf(line, words)));
      if (all && found.length < mark.total) list.append(lineToAll(all, words));
    })
    .catch(() => say(words("data_failed")))
    .finally(refresh);
  return popup;
}
