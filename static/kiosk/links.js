// Scripts add links too: in a terminal those that lead elsewhere become their words, as the server
// does with those of its pages (web/shared/kiosk.py).

const AWAY = "a[href]";

/** @param {Document} root watched from now on */
export function keepHere(root) {
  unlink(root);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node instanceof Element) unlink(node);
    }
  }).observe(root.documentElement, { childList: true, subtree: true });
}

function unlink(root) {
  const itself = root.matches?.(AWAY) ? [root] : [];
  for (const link of [...itself, ...root.querySelectorAll(AWAY)]) {
    if (leadsHere(link)) continue;
    const words = document.createElement("span");
    words.className = "was-link";
    words.append(...link.childNodes);
    link.replaceWith(words);
  }
}

const leadsHere = (link) =>
  link.origin === location.origin && link.target !== "_blank" && !link.hasAttribute("download");
