// Finds a district by its name, or a pasted position. Names come with the map's outline: nothing is
// asked of anybody else's server.

const AT_MOST = 6;
const AREA_ZOOM = 15;
const SPOT_ZOOM = 18;
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

/** "52.41, 16.93" as [52.41, 16.93], or null. */
export function readPosition(text) {
  const found = POSITION.exec(text.trim());
  if (!found) return null;
  const [lat, lon] = [found[1], found[2]].map((part) => Number(part.replace(",", ".")));
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lat, lon] : null;
}

export class PlaceSearch {
  /**
   * @param {HTMLElement} flow @param {Function} words
   * @param {Promise<{areas: {name: string, label: [number, number]}[]} | null>} outline
   * @param {(lat: number, lon: number, zoom: number) => void} goTo
   */
  constructor(flow, words, outline, goTo) {
    this.words = words;
    this.goTo = goTo;
    this.areas = [];
    this.input = flow.querySelector("[data-place-search]");
    this.results = flow.querySelector("[data-place-results]");
    this.message = flow.querySelector("[data-place-search-message]");
    outline.then((found) => {
      this.areas = (found?.areas ?? []).filter((area) => area.label);
    });
    this.input.addEventListener("input", () => this.#suggest());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.#accept();
      } else if (event.key === "Escape") {
        this.#show([]);
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        this.results.querySelector("button")?.focus();
      }
    });
    this.results.addEventListener("keydown", (event) => this.#walk(event));
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".place-search")) this.#show([]);
    });
  }

  #matches() {
    const wanted = plain(this.input.value);
    if (!wanted) return [];
    const starts = (area) => plain(area.name).split(/[\s-]+/).some((word) => word.startsWith(wanted));
    const found = this.areas.filter((area) => plain(area.name).includes(wanted));
    return [...found.filter(starts), ...found.filter((area) => !starts(area))].slice(0, AT_MOST);
  }

  #suggest() {
    this.#say("");
    this.#show(this.#matches());
  }

  #accept() {
    const position = readPosition(this.input.value);
    const [first] = this.#matches();
    if (position) this.#take(...position, SPOT_ZOOM);
    else if (first) this.#takeArea(first);
    else if (this.input.value.trim()) this.#say(this.words("no_such_place"));
  }

  #takeArea(area) {
    this.input.value = area.name;
    this.#take(...area.label, AREA_ZOOM);
  }

  #take(lat, lon, zoom) {
    this.#show([]);
    this.#say("");
    this.goTo(lat, lon, zoom);
  }

  #show(areas) {
    this.results.replaceChildren(
      ...areas.map((area) => {
        const row = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = area.name;
        button.addEventListener("click", () => {
          this.#takeArea(area);
          this.input.focus();
        });
        row.append(button);
        return row;
      }),
    );
    this.results.hidden = !areas.length;
    if (areas.length) this.#announce(this.words("found", { count: areas.length }));
  }

  #walk(event) {
    const row = event.target.closest("li");
    const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (next) next.querySelector("button").focus();
    else if (event.key === "Escape" || event.key === "ArrowUp") {
      this.input.focus();
      if (event.key === "Escape") this.#show([]);
    } else return;
    event.preventDefault();
  }

  #say(sentence) {
    this.message.classList.remove("visually-hidden");
    this.message.textContent = sentence;
    this.message.hidden = !sentence;
  }

  #announce(sentence) {
    this.message.classList.add("visually-hidden");
    this.message.textContent = sentence;
    this.message.hidden = false;
  }
}
