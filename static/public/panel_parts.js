// What stands beside a city's map (public/view.html): fresh parts of it in the place of the old ones.

/** How an element is found again in fresh parts: by its id, its key, or where it leads. */
function traceOf(element) {
  const { key, status } = element.dataset;
  if (element.id) return `[id="${CSS.escape(element.id)}"]`;
  if (key !== undefined) return `[data-key="${CSS.escape(key)}"]`;
  if (status) return `[data-status="${CSS.escape(status)}"]`;
  return element.hasAttribute("href") ? `[href="${CSS.escape(element.getAttribute("href"))}"]` : null;
}

/** Put fresh parts in the place of those that have changed; what had the focus keeps it. */
export function replaceParts(column, fresh) {
  const focused = column.contains(document.activeElement) ? document.activeElement : null;
  const moreOpen = column.querySelector(".more")?.open;
  hideAreasButton(fresh);
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = column.querySelector(`[data-part="${part.dataset.part}"]`);
    if (old && !old.isEqualNode(part)) old.replaceWith(part);
  }
  const more = column.querySelector(".more");
  if (more && moreOpen) more.open = true;
  if (!focused || column.contains(document.activeElement)) return;
  const trace = traceOf(focused);
  const again = trace && column.querySelector(trace);
  (again ?? column.querySelector("#recent-title"))?.focus({ preventScroll: true });
}

export async function fetchPage(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new TypeError(`${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** The choice of a district takes effect by itself. */
export function hideAreasButton(root) {
  const button = root.querySelector("[data-areas-submit]");
  if (button) button.hidden = true;
}
