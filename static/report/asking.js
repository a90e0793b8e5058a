// What the form asks of the server; see shared/asking.js.
import { ask } from "../shared/asking.js";

export { NoAnswer, ask, pause } from "../shared/asking.js";

/**
 * Post a form's fields (no files: photos are there already) with an action. A token that was too
 * old is replaced by the fresh one of the answer, once.
 * @param {HTMLFormElement} form
 * @param {string} action check or send
 */
export async function post(form, action) {
  for (let attempt = 1; ; attempt += 1) {
    const fields = new FormData(form);
    fields.delete("photo");
    fields.set("action", action);
    // `form.action` would be the button of that name.
    const answered = await ask(form.getAttribute("action"), { method: "POST", body: fields });
    const token = answered.body.csrf_token;
    if (!token || attempt > 1) return answered;
    form.elements.csrf_token.value = token;
  }
}
