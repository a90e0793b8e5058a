// Asking the server on a bad network: a limit on waiting, answers as JSON, and a form token that
// renews itself.

const PATIENCE = 25_000; // ms

/** No usable answer came: no network, too slow, or the server was not itself. Ask again. */
export class NoAnswer extends Error {}

/**
 * @param {string} address
 * @param {RequestInit & {patience?: number}} options
 * @returns {Promise<{status: number, body: any}>} whatever was answered in JSON below status 500
 * @throws {NoAnswer}
 */
export async function ask(address, { patience = PATIENCE, signal, ...options } = {}) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, patience);
  signal?.addEventListener("abort", stop, { once: true });
  let answer;
  let body;
  try {
    answer = await fetch(address, {
      credentials: "same-origin",
      ...options,
      headers: { Accept: "application/json", ...options.headers },
      signal: abort.signal,
    });
    body = await answer.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new NoAnswer(String(error));
  } finally {
    clearTimeout(timer);
  }
  if (answer.status >= 500) throw new NoAnswer(`status ${answer.status}`);
  return { status: answer.status, body };
}

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

/** Resolves after `ms`, or at once when the browser is online again. */
export const pause = (ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", done, { once: true });
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
  });
