// Whoever points at a card of the list sees its pin, and the other way round.

/**
 * @param {{panel: HTMLElement, element: HTMLElement, layer: ReportLayer, mayScroll: () => boolean}}
 *   options  element: the map's; mayScroll: whether a list may move to the card of a pin
 */
export function pointedInStep({ panel, element, layer, mayScroll }) {
  for (const [event, leave] of [
    ["pointerover", "pointerout"],
    ["focusin", "focusout"],
  ]) {
    panel.addEventListener(event, ({ target }) => {
      const card = target.closest(".report-card");
      if (card) layer.highlight(card.dataset.number);
    });
    panel.addEventListener(leave, ({ target }) => {
      if (target.closest(".report-card")) layer.highlight(null);
    });
  }

  element.addEventListener("pin:shown", ({ detail }) => {
    for (const card of panel.querySelectorAll(".report-card.is-shown")) card.classList.remove("is-shown");
    if (!detail.number) return;
    const card = panel.querySelector(`.report-card[data-number="${CSS.escape(detail.number)}"]`);
    card?.classList.add("is-shown");
    if (card && mayScroll()) card.scrollIntoView({ block: "nearest" });
  });
}
