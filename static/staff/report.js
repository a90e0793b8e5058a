// A report's page works without this file. With it: the bar at the thumb opens its form in place, a
// form goes out once however often its button is pressed, and the pin can be moved on a map.

import { sendOnce } from "../shared/send_once.js";

document.documentElement.classList.add("scripted");
const page = document.querySelector("[data-token-url]");
const items = document.querySelectorAll(".act__item");

for (const link of document.querySelectorAll("[data-opens]")) {
  link.addEventListener("click", (event) => {
    const item = document.getElementById(`act-${link.dataset.opens}`);
    if (!item) return;
    event.preventDefault();
    item.open = true;
    item.scrollIntoView({ block: "start" });
    const chosen = document.getElementById(link.dataset.chooses ?? "");
    if (chosen) {
      chosen.checked = true;
      chosen.focus();
      return;
    }
    item.querySelector("form :is(textarea, select, input:not([type='hidden']))")?.focus({
      preventScroll: true,
    });
  });
}

// The browser keeps one of a name open; older ones need to be told.
for (const item of items) {
  item.addEventListener("toggle", () => {
    if (!item.open) return;
    for (const other of items) if (other !== item) other.open = false;
  });
}

sendOnce([...document.querySelectorAll(".act__form")], page.dataset.tokenUrl);

const frame = document.querySelector("[data-picks]");
const placeItem = frame?.closest("details");

async function showPicker() {
  if (!placeItem.open || !frame.hidden) return;
  const [{ createCityMap, numbersFrom }, { PlacePicker }] = await Promise.all([
    import("../shared/map/city_map.js"),
    import("../shared/map/crosshair.js"),
  ]);
  frame.hidden = false;
  const field = document.getElementById(frame.dataset.picks);
  const place = numbersFrom(field.value, 2);
  const picker = new PlacePicker(createCityMap(frame), {
    start: place && { lat: place[0], lon: place[1] },
  });
  // What is typed stands until the map is really moved.
  let settled = false;
  frame.addEventListener("place:chosen", ({ detail }) => {
    if (settled || detail.source !== "given") {
      field.value = `${detail.lat.toFixed(6)}, ${detail.lon.toFixed(6)}`;
    }
    settled = true;
  });
  field.addEventListener("change", () => {
    const typed = numbersFrom(field.value, 2);
    if (typed) picker.set(typed[0], typed[1]);
  });
}

if (placeItem) {
  placeItem.addEventListener("toggle", showPicker);
  showPicker();
}
