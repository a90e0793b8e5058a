// Asking the server on a bad network: a limit on waiting, answers as JSON, and a form token that
// renews itself. For pages and the service worker.

const PATIENCE = 25_000; // ms

/** No usable answer came: no network, too slow, or the server was not itself. Ask again. */
export class NoAnswer extends Error {
  /** @param {string} reason @param {number} wait ms that the server asked to wait, or 0 */
  constructor(reason, wait = 0) {
    super(reason);
    this.wait = wait;
  }
}

/** What an answer asks to wait, in ms. */
export const waitOf = (answer) => 1000 * (Number(answer.headers.get("Retry-After")) || 0);

/**
 * Fetch with patience; the body of a JSON answer, null when it has none.
 * @param {string} address
 * @param {RequestInit & {patience?: number}} options
 * @returns {Promise<{status: number, body: any, headers: Headers}>} any answer below status 500
 * @throws {NoAnswer}
 */
export async function ask(address, { patience = PATIENCE, signal, ...options } = {}) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, patience);
  signal?.addEventListener("abort", stop, { once: true });
  let answer;
  let body = null;
  try {
    answer = await fetch(address, {
      credentials: "same-origin",
      ...options,
      headers: { Accept: "application/json", ...options.headers },
      signal: abort.signal,
    });
    // What a proxy, or the page of a café's network, says in our place is no answer.
    if (answer.status !== 204 && options.method !== "HEAD") body = await answer.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new NoAnswer(String(error), answer ? waitOf(answer) : 0);
  } finally {
    clearTimeout(timer);
  }
  if (answer.status >= 500) throw new NoAnswer(`status ${answer.status}`, waitOf(answer));
  return { status: answer.status, body, headers: answer.headers };
}

/** The form token of this browser: a page that was kept has an old one, a new session another. */
export class FormToken {
  /** @param {string} address of the fresh one @param {string} value the one that is known, if any */
  constructor(address, value = "") {
    this.address = address;
    this.value = value;
  }

  async get() {
    return this.value || this.renew();
  }

  /** @throws {NoAnswer} */
  async renew() {
    const { body } = await ask(this.address, { cache: "no-store" });
    this.value = body?.csrf_token ?? "";
    if (!this.value) throw new NoAnswer("no token");
    return this.value;
  }

  /**
   * Ask with the token; one that was too old is renewed, once.
   * @throws {NoAnswer}
   */
  async ask(address, options) {
    for (let attempt = 1; ; attempt += 1) {
      const headers = { ...options.headers, "X-CSRFToken": await this.get() };
      const answered = await ask(address, { ...options, headers });
      if (answered.status !== 400 || !answered.body?.expired || attempt > 1) return answered;
      await this.renew();
    }
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
