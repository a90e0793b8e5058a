// Before somebody's own browser becomes a terminal: reports that wait in it are nowhere else. They are
// counted, and go only with a yes of their own.
import { listReports, onChange } from "../shared/outbox/outbox.js";
import { clearDevice } from "./forget.js";

const PATIENCE = 3000; // ms; a store that is stuck must not keep the form from going out

const form = document.querySelector("[data-kiosk-begin]");
const waiting = form.querySelector("[data-kiosk-waiting]");
const count = waiting.querySelector("[data-kiosk-count]");
const yes = waiting.querySelector("input");

async function show() {
  const reports = await listReports().catch(() => []);
  const unsent = reports.filter(({ state }) => state !== "sent").length;
  count.textContent = count.dataset.words.replace("%(count)s", unsent);
  waiting.hidden = unsent === 0;
  yes.required = unsent > 0;
  if (unsent === 0) yes.checked = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await show(); // another tab may have kept one meanwhile
  if (!form.reportValidity()) return;
  await Promise.race([clearDevice(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  form.submit();
});
onChange(show);
show();
