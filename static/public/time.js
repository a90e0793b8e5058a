// The years under a map: reports per month as bars, two handles for the first and the last month
// shown, and a player that moves a window of months through them. Loaded when it is first opened;
// the dates of the filter form do the same without it.
import { number, wordsOf } from "../shared/map/words.js";
import { MonthCounts } from "./month_counts.js";
import { firstDay, lastDay, speaking } from "./months.js";
import { alongBars, barsOf, yearMarks } from "./time_bars.js";

const FRAME = 450; // ms that a picture of the film stays at least: a year takes 5.4 s
const AHEAD = 2; // pictures that are fetched before their turn
const SETTLED = 400; // ms after the last step of a handle until the page follows
const DATES = ["since", "until"];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** A span of months as the filters of an address have it. */
const datesOf = (first, last) => ({ since: firstDay(first), until: lastDay(last) });

/**
 * Make `element` (public/time.html) the time bar of a map.
 * @param {HTMLElement} element
 * @param {{sprite: string, calm: MediaQueryList, filters: [string, string][],
 *   onFrame: (dates: object) => Promise<void>, ahead: (dates: object) => void,
 *   onChange: (dates: {since: string, until: string}) => void, onClose: () => void,
 *   onFailure: () => void}} options
 *   onFrame draws a span and is done when it can be seen; onChange: the person has chosen it
 */
export function timeControl(element, options) {
  return new TimeBar(element, options);
}

class TimeBar {
  #filters = [];
  #query = null; // what `#months` were fetched for
  #age = 0; // grows whenever they may have changed
  #known = 0; // the age of `#months`
  #months = new MonthCounts(); // what the bars are of
  #shown = { since: "", until: "" };
  #film = null; // AbortController while it plays
  #waiting = 0;
  #asked = null;

  constructor(element, options) {
    this.element = element;
    this.options = options;
    this.words = wordsOf(element);
    this.names = speaking(
      JSON.parse(element.dataset.monthNames),
      JSON.parse(element.dataset.dayNames),
      this.words,
    );
    const part = (name) => element.querySelector(`[data-${name}]`);
    this.parts = Object.fromEntries(
      ["play", "play-word", "span", "counted", "window", "close", "track", "bars", "before", "after",
        "since", "until", "years", "all", "announce-time"].map((name) => [name, part(name)]),
    );
    this.#listen();
    options.calm.addEventListener("change", () => {
      this.stop();
      this.#sayPlay();
    });
    this.setFilters(options.filters);
  }

  get isPlaying() {
    return this.#film !== null;
  }

