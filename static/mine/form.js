// A reporter's forms work without this file. With it photos go up as soon as they are chosen, and a
// form goes out once however often its button is pressed.
import { sendOnce } from "../shared/send_once.js";

document.documentElement.classList.add("scripted");
sendOnce(
  [...document.querySelectorAll("[data-once]")],
  document.querySelector("[data-token-url]").dataset.tokenUrl,
);
