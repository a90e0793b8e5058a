// One question a screen. Each step has its place in the browser's history, so that Back goes one
// step and never leaves by accident; its heading takes the focus.

// Before a step's name in the address. No element has such an id: the browser would scroll to it and
// take the focus from the heading.
const MARK = "at-";

/** The stepper has five dots: "call first" and "already reported?" belong to "what is wrong". */
const DOT_OF = { stop: "category", nearby: "category", queued: "check" };

export class Steps {
  /**
   * @param {HTMLElement} flow
   * @param {Function} words
   * @param {{canShow: (name: string) => boolean, entered: (name: string) => void}} hooks
   */
  constructor(flow, words, { canShow, entered }) {
    this.flow = flow;
    this.words = words;
    this.canShow = canShow;
    this.entered = entered;
    this.sections = [...flow.querySelectorAll("[data-step]")];
    this.names = this.sections.map((section) => section.dataset.step);
    this.dots = [...document.querySelectorAll("[data-dot]")];
    this.title = document.title;
    this.depth = 0;
    addEventListener("popstate", (event) => this.#travel(event.state));
    document.querySelector("[data-back]").addEventListener("click", (event) => {
      if (this.isOver) return; // the link leads to the city's page
      if (this.depth > 0) {
        event.preventDefault();
        history.back();
      } else if (this.current !== this.names[0]) {
        // The page was loaded anew in the middle of the form, for another language say.
        event.preventDefault();
        const name = this.#nearestTo(this.names[this.names.indexOf(this.current) - 1]);
        history.replaceState({ step: name, depth: 0 }, "", `#${MARK}${name}`);
        this.#show(name);
      }
    });
  }

  /** Show the step that the address or the history names, as far as it can be shown. */
  begin() {
    const wanted = history.state?.step ?? this.#addressed();
    this.depth = history.state?.depth ?? 0;
    const name = this.#nearestTo(wanted);
    history.replaceState({ step: name, depth: this.depth }, "", `#${MARK}${name}`);
    this.#show(name, { focus: false });
  }

  go(name) {
    if (name === this.current) {
      this.#show(name);
      return;
    }
    this.depth += 1;
    history.pushState({ step: name, depth: this.depth }, "", `#${MARK}${name}`);
    this.#show(name);
  }

  /**
   * Leave for another page so that Back from there does not lead into a form that is done with: first
   * back to the step one came in by, then in its place.
   */
  leave(address) {
    const away = () => location.replace(address);
    if (this.depth === 0) {
      away();
      return;
    }
    this.isLeaving = true;
    addEventListener("popstate", away, { once: true });
    setTimeout(away, 1000); // should the browser not tell
    history.go(-this.depth);
  }

  /**
   * Show a last step that leads nowhere back into the form: it takes the place of the step one came
   * in by.
   */
  finish(name) {
    this.isOver = true;
    const show = () => {
      this.isLeaving = false;
      this.depth = 0;
      history.replaceState({ step: name, depth: 0 }, "", `#${MARK}${name}`);
      this.#show(name);
    };
    if (this.depth === 0) {
      show();
      return;
    }
    this.isLeaving = true;
    addEventListener("popstate", show, { once: true });
    history.go(-this.depth);
  }

  #travel(state) {
    if (this.isLeaving) return;
    this.depth = state?.depth ?? 0;
    this.#show(this.#nearestTo(state?.step ?? this.#addressed()));
  }

  #addressed() {
    return location.hash.slice(1).replace(MARK, "");
  }

  /** The step that was wanted, or the last one before it that can be shown. */
  #nearestTo(wanted) {
    const before = this.names.slice(0, this.names.indexOf(wanted) + 1);
    return before.reverse().find((name) => this.canShow(name)) ?? this.names[0];
  }

  #show(name, { focus = true } = {}) {
    this.current = name;
    this.flow.dataset.at = name;
    for (const section of this.sections) {
      section.toggleAttribute("data-current", section.dataset.step === name);
    }
    this.#mark(DOT_OF[name] ?? name);
    for (const link of document.querySelectorAll("a[hreflang]")) link.hash = MARK + name;
    const heading = this.flow.querySelector(`[data-step="${name}"] h2`);
    document.title = `${heading.textContent} · ${this.title}`;
    if (focus) {
      scrollTo({ top: 0, behavior: "instant" });
      heading.focus({ preventScroll: true });
    }
    this.entered(name);
  }

  #mark(current) {
    const at = this.dots.findIndex((dot) => dot.dataset.dot === current);
    for (const [index, dot] of this.dots.entries()) {
      dot.classList.toggle("is-done", index < at);
      if (index === at) dot.setAttribute("aria-current", "step");
      else dot.removeAttribute("aria-current");
    }
  }
}
