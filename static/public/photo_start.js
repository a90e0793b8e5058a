// A report that starts with a photo. Without this file the two buttons are links to the form; with it
// they open the camera or the gallery, the location is asked in the same tap, and the form opens with
// the photo in it.
import { locate } from "../shared/map/locate.js";
import { handOver } from "../shared/photo_handover.js";

const PATIENCE = 4000; // ms: then the form goes on asking where one is

const ACCEPT = {
  camera: { accept: "image/*", capture: "environment" },
  gallery: { accept: "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,.heic,.heif", multiple: true },
};

const within = (promise, ms) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, null))]).catch(() => null);

/** @param {HTMLElement} element [data-photo-start] @param {() => string} formAddress */
export function photoStart(element, formAddress) {
  const status = element.querySelector("[data-photo-start-status]");
  for (const link of element.querySelectorAll("[data-way]")) {
    const label = document.createElement("label");
    label.className = link.className;
    const input = document.createElement("input");
    Object.assign(input, { type: "file", ...ACCEPT[link.dataset.way] });
    if (ACCEPT[link.dataset.way].capture) input.setAttribute("capture", "environment");
    let located = Promise.resolve(null);
    input.addEventListener("click", () => {
      located = locate().catch(() => null);
    });
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      if (!files.length) return;
      label.setAttribute("aria-busy", "true");
      status.textContent = element.dataset.busyWords;
      const address = new URL(formAddress(), location.href);
      try {
        await handOver(files, await within(located, PATIENCE));
        address.hash = "";
      } catch {
        address.hash = "photo-not-kept";
      }
      location.assign(address);
    });
    label.append(...link.childNodes, input);
    link.replaceWith(label);
  }
  addEventListener("pageshow", () => {
    status.textContent = "";
    for (const label of element.querySelectorAll("[aria-busy]")) label.removeAttribute("aria-busy");
  });
}
