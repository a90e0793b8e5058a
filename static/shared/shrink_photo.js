// Makes a photo small before it travels: 1,600 px, upright, a JPEG of pixels alone. Its place and its
// camera stay on the phone. What this browser cannot read goes as it is; the server checks everything
// anyway.

const LONGER_SIDE = 1600; // px: what the server keeps
const QUALITY = 0.82;

/** @param {Blob} file @returns {Promise<Blob>} a JPEG of it, or the file itself */
export async function shrinkPhoto(file) {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image(); // knows every kind the browser can show, and turns it upright
    image.src = address;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = Math.min(1, LONGER_SIDE / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#ffffff"; // transparent parts would turn black
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    canvas.width = 0; // gives the memory back at once
    return smaller?.type === "image/jpeg" ? smaller : file;
  } catch {
    return file;
  } finally {
    URL.revokeObjectURL(address);
  }
}
