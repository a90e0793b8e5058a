// What is not sent yet stays on the device: a phone may close the page while its camera is open.
// Contact data is kept for this tab only; the rest a day, so that a reload loses nothing.

const LIVES = 24 * 3600 * 1000; // ms
const CONTACT = ["name", "email", "phone"];
const KEPT = [
  "idempotency_key",
  "place_by",
  "position",
  "accuracy",
  "area",
  "address",
  "category",
  "is_another",
  "words",
];

/** Storage may be forbidden or full: then there is no draft, and everything else works. */
function attempt(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

export class Draft {
  #timer = 0;

  /** @param {HTMLFormElement} form @param {string} city its slug */
  constructor(form, city) {
    this.form = form;
    this.key = `civicmap.draft.${city}`;
  }

  /** Put a kept draft into the form; true if there was one. */
  restore() {
    const kept = attempt(() => JSON.parse(localStorage.getItem(this.key)));
    if (!kept || !(Date.now() - kept.at < LIVES)) return false;
    const contact = attempt(() => JSON.parse(sessionStorage.getItem(this.key))) ?? {};
    const values = { ...kept.values, ...contact };
    for (const name of [...KEPT, ...CONTACT]) {
      if (typeof values[name] === "string") this.set(name, values[name]);
    }
    this.photos = Array.isArray(kept.photos) ? kept.photos : [];
    this.questions = kept.questions;
    return Boolean(values.position || values.area || values.category || values.words);
  }

  set(name, value) {
    const field = this.form.elements[name];
    if (!field) return;
    if (name === "category") {
      const choice = this.form.querySelector(`[name="category"][value="${CSS.escape(value)}"]`);
      if (choice) choice.checked = true;
    } else {
      field.value = value;
    }
  }

  /** Keep the form as it is now, soon. */
  save() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.saveNow(), 250);
  }

  saveNow() {
    clearTimeout(this.#timer);
    if (this.isOver) return;
    const fields = new FormData(this.form);
    const some = (names) => Object.fromEntries(names.map((name) => [name, fields.get(name) ?? ""]));
    const draft = {
      at: Date.now(),
      values: some(KEPT),
      photos: fields.getAll("photos"),
      questions: this.questionsOf?.() ?? [],
    };
    attempt(() => localStorage.setItem(this.key, JSON.stringify(draft)));
    attempt(() => sessionStorage.setItem(this.key, JSON.stringify(some(CONTACT))));
  }

  /** It was sent, or is not wanted any more. */
  forget() {
    this.isOver = true;
    clearTimeout(this.#timer);
    attempt(() => localStorage.removeItem(this.key));
    attempt(() => sessionStorage.removeItem(this.key));
  }
}
