// Sends one photo to the city: small ones at once, larger ones in pieces that go on after a break.
// The protocol: civicmap/web/public/photo_uploads.py.
import { NoAnswer, ask, pause, waitOf } from "../asking.js";

const AT_ONCE = 160_000; // bytes
const FIRST_PIECE = 64 * 1024; // bytes; grows while the network is quick
const LARGEST_PIECE = 512 * 1024;
const QUICK = 1200; // ms for a piece
const PAUSES = [1000, 3000, 8000, 15_000]; // ms before it goes on after a break
const PATIENCE = 60_000; // ms for a piece, or for the photo to be looked at

/** The city will never take this photo; the message says why, in the person's language. */
export class PhotoRefused extends Error {}

/** @throws {NoAnswer} when asking again may help @throws {PhotoRefused} */
function sorry({ status, body, headers }) {
  if ([408, 409, 425, 429].includes(status)) throw new NoAnswer(`status ${status}`, waitOf({ headers }));
  throw new PhotoRefused(body?.error ?? "");
}

/**
 * @param {{blob: Blob, name: string, isBegun?: boolean}} photo name: random, the same with every try;
 *   isBegun: an earlier try may have sent a part
 * @param {object} way
 * @param {string} way.uploadUrl
 * @param {import("../asking.js").FormToken} way.token
 * @param {(share: number) => void} [way.progress] 0 to 1
 * @param {() => Promise<void>} [way.begun] called before the first piece: from here on isBegun
 * @param {AbortSignal} [way.signal]
 * @returns {Promise<string>} the key under which a report may name it
 * @throws {NoAnswer} @throws {PhotoRefused}
 */
export async function transferPhoto(photo, { uploadUrl, token, progress = () => {}, begun, signal }) {
  if (photo.blob.size <= AT_ONCE) return sendAtOnce(photo, { uploadUrl, token, progress, signal });
  const address = `${uploadUrl}/uploads`;
  const own = `${address}/${photo.name}`;
  let isBegun = photo.isBegun;
  let piece = FIRST_PIECE;
  for (let breaks = 0; ; breaks += 1) {
    try {
      let offset = isBegun ? await askOffset(own, signal) : null;
      if (offset === null) {
        await begun?.();
        offset = await begin(address, photo, token, signal);
        isBegun = true;
      }
      while (offset < photo.blob.size) {
        progress(offset / photo.blob.size);
        const started = performance.now();
        const before = offset;
        offset = await add(own, photo.blob.slice(offset, offset + piece), offset, token, signal);
        if (offset > before) breaks = 0;
        const isQuick = performance.now() - started < QUICK;
        piece = Math.min(LARGEST_PIECE, Math.max(FIRST_PIECE, isQuick ? piece * 2 : piece / 2));
      }
      progress(1);
      const answered = await token.ask(`${own}/finish`, { method: "POST", patience: PATIENCE, signal });
      if (answered.status === 201) return answered.body.key;
      if (answered.status !== 409 && answered.status !== 404) sorry(answered);
      if (answered.status === 404) isBegun = false; // swept meanwhile: from the beginning
      if (breaks >= PAUSES.length) sorry(answered);
    } catch (error) {
      if (!(error instanceof NoAnswer) || breaks >= PAUSES.length || !navigator.onLine) throw error;
      piece = FIRST_PIECE;
      await pause(Math.max(PAUSES[breaks], Math.min(error.wait, 20_000)));
    }
  }
}

async function sendAtOnce({ blob }, { uploadUrl, token, progress, signal }) {
  const fields = new FormData();
  fields.append("photo", blob, "photo");
  progress(0.3); // there is nothing to tell in between
  const answered = await token.ask(uploadUrl, { method: "POST", body: fields, patience: PATIENCE, signal });
  progress(1);
  return answered.status === 201 ? answered.body.key : sorry(answered);
}

/** How much has arrived; null when the city does not know of it. */
async function askOffset(own, signal) {
  const { status, headers } = await ask(own, { method: "HEAD", signal, cache: "no-store" });
  return status === 204 || status === 200 ? Number(headers.get("Upload-Offset")) : null;
}

async function begin(address, { blob, name }, token, signal) {
  const headers = { "Upload-Name": name, "Upload-Length": String(blob.size) };
  const answered = await token.ask(address, { method: "POST", headers, signal });
  return answered.status === 200 || answered.status === 201 ? answered.body.offset : sorry(answered);
}

async function add(own, body, offset, token, signal) {
  const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
  const answered = await token.ask(own, { method: "PATCH", headers, body, patience: PATIENCE, signal });
  const arrived = Number(answered.headers.get("Upload-Offset"));
  // 409 tells where to go on: the answer to this piece was lost, and it came twice.
  if (answered.status === 204 || answered.status === 409) return arrived;
  if (answered.status === 404) throw new NoAnswer("not known any more");
  return sorry(answered);
}
