// What the server refused, said above the step and at the field it belongs to.

const STEP_OF = {
  position: "place",
  area: "place",
  address: "place",
  category: "category",
  words: "details",
  photos: "details",
  name: "contact",
  email: "contact",
  phone: "contact",
};

/** The step of the first of these errors, in the order of the steps; "check" for general ones. */
export function stepOf(errors) {
  const order = ["place", "category", "details", "contact"];
  // Fields of questions are called q.<code>.
  const steps = Object.keys(errors).map(
    (name) => STEP_OF[name] ?? (name.startsWith("q.") ? "details" : "check"),
  );
  return order.find((step) => steps.includes(step)) ?? "check";
}

export class Problems {
  /** @param {HTMLElement} flow @param {HTMLFormElement} form */
  constructor(flow, form) {
    this.form = form;
    this.box = flow.querySelector("[data-problems]");
    this.words = flow.querySelector("[data-problems-words]");
  }

  /**
   * Show sentences by field name. A single one at a field that is seen needs no list: the field takes
   * the focus and says it.
   * @param {Record<string, string>} errors
   */
  show(errors) {
    this.clear();
    const [only, ...others] = Object.keys(errors);
    if (!others.length && this.#mark(only, errors[only])) {
      this.form.elements[only].focus();
      return;
    }
    const list = document.createElement("ul");
    const order = Object.keys(STEP_OF);
    const inOrder = Object.entries(errors).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
    for (const [name, sentence] of inOrder) {
      const row = document.createElement("li");
      row.textContent = sentence;
      list.append(row);
      this.#mark(name, sentence);
    }
    this.words.replaceChildren(list);
    this.box.hidden = false;
    this.box.focus();
  }

  clear() {
    this.box.hidden = true;
    for (const note of this.form.querySelectorAll("[data-told]")) note.remove();
    for (const field of this.form.querySelectorAll("[data-refused]")) {
      field.removeAttribute("data-refused");
      field.removeAttribute("aria-invalid");
      field.closest(".field")?.classList.remove("field--error");
    }
  }

  /** @returns {boolean} whether the field is there to be seen */
  #mark(name, sentence) {
    const field = this.form.elements[name];
    const frame = field instanceof HTMLElement && field.closest(".field");
    if (!frame || field.type === "hidden" || !frame.offsetParent) return false;
    if (field.hasAttribute("data-refused")) return true;
    frame.classList.add("field--error");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("data-refused", "");
    const note = document.createElement("p");
    note.className = "field__error";
    note.dataset.told = "";
    note.id = `${name}-told`;
    note.textContent = sentence;
    field.before(note);
    const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" "));
    field.setAttribute("aria-describedby", [...described.add(note.id)].join(" ").trim());
    return true;
  }
}
