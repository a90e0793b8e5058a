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

  /**
   * How many there are; 0 also when nobody answers, for this must not hold anyone up. Asked as soon as
   * the category is chosen: the answer is mostly there when one goes on.
   */
  look(query) {
    const address = `${this.flow.dataset.nearbyUrl}?${new URLSearchParams(query)}`;
    if (this.address !== address) {
      this.address = address;
      this.answer = this.#ask(address);
    }
    return this.answer;
  }

  async #ask(address) {
    let found = { count: 0, html: "" };
    let isAnswered = true;
    try {
      const { status, body } = await ask(address, { patience: 8000 });
      if (status === 200) found = body;
    } catch {
      isAnswered = false;
    }
    if (this.address === address) {
      this.list.innerHTML = found.html;
      if (!isAnswered) this.address = ""; // the next time it is asked again
    }
    return found.count;
  }

  async #support(button, supported, complain) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        const { status, body } = await ask(button.formAction, {
          method: "POST",
          headers: { "X-CSRFToken": this.form.elements.csrf_token.value },
          body: new URLSearchParams({ follow: "1" }),
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
