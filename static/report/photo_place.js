// Where a photo was taken, as its camera wrote it: read on the device, before the photo is made
// smaller. Phones often take the position out before a page gets the photo, and cameras lie: so it is
// a bonus, anything doubtful is no position, and the person always confirms it. Tags: EXIF 2.32.

const READ = 768 * 1024; // bytes: in a JPEG it stands before the pixels
const READ_WHOLE = /hei[cf]/i; // there it may stand anywhere
const MOST = 24 * 1024 * 1024; // bytes
const GPS = 0x8825;
const REFERENCE = { latitude: 1, longitude: 3 };
const STATUS = 9;
const TYPE_RATIONAL = 5;
const MARK = [0x45, 0x78, 0x69, 0x66, 0, 0]; // "Exif\0\0"

/** Offset of the TIFF header behind the first Exif mark, or -1. */
function findTiff(bytes) {
  for (let at = bytes.indexOf(MARK[0]); at >= 0; at = bytes.indexOf(MARK[0], at + 1)) {
    if (!MARK.every((byte, index) => bytes[at + index] === byte)) continue;
    const [first, second] = [bytes[at + 6], bytes[at + 7]];
    if (first === second && (first === 0x49 || first === 0x4d)) return at + 6;
  }
  return -1;
}

/** The entries of a directory by tag. Throws RangeError where the file is cut off. */
function readDirectory(view, offset, little) {
  const entries = new Map();
  const count = view.getUint16(offset, little);
  for (let index = 0; index < count; index += 1) {
    const at = offset + 2 + 12 * index;
    entries.set(view.getUint16(at, little), {
      type: view.getUint16(at + 2, little),
      count: view.getUint32(at + 4, little),
      at: at + 8,
    });
  }
  return entries;
}

const letterOf = (view, entry) => (entry ? String.fromCharCode(view.getUint8(entry.at)).toUpperCase() : "");

/** Degrees from degrees, minutes and seconds as fractions; NaN when there is something else. */
function degrees(view, entry, little) {
  if (entry?.type !== TYPE_RATIONAL || entry.count < 1 || entry.count > 3) return Number.NaN;
  const start = view.getUint32(entry.at, little);
  let total = 0;
  for (let index = 0; index < entry.count; index += 1) {
    const above = view.getUint32(start + 8 * index, little);
    const below = view.getUint32(start + 8 * index + 4, little);
    total += above / below / 60 ** index;
  }
  return total;
}

/**
 * The position in a photo's EXIF: WGS 84 degrees, rounded to about 10 cm.
 * @param {ArrayBuffer} buffer the beginning of the file
 * @returns {{lat: number, lon: number} | null}
 */
export function positionIn(buffer) {
  try {
    const start = findTiff(new Uint8Array(buffer));
    if (start < 0) return null;
    const view = new DataView(buffer, start);
    const little = view.getUint8(0) === 0x49;
    const pointer = readDirectory(view, view.getUint32(4, little), little).get(GPS);
    if (!pointer) return null;
    const gps = readDirectory(view, view.getUint32(pointer.at, little), little);
    if (letterOf(view, gps.get(STATUS)) === "V") return null; // the receiver had no fix
    const north = letterOf(view, gps.get(REFERENCE.latitude));
    const east = letterOf(view, gps.get(REFERENCE.longitude));
    const lat = degrees(view, gps.get(REFERENCE.latitude + 1), little);
    const lon = degrees(view, gps.get(REFERENCE.longitude + 1), little);
    if (!/^[NS]$/.test(north) || !/^[EW]$/.test(east)) return null;
    if (!(lat <= 90 && lon <= 180) || (lat === 0 && lon === 0)) return null;
    const round = (number) => Number(number.toFixed(6));
    return { lat: round(north === "S" ? -lat : lat), lon: round(east === "W" ? -lon : lon) };
  } catch {
    return null; // cut off in the middle, or nonsense
  }
}

/**
 * The position of the first of these photos that tells one.
 * @param {File[]} files as they were chosen
 * @returns {Promise<{lat: number, lon: number} | null>}
 */
export async function readPhotoPlace(files) {
  for (const file of files) {
    try {
      const share = READ_WHOLE.test(`${file.type} ${file.name}`) ? MOST : READ;
      const place = positionIn(await file.slice(0, share).arrayBuffer());
      if (place) return place;
    } catch {
      // A photo in a cloud that is not here yet.
    }
  }
  return null;
}
