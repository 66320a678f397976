// As on the server: longest side of a photo, in pixels
const SIDE = 1920;
const SMALL = 600 * 1024;

/**
 * Shrink a photo before it is sent over a slow line. What cannot be drawn is sent as it
 * is, for the server to judge.
 *
 * @param {File} file
 * @returns {Promise<File>}
 */
export async function shrink(file) {
    if (!["image/jpeg", "image/png", "image/webp"].includes(file.type) || file.size < SMALL) {
        return file;
    }
    let bitmap;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        return file;
    }
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) {
        return file;
    }
    return new File([blob], "photo.jpg", { type: "image/jpeg" });
}
