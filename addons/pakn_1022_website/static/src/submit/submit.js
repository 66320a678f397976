import { debounce, element, fill, getWords, start } from "../site/site.js";
import { dropDraft, fillFields, findDraft, getFields, makeBar, saveDraft } from "../common/drafts.js";
import { getFileKey, loadParts, makeKey, prepareFile, setFiles } from "../common/files.js";
import { explain, post, renewToken, sendLater } from "../common/send.js";

const STEPS = 3;
const RETRY = 15000;
const DRAFT = "submit:";
const SENT = "sent:";

/** The form as three steps, with proposals, map, smaller photos and a draft. */
class Submit {
    constructor(form) {
        this.el = form;
        this.words = getWords();
        this.step = 1;
        this.files = [];
        // Whether it shall be sent and has no answer yet, whatever becomes of this page
        this.waiting = false;
        this.timer = null;
        this.bar = makeBar(() => this.clear());
        this.$("[data-draft]").append(this.bar);
        this.keepLater = debounce(() => this.keep(), 400);
    }

    $(selector) {
        return this.el.querySelector(selector);
    }

    $$(selector) {
        return [...this.el.querySelectorAll(selector)];
    }

    start() {
        this.listen();
        this.el.classList.add("o_pakn_js");
        this.$$(".o_pakn_js_only").forEach((el) => el.classList.remove("d-none"));
        this.$("[data-photo-place]").classList.add("d-none");
        const failed = this.$(".is-invalid");
        this.goTo(failed ? Number(failed.closest("[data-step]").dataset.step) : 1, false);
        history.replaceState({ step: this.step }, "");
        // A photo that was chosen before this script came
        const early = this.$$("input[type=file]").filter((input) => input.files.length);
        this.restore(Boolean(failed)).then(() => early.forEach((input) => this.addFiles(input)));
        if (this.$("#f_description").value) {
            this.suggest();
        }
    }

    listen() {
        const on = (selector, event, run) =>
            this.$$(selector).forEach((el) => el.addEventListener(event, (ev) => run(ev)));
        const suggest = debounce(() => this.suggest(), 700);
        on("[data-next]", "click", () => this.next());
        on("[data-back]", "click", () => history.back());
        on("[data-locate]", "click", () => this.locate());
        on("[data-clear-place]", "click", () => this.setPlace(null));
        on("[data-send-code]", "click", (ev) => {
            ev.preventDefault();
            this.sendCode();
        });
        on("#f_description", "input", suggest);
        const findPlaces = debounce(() => this.findPlaces(), 300);
        on("#f_place", "input", findPlaces);
        on("#f_place", "keydown", (ev) => {
            if (ev.key === "Enter") {
                ev.preventDefault();
                this.$("[data-places-found] button")?.click();
            }
        });
        on("#f_category_id", "change", () => this.onCategory());
        on("#f_area_id", "change", () => this.showArea());
        on("input[type=file]", "change", (ev) => this.addFiles(ev.currentTarget));
        this.el.addEventListener("input", (ev) => {
            this.forgive(ev.target);
            this.keepLater();
        });
        this.el.addEventListener("submit", (ev) => {
            ev.preventDefault();
            if (this.step < STEPS) {
                this.next();
            } else {
                this.send();
            }
        });
        window.addEventListener("online", () => this.retry());
        // One step back, by the button of the phone too
        window.addEventListener("popstate", (ev) => this.goTo(ev.state?.step || 1));
        // The page as the browser has kept it: its request is on the way already
        window.addEventListener("pageshow", (ev) => ev.persisted && this.restore(false));
        document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    }

    // ------------------------------------------------------------
    // The draft
    // ------------------------------------------------------------

