// The address of the place that is pointed at. It follows the cross, helps the crew, and never stands
// in anybody's way: without an answer the line stays empty.
import { ask } from "./asking.js";

const PATIENCE = 6000; // ms
const FEW_FAILURES = 3; // in a row, after which this page does not ask any more for a while
const REST = 60_000; // ms

export class AddressLine {
  #asked = null;
  #place = "";
  #filled = "";
  #failures = 0;
  #restsUntil = 0;

  /** @param {HTMLElement} flow with data-address-url @param {HTMLFormElement} form */
  constructor(flow, form) {
    this.url = flow.dataset.addressUrl;
    this.line = flow.querySelector("[data-place-address]");
    this.field = form.elements.address;
  }

  /**
   * Show the address of a place, and put it into the field unless the person has typed one.
   * @param {number} lat degrees @param {number} lon degrees
   * @returns {Promise<void>} settled when it is shown, or when there is none
   */
  async look(lat, lon) {
    const place = `${lat},${lon}`;
    if (place === this.#place) return;
    this.#place = place;
    this.#asked?.abort();
    if (!this.url || Date.now() < this.#restsUntil) return;
    const asking = new AbortController();
    this.#asked = asking;
    // The address of another place is not to be taken for this one's.
    this.line.classList.add("is-old");
    let address = "";
    let sign = "";
    try {
      const { body } = await ask(`${this.url}?${new URLSearchParams({ lat, lon })}`, {
        signal: asking.signal,
        patience: PATIENCE,
      });
      address = body.address ?? "";
      sign = body.sign ?? "";
      // This city has no addresses: nothing will come while this page is open.
      if (body.state === "none") this.url = "";
      this.#failures = 0;
    } catch {
      if (asking.signal.aborted) return;
      this.#failures += 1;
      if (this.#failures >= FEW_FAILURES) this.#restsUntil = Date.now() + REST;
    }
    if (asking.signal.aborted) return;
    this.line.classList.remove("is-old");
    this.line.textContent = address;
    this.#fill(sign);
  }

  /** Nothing is known of the place any more. */
  clear() {
    this.#asked?.abort();
    this.#place = "";
    this.line.textContent = "";
    this.line.classList.remove("is-old");
  }

  /** Take back from the field what nobody has typed. */
  takeBack() {
    this.clear();
    this.#fill("");
  }

  /** The crew looks for what stands on the sign, whatever language the person reads. */
  #fill(address) {
    const isOurs = !this.field.value.trim() || this.field.value === this.#filled;
    // A draft that came back holds what this line once filled in: the same again makes it ours.
    if (!isOurs && this.field.value !== address) return;
    this.#filled = address;
    if (this.field.value === address) return;
    this.field.value = address;
    // Whoever keeps drafts hears of it as of anything else in the form.
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
