// A reporter's forms work without this file. With it photos go up as soon as they are chosen, and a
// form goes out once however often its button is pressed.
import { PhotoUpload } from "../shared/photo_upload.js";

document.documentElement.classList.add("scripted");

for (const form of document.querySelectorAll("[data-once]")) {
  const element = form.querySelector("[data-photo-upload]");
  const photos =
    element &&
    new PhotoUpload(element, {
      token: () => form.elements.csrf_token.value,
      renewToken: (token) => (form.elements.csrf_token.value = token),
      tokenUrl: form.closest("[data-token-url]").dataset.tokenUrl,
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
  for (const form of document.querySelectorAll("[data-once]")) {
    delete form.dataset.sent;
    form.querySelector("[type='submit']").removeAttribute("aria-busy");
  }
});