    /** Take up the last draft, unless it was sent. */
    async restore(isRefused) {
        const sent = await findDraft(SENT);
        const key = this.$("[name=key]");
        if (sent && (sent.later || sent.key === key.value || this.cameBack())) {
            // Browsers fill in again what was sent; a draft is another request
            this.tellSent(sent);
            if (sent.later) {
                // Told once; the service worker had sent it
                await saveDraft({ ...sent, later: false });
            }
        }
        if (sent) {
            // This page may have kept it after the service worker had sent it
            await dropDraft(DRAFT + sent.key);
        }
        const draft = await findDraft(DRAFT);
        const isOwn = (draft?.fields.account?.[0] || "") === this.$("[name=account]").value;
        const goesOn = Boolean(draft?.waiting && isOwn && !isRefused);
        if (!goesOn) {
            sendLater();
        }
        // What waits for another account goes by itself, and is not shown here
        if (!draft || (draft.waiting && !isOwn) || (isRefused && draft.fields.key?.[0] !== key.value)) {
            return;
        }
        if (!isRefused) {
            fillFields(this.el, draft.fields);
        }
        if (draft.fields.category_id) {
            await this.onCategory();
            fillFields(this.el, draft.fields);
        }
        this.files = draft.files || [];
        this.files.forEach((file, index) => getFileKey(file, draft.keys?.[index]));
        this.showPreviews();
        if (draft.fields.description || this.files.length) {
            this.bar.say("found");
        }
        if (this.getPlace()) {
            this.$("[data-clear-place]").classList.remove("d-none");
        }
        if (goesOn) {
            this.send();
        }
    }

    cameBack() {
        const [entry] = performance.getEntriesByType("navigation");
        return entry?.type === "back_forward";
    }

    /** Say that it was sent, and make the form one for another request. */
    tellSent(sent) {
        this.sent = false;
        this.empty();
        const box = this.$("[data-status]");
        const link = element("a", "alert-link", this.words.submit.follow);
        link.href = sent.url;
        box.replaceChildren(element("span", "me-2", this.words.submit.was_sent), link);
        box.classList.remove("d-none");
    }

    /** Make the form empty, of a request that there is not yet. */
    empty() {
        clearTimeout(this.timer);
        this.waiting = false;
        this.el.reset();
        for (const input of this.$$("textarea, input:not([type=hidden]):not([type=checkbox]):not([type=radio])")) {
            input.value = "";
        }
        this.$("#f_category_id").value = "";
        this.$("#f_area_id").value = "";
        this.$("[data-questions]").replaceChildren();
        this.$("[data-suggestions]").replaceChildren();
        this.$("[name=key]").value = makeKey();
        this.files = [];
        this.showPreviews();
        this.setPlace(null);
        this.goTo(1, false);
    }

    async clear() {
        const id = this.getDraftId();
        this.empty();
        await dropDraft(id);
        this.say(this.words.drafts.dropped);
    }

    getDraftId() {
        return DRAFT + this.$("[name=key]").value;
    }

    async keep() {
        if (this.sent) {
            return;
        }
        const fields = getFields(this.el);
        const written = ["description", "citizen_name", "citizen_phone", "address", "citizen_address", "latitude"];
        if (this.files.length || written.some((name) => fields[name])) {
            const keys = this.files.map((file) => getFileKey(file));
            const draft = { id: this.getDraftId(), fields, files: this.files, keys };
            // What the service worker sends, and says then
            const later = { waiting: this.waiting, told: this.words.submit.was_sent };
            const how = await saveDraft({ ...draft, ...later });
            if (!this.sent) {
                this.bar.say(how);
            }
        }
    }

    /** What is corrected is no longer marked. */
    forgive(input) {
        if (input.classList.contains("is-invalid")) {
            input.classList.remove("is-invalid");
            input.removeAttribute("aria-invalid");
            this.$(`#error_${CSS.escape(input.name)}`)?.classList.remove("d-block");
        }
    }

    say(text) {
        const box = this.$("[data-status]");
        const isNew = text && box.classList.contains("d-none");
        box.textContent = text;
        box.classList.toggle("d-none", !text);
        if (isNew) {
            // On a phone the button is a screen below it
            box.scrollIntoView({ block: "nearest" });
        }
    }

    // ------------------------------------------------------------
    // Steps
    // ------------------------------------------------------------

