// The service worker: civicmap without network, and reports that send themselves.
// What is kept, for how long and why: docs/decisions/0011-offline.md.
import { forgetPerson, sweep } from "./caches.js";
import { Pages } from "./pages.js";
import { Pieces } from "./pieces.js";
import { sendWaiting } from "../shared/outbox/flush.js";

/** @param {object} configuration see civicmap/web/pwa/worker.py */
export function serve(configuration) {
  const pages = new Pages(configuration);
  const pieces = new Pieces(configuration);

  addEventListener("install", (event) => {
    event.waitUntil(pieces.install().then(() => skipWaiting()));
  });

  addEventListener("activate", (event) => {
    event.waitUntil(
      (async () => {
        await registration.navigationPreload?.enable();
        await sweep(configuration.version);
        // Pages that are open keep their own files: every address names its version.
        await clients.claim();
      })(),
    );
  });

  addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== "GET") {
      if (origin === location.origin && configuration.leaving.includes(pathname)) {
        event.waitUntil(forgetPerson());
      }
      return;
    }
    if (request.mode === "navigate") {
      event.respondWith(pages.answer(event));
      return;
    }
    const answer = pieces.answer(event);
    if (answer) event.respondWith(answer);
  });

  // Background Sync: there is network again, and perhaps no page any more.
  addEventListener("sync", (event) => {
    event.waitUntil(
      sendWaiting({ force: true }).then((isDone) => {
        if (!isDone) throw new Error("some reports still wait"); // the browser asks again later
      }),
    );
  });

  // A page says where it is: what a report needs is fetched before there is no network.
  addEventListener("message", (event) => {
    const { kind, addresses = [], pieces: fetched = [], language = "" } = event.data ?? {};
    if (kind !== "keep") return;
    event.waitUntil(
      (async () => {
        for (const address of [configuration.offlinePage, ...addresses]) {
          await pages.prefetch(address, language).catch(() => {}); // with the next page, then
        }
        await pieces.keepAlso(fetched);
        await sweep(configuration.version);
      })(),
    );
  });
}
