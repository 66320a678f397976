import { browser } from "@web/core/browser/browser";

const NAME = "pakn_1022_draft";
// A day: what is older nobody goes on with
const AGE = 24 * 3600 * 1000;
const SECRET = ["csrf_token", "code", "pakn_fax_number"];

/** Keep what was typed, without files and codes, until it is sent. */
export function saveDraft(form) {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && value && !SECRET.includes(name)) {
            (fields[name] ??= []).push(value);
        }
    }
    try {
        browser.localStorage.setItem(NAME, JSON.stringify({ date: Date.now(), fields }));
    } catch {
        // Storage is full or forbidden: there is no draft then.
        return;
    }
}

/** Return the fields of the draft, or null. */
export function loadDraft() {
    try {
        const draft = JSON.parse(browser.localStorage.getItem(NAME));
        return draft && Date.now() - draft.date < AGE ? draft.fields : null;
    } catch {
        return null;
    }
}

export function dropDraft() {
    try {
        browser.localStorage.removeItem(NAME);
    } catch {
        // Storage is forbidden: there was no draft.
        return;
    }
}

/** Write the draft's fields into the form. */
export function fillDraft(form, fields) {
    for (const [name, values] of Object.entries(fields)) {
        for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
            if (["checkbox", "radio"].includes(input.type)) {
                input.checked = values.includes(input.value);
            } else if (input.type !== "file") {
                input.value = values[0];
            }
        }
    }
}