    goTo(step, focus = true) {
        this.step = step;
        for (const section of this.$$("[data-step]")) {
            section.classList.toggle("d-none", Number(section.dataset.step) !== step);
        }
        const steps = this.$(".o_pakn_steps");
        steps.classList.remove("d-none");
        [...steps.children].forEach((item, index) => {
            item.classList.toggle("o_pakn_now", index + 1 === step);
            item.classList.toggle("o_pakn_past", index + 1 < step);
            if (index + 1 === step) {
                item.setAttribute("aria-current", "step");
            } else {
                item.removeAttribute("aria-current");
            }
        });
        this.$("[data-back]").classList.toggle("d-none", step === 1);
        this.$("[data-next]").classList.toggle("d-none", step === STEPS);
        this.$("[data-send]").classList.toggle("d-none", step !== STEPS);
        if (step === 2) {
            this.showMap();
        }
        if (focus) {
            const heading = this.$(`[data-step="${step}"] h2`);
            heading.tabIndex = -1;
            heading.focus({ preventScroll: true });
            this.el.scrollIntoView({ block: "start" });
        }
    }

    next() {
        const errors = {};
        if (this.step === 1) {
            if (this.$("#f_description").value.trim().split(/\s+/).length < 3) {
                errors.description = this.words.submit.description;
            }
            if (this.$("[data-questions] [data-stop]")) {
                errors.category_id = this.words.submit.stop;
            }
        }
        this.showErrors(errors);
        if (!Object.keys(errors).length) {
            history.pushState({ step: this.step + 1 }, "");
            this.goTo(this.step + 1);
        }
    }

    showErrors(errors) {
        for (const box of this.$$("[data-error]")) {
            const text = errors[box.dataset.error] || "";
            box.textContent = text;
            box.classList.toggle("d-block", Boolean(text));
        }
        for (const input of this.$$(".is-invalid")) {
            input.classList.remove("is-invalid");
            input.removeAttribute("aria-invalid");
        }
        const summary = this.$("[data-error-summary]");
        summary.textContent = errors.form || "";
        summary.classList.toggle("d-none", !errors.form);
        for (const name of Object.keys(errors)) {
            for (const input of this.$$(`[name="${CSS.escape(name)}"]`)) {
                input.classList.add("is-invalid");
                input.setAttribute("aria-invalid", "true");
            }
        }
        const first = this.$(".invalid-feedback.d-block");
        if (first) {
            const step = Number(first.closest("[data-step]").dataset.step);
            if (step !== this.step) {
                this.goTo(step, false);
                history.replaceState({ step }, "");
            }
            const input = this.$(`[name="${CSS.escape(first.dataset.error)}"]`);
            (input && input.type !== "hidden" ? input : first).focus();
            first.scrollIntoView({ block: "center" });
        } else if (errors.form) {
            summary.focus();
        }
    }

    // ------------------------------------------------------------
    // Proposals
    // ------------------------------------------------------------

    async suggest() {
        const params = {
            text: this.$("#f_description").value,
            category_id: this.$("#f_category_id").value,
            latitude: this.$("[name=latitude]").value,
            longitude: this.$("[name=longitude]").value,
        };
        let found;
        try {
            const reply = await fetch("/phan-anh/goi-y", {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
            });
            found = (await reply.json()).result || {};
        } catch {
            return; // without a connection the form goes on without proposals
        }
        this.showEmergency(found.emergency || []);
        this.showFields(found.fields || []);
        this.showAnswers(found.articles || [], found.answered || []);
        this.showNearby(found.nearby || []);
        this.showOutside(found.outside);
        const area = this.$("#f_area_id");
        if (found.area && (!area.value || area.dataset.proposed)) {
            area.value = found.area.id;
            area.dataset.proposed = "1";
        }
    }

    /** Where the words sound like danger to life: the number to call, before all else. */
    showEmergency(calls) {
        this.$("[data-emergency]").replaceChildren(
            ...calls.map(({ number, text }) => {
                const link = element("a", "btn btn-danger btn-lg w-100 mt-2", text);
                link.href = `tel:${number}`;
                return link;
            })
        );
    }

    showFields(fields) {
        const box = this.$("[data-fields]");
        box.replaceChildren();
        box.classList.toggle("d-none", !fields.length);
        for (const field of fields) {
            const chosen = String(field.id) === this.$("#f_category_id").value;
            const style = chosen ? "btn-primary" : "btn-outline-primary";
            const button = element("button", `btn btn-sm me-2 mb-1 ${style}`, field.name);
            button.type = "button";
            button.setAttribute("aria-pressed", chosen);
            button.addEventListener("click", () => {
                this.$("#f_category_id").value = field.id;
                this.onCategory();
                this.showFields(fields);
                this.keepLater();
            });
            box.append(button);
        }
    }

