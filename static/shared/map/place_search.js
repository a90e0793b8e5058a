// The search box over a map. Districts and pasted positions are found on the device; streets, house
// numbers and places are asked of the city's server while somebody types. A combobox as the ARIA
// Authoring Practices have it: the focus stays in the field, arrows choose, Enter takes.
import { wordsOf } from "./words.js";

const DISTRICTS = 2; // at most, beside what the server finds
const MOST_DISTRICTS = 6; // where it finds nothing
const SETTLED = 220; // ms without a key before the server is asked
const PATIENCE = 8000; // ms
const HESITATES = 1000; // ms without a key after which the word is taken to be whole
const SHORTEST = 2; // letters
const AREA_ZOOM = 15;
const SPOT_ZOOM = 18;
const ZOOMS = { house: SPOT_ZOOM, street: 17, place: 17, area: AREA_ZOOM, position: SPOT_ZOOM };
const ICONS = { house: "house", street: "signpost", place: "map-pin", area: "map", position: "crosshair" };
const SPRITE = new URL("../../icons/sprite.svg", import.meta.url).pathname;
const SVG = "http://www.w3.org/2000/svg";
const NUMBER = String.raw`([+-]?\d{1,3}(?:[.,]\d{1,12})?)`;
const POSITION = new RegExp(String.raw`^${NUMBER}\s*(?:;|,\s|\s|,(?=\d+\.))\s*${NUMBER}$`);

/** Letters without case and accents, so that "jezyce" finds Jeżyce. */
export const plain = (text) =>
  text
    .toLowerCase()
    .replaceAll("ł", "l")
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .trim();

/** "52.41, 16.93" as [52.41, 16.93], or null. Whole numbers alone are a house's, not degrees. */
export function readPosition(text) {
  const found = POSITION.exec(text.trim());
  if (!found) return null;
  const [lat, lon] = [found[1], found[2]].map((part) => Number(part.replace(",", ".")));
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lat, lon] : null;
}

export class PlaceSearch {
  #timer = 0;
  #asking = null;
  #places = [];
  #active = -1;

