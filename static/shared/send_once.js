// Forms that go to the server as they are: with photos that went up before, and once, however often
// the button is pressed. They work without this file.
import { PhotoUpload } from "./photo_upload.js";

/** @param {HTMLFormElement[]} forms @param {string} tokenUrl where a fresh form token comes from */
export function sendOnce(forms, tokenUrl) {
  for (const form of forms) {
    const element = form.querySelector("[data-photo-upload]");
    const photos =
      element &&
      new PhotoUpload(element, {
        token: () => form.elements.csrf_token.value,
        renewToken: (token) => (form.elements.csrf_token.value = token),
        tokenUrl,
      });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent || (photos && !photos.isSettled) || photos?.hasFailed) {
        event.preventDefault();
        if (photos && !photos.isSettled) photos.sayStillSending();
        else if (photos?.hasFailed) photos.sayFailed();
        return;
      }
      form.dataset.sent = "yes";
      form.querySelector("[type='submit']").setAttribute("aria-busy", "true");
    });
  }
  // Back from the next page, possibly out of the browser's memory: the form may go out again.
  addEventListener("pageshow", () => {
    for (const form of forms) {
      delete form.dataset.sent;
      form.querySelector("[type='submit']").removeAttribute("aria-busy");
    }
  });
}