    showAnswers(articles, answered) {
        const box = this.$("[data-suggestions]");
        box.replaceChildren();
        if (!articles.length && !answered.length) {
            return;
        }
        const card = element("div", "border rounded p-3 mt-2 bg-light");
        card.append(element("div", "fw-semibold mb-1", this.words.submit.helps));
        for (const article of articles) {
            const details = element("details", "mb-1");
            details.append(element("summary", "", article.title));
            details.append(element("p", "small mb-1 mt-1", article.text));
            card.append(details);
        }
        for (const ticket of answered) {
            const link = element("a", "d-block", ticket.title);
            link.href = ticket.url;
            link.target = "_blank";
            card.append(link);
        }
        box.append(card);
    }

    showNearby(nearby) {
        const box = this.$("[data-nearby]");
        box.replaceChildren();
        for (const item of nearby) {
            const sentence = item.unit ? this.words.submit.nearby_unit : this.words.submit.nearby;
            const told = element("div", "alert alert-info py-2", fill(sentence, item));
            const word = item.join ? "join" : "follow_results";
            const link = element("a", "alert-link d-block", this.words.submit[word]);
            link.href = item.join || item.follow;
            link.target = "_blank";
            told.append(link);
            box.append(told);
        }
    }

    async onCategory() {
        const id = this.$("#f_category_id").value;
        const box = this.$("[data-questions]");
        if (!id) {
            box.replaceChildren();
            return;
        }
        try {
            const reply = await fetch(`/phan-anh/linh-vuc/${encodeURIComponent(id)}`);
            if (reply.ok && this.$("#f_category_id").value === id) {
                // Our own template, rendered by the server
                const page = new DOMParser().parseFromString(await reply.text(), "text/html");
                box.replaceChildren(...page.body.childNodes);
            }
        } catch {
            return; // without a connection: the server asks when the form is sent
        }
    }

    // ------------------------------------------------------------
    // Place
    // ------------------------------------------------------------

    async showMap() {
        if (!this.map) {
            this.map = this.makeMap();
        }
        let map;
        try {
            map = await this.map;
        } catch {
            this.map = null; // the next time this step is opened
            this.$("[data-place-text]").textContent = this.words.submit.no_map;
            return;
        }
        map.invalidateSize();
        const place = this.getPlace();
        if (place) {
            this.drawPlace(map, place);
        } else {
            this.showArea();
        }
    }

    async makeMap() {
        const el = this.$("#pakn_submit_map");
        const { createMap, showAreas } = await import("../common/map.js");
        const map = await createMap(el);
        map.on("click", (ev) => this.setPlace([ev.latlng.lat, ev.latlng.lng]));
        showAreas(map).catch(() => {}); // without a connection the map is plain
        return map;
    }

    getPlace() {
        const [latitude, longitude] = ["latitude", "longitude"].map((name) => this.$(`[name=${name}]`).value);
        return latitude && longitude ? [Number(latitude), Number(longitude)] : null;
    }

    drawPlace(map, place) {
        const zoom = this.$("#pakn_submit_map").dataset.tiles ? 16 : 12;
        if (this.marker) {
            this.marker.setLatLng(place);
        } else {
            this.marker = window.L.marker(place, { draggable: true, keyboard: true, title: this.words.submit.pin, alt: this.words.submit.pin });
            this.marker.on("dragend", () => {
                const { lat, lng } = this.marker.getLatLng();
                this.setPlace([lat, lng]);
            });
            this.marker.addTo(map);
        }
        if (map.getZoom() < zoom) {
            map.setView(place, zoom);
        } else if (!map.getBounds().contains(place)) {
            map.panTo(place);
        }
    }

