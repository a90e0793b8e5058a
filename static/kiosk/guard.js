// Before anything is drawn: a page that only the person before has opened is not shown again by the
// browser's Back button. What this visit has opened is noted in the tab; forgetting drops the note,
// and a visit without a note begins with nothing kept, whatever a page wrote while it was left.
(() => {
  const SEEN = "civicmap.kiosk.seen";
  const here = () => location.href.replace(/#.*/, "");
  const seen = () => JSON.parse(sessionStorage.getItem(SEEN) ?? "[]");
  // Written here by nobody at a terminal, which keeps neither: this is somebody's own browser, and
  // what waits in it is nowhere else.
  const keepsSomething = () =>
    Object.keys(localStorage).some((key) => key === "civicmap.outbox" || key.startsWith("civicmap.draft."));
  const check = (isReturn) => {
    if (keepsSomething()) {
      const page = document.documentElement;
      page.hidden = true;
      page.removeAttribute("data-kiosk"); // the scripts of this page drop nothing meanwhile
      location.replace(page.dataset.kioskAsk);
      return;
    }
    if (isReturn && !seen().includes(here())) {
      document.documentElement.hidden = true;
      location.replace(document.documentElement.dataset.kioskStart);
      return;
    }
    if (sessionStorage.getItem(SEEN) === null) {
      localStorage.clear();
      sessionStorage.clear();
    }
    sessionStorage.setItem(SEEN, JSON.stringify([...new Set([...seen(), here()])].slice(-200)));
  };
  const isBack = () =>
    window.navigation?.activation?.navigationType === "traverse" ||
    performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  try {
    check(isBack());
    addEventListener("pageshow", (event) => event.persisted && check(true));
  } catch {
    // Storage is forbidden: then there is nothing to forget in it, and nothing to know a visit by.
  }
})();
