// Reporting a problem, step by step. The form is the same as without scripts: this file decides what
// of it is seen, asks the server while one answers, and keeps everything until it is sent.
import { wordsOf } from "../shared/map/words.js";
import { takeHandedOver } from "../shared/photo_handover.js";
import { PhotoUpload } from "../shared/photo_upload.js";
import { CategoryStep } from "./category_step.js";
import { Draft } from "./draft.js";
import { NearbyStep } from "./nearby_step.js";
import { PhotoFirst } from "./photo_first.js";
import { PlaceStep } from "./place_step.js";
import { Problems, stepOf } from "./problems.js";
import { Questions } from "./questions.js";
import { Sending } from "./sending.js";
import { Steps } from "./steps.js";
import { WordsLeft } from "./words_left.js";

const flow = document.querySelector("[data-flow]");
const form = flow.querySelector("[data-flow-form]");
const words = wordsOf(flow);
const given = JSON.parse(flow.dataset.errors);
const isAgain = Object.keys(given).length > 0;
const isPhotoLost = location.hash === "#photo-not-kept"; // said by public/photo_start.js

const draft = new Draft(form, flow.dataset.city);
// What the address fills in (a spot of the city's map, a category) counts more than the draft; a form
// that came back from the server knows better than both.
const pointed = { position: form.elements.position.value, category: form.elements.category?.value };
const isRestored = !isAgain && draft.restore();
const plainAddress = new URL(location.href);
if (isRestored && plainAddress.searchParams.has("position")) {
  for (const name of ["place_by", "accuracy", "area", "address", "is_another"]) draft.set(name, "");
  draft.set("position", pointed.position);
}
if (isRestored && plainAddress.searchParams.has("category")) draft.set("category", pointed.category);
// Once taken, the address forgets it: a reload shows what the person made of it.
for (const name of ["position", "category"]) plainAddress.searchParams.delete(name);
history.replaceState(history.state, "", plainAddress);

const problems = new Problems(flow, form);
let photoFirst = null;
let sending = null;
const photos = new PhotoUpload(flow.querySelector("[data-photo-upload]"), {
  token: () => form.elements.csrf_token.value,
  renewToken: (token) => (form.elements.csrf_token.value = token),
  tokenUrl: flow.dataset.tokenUrl,
  keepAs: draft.owner,
  changed() {
    problems.clear();
    photoFirst?.show();
    draft.save();
    sending?.renew();
  },
  refused: () => steps.current === "check" && steps.go("details"),
});
if (isRestored) draft.fill(photos.restore(draft.photos, draft.kept));

const place = new PlaceStep(flow, form, words, () => {
  form.elements.is_another.value = "";
  draft.save();
});
photoFirst = new PhotoFirst(flow, words, photos, place);
photoFirst.show();
const category = new CategoryStep(flow, form, words, () => place.query);
const questions = new Questions(flow, form);
if (isRestored) questions.restore(draft.questions);
draft.questionsOf = () => questions.entries;
const nearby = new NearbyStep(
  flow,
  form,
  (address) => {
    draft.forget();
    location.assign(address);
  },
  (sentence) => problems.show({ "": sentence || words("no_answer") }),
);
sending = new Sending(flow, form, words, {
  refused,
  sent(address) {
    draft.forget();
    steps.leave(address);
  },
  queued() {
    draft.forget();
    isQueued = true;
    steps.finish("queued");
  },
  change(step) {
    changing = { category: category.key };
    steps.go(step);
  },
}, draft);
new WordsLeft(flow, form.elements.words, words);

const restored = flow.querySelector("[data-restored]");
restored.querySelector("[data-start-over]").addEventListener("click", () => {
  draft.forget();
  location.replace(location.pathname);
});

let isQueued = false;
const steps = new Steps(flow, words, {
  canShow: (name) =>
    name === "place" ||
    (place.isKnown &&
      (name === "category" ||
        (Boolean(category.key) && canShowBetween(name)))),
  entered(name) {
    draft.save();
    restored.hidden = true;
    place.mapFrame.inert = name !== "place" || place.inWords;
    if (name === "place") place.entered();
    if (name === "category") category.entered();
    if (["details", "contact", "check"].includes(name)) questions.show(category.key);
    if (name === "contact") showContactWords();
    if (name === "check") sending.check();
  },
});

/** The steps that only some reports have. */
function canShowBetween(name) {
  if (name === "stop") return category.isEmergency;
  if (name === "nearby") return !category.isEmergency && !nearby.isEmpty;
  return name !== "queued" || isQueued;
}

/**
 * Set while the person, with everything answered, changes one answer: then "continue" leads back to
 * the page to check, and on the way only to what the change asks anew.
 */
let changing = null;

