// What is pointed at in the table is raised on the map, and the other way round. The page does
// without: links, shades and numbers are all there.

const figure = document.querySelector(".districts__figure");
const raised = figure?.querySelector("[data-raised]");

function show(slug) {
  for (const each of document.querySelectorAll("[data-area].is-raised")) {
    each.classList.remove("is-raised");
  }
  const found = slug ? document.querySelectorAll(`[data-area="${CSS.escape(slug)}"]`) : [];
  for (const each of found) each.classList.add("is-raised");
  // Neighbours are drawn later and cover half of its edge: so it is drawn once more, above them.
  raised?.setAttribute("d", slug ? figure.querySelector("a.is-raised path")?.getAttribute("d") ?? "" : "");
}

const slugAt = (target) => target.closest?.("[data-area]")?.dataset.area ?? "";

document.addEventListener("pointerover", ({ target }) => show(slugAt(target)));
document.addEventListener("focusin", ({ target }) => show(slugAt(target)));
document.addEventListener("focusout", ({ relatedTarget }) => {
  if (!relatedTarget) show("");
});
