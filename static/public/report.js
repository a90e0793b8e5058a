// A report's page: share or copy its link, say "me too" without leaving the page.

/** Say a sentence in the button itself for a moment; screen readers hear it from the live region. */
function tell(button, sentence) {
  const region = document.createElement("span");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  button.after(region);
  const label = [...button.childNodes];
  button.replaceChildren(sentence);
  requestAnimationFrame(() => (region.textContent = sentence));
  setTimeout(() => {
    button.replaceChildren(...label);
    region.remove();
  }, 2500);
}

for (const button of document.querySelectorAll("[data-share]")) {
  const { address, title, copied } = button.dataset;
  if (!navigator.share && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (navigator.share) {
      await navigator.share({ title, url: address }).catch(() => {}); // closing the sheet is no error
    } else {
      await navigator.clipboard.writeText(address);
      tell(button, copied);
    }
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    tell(button, button.dataset.copied);
  });
}