/** Known close by? Asked once for a place and a category. */
async function goToNearbyOr(otherwise) {
  const asks = form.elements.is_another.value !== "yes";
  const count = asks ? await nearby.look({ ...place.query, category: category.key }) : 0;
  if (count) steps.go("nearby");
  else await otherwise();
}

/** To what another category asks; past it, when that is answered already. */
async function goToDetails() {
  if (changing?.category === category.key) await goToCheck();
  else steps.go("details");
}

/** What "continue" means on each step. */
const onward = {
  async place() {
    if (!(await place.accept())) return;
    if (!changing) steps.go("category");
    else if (category.isEmergency) await goToCheck();
    else await goToNearbyOr(goToCheck);
  },
  async category() {
    if (!category.key) category.complain(words("choose_category"));
    else if (category.isEmergency && changing?.category !== category.key) steps.go("stop");
    else if (category.isEmergency) await goToCheck();
    else await goToNearbyOr(goToDetails);
  },
  async stop() {
    form.elements.warned.value = category.key;
    await goToDetails();
  },
  async nearby() {
    form.elements.is_another.value = "yes";
    await goToDetails();
  },
  async details() {
    if (!questions.isComplete()) return;
    if (!form.elements.words.value.trim() && photos.isEmpty) {
      problems.show({ words: words("words_or_photo") });
      return;
    }
    if (photos.hasFailed) {
      photos.sayFailed();
      return;
    }
    if (changing) await goToCheck();
    else steps.go("contact");
  },
  contact: () => goToCheck(),
  async check() {
    if (!sending.isChecked) await sending.check();
    else {
      await photos.letGo();
      await sending.send();
      photos.goOn();
    }
  },
};

async function goToCheck() {
  if (!photos.isSettled && !photos.mayFollow) {
    steps.go("details");
    photos.sayStillSending();
    return;
  }
  form.elements.is_another.value = "yes"; // the question has been asked
  form.elements.warned.value = category.key;
  changing = null;
  steps.go("check");
}

let isMoving = false;
async function next() {
  if (isMoving) return;
  isMoving = true;
  const button = flow.querySelector(`[data-step="${steps.current}"] [data-next]`);
  const slow = setTimeout(() => button.setAttribute("aria-busy", "true"), 250);
  try {
    problems.clear();
    await onward[steps.current]();
  } finally {
    clearTimeout(slow);
    if (!sending.isBusy) button.removeAttribute("aria-busy");
    isMoving = false;
  }
}

function refused(body) {
  const errors = body.errors ?? { "": body.error };
  for (const [name, value] of Object.entries(body.values ?? {})) {
    if (form.elements[name] && name !== "category") form.elements[name].value = value;
  }
  const step = stepOf(errors);
  if (step !== steps.current) steps.go(step);
  if (step === "place") place.complain(errors.position ?? errors.area ?? errors.address, body.nearest);
  tell(errors);
}

/** At the questions what is theirs, the rest above the step and at its fields. */
function tell(errors) {
  questions.show(category.key);
  const others = Object.entries(errors).filter(([name]) => !name.startsWith("q."));
  if (others.length || !questions.refuse(errors)) problems.show(errors);
}

function showContactWords() {
  const some = ["name", "email", "phone"].some((name) => form.elements[name].value.trim());
  flow.querySelector("[data-with-contact]").hidden = !some;
  flow.querySelector("[data-without-contact]").hidden = some;
}

flow.addEventListener("click", (event) => {
  if (event.target.closest("[data-next]")) next();
});
form.addEventListener("submit", (event) => {
  event.preventDefault(); // Enter in a field is "continue"
  next();
});
form.addEventListener("input", (event) => {
  draft.save();
  if (event.target.hasAttribute("data-refused")) problems.clear();
  if (steps.current === "contact") showContactWords();
});
form.addEventListener("change", (event) => {
  // Another category may have been reported here even if the last one had not.
  if (event.target.name === "category") {
    form.elements.is_another.value = "";
    if (!category.isEmergency) nearby.look({ ...place.query, category: category.key });
  }
  draft.save();
});
addEventListener("pagehide", () => draft.saveNow());
addEventListener("pageshow", (event) => {
  if (event.persisted && draft.isOver) location.replace(location.pathname);
});

// Steps again: they were taken back if this file came late.
document.documentElement.classList.remove("plain");
document.documentElement.classList.add("scripted", "is-flowing");
steps.begin();
if (isAgain) {
  const step = stepOf(given);
  if (step !== "check") steps.go(step);
  if (step === "place") place.complain(given.position ?? given.area ?? given.address);
  tell(given);
} else if (isRestored) {
  restored.hidden = false;
}
// Who chose a photo on the city's page finds it here.
const handed = await takeHandedOver();
if (handed) {
  if (steps.current !== "place") steps.go("place");
  await photoFirst.use(handed.files, handed.location);
} else if (isPhotoLost) {
  place.hint(words("photo_not_kept"));
}
