/**
 * The chat box: sends without leaving the page, and asks for what is new.
 *
 * A plain module, see `site.js` of the site. Without it the page's forms do the same.
 */

// Milliseconds between two questions, by how long ago something was said; a page in the
// background asks seldom
const PACES = [
    [60_000, 2500],
    [300_000, 5000],
    [Infinity, 15_000],
];
const HIDDEN = 20_000;
// The hotline is told that the visitor is there
const SIGN = 60_000;
// Numbers before the last one that are asked for again: what began earlier may be stored later
const OVERLAP = 20;
const JSON_ONLY = { Accept: "application/json" };
// What is written and not sent in this tab: a phone may throw the page away for its camera
const KEPT = "pakn_chat";

const root = document.querySelector(".o_pakn_chat");

/** Return a random key; `randomUUID` is for sites with https alone. */
function makeKey() {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class Chat {
    constructor(el) {
        this.el = el;
        this.log = el.querySelector(".o_pakn_chat_log");
        this.list = this.log.querySelector("ol");
        this.form = el.querySelector(".o_pakn_chat_form");
        this.input = this.form.querySelector("textarea");
        this.files = this.form.querySelector("input[type=file]");
        this.chosen = this.form.querySelector("[data-chosen]");
        this.error = this.form.querySelector("#error_text");
        this.status = el.querySelector(".o_pakn_chat_status");
        this.last = Number(el.dataset.last) || 0;
        this.looked = 0;
        this.sending = Promise.resolve();
        this.unsent = [];
        this.failed = null;
        this.spoke = Date.now();
        this.title = document.title;
        el.classList.add("o_pakn_js");
        const help = this.form.querySelector("[data-help]");
        // A keyboard is there, not the letters of a phone
        help.classList.toggle("d-none", !matchMedia("(pointer: fine)").matches);
        this.form.addEventListener("submit", (ev) => this.onSubmit(ev));
        this.input.addEventListener("keydown", (ev) => this.onKeydown(ev));
        this.input.addEventListener("input", () => this.keep());
        this.files.addEventListener("change", () => this.showChosen());
        el.querySelector("[data-end]").addEventListener("submit", () => {
            this.unsent = [];
            this.failed = null;
            this.input.value = "";
            this.keep();
        });
        document.addEventListener("visibilitychange", () => this.onVisible());
        this.restore();
        this.scroll();
        this.next();
        setInterval(() => this.sign(), SIGN);
        if (this.last) {
            this.sign();
        }
    }

    /** Ask again after a while that fits how lively it is. */
    next(delay) {
        clearTimeout(this.timer);
        const silent = Date.now() - this.spoke;
        const pace = document.hidden ? HIDDEN : PACES.find(([limit]) => silent < limit)[1];
        this.timer = setTimeout(() => this.ask(), delay ?? pace);
    }

    async ask() {
        let delay;
        try {
            const after = Math.max(0, this.last - OVERLAP);
            const reply = await fetch(`/tro-chuyen/tin?sau=${after}`, { headers: JSON_ONLY });
            if (reply.status === 429) {
                delay = 1000 * (Number(reply.headers.get("Retry-After")) || 30);
            } else if (reply.ok) {
                this.show(await reply.json());
            }
        } catch {
            delay = 10_000; // no connection
        }
        this.next(delay);
    }

    show({ messages, status }) {
        let fresh = false;
        for (const message of messages) {
            fresh = this.put(message) || fresh;
            this.last = Math.max(this.last, message.id);
        }
        if (this.status.textContent !== status) {
            this.status.textContent = status;
        }
        if (fresh) {
            this.spoke = Date.now();
            this.scroll();
            if (document.hidden) {
                document.title = `(${this.el.dataset.new}) ${this.title}`;
            }
        }
        this.dropArrived();
        if (this.last > this.looked && !document.hidden) {
            this.sign();
        }
    }

    /** Put a message into the list, once; return whether somebody else has said it. */
    put({ id, key, who, parts, file, time }) {
        const known =
            (id && this.list.querySelector(`[data-id="${id}"]`)) ||
            (key && this.list.querySelector(`[data-key="${CSS.escape(key)}"]`));
        if (known && (known.dataset.id === String(id) || !id)) {
            return false;
        }
        const item = known || document.createElement("li");
        item.className = `o_pakn_bubble o_pakn_${who}`;
        item.dataset.id = id;
        item.dataset.key = key;
        const said = [this.getLabel(who), time].filter(Boolean).join(" · ");
        const head = this.make("div", "o_pakn_who small text-muted", said);
        const words = this.make("div", "o_pakn_words");
        for (const [text, isAddress] of parts) {
            if (file || isAddress) {
                const link = this.make("a", "", text);
                Object.assign(link, { href: file || text, target: "_blank", rel: "noopener" });
                words.append(link);
            } else {
                words.append(text);
            }
        }
        item.replaceChildren(head, words);
        if (!known) {
            this.list.append(item);
        }
        this.log.querySelector("[data-empty]").hidden = true;
        this.el.querySelector("[data-end]").hidden = false;
        return who !== "citizen";
    }

    getLabel(who) {
        return this.el.querySelector(`template[data-who=${who}]`).content.textContent.trim();
    }

    make(tag, className, text = "") {
        const el = document.createElement(tag);
        el.className = className;
        el.textContent = text;
        return el;
    }

    scroll() {
        this.log.scrollTop = this.log.scrollHeight;
    }

    onVisible() {
        if (!document.hidden) {
            document.title = this.title;
            this.next(0);
        }
    }

    /** Tell the hotline that the visitor is there, and what he or she has seen. */
    async sign() {
        if (!this.last) {
            return;
        }
        // A page in the background is open, but nobody reads it
        const seen = document.hidden ? this.looked : this.last;
        const body = new FormData();
        body.set("csrf_token", this.form.elements.csrf_token.value);
        body.set("sau", seen);
        this.looked = seen;
        try {
            await fetch("/tro-chuyen/da-xem", { method: "POST", body, headers: JSON_ONLY });
        } catch {
            this.looked = 0;
        }
    }

    // ------------------------------------------------------------
    // WRITING
    // ------------------------------------------------------------

    onKeydown(ev) {
        const isTyped = ev.key === "Enter" && !ev.shiftKey && !ev.isComposing;
        if (isTyped && matchMedia("(pointer: fine)").matches) {
            ev.preventDefault();
            this.form.requestSubmit();
        }
    }

    showChosen() {
        const names = [...this.files.files].map((file) => file.name);
        this.chosen.textContent = names.join(", ");
        this.fail("");
    }

    /** Put files into the field again; what was cleared there is gone. */
    choose(files) {
        const transfer = new DataTransfer();
        for (const file of files) {
            transfer.items.add(file);
        }
        this.files.files = transfer.files;
        this.showChosen();
    }

    fail(text) {
        this.error.textContent = text;
        this.input.classList.toggle("is-invalid", Boolean(text));
        this.input.toggleAttribute("aria-invalid", Boolean(text));
    }

    /** Take what was written out of the field at once: one may go on writing. */
    onSubmit(ev) {
        ev.preventDefault();
        const text = this.input.value.trim();
        const files = [...this.files.files];
        this.input.focus();
        if (!text && !files.length) {
            return;
        }
        const words = [text, ...files.map((file) => `📎 ${file.name}`)].filter(Boolean);
        const said = words.join("\n");
        // What was perhaps taken in already is the same message, not a second one
        const key = this.failed?.said === said ? this.failed.key : makeKey();
        this.failed = null;
        this.input.value = "";
        this.files.value = "";
        this.showChosen();
        const time = this.el.dataset.sending;
        this.put({ id: 0, key, who: "citizen", parts: [[said, false]], time });
        this.scroll();
        const message = { text, files, said, key };
        this.unsent.push(message);
        this.keep();
        // One after the other, in the order they were written
        this.sending = this.sending.then(() => this.send(message));
    }

    async send(message) {
        if (!this.unsent.includes(message)) {
            return; // taken back with the one before it
        }
        const item = this.find(message);
        let error = this.el.dataset.offline;
        let isWrong = false;
        try {
            [error, isWrong] = await this.post(message.text, message.files, message.key);
        } catch {
            // no connection
        }
        // It may have arrived all the same, and been shown since
        if (error && item.dataset.id === "0") {
            this.takeBack(isWrong);
            this.fail(error);
            return;
        }
        this.unsent.shift();
        this.keep();
        item.querySelector(".o_pakn_who").textContent = this.getLabel("citizen");
        this.spoke = Date.now();
        this.next(1500);
    }

    find({ key }) {
        return this.list.querySelector(`[data-key="${CSS.escape(key)}"]`);
    }

    /** Put the first message that is not sent, and all behind it, back into the field. */
    takeBack(isWrong) {
        const back = this.unsent.splice(0);
        back.forEach((message) => this.find(message).remove());
        this.failed = back.length === 1 ? back[0] : null;
        this.write(back.map(({ text }) => text));
        const right = isWrong ? back.slice(1) : back;
        this.choose([...right.flatMap(({ files }) => files), ...this.files.files]);
        this.keep();
    }

    /** Write texts in front of what is in the field. */
    write(texts) {
        this.input.value = [...texts, this.input.value].filter(Boolean).join("\n");
    }

    /** Keep the words that are written or on their way as long as the tab is there. */
    keep() {
        const kept = { text: this.input.value, unsent: this.unsent, failed: this.failed };
        try {
            sessionStorage.setItem(KEPT, JSON.stringify(kept));
        } catch {
            return; // storage is forbidden
        }
    }

    /** Put words that were not sent when the page went back into the field. */
    restore() {
        let kept = null;
        try {
            kept = JSON.parse(sessionStorage.getItem(KEPT));
        } catch {
            return; // storage is forbidden
        }
        if (!kept) {
            return;
        }
        const lost = kept.unsent.filter((message) => !this.find(message));
        this.failed = lost.length === 1 ? lost[0] : kept.failed;
        this.input.value = kept.text;
        this.write(lost.map(({ text }) => text));
        if (lost.length) {
            this.fail(this.el.dataset.failed);
        }
        this.dropArrived();
    }

    /** Take out of the field what has arrived although no answer came. */
    dropArrived() {
        const { text, said } = this.failed || {};
        const isSame = [...this.files.files].every((file) => said?.includes(file.name));
        if (this.failed && this.find(this.failed) && this.input.value.trim() === text && isSame) {
            this.failed = null;
            this.input.value = "";
            this.choose([]);
            this.keep();
        }
    }

    /** Send a message; return what went wrong, and whether that is for its files. */
    async post(text, files, key) {
        const body = new FormData();
        body.set("csrf_token", this.form.elements.csrf_token.value);
        body.set("text", text);
        body.set("key", key);
        for (const { file, error } of await this.makeSmall(files)) {
            if (error) {
                return [error, true];
            }
            body.append("files", file);
        }
        const ask = { method: "POST", body, headers: JSON_ONLY };
        let reply = await fetch("/tro-chuyen", ask);
        if (reply.status === 400) {
            body.set("csrf_token", await this.renewToken());
            reply = await fetch("/tro-chuyen", ask);
        }
        if (reply.ok) {
            return ["", false];
        }
        const isJson = reply.headers.get("Content-Type")?.includes("json");
        const { errors } = isJson ? await reply.json() : { errors: {} };
        const isWrong = Boolean(errors.files);
        return [errors.text || errors.files || this.el.dataset.failed, isWrong];
    }

    /** Take the token of a fresh page: that of the open one is too old. */
    async renewToken() {
        const reply = await fetch("/tro-chuyen", { headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        const token = page.querySelector("[name=csrf_token]")?.value || "";
        this.form.elements.csrf_token.value = token;
        return token;
    }

    /** Return files made small as on the site's other forms, or what is wrong with them. */
    async makeSmall(files) {
        if (!files.length) {
            return [];
        }
        const { prepareFile } = await import(this.el.dataset.files);
        const megabytes = Number(this.files.dataset.maxMb);
        return Promise.all(files.map((file) => prepareFile(file, megabytes)));
    }
}

if (root && window.self === window.top) {
    new Chat(root);
}
