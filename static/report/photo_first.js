// Starting with a photo: where the person is, is asked in the tap that opens the camera; where the
// photo says it was taken counts more. Either way the place is shown on the map to be confirmed.
import { locate } from "../shared/map/locate.js";
import { number } from "../shared/map/words.js";
import { readPhotoPlace } from "./photo_place.js";

export class PhotoFirst {
  #located = null;

  /**
   * @param {HTMLElement} flow @param {Function} words
   * @param {import("../shared/photo_upload.js").PhotoUpload} photos
   * @param {import("./place_step.js").PlaceStep} place
   */
  constructor(flow, words, photos, place) {
    this.words = words;
    this.photos = photos;
    this.place = place;
    const frame = flow.querySelector("[data-photo-first]");
    this.ways = frame.querySelector("[data-first-ways]");
    this.taken = frame.querySelector("[data-first-taken]");
    for (const input of frame.querySelectorAll("[data-first-photo]")) {
      input.addEventListener("click", () => this.#locate());
      input.addEventListener("change", () => {
        const files = [...input.files];
        input.value = "";
        if (files.length) this.use(files, null);
      });
    }
  }

  /**
   * Take photos into the form, and the place from them.
   * @param {File[]} files
   * @param {{lat: number, lon: number, accuracy: number} | null} location if it is known already
   */
  async use(files, location) {
    this.photos.add(files);
    this.show();
    const located = location ? Promise.resolve(location) : (this.#located ?? this.#locate());
    const told = await readPhotoPlace(files);
    this.place.note = "";
    if (told && (await this.place.proposePhoto(told))) return;
    if (told) this.place.note = this.words("photo_elsewhere");
    await this.place.proposeLocation(located);
  }

  /** The first photo instead of the two ways, or the other way round; both are equally high. */
  show() {
    const images = this.photos.list.querySelectorAll("img");
    const had = this.ways.contains(document.activeElement);
    this.ways.hidden = images.length > 0;
    this.taken.hidden = images.length === 0;
    if (!images.length) return;
    this.taken.querySelector("img").src = images[0].src;
    this.taken.querySelector("span").textContent =
      images.length > 1 ? this.words("photos_added", { count: number(images.length) }) : this.words("photo_added");
    // The control that had the focus is gone: what comes next is the question above it.
    if (had) this.ways.closest("section").querySelector("h2").focus({ preventScroll: true });
  }

  #locate() {
    this.#located = locate();
    this.#located.catch(() => {}); // told when it is needed
    return this.#located;
  }
}
