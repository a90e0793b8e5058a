// "1 report waiting · Send now", on every page for residents. This file is small: what shows and sends
// the reports is loaded only where there are some.

const MARK = "civicmap.outbox"; // as outbox.js sets it

function mayHaveSome() {
  try {
    return localStorage.getItem(MARK) !== null;
  } catch {
    return false; // no storage, no outbox
  }
}

/** @param {HTMLElement} section [data-waiting] */
export function showWaiting(section) {
  let shown = null;
  const show = () => {
    if (!mayHaveSome()) return;
    shown ??= import("./waiting_list.js").then(({ WaitingList }) => new WaitingList(section));
    shown.catch(() => (shown = null)); // the file did not arrive: with the next chance
  };
  show();
  addEventListener("storage", (event) => event.key === MARK && show()); // another page keeps one
  addEventListener("online", show);
  document.addEventListener("outbox:kept", show);
}
