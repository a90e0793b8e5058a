// A quiet line: you are offline, and this page is how it was then. The service worker writes into a
// kept page when it was kept.
import { isBorrowed, locale, wordsOf } from "../shared/map/words.js";

/** "14:05" of today, else with its day. @param {Date} moment */
function timeOf(moment) {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const isToday = moment.toDateString() === new Date().toDateString();
  const day = isBorrowed ? { day: "2-digit", month: "2-digit" } : { day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(locale, isToday ? time : { ...day, ...time }).format(moment);
}

/** @param {HTMLElement} line */
export function watchNetwork(line) {
  const words = wordsOf(line);
  // A form shows nothing that grows old, and who fills one in shall not be sent to load it again.
  const isForm = document.querySelector("[data-flow]") !== null;
  const kept = isForm ? "" : document.documentElement.dataset.keptAt;
  const time = kept && timeOf(new Date(kept));
  const say = (sentence, canReload) => {
    line.querySelector("[data-network-words]").textContent = sentence;
    line.querySelector("[data-network-reload]").hidden = !canReload;
    line.hidden = !sentence;
  };
  const show = () => {
    if (!navigator.onLine) say(words(kept ? "offline_since" : "offline", { time }), false);
    else if (kept) say(words("no_answer", { time }), true);
    else say("", false);
  };
  const back = () => (kept ? say(words("online_again", { time }), true) : show());
  line.querySelector("[data-network-reload]").addEventListener("click", () => location.reload());
  addEventListener("offline", show);
  addEventListener("online", back);
  show();
}
