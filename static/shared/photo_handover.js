// Photos chosen on one page, for the form on the next: kept on the device meanwhile, for a few minutes.
import { newKey, read, write } from "./outbox/store.js";

const LIVES = 15 * 60 * 1000; // ms

/**
 * Keep photos, and where the person was when they took them, for the form that opens next.
 * @param {File[]} files
 * @param {{lat: number, lon: number, accuracy: number} | null} location degrees, metres
 * @throws StoreAway, StoreFull
 */
export async function handOver(files, location = null) {
  const photos = await Promise.all(
    files.map(async (file) => ({ bytes: await file.arrayBuffer(), type: file.type, name: file.name })),
  );
  const entry = { id: newKey(), at: Date.now(), photos, location };
  await write("handover", (store) => {
    store.clear();
    store.put(entry);
  });
}

/**
 * What was handed over, once; null if nothing was, or too long ago.
 * @returns {Promise<{files: File[], location: {lat: number, lon: number, accuracy: number} | null} | null>}
 */
export async function takeHandedOver() {
  let entries;
  try {
    entries = await read("handover", (store) => store.getAll());
    if (entries.length) await write("handover", (store) => store.clear());
  } catch {
    return null;
  }
  const entry = entries.find(({ at }) => Date.now() - at < LIVES);
  if (!entry) return null;
  const files = entry.photos.map(({ bytes, type, name }) => new File([bytes], name, { type }));
  return { files, location: entry.location };
}