    async setPlace(place, text) {
        const [latitude, longitude] = place ? place.map((value) => value.toFixed(6)) : ["", ""];
        this.$("[name=latitude]").value = latitude;
        this.$("[name=longitude]").value = longitude;
        this.$("[data-clear-place]").classList.toggle("d-none", !place);
        this.$("[data-place-text]").textContent = text || (place ? this.words.submit.marked : "");
        this.keepLater();
        const map = await this.map?.catch(() => null);
        if (map && place) {
            this.drawPlace(map, place);
        } else if (this.marker) {
            this.marker.remove();
            this.marker = null;
        }
        if (place) {
            await this.suggest();
        } else {
            this.showNearby([]);
            this.showOutside(null);
        }
    }

    /** Say at once that a place is not in the province, and whom to call. */
    showOutside(outside) {
        const box = this.$("[data-outside]");
        box.classList.toggle("d-none", !outside);
        box.textContent = outside ? outside.text : "";
        if (outside?.phone) {
            const link = element("a", "alert-link text-nowrap ms-1", outside.phone);
            link.href = `tel:${outside.phone.replace(/[^0-9+]/g, "")}`;
            box.append(link);
        }
    }

    /** Propose places of the name that is typed. */
    async findPlaces() {
        try {
            const { findPlaces } = await import("./places.js");
            await findPlaces(this.$("#f_place"), this.$("[data-places-found]"), (place) => this.choosePlace(place));
        } catch {
            return; // without a connection; the list of wards is there
        }
    }

    async choosePlace({ area, latitude, longitude }) {
        if (area) {
            const select = this.$("#f_area_id");
            select.value = area;
            delete select.dataset.proposed;
        }
        this.$("[data-place-text]").textContent = area ? this.words.submit.found_area : this.words.submit.found_place;
        this.keepLater();
        const map = await this.map?.catch(() => null);
        map?.setView([latitude, longitude], 14);
    }

    locate() {
        const said = this.$("[data-place-text]");
        const fail = () => (said.textContent = this.words.submit.not_located);
        said.textContent = this.words.submit.locating;
        if (!navigator.geolocation) {
            fail();
            return;
        }
        navigator.geolocation.getCurrentPosition(
            ({ coords }) => this.setPlace([coords.latitude, coords.longitude]),
            fail,
            { enableHighAccuracy: true, timeout: 15000 }
        );
    }

    async showArea() {
        const area = this.$("#f_area_id");
        const [latitude, longitude] = JSON.parse(area.dataset.places)[area.value] || [];
        const map = latitude && !this.getPlace() && (await this.map?.catch(() => null));
        if (map) {
            map.setView([latitude, longitude], 13);
        }
    }

    // ------------------------------------------------------------
    // Files
    // ------------------------------------------------------------

    async addFiles(input) {
        const limit = Number(this.el.dataset.maxFiles);
        const megabytes = Number(this.el.dataset.maxMb);
        const lines = [];
        // Once looked at, they are in the list: the field is free for the next ones
        const chosen = [...input.files];
        setFiles(input, []);
        for (const file of chosen) {
            if (this.files.length >= limit) {
                lines.push(fill(this.words.files.many, { count: limit }));
                break;
            }
            await this.readPlace(file);
            const { file: taken, error } = await prepareFile(file, megabytes);
            if (taken) {
                this.files.push(taken);
            } else {
                lines.push(error);
            }
        }
        this.showErrors(lines.length ? { files: lines.join(" ") } : {});
        this.showPreviews();
        await this.keep();
    }

    /** Take the place of a photo for that of the request, where there is none yet. */
    async readPlace(file) {
        if (this.getPlace() || file.type !== "image/jpeg") {
            return;
        }
        try {
            const { readPlace } = await import("../common/exif.js");
            const place = await readPlace(file);
            if (place) {
                await this.setPlace(place, this.words.submit.photo_place);
            }
        } catch {
            return; // without a connection; the map is there for it
        }
    }

