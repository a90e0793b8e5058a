// Whether this browser is a terminal in a town hall, which many people use: then nothing is kept.

/** No draft, no outbox, no service worker, nothing in storage: the next person is somebody else. */
export const isKiosk = () => document.documentElement.hasAttribute("data-kiosk");
