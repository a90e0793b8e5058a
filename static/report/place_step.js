// Where is it? On the map, by location, by a district's name or coordinates; or told in words.
import { createCityMap, numbersFrom } from "../shared/map/city_map.js";
import { PlacePicker } from "../shared/map/crosshair.js";
import { locate, locateButton } from "../shared/map/locate.js";
import { PlaceSearch } from "../shared/map/place_search.js";
import { number } from "../shared/map/words.js";
import { AddressLine } from "./address_line.js";
import { ask, NoAnswer } from "./asking.js";

const EXACT = 15; // zoom from which a place can be told from the next one
const CLOSE = 17;
const NUDGE = 12; // px that a button moves the place
const ROUGH = 50; // metres: a location less accurate than this may be another house

const SOURCES = { map: "pin", given: "typed", location: "device", photo: "photo" };

export class PlaceStep {
  #asked = null;
  #route = Promise.resolve(null);

  /**
   * @param {HTMLElement} flow @param {HTMLFormElement} form
   * @param {Function} words
   * @param {() => void} changed the place is another one
   */
  constructor(flow, form, words, changed) {
    this.flow = flow;
    this.form = form;
    this.words = words;
    this.changed = changed;
    this.name = flow.querySelector("[data-place-name]");
    this.accuracy = flow.querySelector("[data-place-accuracy]");
    this.problem = flow.querySelector("[data-place-problem]");
    this.help = flow.querySelector("[data-place-help]");
    this.mapFrame = flow.querySelector("[data-map-frame]");
    this.address = flow.querySelector("[data-address]");
    this.addressHome = this.address.parentElement;
    this.addressLine = new AddressLine(flow, form);
    flow.querySelector("[data-say-in-words]").addEventListener("click", () => this.#tell("words"));
    flow.querySelector("[data-show-on-map]").addEventListener("click", () => this.#tell(""));
    this.#makeMap();
    this.#arrange();
  }

  get inWords() {
    return this.form.elements.place_by.value === "words";
  }

  get isKnown() {
    const { position, area, address } = this.form.elements;
    return this.inWords
      ? Boolean(area.value && address.value.trim())
      : Boolean(position.value.trim());
  }

  /** The place as the server's small questions want it. */
  get query() {
    const { position, area } = this.form.elements;
    if (this.inWords) return { area: area.value };
    const [lat, lon] = position.value.split(",").map((part) => part.trim());
    return { lat, lon };
  }

  /** Resolves to true when one may go on; else says why not. */
  async accept() {
    if (this.inWords) {
      if (this.isKnown) return true;
      this.#complain(this.words("choose_district"));
      return false;
    }
    if (!this.isKnown) {
      this.#complain(this.words("choose_place"));
      return false;
    }
    const answer = await this.#route;
    if (answer?.error) {
      if (this.#isFar) this.hint(answer.error);
      else this.#complain(answer.error, answer.nearest);
      return false;
    }
    if (this.#isFar) {
      this.map.setView(this.map.getCenter(), CLOSE);
      this.hint(this.words("come_closer"));
      return false;
    }
    return true;
  }

  /** The cross points at half a city: nobody means that spot yet. */
  get #isFar() {
    return !this.picker.fine && this.map.getZoom() < EXACT;
  }

  /** The step is shown: the map may have been hidden or of another size. */
  entered() {
    this.map.invalidateSize({ animate: false });
  }

  complain(sentence, nearest) {
    this.#complain(sentence, nearest);
  }

  /** What to say beside a location that was found: why it is not the photo's. */
  note = "";

  /** Something to know, or to do, about the place. */
  hint(sentence) {
    this.help.textContent = sentence;
    this.help.hidden = !sentence;
  }

  /**
   * Show where a photo says it was taken, to be confirmed.
   * @param {{lat: number, lon: number}} told degrees
   * @returns {Promise<boolean>} false when that is outside the city
   */
  async proposePhoto({ lat, lon }) {
    try {
      const { body } = await ask(`${this.flow.dataset.routeUrl}?${new URLSearchParams({ lat, lon })}`, {
        patience: 6000,
      });
      if (body.error) return false;
    } catch {
      // Nobody answers now: as well as it can be told here; the server looks again before sending.
      if (!this.map.options.maxBounds?.contains([lat, lon])) return false;
    }
    this.#tellByMap();
    this.picker.set(lat, lon, { source: "photo" });
    return true;
  }

  /**
   * Show where the person is, once it is known; if not, say kindly what to do instead.
   * @param {Promise<{lat: number, lon: number, accuracy: number}>} located
   */
  async proposeLocation(located) {
    this.hint(this.words("location_asking"));
    this.moved = false;
    try {
      const found = await located;
      this.hint("");
      if (this.moved) return; // the person has shown the place meanwhile
      const sentence = this.#found(found);
      if (sentence) this.hint(sentence);
    } catch (failure) {
      if (!failure.reason) throw failure;
      this.hint(this.words(`location_${failure.reason}`));
    }
  }

  #makeMap() {
    const element = this.flow.querySelector("[data-place-map-of-form]");
    const start = numbersFrom(this.form.elements.position.value, 2);
    const fine = matchMedia("(pointer: fine)").matches;
    this.flow.classList.add(fine ? "is-fine" : "is-coarse");
    const cityMap = createCityMap(element);
    this.map = cityMap.map;
    element.addEventListener("place:moving", () => this.#complain(""));
    element.addEventListener("place:by-hand", () => this.#takenInHand());
    element.addEventListener("place:chosen", ({ detail }) => this.#chosen(detail));
    this.picker = new PlacePicker(cityMap, {
      start: start && { lat: start[0], lon: start[1] },
      fine,
    });
    const button = this.flow.querySelector("[data-locate]");
    const located = locateButton(button, this.help, this.words, (found) => this.#found(found));
    this.map.on("dragstart click", () => {
      if (button.dataset.state !== "asking") located.reset();
    });
    this.flow.querySelector("[data-nudge]").addEventListener("click", (event) => {
      const by = event.target.closest("[data-by]")?.dataset.by.split(",").map((part) => Number(part) * NUDGE);
      if (by) this.picker.nudge(...by);
    });
    new PlaceSearch(this.flow.querySelector("[data-place-search]"), cityMap.outline, (lat, lon, zoom) => {
      this.hint("");
      this.picker.set(lat, lon, { source: "given", zoom });
    });
    this.map.on("zoomend", () => this.#lookForAddress());
    if (!start) this.#startWhereOneIs();
  }

  /** @returns {string | undefined} a sentence when one cannot be there */
  #found({ lat, lon, accuracy }) {
    if (!this.map.options.maxBounds?.contains([lat, lon])) return this.words("location_outside");
    this.#tellByMap();
    this.picker.set(lat, lon, { accuracy, source: "location" });
    return undefined;
  }

  /** Only where it was allowed before: nobody is asked for it without having pressed a button. */
  async #startWhereOneIs() {
    try {
      const permission = await navigator.permissions.query({ name: "geolocation" });
      if (permission.state !== "granted" || this.inWords) return;
      const position = await locate();
      if (!this.moved) this.#found(position);
    } catch {
      // The map stays where it is.
    }
  }

  #takenInHand() {
    this.moved = true;
    this.hint("");
  }

  #chosen({ lat, lon, accuracy, source }) {
    const { position, place_by: placeBy, accuracy: metres } = this.form.elements;
    const chosen = `${lat.toFixed(6)}, ${lon.toFixed(6)}`;
    if (position.value !== chosen) {
      position.value = chosen;
      metres.value = accuracy ? String(Math.min(999_999, Math.round(accuracy))) : "";
      if (!this.inWords) placeBy.value = SOURCES[source] ?? "pin";
      this.changed();
    }
    this.accuracy.textContent = accuracy
      ? this.words("accuracy", { metres: number(Math.round(accuracy)) })
      : position.value;
    if (this.inWords) return; // the map only changed its size
    this.#complain("");
    this.#askToConfirm(accuracy, source);
    this.#askRoute();
    this.#lookForAddress();
  }

  /** From where half a city is seen no house is meant. */
  #lookForAddress() {
    if (this.inWords || !this.picker?.place) return;
    const { lat, lon } = this.picker.place;
    if (this.#isFar) this.addressLine.clear();
    else this.addressLine.look(lat, lon);
  }

  /** A rough location and a photo's word are asked about; a place that was pointed at is not. */
  #askToConfirm(accuracy, source) {
    const isRough = source === "location" && accuracy > ROUGH;
    const isTold = source === "photo";
    this.flow.querySelector("[data-here]").hidden = isRough || isTold;
    this.flow.querySelector("[data-here-confirmed]").hidden = !(isRough || isTold);
    if (isRough) {
      const metres = number(Math.round(accuracy));
      this.hint(this.words(this.picker.fine ? "rough_pointer" : "rough", { metres }));
    } else if (isTold) {
      this.hint(this.words("photo_says"));
    } else if (source !== "map") {
      this.hint(source === "location" ? this.note : "");
    }
  }

  #askRoute() {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    this.#route = ask(`${this.flow.dataset.routeUrl}?${new URLSearchParams(this.query)}`, {
      signal,
      patience: 6000,
    })
      .then(({ body }) => {
        this.name.textContent = body.error ? "" : body.area || this.words("no_district");
        if (body.error && !this.#isFar) this.#complain(body.error, body.nearest);
        return body;
      })
      .catch((error) => {
        // Without an answer one may go on: everything is checked once more at the end.
        if (error instanceof NoAnswer) this.name.textContent = this.words("no_district");
        return null;
      });
  }

  /** Back from words to the map, when a place came by itself. */
  #tellByMap() {
    if (!this.inWords) return;
    this.form.elements.place_by.value = "";
    this.#arrange();
    this.entered();
  }

  #tell(by) {
    // Who rather says it in words did not mean the house that the cross happened to point at.
    if (by && this.form.elements.place_by.value === SOURCES.map) this.addressLine.takeBack();
    this.form.elements.place_by.value = by || (this.picker.place ? "pin" : "");
    this.#arrange();
    this.#complain("");
    this.changed();
    const next = by ? this.form.elements.area : this.flow.querySelector("#place-title");
    next.focus();
    if (by) return;
    this.entered();
    this.#lookForAddress();
  }

  /** In words the address belongs to the question; with a map it helps the crew, a step later. */
  #arrange() {
    const home = this.inWords ? this.addressHome : this.flow.querySelector("[data-address-slot]");
    this.flow.classList.toggle("is-in-words", this.inWords);
    this.mapFrame.inert = this.inWords;
    if (this.inWords) home.insertBefore(this.address, home.querySelector(".step__bar"));
    else home.append(this.address);
    this.#sayOptional(!this.inWords);
  }

  #sayOptional(isOptional) {
    const label = this.address.querySelector("label");
    label.querySelector(".field__optional")?.remove();
    if (!isOptional) return;
    const mark = document.createElement("span");
    mark.className = "field__optional";
    mark.textContent = ` (${this.form.elements.address.dataset.optionalWords})`;
    label.append(mark);
  }

  #complain(sentence, nearest) {
    const words = this.problem.querySelector("span");
    words.textContent = sentence;
    this.problem.hidden = !sentence;
    if (nearest) {
      const link = document.createElement("a");
      link.href = nearest.address;
      link.textContent = this.words("go_to_city", { city: nearest.name });
      words.append(" ", link);
    }
    const inWords = this.flow.querySelector("[data-words-problem]");
    inWords.querySelector("span").textContent = sentence;
    inWords.hidden = !sentence || !this.inWords;
  }
}
