// Photos are shrunk and go up as soon as they are chosen: with progress, in pieces that go on after a
// break, with retry and remove. The keys the server gives stand in the form as `photos`, so that the
// form itself stays light and can be sent again and again. With `keepAs` each photo is kept on the
// device until its report is sent (its id stands as `kept_photos`): without network it waits there.
// See templates/shared/macros/photo_upload.html for the markup.
import { FormToken, NoAnswer } from "./asking.js";
import { wordsOf } from "./map/words.js";
import { findPhoto, forgetPhoto, held, keepPhoto, notePhoto } from "./outbox/outbox.js";
import { PhotoRefused, transferPhoto } from "./outbox/photo_transfer.js";
import { newKey } from "./outbox/store.js";
import { shrinkPhoto } from "./shrink_photo.js";

export class PhotoUpload {
  #queue = Promise.resolve();
  #ids = new WeakMap(); // item → id of the photo on the device
  #small = new WeakMap(); // item → its shrunk Blob
  #stops = new WeakMap(); // item → AbortController of its transfer

  /**
   * @param {HTMLElement} element [data-photo-upload]
   * @param {object} options
   * @param {() => string} options.token
   * @param {(token: string) => void} options.renewToken
   * @param {string} options.tokenUrl
   * @param {() => void} [options.changed] a photo was taken or removed
   * @param {(files: File[]) => void} [options.chosen] the originals, before they are shrunk
   * @param {() => void} [options.refused] a photo will never be taken, and it is said why
   * @param {string} [options.keepAs] owner of the photos on this device; without it they are not kept
   */
  constructor(element, { token, renewToken, tokenUrl, changed = () => {}, chosen = () => {}, refused = () => {}, keepAs = "" }) {
    this.element = element;
    this.options = { token, renewToken, tokenUrl, changed, chosen, refused, keepAs };
    this.words = wordsOf(element);
    this.list = element.querySelector("[data-photos]");
    this.template = element.querySelector("[data-photo-template]");
    this.status = element.querySelector("[data-photo-status]");
    this.problem = element.querySelector("[data-photo-problem]");
    this.drop = element.querySelector("[data-photo-drop]");
    this.limit = Number(element.dataset.limit);
    for (const input of element.querySelectorAll("input[type=file]")) {
      const take = () => {
        this.add([...input.files]);
        input.value = ""; // the same photo can be chosen again, and the form stays light
      };
      input.addEventListener("change", take);
      // On a slow line a photo is chosen before this file is there. Who made us has to know us first.
      if (input.files.length) queueMicrotask(take);
    }
    for (const item of this.list.children) this.#equip(item);
    this.#takeDrops();
    this.#count();
    addEventListener("online", () => this.goOn());
  }

  /** Whether a report may be checked and sent before every photo is there: it takes them along. */
  get mayFollow() {
    return Boolean(this.options.keepAs);
  }

  /** Stop sending from here: the photos go on with their report, from where they are. */
  async letGo() {
    this.isLettingGo = true;
    for (const item of this.list.children) this.#stops.get(item)?.abort();
    await this.#queue;
    this.isLettingGo = false;
  }

  /** Whether every photo is there, is kept until there is network, or has failed for good. */
  get isSettled() {
    return !this.list.querySelector(".photo--sending");
  }

  get isEmpty() {
    return this.list.children.length === 0;
  }

  get hasFailed() {
    return this.list.querySelector(".photo--failed") !== null;
  }

  sayFailed() {
    this.#complain(this.words("failed"));
  }

  sayStillSending() {
    this.#complain(this.words("still_sending"));
    this.isWaitedFor = true;
  }

