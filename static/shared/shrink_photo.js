// Makes a large photo small before it travels: a tenth of the bytes, and its place and camera stay on
// the phone. Whatever cannot be shrunk goes as it is; the server checks everything anyway.

const LIGHT = 1_500_000; // bytes that may travel unchanged
const LONGER_SIDE = 2048; // px: a little more than the server keeps
const QUALITY = 0.86;

/** @param {File} file @returns {Promise<Blob>} the file itself, or a smaller JPEG of it */
export async function shrinkPhoto(file) {
  if (file.size <= LIGHT || !/^image\/(jpeg|png|webp|heic|heif|avif)$/.test(file.type)) return file;
  let bitmap = null;
  try {
    bitmap = await createImageBitmap(file); // upright: EXIF's orientation is applied
    const scale = Math.min(1, LONGER_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#ffffff"; // transparent parts would turn black
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    canvas.width = 0; // gives the memory back at once
    return smaller && smaller.size < file.size ? smaller : file;
  } catch {
    return file;
  } finally {
    bitmap?.close();
  }
}
