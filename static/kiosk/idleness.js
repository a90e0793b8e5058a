// The minute without a touch. A warning comes early enough to answer it: twenty seconds, which WCAG
// 2.2.1 asks for; any touch or key is an answer, as often as one likes.

const PATIENCE = 60_000; // ms from the last touch to forgetting
const WARNING = 20_000; // ms of it that the warning is seen
const SPOKEN = [10, 5]; // seconds left that a screen reader says
const BEGUN = "civicmap.kiosk.begun";
const ACTIVITY = ["pointerdown", "pointermove", "keydown", "wheel", "input", "touchmove"];

export class Idleness {
  #last = Date.now();

  /** @param {HTMLDialogElement} warning @param {() => void} over called once, when time is up */
  constructor(warning, over) {
    this.warning = warning;
    this.over = over;
    this.left = warning.querySelector("[data-kiosk-left]");
    this.said = warning.querySelector("[data-kiosk-said]");
    for (const kind of ACTIVITY) {
      addEventListener(kind, () => this.#touched(), { capture: true, passive: true });
    }
    this.warning.addEventListener("click", () => this.warning.close());
    this.timer = setInterval(() => this.#look(), 500);
    document.addEventListener("visibilitychange", () => this.#look());
  }

  #touched() {
    // A terminal that lay asleep through the minute has no visit that could go on.
    if (this.#isBegun && Date.now() - this.#last >= PATIENCE) {
      this.#look();
      return;
    }
    this.#last = Date.now();
    begin();
  }

  /** The first page, which nobody has touched yet, has nothing to forget. */
  get #isBegun() {
    const { kioskStart } = document.documentElement.dataset;
    return location.pathname + location.search !== kioskStart || hasBegun();
  }

  #look() {
    if (!this.#isBegun) {
      this.#last = Date.now();
      return;
    }
    const left = PATIENCE - (Date.now() - this.#last);
    if (left <= 0) {
      clearInterval(this.timer);
      this.over();
    } else if (left > WARNING) {
      if (this.warning.open) this.warning.close();
    } else {
      this.#warn(Math.ceil(left / 1000));
    }
  }

  #warn(seconds) {
    if (!this.warning.open) {
      this.said.textContent = "";
      this.warning.showModal();
    }
    this.left.textContent = String(seconds);
    if (SPOKEN.includes(seconds)) {
      this.said.textContent = this.said.dataset.words.replace("%(count)s", seconds);
    }
  }
}

function begin() {
  try {
    sessionStorage.setItem(BEGUN, "1");
  } catch {
    begunHere = true;
  }
}

let begunHere = false;

function hasBegun() {
  try {
    return sessionStorage.getItem(BEGUN) !== null;
  } catch {
    return begunHere;
  }
}
