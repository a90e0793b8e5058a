// A terminal forgets: at the button, and when nobody has touched it for a minute.
import { forget } from "./forget.js";
import { Idleness } from "./idleness.js";
import { keepHere } from "./links.js";

keepHere(document);
new Idleness(document.querySelector("[data-kiosk-warning]"), forget);
for (const form of document.querySelectorAll("[data-kiosk-done]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    forget();
  });
}
