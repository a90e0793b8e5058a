// The last step: the server checks everything and shows it once more, then the report goes out. It is
// kept on the device before its first try, so neither a lost answer nor a closed page loses it; with
// the same key it arrives once. Without network the device shows the answers and keeps the report.
import { isKiosk } from "../shared/kiosk.js";
import { wordsOf } from "../shared/map/words.js";
import { alone, sendReport } from "../shared/outbox/flush.js";
import { askForHelp, keepReport, lendPhotos, removeReport } from "../shared/outbox/outbox.js";
import { categoryName, drawAnswers } from "./answers_offline.js";
import { NoAnswer, pause, post } from "./asking.js";

const PAUSES = [1500, 4000, 8000, 15_000]; // ms between attempts
const LONG = 30_000; // ms: who is asked to wait longer may close the page
const TRIES = 3; // after which a report that is kept is left to the outbox
const PATIENCE = 12_000; // ms after which it is, too
const SLOW = 6000; // ms before it is said that no answer has come
const NOT_FIELDS = new Set(["action", "csrf_token", "idempotency_key", "kept_photos", "photo", "photos", "without_photo"]);

export class Sending {
  /**
   * @param {HTMLElement} flow @param {HTMLFormElement} form @param {Function} words
   * @param {{refused: (body: object) => void, sent: (address: string) => void,
   *   queued: (key: string) => void, change: (step: string) => void}} hooks
   * @param {import("./draft.js").Draft} draft
   */
  constructor(flow, form, words, hooks, draft) {
    this.flow = flow;
    this.form = form;
    this.words = words;
    this.hooks = hooks;
    this.draft = draft;
    this.offlineWords = wordsOf(flow.querySelector("[data-answers-offline]"));
    this.answers = flow.querySelector("[data-check]");
    this.button = flow.querySelector("[data-send]");
    this.label = this.button.querySelector("span");
    this.labelWords = this.label.textContent;
    this.status = flow.querySelector("[data-send-status]");
    this.answers.addEventListener("click", (event) => {
      const step = event.target.closest("[data-change]")?.dataset.change;
      if (!step) return;
      event.preventDefault();
      hooks.change(step);
    });
    addEventListener("online", () => this.renew());
  }

  /** Let the server check the answers and show them; without network they are shown as they are. */
  async check() {
    this.isChecked = false;
    this.isDrawn = false;
    if (this.#photos.some(({ key }) => !key)) {
      this.#draw();
      return;
    }
    this.answers.setAttribute("aria-busy", "true");
    this.#say(this.words("asking"));
    try {
      const { status, body } = await post(this.form, "check");
      if (status !== 200) {
        this.hooks.refused(body);
        return;
      }
      this.#show(body);
      this.#say("");
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (isKiosk()) this.#say(this.words(navigator.onLine ? "no_answer" : "offline"));
      else this.#draw();
    } finally {
      this.answers.removeAttribute("aria-busy");
    }
  }

