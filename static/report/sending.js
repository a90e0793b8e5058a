// The last step: the server checks everything and shows it once more, then the report goes out. On
// a bad network it goes out again with the same key, so it arrives once.
import { NoAnswer, pause, post } from "./asking.js";

const PAUSES = [1500, 4000, 8000, 15_000]; // ms between attempts

export class Sending {
  /**
   * @param {HTMLElement} flow @param {HTMLFormElement} form @param {Function} words
   * @param {{refused: (body: object) => void, sent: (address: string) => void,
   *   change: (step: string) => void}} hooks
   */
  constructor(flow, form, words, hooks) {
    this.form = form;
    this.words = words;
    this.hooks = hooks;
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
  }

  /** Let the server check the answers and show them. */
  async check() {
    this.isChecked = false;
    this.answers.setAttribute("aria-busy", "true");
    this.#say(this.words("asking"));
    try {
      const { status, body } = await post(this.form, "check");
      if (status !== 200) {
        this.hooks.refused(body);
        return;
      }
      this.answers.innerHTML = body.html;
      this.isChecked = true;
      this.#say("");
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#say(this.words(navigator.onLine ? "no_answer" : "offline"));
    } finally {
      this.answers.removeAttribute("aria-busy");
    }
  }

  /** Send, and try again by itself a few times; the button does nothing meanwhile. */
  async send() {
    if (this.isBusy) return;
    this.#busy(true);
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          const { status, body } = await post(this.form, "send");
          if (body.step === "sent") this.hooks.sent(body.address);
          else this.hooks.refused(body);
          if (status >= 400) this.#say("");
          return;
        } catch (error) {
          if (!(error instanceof NoAnswer)) throw error;
          if (attempt >= PAUSES.length) break;
          this.#say(this.words("retrying"));
          await pause(PAUSES[attempt]);
        }
      }
      this.#say(this.words("not_sent"));
    } finally {
      this.#busy(false);
    }
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
  }

  #say(sentence) {
    this.status.textContent = sentence;
  }
}
