// The reports that wait on this device: how many, what each says and how it stands; sends them when
// there is a chance, and lets a person mend or delete what was refused.
import { locale, wordsOf } from "../map/words.js";
import { draftKey, writeDraft } from "../../report/draft.js";
import { pause } from "../asking.js";
import { sendWaiting } from "./flush.js";
import { askForHelp, findReport, listReports, onChange, removeReport } from "./outbox.js";

const LONGEST_FAREWELL = 3000; // ms
const CONTACT = ["name", "email", "phone"];
const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export class WaitingList {
  #timer = 0;
  #shares = new Map(); // key → how much of its photos has gone, 0 to 1

  /** @param {HTMLElement} section see templates/shared/waiting_reports.html */
  constructor(section) {
    this.section = section;
    this.words = wordsOf(section);
    this.count = section.querySelector("[data-waiting-count]");
    this.button = section.querySelector("[data-send-now]");
    this.details = section.querySelector("details");
    this.list = section.querySelector("[data-waiting-list]");
    this.template = section.querySelector("template");
    this.status = section.querySelector("[data-waiting-status]");
    this.button.addEventListener("click", () => this.send({ force: true, isAsked: true }));
    this.list.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("online", () => this.send({ force: true }));
    onChange(() => this.show());
    this.show().then(() => navigator.onLine && this.send({ force: true, isAsked: false }));
  }

  async show() {
    let reports;
    try {
      reports = await listReports();
    } catch {
      return; // the store is away; nothing can be said about it
    }
    const held = this.list.contains(document.activeElement);
    const waiting = reports.filter(({ state }) => state === "waiting");
    const refused = reports.filter(({ state }) => state === "refused");
    this.section.hidden = reports.length === 0;
    this.button.hidden = waiting.length === 0;
    this.count.textContent = this.#headline(waiting.length, refused.length, reports.length);
    if (refused.length && !this.section.dataset.told) this.details.open = true;
    this.section.dataset.told = refused.length ? "yes" : "";
    this.#draw(reports);
    if (held && !this.list.contains(document.activeElement)) this.details.querySelector("summary").focus();
    clearTimeout(this.#timer);
    const next = Math.min(...waiting.map((report) => report.next));
    if (waiting.length) this.#timer = setTimeout(() => this.send(), Math.min(2 ** 30, Math.max(1000, next - Date.now())));
  }

  /**
   * Send what is due. `force`: everything, because a page was opened, or the network is back; `isAsked`:
   * a person pressed the button and is told how it went.
   */
  async send({ force = false, isAsked = false } = {}) {
    if (this.isBusy || (!force && !navigator.onLine)) return;
    this.isBusy = true;
    this.button.setAttribute("aria-busy", "true");
    try {
      const isDone = await sendWaiting({
        force,
        progress: (key, share) => {
          this.#shares.set(key, share);
          this.show();
        },
      });
      if (!isDone) {
        askForHelp();
        if (isAsked) this.status.textContent = this.words(navigator.onLine ? "still_waiting" : "no_network");
      } else this.status.textContent = "";
    } catch {
      if (isAsked) this.status.textContent = this.words("still_waiting");
    } finally {
      this.isBusy = false;
      this.#shares.clear();
      this.button.removeAttribute("aria-busy");
      this.show();
    }
  }

  #headline(waiting, refused, all) {
    if (refused) return this.#counted("refused", refused);
    return waiting ? this.#counted("waiting", waiting) : this.#counted("sent", all);
  }

  /** "3 reports waiting": plural forms come from the page, as a list; beyond it without. */
  #counted(name, count) {
    const key = `${name}_${count}`;
    const sentence = this.words(key);
    return sentence === key ? this.words(`${name}_many`, { count }) : sentence;
  }

  /** Rows stay while their report does, so that nobody loses the button they are about to press. */
  #draw(reports) {
    const rows = new Map([...this.list.children].map((row) => [row.dataset.key, row]));
    for (const report of reports) {
      const known = rows.get(report.key);
      const signature = JSON.stringify([report.state, report.tries, report.next, report.errors]);
      rows.delete(report.key);
      const row = known?.dataset.signature === signature ? known : this.#row(report);
      row.dataset.signature = signature;
      if (known && known !== row) known.replaceWith(row);
      else if (!known) this.list.append(row);
      if (report.state === "waiting") row.querySelector("[data-state]").textContent = this.#stateOf(report);
    }
    for (const row of rows.values()) row.remove();
  }

  #row(report) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    row.dataset.key = report.key;
    row.dataset.state = report.state;
    row.querySelector("[data-what]").textContent = report.what;
    row.querySelector("[data-report-words]").textContent = report.words;
    row.querySelector("[data-state]").textContent = this.#stateOf(report);
    row.querySelector("[data-errors]").replaceChildren(
      ...Object.values(report.errors ?? {}).map((sentence) => {
        const line = document.createElement("li");
        line.textContent = sentence;
        return line;
      }),
    );
    // What may have arrived already is not changed: its key would bring back the first version.
    row.querySelector("[data-mend]").hidden = report.state !== "refused";
    row.querySelector("[data-delete]").hidden = report.state === "sent";
    row.querySelector("[data-put-away]").hidden = report.state !== "sent";
    const link = row.querySelector("[data-open]");
    link.hidden = report.state !== "sent";
    if (report.state === "sent") link.href = report.address;
    return row;
  }

  #stateOf(report) {
    const share = this.#shares.get(report.key);
    if (report.state === "refused") return this.words("state_refused");
    if (report.state === "sent") return this.words("state_sent", { number: report.number });
    if (share !== undefined) return this.words("state_sending", { percent: Math.round(share * 100) });
    if (this.isBusy) return this.words("state_trying");
    if (!navigator.onLine || !report.tries) return this.words("state_waiting");
    return this.words("state_later", { time: time.format(new Date(report.next)) });
  }

  async #clicked(event) {
    const row = event.target.closest("[data-key]");
    const press = (name) => event.target.closest(`.waiting__report [data-${name}]`);
    if (!row) return;
    if (press("mend")) await this.#mend(row.dataset.key);
    else if (press("delete")) this.#ask(row, true);
    else if (press("keep-it")) this.#ask(row, false);
    else if (press("delete-really") || press("put-away")) await removeReport(row.dataset.key);
    else if (press("open")) this.#leaveFor(event, row.dataset.key);
  }

  /** Seen: its own page has it from here on. A page that goes away at once would not finish saying so. */
  async #leaveFor(event, key) {
    const { href } = event.target.closest("[data-open]");
    const staysHere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey; // another tab
    if (!staysHere) event.preventDefault();
    await Promise.race([removeReport(key).catch(() => {}), pause(LONGEST_FAREWELL)]);
    if (!staysHere) location.assign(href);
  }

  #ask(row, isAsking) {
    row.querySelector("[data-acts]").hidden = isAsking;
    const question = row.querySelector("[data-question-delete]");
    question.hidden = !isAsking;
    row.querySelector(isAsking ? "[data-keep-it]" : "[data-delete]").focus();
  }

  /** Open it in the form. It stays here until it is sent from there, or deleted. */
  async #mend(key) {
    const report = await findReport(key);
    if (!report) return;
    const fields = report.fields.filter(([, value]) => typeof value === "string");
    const isContact = ([name]) => CONTACT.includes(name);
    const isQuestion = ([name]) => name.startsWith("q.");
    writeDraft(draftKey(report.city, key), {
      values: {
        ...Object.fromEntries(fields.filter((field) => !isContact(field) && !isQuestion(field))),
        idempotency_key: key,
      },
      contact: Object.fromEntries(fields.filter(isContact)),
      questions: fields.filter(isQuestion),
      photos: report.photos.filter(({ id }) => !id).map((photo) => photo.key),
      kept: report.photos.map(({ id }) => id).filter(Boolean),
    });
    location.assign(`${report.addresses.form}?mend=${key}`);
  }
}
