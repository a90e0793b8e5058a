// Before anything is drawn: scripts run, so the form is shown in steps. Should the module that moves
// between them never arrive, the plain form comes back, with every field and its own button.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const plain = () => root.classList.contains("is-flowing") || root.classList.remove("scripted");
  setTimeout(plain, 15_000);
  addEventListener("error", (event) => event.target.matches?.("[data-report-module]") && plain(), true);
})();
