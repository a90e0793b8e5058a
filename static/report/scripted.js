// Style sheets see by themselves that scripts run (`:has(noscript > meta)`: where they do, what stands
// in <noscript> is no element), so that the first paint waits for none. This tells browsers too old to
// know that; and should the module that moves between the steps never arrive, the plain form comes
// back, with every field and its own button.
(() => {
  const root = document.documentElement;
  const plain = () => {
    if (root.classList.contains("is-flowing")) return;
    root.classList.remove("scripted");
    root.classList.add("plain");
  };
  root.classList.add("scripted");
  setTimeout(plain, 15_000);
  addEventListener("error", (event) => event.target.matches?.("[data-report-module]") && plain(), true);
})();