  /**
   * @param {HTMLElement} root [data-place-search] of templates/shared/macros/place_search.html
   * @param {Promise<{areas: {name: string, label: [number, number]}[]} | null>} outline
   * @param {(lat: number, lon: number, zoom: number, place: {name: string, kind: string}) => void} goTo
   */
  constructor(root, outline, goTo) {
    this.root = root;
    this.words = wordsOf(root);
    this.goTo = goTo;
    this.areas = [];
    this.input = root.querySelector("[data-place-search-input]");
    this.frame = root.querySelector("[data-place-found]");
    this.list = root.querySelector("[data-place-results]");
    this.credit = root.querySelector("[data-place-credit]");
    this.message = root.querySelector("[data-place-search-message]");
    root.hidden = false; // of no use without this script
    outline.then((found) => {
      this.areas = (found?.areas ?? []).filter((area) => area.label);
    });
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("focus", () => {
      if (this.#places.length) this.#open();
    });
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take(this.#places[Number(option.dataset.place)]);
    });
    // A press on the list leaves the focus in the field.
    this.frame.addEventListener("mousedown", (event) => event.preventDefault());
    document.addEventListener("pointerdown", (event) => {
      if (!this.root.contains(event.target)) this.#close();
    });
    this.root.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.root.contains(relatedTarget)) this.#close();
    });
  }

  #typed() {
    this.#forget();
    this.#say("");
    const own = this.#own();
    this.#show(own);
    if (this.input.value.trim().length < SHORTEST || readPosition(this.input.value)) return;
    this.#timer = setTimeout(() => this.#search({ typing: true }), SETTLED);
  }

  /** Nothing that is still on its way counts any more. */
  #forget() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
  }

  /** What the device finds by itself: a position that was pasted, districts. */
  #own() {
    const position = readPosition(this.input.value);
    if (position) {
      const [lat, lon] = position;
      return [{ name: `${lat}, ${lon}`, detail: this.words("position"), kind: "position", lat, lon }];
    }
    const wanted = plain(this.input.value);
    if (!wanted) return [];
    const starts = (area) => plain(area.name).split(/[\s-]+/).some((word) => word.startsWith(wanted));
    const found = this.areas.filter((area) => plain(area.name).includes(wanted));
    return [...found.filter(starts), ...found.filter((area) => !starts(area))].map((area) => ({
      name: area.name,
      detail: this.words("district"),
      kind: "area",
      lat: area.label[0],
      lon: area.label[1],
    }));
  }

  /** Ask the server; the answer is for what stands in the field now, or for nobody. */
  async #search({ typing }) {
    this.#forget();
    const asking = new AbortController();
    this.#asking = asking;
    const timer = setTimeout(() => asking.abort("late"), PATIENCE);
    const query = new URLSearchParams({ q: this.input.value.trim(), ...(typing && { typing: "1" }) });
    let body;
    try {
      const answer = await fetch(`${this.root.dataset.placesUrl}?${query}`, {
        headers: { Accept: "application/json" },
        signal: asking.signal,
      });
      body = await answer.json();
    } catch {
      if (asking !== this.#asking) return null; // somebody has typed on
      body = { places: [], state: "down" };
    } finally {
      clearTimeout(timer);
    }
    if (asking !== this.#asking) return null;
    this.#asking = null;
    this.#answered(body, typing);
    return this.#places;
  }

  #answered({ places = [], state = "", credit = "", error = "" }, typing) {
    const own = this.#own();
    this.#show([...own.slice(0, places.length ? DISTRICTS : MOST_DISTRICTS), ...places], credit);
    if (this.#places.length && state !== "down") return;
    const sentences = { down: "down", enter: "press_enter", none: "nothing_here", ok: "nothing" };
    const say = () => this.#say(this.words(sentences[state] ?? "nothing"));
    if (error) this.#say(error);
    else if (state === "down" ? !this.#places.length || !typing : !typing || state === "enter") say();
    // Half a word need not be anything yet.
    else if (!this.#places.length) this.#timer = setTimeout(say, HESITATES);
  }

  async #accept() {
    if (this.#active >= 0) {
      this.#take(this.#places[this.#active]);
      return;
    }
    const text = this.input.value.trim();
    if (!text) return;
    const own = this.#own();
    if (own[0]?.kind === "position" || (own[0] && plain(own[0].name) === plain(text))) {
      this.#take(own[0]);
      return;
    }
    this.#announce(this.words("searching"));
    const places = text.length < SHORTEST ? own : await this.#search({ typing: false });
    if (places?.length) this.#take(places.find((place) => place.kind !== "area") ?? places[0]);
  }

  #take(place) {
    this.#forget();
    this.input.value = place.name;
    this.#show([]);
    this.#say("");
    // The keyboard on the glass would cover what was looked for.
    if (matchMedia("(pointer: coarse)").matches) this.input.blur();
    this.goTo(place.lat, place.lon, ZOOMS[place.kind] ?? SPOT_ZOOM, place);
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.#accept();
    } else if (event.key === "Escape" && !this.frame.hidden) {
      // A first Escape closes the list; the browser's own, which empties the field, comes second.
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.#places.length) {
      event.preventDefault();
      this.#open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = this.#places.length;
      // One position more than there are places: none chosen, back in the field.
      this.#activate(((this.#active + 1 + step + count + 1) % (count + 1)) - 1);
    }
  }

  #activate(index) {
    this.#active = index;
    for (const [number, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(number === index));
    }
    const chosen = this.list.children[index];
    if (chosen) {
      this.input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  #show(places, credit = "") {
    this.#places = places;
    this.list.replaceChildren(...places.map(option));
    this.credit.textContent = credit;
    this.credit.hidden = !credit;
    if (places.length) {
      this.#open();
      this.#announce(this.words("found", { count: places.length }));
    } else {
      this.#close();
    }
    this.#activate(-1);
  }

  #open() {
    this.frame.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  #close() {
    this.frame.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  #say(sentence) {
    this.message.classList.remove("visually-hidden");
    this.message.textContent = sentence;
  }

  #announce(sentence) {
    this.message.classList.add("visually-hidden");
    this.message.textContent = sentence;
  }
}

/** One place as a row of the list. */
function option(place, index) {
  const row = document.createElement("li");
  row.id = `place-result-${index}`;
  row.className = "place-search__option";
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", "false");
  row.dataset.place = String(index);
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${ICONS[place.kind] ?? "map-pin"}`);
  icon.append(use);
  const name = document.createElement("span");
  name.className = "place-search__name";
  name.textContent = place.name;
  row.append(icon, name);
  if (place.detail) {
    const detail = document.createElement("span");
    detail.className = "place-search__detail";
    detail.textContent = place.detail;
    name.after(" ", detail);
  }
  return row;
}
