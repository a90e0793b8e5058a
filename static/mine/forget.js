// The city forgets whose this device is by the form alone. What the device keeps by itself goes here:
// whoever presses the button leaves it to others. Reports that wait to be sent are nowhere else and stay.
import { forgetPerson } from "../pwa/caches.js";
import { forgetDrafts } from "../report/draft.js";
import { forgetSent } from "../shared/outbox/outbox.js";

const PATIENCE = 3000; // ms; a store that is stuck must not keep the form from going out

const form = document.querySelector("[data-forget]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  forgetDrafts();
  const forgotten = Promise.allSettled([forgetSent(), forgetPerson()]);
  await Promise.race([forgotten, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  form.submit();
});
