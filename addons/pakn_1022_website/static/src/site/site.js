/**
 * What the scripts of all pages share. Plain modules without a framework: each page works
 * before they come and where they never do.
 */

const DISMISSED = "pakn_1022_install_dismissed";
// The worker that keeps the page for no network comes when the page itself is there
const QUIET = 4000;

// Odoo's builder shows the page in a frame, and would save what scripts put into it
const isEdited = window.self !== window.top;

/**
 * Run a function on each element of a selector.
 *
 * @param {string} selector
 * @param {(el: HTMLElement) => void} run
 */
export function start(selector, run) {
    if (!isEdited) {
        document.querySelectorAll(selector).forEach((el) => run(el));
    }
}

/** Return a new element. */
export function element(tag, className = "", text = "") {
    const el = document.createElement(tag);
    el.className = className;
    el.textContent = text;
    return el;
}

/** Return the sentences of a page, in the reader's language. */
export function getWords() {
    const el = document.querySelector("script[data-words]");
    return el ? JSON.parse(el.textContent) : {};
}

/** Return a sentence with its values: `%(name)s` stands for `values.name`. */
export function fill(sentence, values) {
    return (sentence || "").replace(/%\((\w+)\)s/g, (_all, name) => values[name] ?? "");
}

/** Return a function that waits until it is no more called for some milliseconds. */
export function debounce(run, delay) {
    let timer;
    return (...args) => {
        clearTimeout(timer);
        timer = setTimeout(() => run(...args), delay);
    };
}

/** A form is sent once, however often its button is pressed. */
function sendOnce(form) {
    form.addEventListener("submit", (ev) => {
        const button = ev.submitter;
        if (button && button.name !== "insert" && !ev.defaultPrevented) {
            // Later: a button that is off says nothing of itself
            setTimeout(() => (button.disabled = true), 0);
        }
    });
    // Back, from the browser's memory
    window.addEventListener("pageshow", () => {
        for (const button of form.querySelectorAll("button[type=submit]")) {
            button.disabled = false;
        }
    });
}

/** The site as an app: its service worker, and an offer to install it, once. */
function offerInstall(hint) {
    let prompt;
    const dismiss = () => {
        hint.hidden = true;
        localStorage.setItem(DISMISSED, "1");
    };
    window.addEventListener("beforeinstallprompt", (ev) => {
        if (!localStorage.getItem(DISMISSED)) {
            ev.preventDefault();
            prompt = ev;
            hint.hidden = false;
        }
    });
    hint.querySelector("[name=later]").addEventListener("click", dismiss);
    hint.querySelector("[name=install]").addEventListener("click", () => {
        dismiss();
        prompt.prompt();
    });
}

function registerWorker() {
    navigator.serviceWorker
        ?.register("/1022-service-worker.js", { scope: "/" })
        .catch(() => {}); // a site without https has none
}

/** Copy the text of a field; the button then says so. */
function offerCopy(button) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).value);
        [...button.children].forEach((word, index) => (word.hidden = !index));
    });
}

start("button[data-copy]", offerCopy);
start(".o_pakn_reply, .o_pakn_rate, .o_pakn_units form", sendOnce);
start(".o_pakn_install", offerInstall);
start("html", () => {
    const later = () => setTimeout(registerWorker, QUIET);
    if (document.readyState === "complete") {
        later();
    } else {
        window.addEventListener("load", later);
    }
});
