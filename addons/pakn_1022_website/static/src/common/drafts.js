/**
 * What was typed, chosen and photographed, kept on this device until it is sent: through
 * Back, a reload, an empty battery and no network. Codes and keys are never kept.
 */
import { debounce, element, getWords } from "../site/site.js";
import { setFiles } from "./files.js";

const DATABASE = "pakn_1022";
const STORE = "drafts";
// A day, in milliseconds: what is older nobody goes on with; what waits to be sent stays
const AGE = 24 * 3600 * 1000;
const SECRET = ["csrf_token", "access_token", "code", "pakn_fax_number"];

function open() {
    return new Promise((resolve, reject) => {
        const asked = indexedDB.open(DATABASE, 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = asked.onblocked = () => reject(asked.error);
    });
}

/** Do something with the store and return its result; throws where there is none. */
async function use(mode, act) {
    const database = await open();
    try {
        return await new Promise((resolve, reject) => {
            const transaction = database.transaction(STORE, mode);
            const asked = act(transaction.objectStore(STORE));
            transaction.oncomplete = () => resolve(asked.result);
            transaction.onabort = transaction.onerror = () => reject(transaction.error);
        });
    } finally {
        database.close();
    }
}

/**
 * Keep a draft.
 *
 * @param {Object} draft `{id, fields, files}`, the `keys` of the files, and what else
 *     shall be known
 * @returns {Promise<string>} "all", "text" where there was no room for the files, ""
 *     where nothing can be kept
 */
export async function saveDraft(draft) {
    const dated = { ...draft, date: Date.now() };
    try {
        await use("readwrite", (store) => store.put(dated));
        return "all";
    } catch {
        try {
            await use("readwrite", (store) => store.put({ ...dated, files: [] }));
            return "text";
        } catch {
            return "";
        }
    }
}

/**
 * Return the newest draft whose id begins so, null where there is none. Those older than
 * a day are forgotten, unless they wait for a network.
 */
export async function findDraft(prefix) {
    let all;
    try {
        all = await use("readonly", (store) => store.getAll());
        const old = all.filter(({ date, waiting }) => !waiting && Math.abs(Date.now() - date) > AGE);
        for (const { id } of old) {
            await dropDraft(id);
        }
        all = all.filter((draft) => !old.includes(draft) && draft.id.startsWith(prefix));
    } catch {
        return null; // storage is forbidden
    }
    return all.sort((one, other) => other.date - one.date)[0] || null;
}

export async function dropDraft(id) {
    try {
        await use("readwrite", (store) => store.delete(id));
    } catch {
        return; // storage is forbidden: there was none
    }
}

/** Return the texts and choices of a form, `{name: [value]}`. */
export function getFields(form) {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && value && !SECRET.includes(name)) {
            (fields[name] ??= []).push(value);
        }
    }
    return fields;
}

/** Write the fields of a draft into a form; for which account it is, the form says. */
export function fillFields(form, fields) {
    for (const [name, values] of Object.entries(fields)) {
        for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
            if (["checkbox", "radio"].includes(input.type)) {
                input.checked = values.includes(input.value);
            } else if (input.type !== "file" && name !== "account" && input.tagName !== "BUTTON") {
                input.value = values[0];
            }
        }
    }
}

/**
 * Return a line that says that a draft is kept, with a button that deletes it.
 *
 * @param {() => void} drop called after the button
 */
export function makeBar(drop) {
    const words = getWords().drafts;
    const bar = element("div", "o_pakn_draft d-flex flex-wrap align-items-center gap-2 small mb-2");
    const text = element("span", "me-auto");
    text.setAttribute("role", "status");
    const button = element("button", "btn btn-sm btn-light border", words.drop);
    button.type = "button";
    button.addEventListener("click", () => {
        bar.hidden = true;
        drop();
    });
    bar.append(text, button);
    bar.hidden = true;
    /** @param {string} how of `saveDraft`, or "found" */
    bar.say = (how) => {
        text.textContent = words[how || "none"];
        button.hidden = !how;
        bar.hidden = false;
    };
    return bar;
}

/**
 * Keep what is filled in of forms that the browser sends itself. A draft is dropped by
 * the page that says what was done (`?done=`).
 *
 * @param {Iterable<HTMLFormElement>} forms
 */
export function keepForms(forms) {
    const address = new URL(location.href);
    const isDone = address.searchParams.has("done");
    if (isDone) {
        address.searchParams.delete("done");
        history.replaceState(history.state, "", address);
    }
    for (const form of forms) {
        keepForm(form, isDone);
    }
}

async function keepForm(form, isDone) {
    const id = form.getAttribute("action");
    const inputs = [...form.querySelectorAll("input[type=file]")];
    const bar = makeBar(async () => {
        form.reset();
        await dropDraft(id);
    });
    form.prepend(bar);
    const keep = async () => {
        const fields = getFields(form);
        const files = inputs.flatMap((input) => [...input.files]);
        const typed = [...form.querySelectorAll("textarea, input:not([type=hidden]), select")].some(
            (input) =>
                ["checkbox", "radio"].includes(input.type)
                    ? input.checked !== input.defaultChecked
                    : input.type !== "file" && input.value.trim()
        );
        if (typed || files.length) {
            bar.say(await saveDraft({ id, fields, files }));
        }
    };
    const draft = await findDraft(id);
    if (isDone) {
        await dropDraft(id);
    } else if (draft && draft.id === id) {
        fillFields(form, draft.fields);
        if (inputs.length && draft.files.length && !inputs[0].files.length) {
            setFiles(inputs[0], draft.files);
            inputs[0].dispatchEvent(new Event("change", { bubbles: true }));
        }
        form.closest("details")?.setAttribute("open", "");
        bar.say("found");
    }
    form.addEventListener("input", debounce(keep, 400));
}
