import { element, start } from "../site/site.js";

// Codes that this device remembers, the last first; never the keys that open requests
const STORE = "pakn_1022_codes";
const MOST = 5;

function read() {
    try {
        const codes = JSON.parse(localStorage.getItem(STORE));
        return Array.isArray(codes) ? codes.filter((code) => /^[A-Z0-9-]{5,20}$/.test(code)) : [];
    } catch {
        return []; // nothing is kept, or storage is forbidden
    }
}

function write(codes) {
    try {
        localStorage.setItem(STORE, JSON.stringify(codes.slice(0, MOST)));
    } catch {
        return; // storage is forbidden
    }
}

/** A box on the page of a request: remember its code, or forget it. */
function offerToRemember(el) {
    const { code } = el.dataset;
    const box = el.querySelector("input");
    box.checked = read().includes(code);
    box.addEventListener("change", () => {
        const others = read().filter((other) => other !== code);
        write(box.checked ? [code, ...others] : others);
    });
    el.hidden = false;
}

/** The codes remembered, above the form that looks one up. */
function showCodes(el) {
    const codes = read();
    const form = document.querySelector(".o_pakn_look_up");
    for (const code of codes) {
        const item = element("li");
        const button = element("button", "btn btn-outline-primary", code);
        button.type = "button";
        button.addEventListener("click", () => {
            form.elements.code.value = code;
            form.elements.phone.focus();
        });
        item.append(button);
        el.querySelector("ul").append(item);
    }
    el.querySelector(".card-body > button").addEventListener("click", () => {
        write([]);
        el.hidden = true;
        form.elements.code.focus();
    });
    el.hidden = !codes.length;
}

start(".o_pakn_remember", offerToRemember);
start(".o_pakn_codes", showCodes);