  /** Nothing is waited for any more: nor is it said. */
  #settle() {
    if (!this.isWaitedFor || !this.isSettled) return;
    this.#complain("");
  }

  /**
   * Show photos of a draft: those the server has by their keys, those kept here by their ids.
   * @param {string[]} keys @param {string[]} ids
   */
  async restore(keys, ids = []) {
    const known = new Set([...this.list.querySelectorAll("[name=photos]")].map((input) => input.value));
    const kept = (await Promise.all(ids.map((id) => findPhoto(id)))).map((photo, index) => photo && { ...photo, id: ids[index] });
    for (const { id, bytes, type, key, isBegun, name } of kept.filter(Boolean)) {
      if (this.list.children.length >= this.limit || known.has(key)) continue;
      const blob = new Blob([bytes], { type });
      const item = this.#item(blob);
      this.#small.set(item, blob);
      this.#mark(item, id);
      if (key) {
        known.add(key);
        this.#taken(item, key, { quietly: true });
      } else this.#enqueue(item, blob, { isBegun, name });
    }
    for (const key of keys) {
      if (!/^[a-z0-9]{26}$/.test(key) || known.has(key) || this.list.children.length >= this.limit) continue;
      const item = this.#item();
      const image = item.querySelector("img");
      image.addEventListener("error", () => navigator.onLine && this.#remove(item)); // swept meanwhile
      image.src = `${this.element.dataset.uploadUrl}/${key}-list.webp`;
      this.#taken(item, key, { quietly: true });
    }
    this.#count();
  }

  /** @param {File[]} files */
  add(files) {
    this.options.chosen(files);
    this.#complain("");
    const room = this.limit - this.list.children.length;
    if (files.length > room) this.#complain(this.words("too_many", { limit: this.limit }));
    for (const file of files.slice(0, Math.max(0, room))) {
      const item = this.#item(file);
      this.#state(item, this.words("waiting"));
      this.#enqueue(item, file);
    }
    this.#count();
  }

  #item(blob = null) {
    const item = this.template.content.firstElementChild.cloneNode(true);
    if (blob) item.querySelector("img").src = URL.createObjectURL(blob);
    this.list.append(item);
    this.#equip(item);
    return item;
  }

  #equip(item) {
    if (!item.querySelector(".photo__remove")) {
      const spare = this.template.content.querySelector(".photo__remove").cloneNode(true);
      item.append(spare);
    }
    item.querySelector(".photo__remove").addEventListener("click", () => {
      this.#remove(item);
      this.#say(this.words("removed"));
      this.drop.querySelector("input").focus();
    });
  }

  /** One after the other: a phone has one uplink, and little memory for decoded photos. */
  #enqueue(item, file, earlier = {}) {
    item.classList.remove("photo--failed", "photo--kept");
    item.classList.add("photo--sending");
    item.querySelector(".photo__retry").hidden = true;
    this.#queue = this.#queue
      .then(() => (item.isConnected ? this.#upload(item, file, earlier) : null))
      .catch((error) => {
        console.error(error);
        this.#fail(item, file);
      });
  }

  /** What waited for the network, or failed for the want of it, goes on. */
  goOn() {
    if (this.element.closest("[data-sending]")) return; // they go with their report
    for (const item of this.list.querySelectorAll(".photo--kept")) this.#enqueue(item, this.#small.get(item), { isBegun: true });
    for (const retry of this.list.querySelectorAll(".photo--failed .photo__retry:not([hidden])")) retry.click();
  }

  async #upload(item, file, { isBegun = false, name }) {
    this.#state(item, this.words("preparing"));
    const small = this.#small.get(item) ?? (await shrinkPhoto(file));
    this.#small.set(item, small);
    const most = Number(this.element.dataset.mostBytes);
    if (small.size > most) {
      this.#refuse(item, this.words("too_heavy", { megabytes: Math.floor(most / 1e6) }));
      return;
    }
    await this.#keep(item, small);
    if (!item.isConnected) return;
    if (this.isLettingGo) {
      this.#wait(item);
      return;
    }
    const id = this.#ids.get(item);
    const token = new FormToken(this.options.tokenUrl, this.options.token());
    const stop = new AbortController();
    this.#stops.set(item, stop);
    try {
      const key = await transferPhoto(
        { blob: small, name: name ?? id, isBegun },
        {
          uploadUrl: this.element.dataset.uploadUrl,
          token,
          progress: (share) => this.#progress(item, share),
          begun: async () => this.options.keepAs && notePhoto(id, { isBegun: true }).catch(() => {}),
          signal: stop.signal,
        },
      );
      if (this.options.keepAs) await notePhoto(id, { key }).catch(() => {});
      this.#taken(item, key);
    } catch (error) {
      if (stop.signal.aborted) {
        if (item.isConnected) this.#wait(item);
        return;
      }
      if (error instanceof PhotoRefused) this.#refuse(item, error.message);
      else if (!(error instanceof NoAnswer)) throw error;
      else if (this.options.keepAs) this.#wait(item);
      else this.#fail(item, file);
    } finally {
      if (token.value && token.value !== this.options.token()) this.options.renewToken(token.value);
    }
  }

  /** Keep it on this device, once; where it finds no room, this page holds it. */
  async #keep(item, small) {
    if (this.#ids.has(item)) return;
    const id = newKey();
    if (!this.options.keepAs) {
      this.#ids.set(item, id);
      return;
    }
    const photo = { bytes: await small.arrayBuffer(), type: small.type };
    try {
      await keepPhoto(id, this.options.keepAs, photo);
    } catch {
      held.set(id, photo);
    }
    this.#mark(item, id);
    this.options.changed();
  }

  #mark(item, id) {
    this.#ids.set(item, id);
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "kept_photos";
    input.value = id;
    item.append(input);
  }

  /** There is no network: it stays here, and goes with its report. */
  #wait(item) {
    item.classList.remove("photo--sending");
    item.classList.add("photo--kept");
    this.#state(item, this.words(held.has(this.#ids.get(item)) ? "kept_by_page" : "kept"));
    this.#settle();
    this.options.changed();
  }

  #progress(item, share) {
    item.querySelector("progress").value = share;
    const percent = Math.round(share * 100);
    this.#state(item, percent < 100 ? this.words("sending", { percent }) : this.words("checking"));
  }

  #taken(item, key, { quietly = false } = {}) {
    item.classList.remove("photo--sending", "photo--failed", "photo--kept");
    item.dataset.key = key;
    item.querySelector(".photo__state").hidden = true;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "photos";
    input.value = key;
    item.append(input);
    const number = [...this.list.children].indexOf(item) + 1;
    if (!quietly) this.#say(this.words("taken", { number }));
    this.#settle();
    this.#count();
    this.options.changed();
  }

  /** It can be tried again, by the person or when the network is back. */
  #fail(item, file, sentence) {
    item.classList.remove("photo--sending");
    item.classList.add("photo--failed");
    item.querySelector(".photo__state").hidden = true;
    this.#complain(sentence || this.words(navigator.onLine ? "failed" : "offline"));
    const retry = item.querySelector(".photo__retry");
    retry.hidden = false;
    retry.onclick = () => {
      item.querySelector(".photo__remove").focus();
      this.#complain("");
      this.#enqueue(item, file);
    };
  }

  /** It will never be taken: say why, and make room. */
  #refuse(item, sentence) {
    this.#remove(item);
    this.#complain(sentence || this.words("failed"));
    this.options.refused();
  }

  #remove(item) {
    this.#stops.get(item)?.abort();
    if (this.options.keepAs && this.#ids.has(item)) forgetPhoto(this.#ids.get(item));
    const { src } = item.querySelector("img");
    if (src.startsWith("blob:")) URL.revokeObjectURL(src);
    item.remove();
    this.#settle();
    this.#count();
    this.options.changed();
  }

  #state(item, sentence) {
    item.querySelector(".photo__state").hidden = false;
    item.querySelector("[data-photo-words]").textContent = sentence;
  }

  /** Numbers in the names of photos, and no way in when all places are taken. */
  #count() {
    [...this.list.children].forEach((item, index) => {
      const number = index + 1;
      item.querySelector("img").alt = this.words("photo", { number });
      item.querySelector(".photo__remove").setAttribute("aria-label", this.words("remove", { number }));
    });
    this.drop.hidden = this.list.children.length >= this.limit;
  }

  #takeDrops() {
    const over = (isOver) => this.drop.classList.toggle("is-over", isOver);
    this.drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(true);
    });
    this.drop.addEventListener("dragleave", () => over(false));
    this.drop.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      this.add([...event.dataTransfer.files]);
    });
  }

  #complain(sentence) {
    this.isWaitedFor = false;
    this.problem.querySelector("span").textContent = sentence;
    this.problem.hidden = !sentence;
    if (!sentence) return;
    this.problem.scrollIntoView({ block: "nearest" });
    this.#say(sentence);
  }

  #say(sentence) {
    this.status.textContent = sentence;
  }
}
