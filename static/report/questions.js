// The questions of the chosen category. The server has rendered those of every category into the page
// (<template data-questions="KEY">), so they are asked without network too.

const PREFIX = "q.";

export class Questions {
  #answers = new Map(); // what was given, by field name, of every category that was shown
  #key = "";

  /**
   * Fires `questions:changed` on the form when an answer changes.
   * @param {HTMLElement} flow @param {HTMLFormElement} form
   */
  constructor(flow, form) {
    this.form = form;
    this.slot = flow.querySelector("[data-questions-slot]");
    for (const kept of form.querySelectorAll("[data-kept-answer]")) {
      this.#answers.set(kept.name, [...(this.#answers.get(kept.name) ?? []), kept.value]);
      kept.remove();
    }
    for (const type of ["input", "change"]) {
      this.slot.addEventListener(type, (event) => this.#changed(event.target));
    }
  }

  /** Answers as `[name, value]` pairs, for a draft. */
  get entries() {
    this.#remember();
    return [...this.#answers].flatMap(([name, values]) => values.map((value) => [name, value]));
  }

  /** Take answers up from a draft. @param {unknown} entries what `entries` gave */
  restore(entries) {
    if (!Array.isArray(entries)) return;
    const given = new Map();
    for (const [name, value] of entries.filter(Array.isArray)) {
      if (typeof name !== "string" || typeof value !== "string" || !name.startsWith(PREFIX)) continue;
      given.set(name, [...(given.get(name) ?? []), value]);
    }
    for (const [name, values] of given) this.#answers.set(name, values);
    this.#fill();
  }

  /** Ask what this category asks; what was answered already stays. @param {string} key */
  show(key) {
    if (key === this.#key) return;
    this.#remember();
    this.#key = key;
    const template = this.form.querySelector(`template[data-questions="${CSS.escape(key)}"]`);
    this.slot.replaceChildren(...(template ? [template.content.cloneNode(true)] : []));
    this.#fill();
  }

  /** Whether an answer, or the category itself, is for the phone and not for the form. */
  get stops() {
    return Boolean(this.#stop);
  }

  /** @returns {boolean} whether one may go on; if not, it is said at the question, which takes the focus */
  isComplete() {
    const stop = this.#stop;
    if (stop) {
      (stop.querySelector("a") ?? stop).focus();
      return false;
    }
    const missing = this.#asked.filter((field) => field.dataset.required && !this.#isAnswered(field));
    for (const field of missing) this.#complain(field, field.dataset.required);
    if (missing.length) this.#focus(missing[0]);
    return missing.length === 0;
  }

  /**
   * Say at the questions what the server refused.
   * @param {Record<string, string>} errors by field name
   * @returns {boolean} whether any of them was about a question that is shown
   */
  refuse(errors) {
    const refused = this.#asked.filter((field) => errors[field.dataset.question]);
    for (const field of refused) this.#complain(field, errors[field.dataset.question]);
    if (refused.length) this.#focus(refused[0]);
    return refused.length > 0;
  }

  get #asked() {
    return [...this.slot.querySelectorAll("[data-question]")];
  }

  get #stop() {
    return this.slot.querySelector("[data-stop-notice]:not([hidden])");
  }

  #inputs(field) {
    return field.matches("fieldset") ? [...field.querySelectorAll("input")] : [field];
  }

  #isAnswered(field) {
    return this.#valuesOf(field).length > 0;
  }

  #valuesOf(field) {
    return this.#inputs(field)
      .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked)
      .map((input) => input.value)
      .filter((value) => value.trim());
  }

  #remember() {
    for (const field of this.#asked) {
      const values = this.#valuesOf(field);
      if (values.length) this.#answers.set(field.dataset.question, values);
      else this.#answers.delete(field.dataset.question);
    }
  }

  #fill() {
    for (const field of this.#asked) {
      const values = this.#answers.get(field.dataset.question);
      if (!values) continue;
      for (const input of this.#inputs(field)) {
        if (["radio", "checkbox"].includes(input.type)) input.checked = values.includes(input.value);
        else input.value = values[0];
      }
    }
    this.#showStops();
  }

  #changed(input) {
    const field = input.closest("[data-question]");
    if (!field) return;
    this.#clear(field);
    this.#showStops();
    this.form.dispatchEvent(new CustomEvent("questions:changed"));
  }

  #showStops() {
    for (const choice of this.slot.querySelectorAll("[data-stop]")) {
      const notice = this.slot.querySelector(`[data-stop-notice="${CSS.escape(choice.dataset.stop)}"]`);
      notice.hidden = !choice.checked;
    }
    // Not `disabled`: pressed, it leads to the number to call.
    const onward = this.slot.closest("[data-step]")?.querySelector("[data-next]");
    onward?.setAttribute("aria-disabled", String(this.stops));
  }

  #focus(field) {
    const [first] = this.#inputs(field);
    first.focus();
    first.scrollIntoView({ block: "center" });
  }

  #complain(field, sentence) {
    this.#clear(field);
    const frame = field.closest(".field");
    frame.classList.add("field--error");
    const note = document.createElement("p");
    note.className = "field__error";
    note.dataset.questionTold = "";
    note.id = `${field.dataset.question}-told`;
    note.textContent = sentence;
    if (field.matches("fieldset")) {
      field.querySelector(".question__options").before(note);
    } else {
      field.before(note);
      field.setAttribute("aria-invalid", "true");
    }
    for (const input of this.#inputs(field)) this.#describe(input, note.id);
  }

  #describe(input, id) {
    const told = (input.getAttribute("aria-describedby") ?? "").split(" ");
    input.setAttribute("aria-describedby", [...new Set([...told, id])].join(" ").trim());
  }

  #clear(field) {
    const frame = field.closest(".field");
    frame.classList.remove("field--error");
    frame.querySelector("[data-question-told]")?.remove();
    for (const input of this.#inputs(field)) input.removeAttribute("aria-invalid");
  }
}
