// What is not sent yet stays on the device: a phone may close the page while its camera is open.
// Contact data is kept for this tab only; the rest a day, so that a reload loses nothing. Photos lie
// in the device's store (shared/outbox), their ids here.
import { isKiosk } from "../shared/kiosk.js";
import { forgetPhotosOf } from "../shared/outbox/outbox.js";
import { newKey } from "../shared/outbox/store.js";

const LIVES = 24 * 3600 * 1000; // ms
const CONTACT = ["name", "email", "phone"];
const QUESTION = "q."; // before the names of a category's questions, which keep theirs themselves
// Not answers: the form's own business, or kept elsewhere.
const NOT_KEPT = new Set([...CONTACT, "csrf_token", "action", "photo", "photos", "kept_photos", "without_photo"]);

/** Storage may be forbidden or full: then there is no draft, and everything else works. */
function attempt(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

const DRAFTS = "civicmap.draft."; // how their keys begin

/** Where a draft lies; a report that is being mended has a place of its own. */
export const draftKey = (city, mended = "") => `${DRAFTS}${city}${mended && `.${mended}`}`;

/** Forget what was typed into the forms of all cities; their photos are the outbox's to forget. */
export function forgetDrafts() {
  attempt(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(DRAFTS)) localStorage.removeItem(key);
  });
  attempt(() => sessionStorage.clear());
}

/**
 * Write a draft for the form to find.
 * @param {{values: Record<string, string>, contact: Record<string, string>,
 *   questions: [string, string][], photos: string[], kept: string[]}} draft
 */
export function writeDraft(key, { contact, ...rest }) {
  localStorage.setItem(key, JSON.stringify({ at: Date.now(), ...rest }));
  sessionStorage.setItem(key, JSON.stringify(contact));
}

export class Draft {
  #timer = 0;

  /** @param {HTMLFormElement} form @param {string} city its slug */
  constructor(form, city) {
    this.form = form;
    this.mended = new URLSearchParams(location.search).get("mend") ?? "";
    this.key = draftKey(city, this.mended);
    /** Owner of the photos on this device; "" where nothing is kept. */
    this.owner = isKiosk() ? "" : this.mended || `draft:${city}`;
    this.photos = [];
    this.kept = [];
    this.isFilling = false;
    // Made here: a page that was kept must not give two reports one key.
    form.elements.idempotency_key.value = newKey();
    // A page that was kept without network has no place of its address in it.
    const position = new URLSearchParams(location.search).get("position");
    if (position && !form.elements.position.value) form.elements.position.value = position;
  }

  /** Put a kept draft into the form; true if there was one. */
  restore() {
    if (isKiosk()) return false;
    const kept = attempt(() => JSON.parse(localStorage.getItem(this.key)));
    if (!kept || !(Date.now() - kept.at < LIVES)) {
      this.#forgetPhotos();
      return false;
    }
    const contact = attempt(() => JSON.parse(sessionStorage.getItem(this.key))) ?? {};
    const values = { ...kept.values, ...contact };
    for (const [name, value] of Object.entries(values)) this.set(name, value);
    this.photos = Array.isArray(kept.photos) ? kept.photos : [];
    this.kept = Array.isArray(kept.kept) ? kept.kept : [];
    this.questions = kept.questions;
    const { position, area, category, words } = values;
    return Boolean(position || area || category || words || this.kept.length);
  }

  /** Its photos are being read: until then those that were kept count, not those that are shown. */
  async fill(reading) {
    this.isFilling = true;
    await reading.finally(() => (this.isFilling = false));
    this.save();
  }

  set(name, value) {
    if (typeof value !== "string") return;
    if (name === "category") {
      // A category may stand in two lists: one of them carries the choice.
      const choice = this.form.querySelector(`[name="category"][value="${CSS.escape(value)}"]`);
      if (choice) choice.checked = true;
    } else if (this.form.elements[name] instanceof HTMLElement) {
      this.form.elements[name].value = value;
    }
  }

  /** Keep the form as it is now, soon. */
  save() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.saveNow(), 250);
  }

  saveNow() {
    clearTimeout(this.#timer);
    if (this.isOver || isKiosk()) return;
    const fields = new FormData(this.form);
    const answers = [...fields].filter(([name]) => !NOT_KEPT.has(name) && !name.startsWith(QUESTION));
    const values = Object.fromEntries(answers);
    const contact = Object.fromEntries(CONTACT.map((name) => [name, fields.get(name) ?? ""]));
    const photos = this.isFilling ? this.photos : fields.getAll("photos");
    const kept = this.isFilling ? this.kept : fields.getAll("kept_photos");
    const questions = this.questionsOf?.() ?? [];
    attempt(() => writeDraft(this.key, { values, contact, questions, photos, kept }));
  }

  /** It was sent, or is not wanted any more. */
  forget() {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#forgetPhotos();
    attempt(() => localStorage.removeItem(this.key));
    attempt(() => sessionStorage.removeItem(this.key));
  }

  /** Not those of a report that is being mended: it has them until it is sent or deleted. */
  #forgetPhotos() {
    if (this.owner && !this.mended) forgetPhotosOf(this.owner);
  }
}