    showPreviews() {
        const list = this.$("[data-previews]");
        for (const image of list.querySelectorAll("img")) {
            URL.revokeObjectURL(image.src);
        }
        list.replaceChildren(
            ...this.files.map((file, index) => {
                const number = { number: index + 1 };
                const item = element("li", "position-relative border rounded overflow-hidden");
                if (file.type.startsWith("image/")) {
                    const image = document.createElement("img");
                    image.src = URL.createObjectURL(file);
                    image.alt = fill(this.words.submit.photo, number);
                    item.append(image);
                } else {
                    item.append(element("span", "d-block p-2 small", file.name.slice(0, 24)));
                }
                const button = element("button", "btn btn-sm btn-dark position-absolute top-0 end-0 lh-1 p-1", "×");
                button.type = "button";
                button.setAttribute("aria-label", fill(this.words.submit.remove, number));
                button.addEventListener("click", () => {
                    this.files.splice(index, 1);
                    this.showPreviews();
                    this.keep();
                });
                item.append(button);
                return item;
            })
        );
    }

    // ------------------------------------------------------------
    // Sending
    // ------------------------------------------------------------

    getData(action) {
        const data = new FormData(this.el);
        data.delete("photo");
        data.delete("files");
        data.set("action", action);
        if (action === "send") {
            const [name, values] = this.uploads ? ["uploads", this.uploads] : ["files", this.files];
            values.forEach((value) => data.append(name, value));
        }
        return data;
    }

    /**
     * Post the form; with a fresh token once more, where that of the page is too old.
     * `el.action` would be the button of that name.
     *
     * @throws {TypeError} without a connection
     */
    async post(action, progress) {
        const url = this.el.getAttribute("action");
        let { status, body } = await post(url, this.getData(action), progress);
        if (status === 400) {
            const token = await renewToken(url);
            if (token) {
                this.$("[name=csrf_token]").value = token;
                ({ status, body } = await post(url, this.getData(action), progress));
            }
        }
        return body || { errors: { form: explain(status) } };
    }

    /**
     * Send the files in parts, before the form.
     *
     * @returns {Promise<string>} a sentence where they cannot be sent now
     * @throws {TypeError} without a connection
     */
    async sendFiles(progress) {
        this.uploads = null;
        const parts = await loadParts(this.files);
        if (!parts) {
            return "";
        }
        const token = this.$("[name=csrf_token]");
        const key = this.$("[name=key]").value;
        const { keys, error } = await parts.sendParts(this.files, { key, token, progress });
        this.uploads = keys;
        return error;
    }

    async sendCode() {
        const button = this.$("[data-send-code]");
        button.disabled = true;
        try {
            const { errors, sent } = await this.post("send_code");
            this.showErrors(errors);
            if (sent) {
                this.onSent();
            }
        } catch (error) {
            if (!(error instanceof TypeError)) {
                throw error;
            }
            this.say(this.words.sending.offline);
        } finally {
            button.disabled = false;
        }
    }

    onSent() {
        this.$("[data-code-sent]").textContent = this.words.submit.code_sent;
        this.$("#f_code").focus();
    }

    async send() {
        if (this.sending) {
            return;
        }
        this.sending = true;
        clearTimeout(this.timer);
        // Until there is an answer: who closes the page in between has sent it all the same
        this.waiting = true;
        const button = this.$("[data-send]");
        button.disabled = true;
        const key = this.$("[name=key]").value;
        try {
            await this.keep();
            this.say(fill(this.words.sending.now, { percent: 0 }));
            const progress = (part) => this.say(fill(this.words.sending.now, { percent: Math.round(100 * part) }));
            const error = await this.sendFiles(progress);
            const { url, errors, sent } = error
                ? { errors: { form: error } }
                : await this.post("send", this.uploads ? undefined : progress);
            this.waiting = false;
            this.say("");
            if (url) {
                this.sent = true;
                await saveDraft({ id: SENT + key, key, url, fields: {}, files: [] });
                await dropDraft(DRAFT + key);
                window.location.assign(url);
                return;
            }
            await this.keep();
            this.showErrors(errors);
            if (sent) {
                this.onSent();
            }
        } catch (error) {
            if (!(error instanceof TypeError)) {
                throw error;
            }
            this.timer = setTimeout(() => this.retry(), RETRY);
            // Kept before it is said: who reads it may close the page
            await this.keep();
            this.say(this.words.sending.waiting);
            sendLater();
        } finally {
            this.sending = false;
            button.disabled = false;
        }
    }

    retry() {
        if (this.waiting) {
            this.send();
        }
    }
}

start(".o_pakn_submit", (form) => new Submit(form).start());
