// Sends what waits, from a page or from the service worker. A report goes out exactly once: its key
// is made on the device, a lock keeps two pages from sending it together, and the city answers a key
// that it knows with the report it has.
import { FormToken, NoAnswer, ask } from "../asking.js";
import { findPhoto, findReport, listReports, notePhoto, noteReport, noteSent } from "./outbox.js";
import { PhotoRefused, transferPhoto } from "./photo_transfer.js";
import { newKey } from "./store.js";

const FIRST_WAIT = 15_000; // ms after the first try; doubles
const LONGEST_WAIT = 30 * 60_000;
const PATIENCE = 45_000; // ms for the report itself
const PASSING = new Set([401, 403, 408, 409, 425, 429]); // may be another thing tomorrow

const lockOf = (key) => `civicmap-report-${key}`;

/** Run alone among all pages and the worker; null, or later if `wait`, when another one is at it. */
export function alone(key, use, { wait = false } = {}) {
  if (!navigator.locks) return use();
  return navigator.locks.request(lockOf(key), { ifAvailable: !wait }, (lock) => (lock ? use() : null));
}

/** What came of a try is written down where that is possible: without it, a twin is harmless. */
const note = async (report, changes) =>
  report.isLoose ? undefined : noteReport(report.key, changes).catch(() => {});

/**
 * Send every report that is due.
 * @param {{force?: boolean, progress?: (key: string, share: number) => void}} options force: also
 *   those that were to wait longer
 * @returns {Promise<boolean>} whether nothing is left waiting
 */
export async function sendWaiting({ force = false, progress } = {}) {
  for (const { key } of (await listReports()).filter((report) => report.state === "waiting")) {
    const outcome = await alone(key, async () => {
      const report = await findReport(key);
      if (report?.state !== "waiting" || (!force && report.next > Date.now())) return null;
      return sendReport(report, { progress });
    });
    if (outcome?.state === "waiting" && outcome.isNetwork) break; // the next one would fare the same
  }
  return !(await listReports()).some((report) => report.state === "waiting");
}

/**
 * Try once to send a report that is in the outbox, and note there what came of it; one that is not in
 * it says `isLoose`. Call it `alone`.
 * @returns {Promise<{state: "sent", number: string, address: string} |
 *   {state: "refused", body: object} | {state: "waiting", isNetwork: boolean, wait: number}>}
 */
export async function sendReport(report, { progress = () => {} } = {}) {
  const token = new FormToken(report.addresses.token);
  try {
    for (let attempt = 1; ; attempt += 1) {
      await sendPhotos(report, token, (share) => progress(report.key, share));
      await note(report, { tries: report.tries + 1 });
      const { status, body, headers } = await postReport(report, token);
      if (body?.step === "sent") {
        if (!report.isLoose) await noteSent(report.key, body).catch(() => {});
        return { state: "sent", number: body.number, address: body.address };
      }
      if (attempt === 1 && body?.errors?.photos && (await canSendPhotosAgain(report))) continue;
      if (PASSING.has(status) || !(status >= 400 && status < 500) || !(body?.errors || body?.error)) {
        throw new NoAnswer(`status ${status}`, 1000 * (Number(headers.get("Retry-After")) || 0));
      }
      return await refuse(report, body);
    }
  } catch (error) {
    if (error instanceof PhotoRefused) return refuse(report, { errors: { photos: error.message } });
    if (!(error instanceof NoAnswer)) throw error;
    const wait = Math.max(error.wait, Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** report.tries));
    await note(report, { tries: report.tries + 1, next: Date.now() + wait });
    return { state: "waiting", isNetwork: error.wait === 0, wait };
  }
}

async function refuse(report, body) {
  await note(report, { state: "refused", errors: body.errors ?? { "": body.error } });
  return { state: "refused", body };
}

async function postReport(report, token) {
  for (let attempt = 1; ; attempt += 1) {
    const fields = new FormData();
    for (const [name, value] of report.fields) fields.append(name, value);
    for (const { key } of report.photos) fields.append("photos", key);
    fields.set("idempotency_key", report.key);
    fields.set("csrf_token", await token.get());
    fields.set("action", "send");
    const answered = await ask(report.addresses.form, { method: "POST", body: fields, patience: PATIENCE });
    if (!answered.body?.csrf_token || attempt > 1) return answered;
    token.value = answered.body.csrf_token;
  }
}

/** Photos that the city does not have yet; those that it swept are sent anew. */
async function sendPhotos(report, token, progress) {
  const missing = report.photos.filter(({ key }) => !key);
  for (const [index, photo] of missing.entries()) {
    const found = await findPhoto(photo.id);
    if (!found) continue; // there was no room for it: said when it was kept
    photo.key =
      found.key ||
      (await transferPhoto(
        { blob: new Blob([found.bytes], { type: found.type }), name: found.name ?? photo.id, isBegun: found.isBegun },
        {
          uploadUrl: report.addresses.upload,
          token,
          progress: (share) => progress((index + share) / missing.length),
          begun: () => notePhoto(photo.id, { isBegun: true }).catch(() => {}),
        },
      ));
    if (!report.isLoose) await notePhoto(photo.id, { key: photo.key }).catch(() => {});
    await note(report, { photos: report.photos });
  }
  report.photos = report.photos.filter(({ key }) => key);
}

async function canSendPhotosAgain(report) {
  const there = await Promise.all(report.photos.map(async ({ id }) => Boolean(id && (await findPhoto(id)))));
  if (!there.length || there.includes(false)) return false;
  for (const photo of report.photos) {
    photo.key = "";
    // Another name: what the city has under the old one is that photo no more.
    await notePhoto(photo.id, { key: "", isBegun: false, name: newKey() });
  }
  return true;
}
