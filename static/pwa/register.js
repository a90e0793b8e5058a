// Registers the service worker once the page has settled: it must not compete with what one came for.
import { forgetAll } from "./caches.js";

const WORKER = "/sw.js";

const settled = () =>
  new Promise((resolve) => {
    const idle = () => (window.requestIdleCallback ?? setTimeout)(resolve);
    if (document.readyState === "complete") idle();
    else addEventListener("load", idle, { once: true });
  });

/** @param {HTMLElement} frame data-keep: addresses of pages that shall be there without network */
export async function keepForLater(frame) {
  if (!("serviceWorker" in navigator)) return;
  const isFirst = !navigator.serviceWorker.controller;
  await settled();
  try {
    // A module: browsers that cannot do that go without, and everything else works.
    await navigator.serviceWorker.register(WORKER, { type: "module", updateViaCache: "none" });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({
      kind: "keep",
      language: document.documentElement.lang,
      addresses: frame.dataset.keep.split(" ").filter(Boolean),
      // What this page has fetched before there was anybody to keep it.
      pieces: isFirst ? performance.getEntriesByType("resource").map(({ name }) => name) : [],
    });
  } catch {
    // Forbidden, or a private window.
  }
}

/** A terminal for everybody keeps nothing, also when somebody set it up with a used browser. */
export async function leaveNothing() {
  const registered = (await navigator.serviceWorker?.getRegistrations?.().catch(() => [])) ?? [];
  await Promise.all(registered.map((one) => one.unregister()));
  // More than once: a worker that was let go still serves the page it had, and keeps what comes late.
  for (const pause of [0, 1000, 3000]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    await forgetAll();
  }
}
