// Photos go up as soon as they are chosen: with progress, retry and remove. The keys the server gives
// stand in the form as `photos`, so that the form itself stays light and can be sent again and again.
// See templates/shared/macros/photo_upload.html for the markup.
import { wordsOf } from "./map/words.js";
import { shrinkPhoto } from "./shrink_photo.js";

const PAUSES = [1500, 4000]; // ms before it tries again by itself
const PATIENCE = 120_000; // ms for one photo
const AGAIN = new Set([0, 408, 425, 429, 500, 502, 503, 504]); // statuses that may pass

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Post with progress, which fetch cannot tell. Resolves to {status, body}; status 0: no answer. */
function send(address, body, token, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.timeout = PATIENCE;
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // A proxy may answer for the server, in HTML.
      }
      resolve({ status: answer || request.status >= 500 ? request.status : 0, body: answer });
    };
    request.onerror = request.ontimeout = () => resolve({ status: 0, body: null });
    request.send(body);
  });
}

export class PhotoUpload {
  #queue = Promise.resolve();
  #waiting = 0;

  /**
   * @param {HTMLElement} element [data-photo-upload]
   * @param {{token: () => string, renewToken: (token: string) => void, tokenUrl: string,
   *   changed?: () => void}} options changed: a photo was taken or removed
   */
  constructor(element, { token, renewToken, tokenUrl, changed = () => {} }) {
    this.element = element;
    this.options = { token, renewToken, tokenUrl, changed };
    this.words = wordsOf(element);
    this.list = element.querySelector("[data-photos]");
    this.template = element.querySelector("[data-photo-template]");
    this.status = element.querySelector("[data-photo-status]");
    this.problem = element.querySelector("[data-photo-problem]");
    this.drop = element.querySelector("[data-photo-drop]");
    this.limit = Number(element.dataset.limit);
    for (const input of element.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        this.add([...input.files]);
        input.value = ""; // the same photo can be chosen again, and the form stays light
      });
    }
    for (const item of this.list.children) this.#equip(item);
    this.#takeDrops();
    this.#count();
    addEventListener("online", () => {
      for (const retry of this.list.querySelectorAll(".photo--failed .photo__retry:not([hidden])")) {
        retry.click();
      }
    });
  }

  /** Whether every photo is there or has failed for good. */
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
  }

  /** Show photos that were taken before the page was loaded again. @param {string[]} keys */
  restore(keys) {
    const known = new Set([...this.list.querySelectorAll("[name=photos]")].map((input) => input.value));
    for (const key of keys) {
      if (!/^[a-z0-9]{26}$/.test(key) || known.has(key) || this.list.children.length >= this.limit) continue;
      const item = this.#item();
      const image = item.querySelector("img");
      image.addEventListener("error", () => this.#remove(item)); // swept meanwhile
      image.src = `${this.element.dataset.uploadUrl}/${key}-list.webp`;
      this.#taken(item, key, { quietly: true });
    }
  }

  /** @param {File[]} files */
  add(files) {
    this.#complain("");
    const room = this.limit - this.list.children.length;
    if (files.length > room) this.#complain(this.words("too_many", { limit: this.limit }));
    for (const file of files.slice(0, Math.max(0, room))) {
      const item = this.#item();
      item.querySelector("img").src = URL.createObjectURL(file);
      this.#state(item, this.words("waiting"));
      this.#enqueue(item, file);
    }
    this.#count();
  }

  #item() {
    const item = this.template.content.firstElementChild.cloneNode(true);
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
  #enqueue(item, file) {
    item.classList.remove("photo--failed");
    item.classList.add("photo--sending");
    item.querySelector(".photo__retry").hidden = true;
    this.#waiting += 1;
    this.#queue = this.#queue
      .then(() => (item.isConnected ? this.#upload(item, file) : null))
      .finally(() => (this.#waiting -= 1));
  }

  async #upload(item, file) {
    this.#state(item, this.words("preparing"));
    const smaller = await shrinkPhoto(file);
    const most = Number(this.element.dataset.mostBytes);
    if (smaller.size > most) {
      this.#refuse(item, this.words("too_heavy", { megabytes: Math.floor(most / 1e6) }));
      return;
    }
    for (let attempt = 0; item.isConnected; attempt += 1) {
      const fields = new FormData();
      fields.append("photo", smaller, "photo");
      const { status, body } = await send(
        this.element.dataset.uploadUrl,
        fields,
        this.options.token(),
        (share) => this.#progress(item, share),
      );
      if (status === 201 && body.key) {
        this.#taken(item, body.key);
        return;
      }
      if (status === 400 && body.expired && attempt === 0 && (await this.#renewToken())) continue;
      if (!AGAIN.has(status)) {
        this.#refuse(item, body.error);
        return;
      }
      if (attempt >= PAUSES.length) {
        this.#fail(item, file, body?.error);
        return;
      }
      await sleep(PAUSES[attempt]);
    }
  }

  async #renewToken() {
    try {
      const answer = await fetch(this.options.tokenUrl, { headers: { Accept: "application/json" } });
      this.options.renewToken((await answer.json()).csrf_token);
      return true;
    } catch {
      return false;
    }
  }

  #progress(item, share) {
    item.querySelector("progress").value = share;
    const percent = Math.round(share * 100);
    this.#state(item, percent < 100 ? this.words("sending", { percent }) : this.words("checking"));
  }

  #taken(item, key, { quietly = false } = {}) {
    item.classList.remove("photo--sending", "photo--failed");
    item.dataset.key = key;
    item.querySelector(".photo__state").hidden = true;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "photos";
    input.value = key;
    item.append(input);
    const number = [...this.list.children].indexOf(item) + 1;
    if (!quietly) this.#say(this.words("taken", { number }));
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
  }

  #remove(item) {
    const { src } = item.querySelector("img");
    if (src.startsWith("blob:")) URL.revokeObjectURL(src);
    item.remove();
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
