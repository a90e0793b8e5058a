// Says how many characters are left once there are few; too many are told, never cut off.
import { number } from "../shared/map/words.js";

const FEW = 400;

export class WordsLeft {
  /** @param {HTMLElement} flow @param {HTMLTextAreaElement} field @param {Function} words */
  constructor(flow, field, words) {
    this.limit = Number(flow.dataset.longestWords);
    this.field = field;
    this.words = words;
    this.note = flow.querySelector("[data-words-left]");
    field.addEventListener("input", () => this.count());
    this.count();
  }

  count() {
    // As the server counts: code points, not halves of them.
    const left = this.limit - [...this.field.value.trim()].length;
    this.note.hidden = left > FEW;
    const text =
      left < 0
        ? this.words("too_long", { count: number(-left) })
        : this.words("characters_left", { count: number(left) });
    this.note.textContent = this.note.hidden ? "" : text;
    this.note.classList.toggle("is-over", left < 0);
  }
}