  #draw() {
    const awaitsPhotos = navigator.onLine && this.#photos.some(({ key }) => !key);
    drawAnswers(this.answers, this.flow, this.form, { awaitsPhotos });
    this.isChecked = true;
    this.isDrawn = true;
    this.#say("");
  }

  /** Answers that were drawn here, once there is network again and every photo is there. */
  async renew() {
    const isWanted = () => this.isDrawn && !this.isBusy && this.flow.dataset.at === "check";
    if (!isWanted() || this.#photos.some(({ key }) => !key)) return;
    try {
      const { status, body } = await post(this.form, "check");
      // Who is about to press something there shall not have it taken away.
      if (!isWanted() || this.answers.contains(document.activeElement)) return;
      if (status === 200) this.#show(body);
      else this.hooks.refused(body);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  }

  #show({ html }) {
    this.answers.innerHTML = html;
    this.isChecked = true;
    this.isDrawn = false;
  }

  /** Send, and try again by itself a few times; the button does nothing meanwhile. */
  async send() {
    if (this.isBusy) return;
    this.#busy(true);
    this.flow.dataset.sending = "";
    try {
      const report = this.#report();
      await alone(report.key, async () => this.#attempts(report, await this.#keep(report)), { wait: true });
    } finally {
      this.#busy(false);
      if (!this.isQueued) delete this.flow.dataset.sending;
    }
  }

  /** @returns {Promise<"whole" | "words" | "nothing">} what of it this device keeps */
  async #keep(report) {
    const kept = isKiosk() ? "nothing" : await keepReport(report).catch(() => "nothing");
    report.isLoose = kept === "nothing";
    return kept;
  }

  async #attempts(report, kept) {
    const started = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#try(report, attempt);
      if (outcome.state === "sent") {
        // Its own page follows: nothing has to be told about it on other pages.
        await removeReport(report.key).catch(() => {});
        this.#warn(false);
        this.hooks.sent(outcome.address);
        return;
      }
      if (outcome.state === "refused") {
        await this.#takeBack(report);
        this.#say("");
        this.hooks.refused(outcome.body);
        return;
      }
      const isLong = attempt + 1 >= TRIES || performance.now() - started > PATIENCE || (!outcome.isNetwork && outcome.wait > LONG);
      if (kept === "whole" && (isLong || !navigator.onLine)) {
        this.isQueued = true;
        askForHelp();
        document.dispatchEvent(new CustomEvent("outbox:kept")); // the line above the page shows it
        this.hooks.queued(report.key);
        return;
      }
      if (isKiosk() && attempt >= PAUSES.length) {
        this.#say(this.words("not_sent"));
        return;
      }
      if (kept !== "whole" && !navigator.onLine) this.#hold(kept);
      else this.#say(this.words("retrying"));
      await pause(PAUSES[attempt] ?? LONG);
    }
  }

  async #try(report, attempt) {
    const slow = setTimeout(() => this.#say(this.words("retrying")), SLOW);
    const progress = (_, share) => {
      clearTimeout(slow);
      this.#progress(share);
    };
    try {
      return await sendReport({ ...report, tries: attempt }, { progress });
    } finally {
      clearTimeout(slow);
    }
  }

  /** It could not be kept: as long as this page is open, it goes on trying. */
  #hold(kept) {
    if (isKiosk()) this.#say(this.words("offline"));
    else this.#say(this.offlineWords(kept === "words" ? "full_words" : "full"));
    this.#warn(true);
  }

  /** Refused while one looks on: it is in the form, where it can be mended at once. */
  async #takeBack(report) {
    if (isKiosk() || this.draft.mended) return; // what is mended stays in the outbox too
    await lendPhotos(report.key, this.draft.owner).catch(() => {});
    await removeReport(report.key).catch(() => {});
  }

  /** The photos in order: `id` on this device, `key` at the server, either may be "". */
  get #photos() {
    return [...this.flow.querySelectorAll("[data-photos] > *")].map((item) => ({
      id: item.querySelector("[name=kept_photos]")?.value ?? "",
      key: item.querySelector("[name=photos]")?.value ?? "",
    }));
  }

  #report() {
    const fields = [...new FormData(this.form)].filter(
      ([name, value]) => !NOT_FIELDS.has(name) && typeof value === "string",
    );
    return {
      key: this.form.elements.idempotency_key.value,
      city: this.flow.dataset.city,
      addresses: {
        // `form.action` would be the button of that name.
        form: this.form.getAttribute("action"),
        token: this.flow.dataset.tokenUrl,
        upload: this.flow.querySelector("[data-photo-upload]").dataset.uploadUrl,
      },
      fields,
      photos: this.#photos,
      what: categoryName(this.form),
      words: this.form.elements.words.value.trim().slice(0, 140),
      at: Date.now(),
      tries: 0,
    };
  }

  #progress(share) {
    const percent = Math.round(share * 100);
    this.#say(share < 1 ? this.offlineWords("sending_photos", { percent }) : "");
  }

  #warn(isNeeded) {
    this.leaving?.abort();
    if (!isNeeded) return;
    this.leaving = new AbortController();
    addEventListener("beforeunload", (event) => event.preventDefault(), { signal: this.leaving.signal });
  }

  #busy(isBusy) {
    this.isBusy = isBusy;
    // Not `disabled`: the focus would be lost, and with it what a screen reader is reading.
    this.button.setAttribute("aria-disabled", String(isBusy));
    this.button.setAttribute("aria-busy", String(isBusy));
    const icon = this.button.querySelector("use");
    icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, isBusy ? "#loader-circle" : "#send"));
    this.label.textContent = isBusy ? this.words("sending") : this.labelWords;
    if (isBusy) this.#say("");
    else this.#warn(false);
  }

  #say(sentence) {
    this.status.textContent = sentence;
  }
}
