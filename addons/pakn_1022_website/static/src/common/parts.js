/**
 * Files that go up in parts, before the form they belong to: after a cut they go on where
 * they ended, also on another page and another day (`pakn.upload`).
 */
import { fill, getWords } from "../site/site.js";
import { getFileKey } from "./files.js";
import { explain, post, renewToken } from "./send.js";

const ADDRESS = "/phan-anh/tep";
const PART = 256 * 1024;
// Answers in a row that bring nothing on
const MOST_STALLS = 3;

/** Return how much of a file the server has. */
async function ask(formKey, fileKey) {
    const reply = await fetch(`${ADDRESS}?${new URLSearchParams({ key: formKey, file: fileKey })}`);
    return reply.ok ? (await reply.json()).received : 0;
}

/**
 * Send files in parts.
 *
 * @param {File[]} files
 * @param {Object} form `key` of the form, `token` (the field with its token, renewed where
 *     it is too old) and `progress`, called with 0 to 1
 * @returns {Promise<{keys: string[]|null, error: string}>} the keys of the files, null
 *     where the form has to carry them itself; or a sentence
 * @throws {TypeError} without a connection
 */
export async function sendParts(files, { key, token, progress }) {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const keys = [];
    let before = 0;
    for (const file of files) {
        const fileKey = getFileKey(file);
        const { error, isFull } = await sendFile(file, key, fileKey, token, (bytes) => progress((before + bytes) / total));
        if (error || isFull) {
            return { keys: null, error };
        }
        keys.push(fileKey);
        before += file.size;
    }
    return { keys, error: "" };
}

async function sendFile(file, key, fileKey, token, progress) {
    let position = await ask(key, fileKey);
    let stalls = 0;
    while (position < file.size) {
        const part = file.slice(position, position + PART);
        const data = new FormData();
        const fields = { csrf_token: token.value, key, file: fileKey, size: file.size };
        Object.entries(fields).forEach(([name, value]) => data.append(name, value));
        data.append("part", part, "part");
        progress(position);
        const { status, body } = await post(`${ADDRESS}?position=${position}`, data, (share) => progress(position + share * part.size));
        if (status === 503 && body) {
            return { error: "", isFull: true };
        }
        const isStalled = status === 400 || (status === 409 && body && body.received === position);
        stalls = isStalled ? stalls + 1 : 0;
        if (stalls > MOST_STALLS || ![200, 400, 409].includes(status) || (status !== 400 && !body)) {
            return { error: body?.error ? `${file.name}: ${body.error}` : explain(status) };
        }
        if (status === 400) {
            token.value = (await renewToken(location.href)) || token.value;
        } else {
            position = body.received;
        }
    }
    progress(file.size);
    return { error: "" };
}

/**
 * Send the files of a form that the browser sends itself, and let it name them.
 *
 * @param {HTMLFormElement} form
 * @param {string} key of the form
 * @param {File[]} files
 * @param {HTMLElement} said says how far it is, and what is wrong
 * @returns {Promise<boolean>} whether the form can be sent now
 */
export async function sendForForm(form, key, files, said) {
    const words = getWords().sending;
    const say = (text, isWrong) => {
        said.textContent = text;
        said.classList.toggle("text-danger", isWrong);
    };
    const token = form.elements.csrf_token;
    const progress = (part) => say(fill(words.now, { percent: Math.round(100 * part) }), false);
    let keys, error;
    try {
        ({ keys, error } = await sendParts(files, { key, token, progress }));
    } catch (failure) {
        if (!(failure instanceof TypeError)) {
            throw failure;
        }
        error = words.later;
    }
    if (error) {
        say(error, true);
        return false;
    }
    if (keys) {
        const name = ({ formData }) => {
            formData.delete("files");
            formData.set("key", key);
            keys.forEach((fileKey, index) => {
                formData.append("uploads", fileKey);
                formData.append("upload_names", files[index].name);
            });
        };
        form.addEventListener("formdata", name, { once: true });
    }
    return true;
}
