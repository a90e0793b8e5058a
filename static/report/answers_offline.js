// What is about to be sent, drawn on the device: the server cannot be asked, or not yet.

const QUESTION = "q.";

const valueOf = (form, name) => form.elements[name]?.value?.trim() ?? "";

function say(frame, name, text) {
  if (text) frame.querySelector(`[data-answer="${name}"]`).textContent = text;
}

/** The place as it is known without asking: the address, the district, the position. */
function placeOf(form) {
  const area = form.elements.area;
  const district = area?.value ? area.selectedOptions?.[0]?.textContent : "";
  const inWords = valueOf(form, "place_by") === "words";
  return [valueOf(form, "address"), inWords ? district : "", inWords ? "" : valueOf(form, "position")]
    .filter(Boolean)
    .join(", ");
}

/** A row like the others for each question that was answered, below the category. */
function addQuestions(frame, form) {
  const pattern = frame.querySelector('[data-row="category"]');
  let last = pattern;
  for (const field of form.querySelectorAll("[data-questions-slot] [data-question]")) {
    const isGroup = field.matches("fieldset");
    const chosen = isGroup
      ? [...field.querySelectorAll("input:checked")].filter(({ value }) => value).map((input) => input.closest("label").textContent.trim())
      : [field.value.trim()];
    const text = chosen.filter(Boolean).join(", ");
    if (!text || !field.dataset.question.startsWith(QUESTION)) continue;
    const label = isGroup ? field.querySelector("legend") : form.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    const name = label.cloneNode(true);
    name.querySelector(".field__optional")?.remove();
    const row = pattern.cloneNode(true);
    row.dataset.row = field.dataset.question;
    row.querySelector("dt").textContent = name.textContent.trim();
    row.querySelector("[data-answer]").textContent = text;
    const change = row.querySelector("[data-change]");
    change.dataset.change = "details";
    change.querySelector(".visually-hidden").textContent = `: ${name.textContent.trim()}`;
    last.after(row);
    last = row;
  }
}

function addPhotos(frame, flow) {
  const images = [...flow.querySelectorAll("[data-photos] img")];
  if (!images.length) return;
  const list = document.createElement("ul");
  list.className = "answer__photos";
  list.setAttribute("role", "list");
  list.append(
    ...images.map(({ src, alt }) => {
      const image = Object.assign(document.createElement("img"), { src, alt, width: 72, height: 72 });
      const row = document.createElement("li");
      row.append(image);
      return row;
    }),
  );
  frame.querySelector('[data-answer="photos"]').replaceChildren(list);
}

/** The name of the chosen category, as it stands in the form. @param {HTMLFormElement} form */
export const categoryName = (form) =>
  form.querySelector("[name=category]:checked")?.closest("label").querySelector(".category__name")?.textContent.trim() ?? "";

const LAST_DIGITS = 8; // of a phone: as in web/report/trust.py

/** Whether a contact that is typed was confirmed at this browser, by the marks that the city left. */
async function isConfirmed(flow, form) {
  const marks = (flow.dataset.confirmed ?? "").split(" ").filter(Boolean);
  if (!marks.length || !globalThis.crypto?.subtle) return false;
  const phone = valueOf(form, "phone").replace(/\D/g, "").slice(-LAST_DIGITS);
  for (const contact of [valueOf(form, "email").toLowerCase(), phone.length === LAST_DIGITS ? phone : ""]) {
    if (!contact) continue;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(contact)));
    if (marks.includes(Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""))) return true;
  }
  return false;
}

/** Which line says what everybody will see: a city may look at nothing of whom it can reach. */
async function sayWhatShows(lines, flow, form) {
  const { policy, trustedPolicy } = form.querySelector("[name=category]:checked")?.dataset ?? {};
  const right = trustedPolicy && (await isConfirmed(flow, form)) ? trustedPolicy : policy;
  for (const line of lines) line.hidden = line.dataset.policy !== right;
}

/**
 * @param {HTMLElement} container @param {HTMLElement} flow @param {HTMLFormElement} form
 * @param {{awaitsPhotos: boolean}} why there is network, but photos are not at the server yet
 */
export function drawAnswers(container, flow, form, { awaitsPhotos }) {
  const frame = flow.querySelector("[data-answers-offline]").content.cloneNode(true);
  frame.querySelector(`[data-why="${awaitsPhotos ? "network" : "photos"}"]`).remove();
  say(frame, "place", placeOf(form));
  say(frame, "category", categoryName(form));
  say(frame, "words", valueOf(form, "words"));
  say(frame, "contact", ["name", "email", "phone"].map((name) => valueOf(form, name)).filter(Boolean).join(", "));
  sayWhatShows(frame.querySelectorAll("[data-policy]"), flow, form);
  addQuestions(frame, form);
  addPhotos(frame, flow);
  container.replaceChildren(frame);
}
