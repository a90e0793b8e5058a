// Pages as they were seen last. Only those that the server marks are kept (web/shared/keeping.py).
import { PRIVATE_PAGES, PUBLIC_PAGES, ageOf, dated, keep, versionOf, withVersion } from "./caches.js";

const MOST = { [PUBLIC_PAGES]: 40, [PRIVATE_PAGES]: 30 };
const PATIENCE = 7000; // ms before a page that is here stands in for one that does not come
const FRESH = 24 * 3600 * 1000; // ms before a page that was fetched ahead is fetched again
const OWN_FRESH = 10 * 60 * 1000; // ms before the list of own reports is fetched with one of them
const AWAY = new Set([502, 503, 504]);
// What in an address makes no other page: language, where a map looks, "it was just sent".
const PASSING = ["lang", "view", "sent", "from"];

const keyOf = (address) => {
  const url = new URL(address, location.origin);
  url.hash = "";
  for (const name of PASSING) url.searchParams.delete(name);
  return url.href;
};

export class Pages {
  /** @param {{keepHeader: string, offlinePage: string, ownList: string, version: string}} configuration */
  constructor({ keepHeader, offlinePage, ownList, version }) {
    this.keepHeader = keepHeader;
    this.offlinePage = offlinePage;
    this.ownList = ownList;
    this.version = version;
  }

  /** The page from the network; as it was, when that does not answer; else the offline page. */
  async answer(event) {
    const { request } = event;
    const kept = await this.#find(request.url);
    const fresh = this.#fetch(event);
    event.waitUntil(fresh.catch(() => {})); // also when it comes too late to be shown
    if (!kept) return fresh.catch(() => this.#offline());
    const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
    const answer = await Promise.race([fresh.catch(() => null), slow]);
    return answer && !AWAY.has(answer.status) ? answer : kept;
  }

  /** Fetch a page that nobody has opened, so that it is there when there is no network. */
  async prefetch(address, language) {
    const key = keyOf(address);
    const cache = await caches.open(PUBLIC_PAGES);
    const there = await cache.match(key, { ignoreVary: true });
    const isRight =
      there?.headers.get("Content-Language") === language && versionOf(there) === this.version;
    if (isRight && ageOf(there) < FRESH) return;
    const asked = new URL(key);
    asked.searchParams.set("lang", language);
    // Without cookies: what everybody gets, and nobody's choice of language is changed.
    const answer = await fetch(asked, { credentials: "omit", headers: { Accept: "text/html" } });
    await this.#remember(key, answer);
  }

  async #fetch(event) {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    // A redirection is followed by the browser, and asked for here once more.
    if (answer.type !== "opaqueredirect" && !AWAY.has(answer.status)) {
      event.waitUntil(this.#remember(keyOf(event.request.url), answer.clone()).catch(() => {}));
    }
    return answer;
  }

  async #remember(key, answer) {
    const kind = answer.headers.get(this.keepHeader);
    const [name, other] =
      kind === "private" ? [PRIVATE_PAGES, PUBLIC_PAGES] : [PUBLIC_PAGES, PRIVATE_PAGES];
    // It is something else now: hidden, somebody signed in, or not there any more.
    await caches.open(other).then((cache) => cache.delete(key, { ignoreVary: true }));
    if (!kind || answer.status !== 200) {
      await caches.open(name).then((cache) => cache.delete(key, { ignoreVary: true }));
      return;
    }
    const text = await answer.text();
    const version = /\/static\/([0-9a-f]{12})\//.exec(text)?.[1] ?? this.version;
    const language = /<html lang="([a-z-]+)"/.exec(text)?.[1] ?? "";
    const marked = text.replace("<html ", `<html data-kept-at="${new Date().toISOString()}" `);
    const page = dated(marked, answer, { ...withVersion(version), "Content-Language": language });
    await keep(name, key, page, MOST[name]);
    if (kind === "private") await this.#fetchOwnList(key);
  }

  /** Whoever looks at one of their reports will want the list of them, too. */
  async #fetchOwnList(key) {
    const list = keyOf(this.ownList);
    if (key === list) return;
    const there = await (await caches.open(PRIVATE_PAGES)).match(list, { ignoreVary: true });
    if (there && ageOf(there) < OWN_FRESH) return;
    await this.#remember(list, await fetch(list, { headers: { Accept: "text/html" } }));
  }

  /**
   * The page of this address; else the same page without what follows the "?", or with the "/" at the
   * end: to add it takes an answer of the server, and people type the name of their city without.
   */
  async #find(address) {
    const key = keyOf(address);
    const plain = new URL(key);
    plain.search = "";
    const slashed = new URL(plain);
    if (!slashed.pathname.endsWith("/")) slashed.pathname += "/";
    for (const wanted of new Set([key, plain.href, slashed.href])) {
      for (const name of [PRIVATE_PAGES, PUBLIC_PAGES]) {
        const page = (await caches.has(name)) && (await (await caches.open(name)).match(wanted, { ignoreVary: true }));
        if (page) return page;
      }
    }
    return null;
  }

  async #offline() {
    return (await this.#find(this.offlinePage)) ?? Response.error();
  }
}
