import { element, fill, getWords } from "../site/site.js";

// As on the server: longest side of a photo, in pixels
const SIDE = 1920;
const SMALL = 600 * 1024;
const MEGABYTE = 1024 * 1024;

const HEIC = ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif"];
const VIDEO = ["isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash", "qt  "];
// Files that are larger together go up in parts, in bytes
const SEVERAL = 256 * 1024;
const PHOTOS = ["image/jpeg", "image/png", "image/webp"];

// File -> its key, by which the server knows how much of it is there
const keys = new WeakMap();

/** Return a random key, as the server makes them (a UUID). */
export function makeKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Return the key of a file; `key` is what a draft has kept of it. */
export function getFileKey(file, key) {
    if (!keys.has(file)) {
        keys.set(file, key || makeKey());
    }
    return keys.get(file);
}

/**
 * Return the module that sends files in parts, null where the form itself carries them:
 * they are small, or the module does not come.
 */
export async function loadParts(files) {
    if (files.reduce((sum, file) => sum + file.size, 0) <= SEVERAL) {
        return null;
    }
    try {
        return await import("./parts.js");
    } catch {
        return null;
    }
}

/**
 * Return what a file is by its first bytes, as the server judges it (`tools/uploads.py`):
 * a media type, or "" for what is not taken.
 *
 * @param {Blob} file
 */
export async function sniff(file) {
    const bytes = new Uint8Array(await file.slice(0, 16).arrayBuffer());
    const text = String.fromCharCode(...bytes);
    if (text.startsWith("\xff\xd8\xff")) {
        return "image/jpeg";
    }
    if (text.startsWith("\x89PNG\r\n\x1a\n")) {
        return "image/png";
    }
    if (/^GIF8[79]a/.test(text)) {
        return "image/gif";
    }
    if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") {
        return "image/webp";
    }
    if (text.startsWith("%PDF-")) {
        return "application/pdf";
    }
    if (text.slice(4, 8) === "ftyp") {
        const brand = text.slice(8, 12);
        if (HEIC.includes(brand)) {
            return "image/heic";
        }
        if (/^3g[p2]/.test(brand)) {
            return "video/3gpp";
        }
        return VIDEO.includes(brand) ? "video/mp4" : "";
    }
    return "";
}

/**
 * Return a photo as a JPEG no larger than the server keeps it; null where the browser
 * cannot draw it.
 */
async function shrink(file) {
    let bitmap;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        return null;
    }
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const context = canvas.getContext("2d");
    // What can be seen through is white, not black, in a JPEG
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    const name = `${file.name.replace(/\.[^.]*$/, "") || "photo"}.jpg`;
    return blob && new File([blob], name, { type: "image/jpeg" });
}

/**
 * Look at a file before it is sent over a slow line.
 *
 * @param {File} file
 * @param {number} megabytes that the server takes
 * @returns {Promise<{file?: File, error?: string}>} smaller, or the reason against it
 */
export async function prepareFile(file, megabytes) {
    const words = getWords().files;
    const refuse = (reason) => ({ error: `${file.name}: ${fill(words[reason], { megabytes })}` });
    let kind;
    try {
        kind = await sniff(file);
    } catch {
        return refuse("broken"); // taken away since it was chosen
    }
    if (!kind) {
        return refuse(file.size ? "type" : "broken");
    }
    let small = file;
    if (kind === "image/heic") {
        // Some phones can draw their own
        small = await shrink(file);
        if (!small) {
            return refuse("heic");
        }
    } else if (PHOTOS.includes(kind) && file.size >= SMALL) {
        const drawn = await shrink(file);
        if (drawn && drawn.size < file.size) {
            small = drawn;
        }
    }
    return small.size > megabytes * MEGABYTE ? refuse("large") : { file: small };
}

/** Put files into a field, as if they had been chosen. */
export function setFiles(input, files) {
    const list = new DataTransfer();
    files.forEach((file) => list.items.add(file));
    input.files = list.files;
}

/**
 * Look at what is chosen in a field of files: what is too large is made small, what the
 * server would refuse is said at once and left out.
 *
 * @param {HTMLInputElement} input with `data-max-files` and `data-max-mb`
 */
export function watchFiles(input) {
    const said = element("div", "form-text");
    said.setAttribute("role", "status");
    input.after(said);
    const look = async () => {
        const words = getWords().files;
        const [limit, megabytes] = [Number(input.dataset.maxFiles), Number(input.dataset.maxMb)];
        const chosen = [...input.files];
        const lines = [];
        const files = [];
        for (const file of chosen) {
            if (files.length >= limit) {
                lines.push(fill(words.many, { count: limit }));
                break;
            }
            const { file: taken, error } = await prepareFile(file, megabytes);
            if (taken) {
                files.push(taken);
            } else {
                lines.push(error);
            }
        }
        setFiles(input, files);
        const size = files.reduce((sum, file) => sum + file.size, 0) / MEGABYTE;
        if (files.length) {
            lines.push(fill(words.chosen, { count: files.length, megabytes: size.toFixed(1) }));
        }
        said.replaceChildren(...lines.map((line) => element("div", "", line)));
        said.classList.toggle("text-danger", files.length < chosen.length);
        // For whoever keeps what was filled in
        input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    input.addEventListener("change", look);
    sendFirst(input, said);
    if (input.files.length) {
        look(); // chosen before this came
    }
}

/** Send the files of a form in parts before the browser sends the form itself. */
function sendFirst(input, said) {
    const { form } = input;
    const key = makeKey();
    let isReady = false;
    form.addEventListener("submit", async (ev) => {
        const files = [...input.files];
        const size = files.reduce((sum, file) => sum + file.size, 0);
        if (isReady || ev.defaultPrevented || size <= SEVERAL) {
            return;
        }
        ev.preventDefault();
        const button = ev.submitter;
        const parts = await loadParts(files);
        const done = parts && (await parts.sendForForm(form, key, files, said));
        if (button) {
            button.disabled = false;
        }
        if (!parts || done) {
            isReady = true;
            form.requestSubmit(button);
            isReady = false;
        }
    });
}
