// Already reported? The server knows; adding one's voice takes one tap.
import { ask } from "./asking.js";

export class NearbyStep {
  /**
   * @param {HTMLElement} flow @param {HTMLFormElement} form
   * @param {(address: string) => void} supported the person added their voice to that report
   * @param {(sentence: string) => void} complain
   */
  constructor(flow, form, supported, complain) {
    this.flow = flow;
    this.form = form;
    this.list = flow.querySelector("[data-nearby]");
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-support]");
      if (!button) return;
      event.preventDefault();
      this.#support(button, supported, complain);
    });
  }

  get isEmpty() {
    return !this.list.querySelector("li");
  }

  /** How many there are; 0 also when nobody answers, for this must not hold anyone up. */
  async look(query) {
    const address = `${this.flow.dataset.nearbyUrl}?${new URLSearchParams(query)}`;
    try {
      const { status, body } = await ask(address, { patience: 8000 });
      if (status !== 200) return 0;
      this.list.innerHTML = body.html;
      return body.count;
    } catch {
      this.list.replaceChildren();
      return 0;
    }
  }

  async #support(button, supported, complain) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        const { status, body } = await ask(button.formAction, {
          method: "POST",
          headers: { "X-CSRFToken": this.form.elements.csrf_token.value },
        });
        if (status === 200) {
          supported(button.dataset.reportUrl);
          return;
        }
        if (status !== 400 || attempt === 2) {
          complain(body.error);
          return;
        }
        const fresh = await ask(this.flow.dataset.tokenUrl);
        this.form.elements.csrf_token.value = fresh.body.csrf_token;
      }
    } catch {
      complain("");
    } finally {
      button.removeAttribute("aria-busy");
    }
  }
}
