/** Sending a form: by bytes, once, with a sentence for whatever comes in between. */
import { getWords } from "../site/site.js";

// A line that says nothing for so long is dead, in milliseconds
const TIMEOUT = 180000;

/**
 * Post data and say how far it is.
 *
 * @param {string} url
 * @param {FormData} data
 * @param {(part: number) => void} progress called with 0 to 1
 * @returns {Promise<{status: number, body: Object|null}>}
 * @throws {TypeError} without a connection
 */
export function post(url, data, progress = () => {}) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", url);
        request.timeout = TIMEOUT;
        request.setRequestHeader("Accept", "application/json");
        request.upload.onprogress = (ev) => ev.lengthComputable && progress(ev.loaded / ev.total);
        request.onload = () => {
            let body = null;
            if (request.getResponseHeader("Content-Type")?.startsWith("application/json")) {
                body = JSON.parse(request.responseText);
            }
            resolve({ status: request.status, body });
        };
        request.onerror = request.ontimeout = request.onabort = () => reject(new TypeError("no connection"));
        request.send(data);
    });
}

/** Return a token of a fresh page: that of the open one may be too old; "" for none. */
export async function renewToken(url) {
    const reply = await fetch(url, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    return page.querySelector("[name=csrf_token]")?.value || "";
}

/** Return the sentence for an answer that is no page of ours. */
export function explain(status) {
    const words = getWords().sending;
    return words[status] || (status >= 500 ? words.server : words.refused);
}

/**
 * Have the service worker send what waits in the drafts: now, and as soon as there is a
 * network, with the page closed too.
 */
export async function sendLater() {
    const registration = await navigator.serviceWorker?.getRegistration("/");
    registration?.active?.postMessage("pakn-send");
    try {
        await registration?.sync?.register("pakn-send");
    } catch {
        return; // forbidden, or a browser that cannot: it goes when the form is opened
    }
}
