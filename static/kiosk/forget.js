// Everything that a person has left behind: what is on the screen, in the browser, on the server's
// side of the cookie. First the screen, so that nothing is read while the rest goes.

const AGAIN = 5000; // ms between attempts, should the network be away
// A database that something holds open goes when that lets go, at the latest with the page; a second
// request to delete it is not even told so.
const LONGEST = 2000; // ms for a step
let isForgetting = false;

export async function forget() {
  if (isForgetting) return;
  isForgetting = true;
  const { kioskStart, kioskForget, kioskAsk } = document.documentElement.dataset;
  blank();
  if (holdsReports()) {
    location.replace(kioskAsk); // no terminal's: nothing of it goes unasked
    return;
  }
  await clearDevice();
  // Without an answer of the server its cookies stay: ask until they are gone.
  for (;;) {
    try {
      const answer = await fetch(kioskForget, { method: "POST", redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.ok) break;
    } catch {
      // no network
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
  await clearDevice(); // what a page that was leaving has still written
  location.replace(kioskStart);
}

/** Only the word that it is being forgotten stays in the page. */
function blank() {
  const over = document.querySelector("[data-kiosk-over]");
  over.hidden = false;
  document.body.replaceChildren(over);
}

/** A terminal has no outbox: one that is there is of a browser that was somebody's own. */
function holdsReports() {
  try {
    return localStorage.getItem("civicmap.outbox") !== null;
  } catch {
    return false;
  }
}

/** Drop all that the browser keeps of this site, but for its cookies. */
export async function clearDevice() {
  const steps = [
    () => localStorage.clear(),
    () => sessionStorage.clear(),
    async () => {
      const databases = (await indexedDB.databases?.()) ?? [{ name: "civicmap" }];
      await Promise.all(databases.map(({ name }) => drop(name)));
    },
    async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))),
    async () => {
      const registrations = await navigator.serviceWorker.getRegistrations();
      await Promise.all(registrations.map((registration) => registration.unregister()));
    },
  ];
  for (const step of steps) {
    try {
      await Promise.race([step(), new Promise((resolve) => setTimeout(resolve, LONGEST))]);
    } catch {
      // What the browser does not have or does not allow holds nothing.
    }
  }
}

/** Another tab may hold it open: then it goes when that tab lets go; do not wait for it. */
function drop(name) {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    for (const kind of ["success", "error", "blocked"]) request.addEventListener(kind, resolve);
  });
}