  open() {
    this.element.hidden = false;
    this.#sayPlay();
    this.setFilters(this.#filters);
    this.parts.play.focus({ preventScroll: true });
  }

  close() {
    this.stop();
    this.element.hidden = true;
    this.options.onClose();
  }

  /** The page shows something else now. @param {[string, string][]} filters of the address */
  setFilters(filters) {
    this.#cut();
    this.#filters = filters;
    const found = new URLSearchParams(filters);
    this.#shown = { since: found.get("since") ?? "", until: found.get("until") ?? "" };
    if (this.element.hidden) return;
    this.#show(this.#shown);
    this.#fetch();
  }

  /** Ask again: what is shown did not come, or may have changed. A film ends first. */
  refresh() {
    this.#age += 1;
    if (!this.element.hidden && !this.isPlaying) this.#fetch();
  }

  /** Hold the film where it is; the page follows. */
  stop() {
    if (!this.#film) return;
    this.#cut();
    this.#commit(this.#shown);
    this.#announce("stopped", { span: this.#spanWords(), count: this.#countWords() });
  }

  #cut() {
    clearTimeout(this.#waiting);
    this.#film?.abort();
    this.#film = null;
    this.element.classList.remove("is-playing");
    this.#sayPlay();
  }

  /** What the bars are to be of: the filters without the dates. */
  get #wanted() {
    return `${new URLSearchParams(this.#filters.filter(([name]) => !DATES.includes(name)))}`;
  }

  get #noneWords() {
    return this.words(this.#wanted ? "no_match" : "none");
  }

  async #fetch() {
    const query = this.#wanted;
    this.#asked?.abort();
    const age = this.#age;
    if (query === this.#query && age === this.#known) return;
    this.#asked = new AbortController();
    try {
      const { months } = this.element.dataset;
      const answer = await fetch(query ? `${months}?${query}` : months, {
        signal: this.#asked.signal,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new TypeError(`${answer.status}`);
      const found = answer.status === 204 ? {} : await answer.json();
      this.#query = query;
      this.#known = age;
      this.#months = new MonthCounts(found);
      this.#draw();
      this.#show(this.#shown);
    } catch (error) {
      if (error.name !== "AbortError") this.options.onFailure();
    }
  }

  /* Drawing */

  #draw() {
    const { bars, since, until, years, play } = this.parts;
    const months = this.#months.length;
    const { totals } = this.#months;
    const highest = Math.max(1, ...totals);
    bars.setAttribute("viewBox", `0 0 ${Math.max(1, months) * 10} 100`);
    bars.replaceChildren(...barsOf(this.#months.counts, highest));
    const most = totals.indexOf(highest);
    bars.setAttribute(
      "aria-label",
      most < 0
        ? this.#noneWords
        : this.words("bars", {
            first: this.names.monthName(this.#months.begin),
            last: this.names.monthName(this.#months.end - 1),
            most: this.names.monthName(this.#months.begin + most),
            count: number(highest),
          }),
    );
    for (const handle of [since, until]) handle.max = String(Math.max(1, months));
    play.disabled = !months;
    years.replaceChildren(...this.#marks());
  }

  #marks() {
    return yearMarks(this.#months.begin, this.#months.length, this.parts.years.clientWidth);
  }

  #show(dates) {
    this.#shown = dates;
    const { since, until, before, after, span, counted: count, all } = this.parts;
    const [first, end] = this.#months.edges(dates);
    const months = this.#months.length || 1;
    since.value = String(first - this.#months.begin);
    until.value = String(end - this.#months.begin);
    before.style.width = `${(100 * (first - this.#months.begin)) / months}%`;
    after.style.width = `${(100 * (this.#months.end - end)) / months}%`;
    const whole = this.#spanWords();
    span.textContent = whole;
    const counted = this.#countWords();
    count.textContent = counted === null ? "" : this.words("count", { count: counted });
    since.setAttribute("aria-valuetext", this.#months.length ? this.names.monthName(first) : "");
    until.setAttribute("aria-valuetext", this.#months.length ? this.names.monthName(end - 1) : "");
    all.hidden = !(dates.since || dates.until);
  }

  #spanWords() {
    const { since, until } = this.#shown;
    if (since || until) return this.names.span(since, until);
    if (!this.#months.length) return this.#query === this.#wanted ? this.#noneWords : "";
    return this.names.span(firstDay(this.#months.begin), lastDay(this.#months.end - 1));
  }

  /** Reports in the span; null where bars cannot tell, or are of other filters. */
  #countWords() {
    const total = this.#query === this.#wanted ? this.#months.total(this.#shown) : null;
    return total === null ? null : number(total);
  }

  #sayPlay() {
    const word = this.isPlaying ? "pause" : this.options.calm.matches ? "next" : "play";
    const icon = this.isPlaying ? "pause" : this.options.calm.matches ? "step-forward" : "play";
    this.parts["play-word"].textContent = this.words(word);
    this.parts.play.title = this.words(word);
    this.parts.play.querySelector("use").setAttribute("href", `${this.options.sprite}#${icon}`);
  }

  #announce(name, values) {
    this.parts["announce-time"].textContent = this.words(name, values);
  }

  /* Choosing */

  /** Show a span of months; the page follows when the hand rests. All of them is no filter. */
  #choose(first, end, { wait = SETTLED } = {}) {
    this.#cut();
    const isAll = first <= this.#months.begin && end >= this.#months.end;
    const dates = isAll ? { since: "", until: "" } : datesOf(first, end - 1);
    if (dates.since === this.#shown.since && dates.until === this.#shown.until && wait) return;
    this.#show(dates);
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#commit(dates), wait);
  }

  #commit(dates) {
    clearTimeout(this.#waiting);
    this.options.onChange(dates);
  }

  #listen() {
    const { play, close, all, since, until, track } = this.parts;
    play.addEventListener("click", () => {
      if (this.isPlaying) this.stop();
      else if (this.options.calm.matches) this.#step();
      else this.#play();
    });
    close.addEventListener("click", () => this.close());
    all.addEventListener("click", () => {
      this.#choose(this.#months.begin, this.#months.end, { wait: 0 });
      play.focus({ preventScroll: true });
    });
    // One handle pushes the other: between them is always a month.
    since.addEventListener("input", () => {
      const first = Math.min(this.#months.begin + Number(since.value), this.#months.end - 1);
      this.#choose(first, Math.max(first + 1, this.#months.edges(this.#shown)[1]));
    });
    until.addEventListener("input", () => {
      const end = Math.max(this.#months.begin + Number(until.value), this.#months.begin + 1);
      this.#choose(Math.min(end - 1, this.#months.edges(this.#shown)[0]), end);
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.isPlaying) this.close();
      else if (event.key === " " && !event.target.closest("button, select")) play.click();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isPlaying) return;
      event.preventDefault();
      event.stopPropagation();
      this.stop();
    }, { capture: true });
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    new ResizeObserver(() => {
      if (this.#months.length) this.parts.years.replaceChildren(...this.#marks());
    }).observe(track);

    alongBars(track, {
      months: () => this.#months.length,
      choose: (first, end) => this.#choose(this.#months.begin + first, this.#months.begin + end),
    });
  }

  /* The film */

  get #size() {
    return Math.min(Number(this.parts.window.value), this.#months.length);
  }

  /** Where a film begins: where one looks, or at the beginning when that is everything or the end. */
  #start() {
    const { since, until } = this.#shown;
    const [first] = this.#months.edges(this.#shown);
    const isOver = first + this.#size >= this.#months.end;
    return (!since && !until) || isOver ? this.#months.begin : first;
  }

  /** Instead of a film for whoever wants no motion: the next window at each press. */
  #step() {
    const size = this.#size;
    const [first, end] = this.#months.edges(this.#shown);
    const isOne = end - first === size && this.#shown.since;
    const next = isOne && end < this.#months.end ? Math.min(end, this.#months.end - size) : this.#start();
    this.#choose(next, next + size);
    this.#announce("stopped", { span: this.#spanWords(), count: this.#countWords() });
  }

  async #play() {
    if (!this.#months.length) return;
    clearTimeout(this.#waiting);
    const film = new AbortController();
    const { signal } = film;
    this.#film = film;
    this.element.classList.add("is-playing");
    this.#sayPlay();
    const cut = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    const size = this.#size;
    const start = this.#start();
    this.#announce("playing", { since: this.names.monthName(start) });
    for (let first = start; first + size <= this.#months.end && !signal.aborted; first += 1) {
      const dates = datesOf(first, first + size - 1);
      const began = performance.now();
      await Promise.race([this.options.onFrame(dates), cut]);
      if (signal.aborted) return;
      this.#show(dates);
      for (let next = 1; next <= AHEAD && first + next + size <= this.#months.end; next += 1) {
        this.options.ahead(datesOf(first + next, first + next + size - 1));
      }
      await Promise.race([pause(FRAME - (performance.now() - began)), cut]);
    }
    if (!signal.aborted) this.stop();
  }
}
