// What is wrong? A search over names and other words for the same, then who will have it and by when.
import { ask } from "./asking.js";
import { plain } from "../shared/map/place_search.js";

/** What a category's row and its group say. */
const wordsBeside = (row) => {
  const group = row.closest("[data-group]")?.querySelector("h3").textContent ?? "";
  return `${group} ${row.textContent}`;
};

export class CategoryStep {
  #asked = null;
  #isLearning = false;

  /**
   * @param {HTMLElement} flow @param {HTMLFormElement} form @param {Function} words
   * @param {() => Record<string, string>} place the place as a query
   */
  constructor(flow, form, words, place) {
    this.flow = flow;
    this.form = form;
    this.words = words;
    this.place = place;
    this.goesTo = flow.querySelector("[data-goes-to]");
    this.problem = flow.querySelector("[data-category-problem]");
    this.groups = [...flow.querySelectorAll("[data-group]")];
    this.mostUsed = flow.querySelector("[data-most-used]");
    this.rows = [...flow.querySelectorAll(".category")].map((row) => [row, plain(wordsBeside(row))]);
    this.opened = null;
    this.search = flow.querySelector("[data-category-search]");
    this.search.addEventListener("input", () => this.#filter());
    this.search.addEventListener("focus", () => this.#learnOtherWords());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    flow.querySelector("[data-categories]").addEventListener("change", () => this.chosen());
  }

  get key() {
    return this.form.elements.category?.value ?? "";
  }

  /** Whether life may be in danger: then one is told to call first. */
  get isEmergency() {
    return this.form.querySelector("[name=category]:checked")?.hasAttribute("data-emergency") ?? false;
  }

  entered() {
    if (this.key) this.chosen();
  }

  complain(sentence) {
    this.problem.querySelector("span").textContent = sentence;
    this.problem.hidden = !sentence;
  }

  /** Tell who gets it, and until when. */
  async chosen() {
    this.complain("");
    const choice = this.form.querySelector("[name=category]:checked");
    this.#asked?.abort();
    if (!choice) {
      this.goesTo.textContent = "";
      return;
    }
    this.#asked = new AbortController();
    const query = new URLSearchParams({ ...this.place(), category: this.key });
    try {
      const { body } = await ask(`${this.flow.dataset.routeUrl}?${query}`, {
        signal: this.#asked.signal,
        patience: 6000,
      });
      if (body.error) throw new Error(body.error);
      const who = document.createElement("strong");
      who.textContent = body.department
        ? this.words("goes_to", { department: body.department })
        : this.words("goes_to_triage");
      const when = document.createElement("span");
      when.textContent = this.words("by", { date: body.fix_by });
      this.goesTo.replaceChildren(who, " ", when);
    } catch (error) {
      // It is said again before sending.
      if (error.name !== "AbortError") this.goesTo.textContent = "";
    }
  }

  /** Other words for the same, in every language of the city: only for those who search, once. */
  async #learnOtherWords() {
    if (this.#isLearning) return;
    this.#isLearning = true;
    try {
      const { status, body } = await ask(this.flow.dataset.otherWordsUrl);
      if (status !== 200) throw new Error(body.error);
      this.rows = this.rows.map(([row, text]) => {
        const others = body[row.querySelector("input").value] ?? "";
        return [row, `${text} ${plain(others)}`];
      });
      if (this.search.value) this.#filter();
    } catch {
      this.#isLearning = false; // the names themselves are searched; others with the next focus
    }
  }

  #filter() {
    const wanted = plain(this.search.value).split(/\s+/).filter(Boolean);
    this.opened ??= this.groups.map((group) => group.open);
    const shown = new Set();
    for (const [row, text] of this.rows) {
      const fits = wanted.every((word) => text.includes(word));
      row.hidden = !fits;
      if (fits) shown.add(row.querySelector("input").value);
    }
    if (this.mostUsed) this.mostUsed.hidden = wanted.length > 0;
    this.groups.forEach((group, index) => {
      group.hidden = !group.querySelector(".category:not([hidden])");
      // The count is of the whole group: beside one row that fits it would be read as theirs.
      group.querySelector(".badge").hidden = wanted.length > 0;
      group.open = wanted.length ? !group.hidden : this.opened[index];
    });
    if (!wanted.length) this.opened = null;
    const found = this.flow.querySelector("[data-category-found]");
    found.textContent = wanted.length ? this.words("found", { count: shown.size }) : "";
    this.flow.querySelector("[data-category-none]").hidden = shown.size > 0;
  }
}
