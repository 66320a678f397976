import { ReCaptcha } from "@google_recaptcha/js/recaptcha";
import { createMap } from "@pakn_1022_website/common/map";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { debounce } from "@web/core/utils/timing";
import { Interaction } from "@web/public/interaction";
import { session } from "@web/session";
import { dropDraft, fillDraft, loadDraft, saveDraft } from "./draft";
import { readPlace } from "./exif";
import { shrink } from "./photos";

const STEPS = 3;
const RETRY = 15000;

function element(tag, className, text) {
    const el = document.createElement(tag);
    el.className = className;
    el.textContent = text || "";
    return el;
}

/** The form as three steps, with proposals, map, smaller photos and a draft. */
export class PaknSubmit extends Interaction {
    static selector = ".o_pakn_submit";
    dynamicContent = {
        _window: { "t-on-online": () => this.retry() },
        "[data-next]": { "t-on-click": () => this.next() },
        "[data-back]": { "t-on-click": () => this.goTo(this.step - 1) },
        "[data-locate]": { "t-on-click": () => this.locate() },
        "[data-clear-place]": { "t-on-click": () => this.setPlace(null) },
        "[data-send-code]": { "t-on-click.prevent": () => this.sendCode() },
        "#f_description": { "t-on-input": debounce(() => this.suggest(), 700) },
        "#f_category_id": { "t-on-change": () => this.onCategory() },
        "#f_area_id": { "t-on-change": () => this.showArea() },
        "input[type=file]": { "t-on-change": (ev) => this.addFiles(ev.currentTarget) },
        "input, textarea, select": { "t-on-input": (ev) => this.forgive(ev.currentTarget) },
        _root: { "t-on-input": debounce(() => this.keep(), 400) },
    };

    setup() {
        this.step = 1;
        this.files = [];
        this.waiting = null;
        this.recaptcha = session.recaptcha_public_key ? new ReCaptcha() : null;
    }

    async willStart() {
        await this.recaptcha?.loadLibs();
    }

    start() {
        // Before Odoo's own captcha, which would send the form by itself
        const onSubmit = (ev) => {
            ev.preventDefault();
            ev.stopImmediatePropagation();
            if (this.step < STEPS) {
                this.next();
            } else {
                this.send();
            }
        };
        this.el.addEventListener("submit", onSubmit, { capture: true });
        this.registerCleanup(() => this.el.removeEventListener("submit", onSubmit, { capture: true }));
        this.el.classList.add("o_pakn_js");
        for (const el of this.el.querySelectorAll(".o_pakn_js_only")) {
            el.classList.remove("d-none");
        }
        this.$("[data-photo-place]").classList.add("d-none");
        const draft = loadDraft();
        const failed = this.el.querySelector(".is-invalid");
        if (draft && !failed) {
            fillDraft(this.el, draft);
            if (draft.category_id) {
                this.onCategory().then(() => fillDraft(this.el, draft));
            }
            if (draft.description) {
                this.say(_t("This is what you had written; it was kept on this device."));
            }
        }
        this.goTo(failed ? Number(failed.closest("[data-step]").dataset.step) : 1, false);
        if (this.$("#f_description").value) {
            this.suggest();
        }
    }

    $(selector) {
        return this.el.querySelector(selector);
    }

    keep() {
        if (!this.sent) {
            saveDraft(this.el);
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
        box.textContent = text;
        box.classList.toggle("d-none", !text);
    }

    // ------------------------------------------------------------
    // Steps
    // ------------------------------------------------------------

    goTo(step, focus = true) {
        this.step = step;
        for (const section of this.el.querySelectorAll("[data-step]")) {
            section.classList.toggle("d-none", Number(section.dataset.step) !== step);
        }
        const steps = this.$(".o_pakn_steps");
        steps.classList.remove("d-none");
        [...steps.children].forEach((item, index) => {
            item.classList.toggle("o_pakn_now", index + 1 === step);
            item.classList.toggle("o_pakn_past", index + 1 < step);
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
                errors.description = _t("Please say what happened, in a few words.");
            }
            if (this.$("[data-questions] [data-stop]")) {
                errors.category_id = _t(
                    "Such matters are not handled here; please call the number shown."
                );
            }
        }
        this.showErrors(errors);
        if (!Object.keys(errors).length) {
            this.goTo(this.step + 1);
        }
    }

    showErrors(errors) {
        for (const box of this.el.querySelectorAll("[data-error]")) {
            const text = errors[box.dataset.error] || "";
            box.textContent = text;
            box.classList.toggle("d-block", Boolean(text));
        }
        for (const input of this.el.querySelectorAll(".is-invalid")) {
            input.classList.remove("is-invalid");
            input.removeAttribute("aria-invalid");
        }
        const summary = this.$("[data-error-summary]");
        summary.textContent = errors.form || "";
        summary.classList.toggle("d-none", !errors.form);
        const names = Object.keys(errors).filter((name) => name !== "form");
        for (const name of names) {
            for (const input of this.el.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
                input.classList.add("is-invalid");
                input.setAttribute("aria-invalid", "true");
            }
        }
        const first = this.el.querySelector(".invalid-feedback.d-block");
        if (first) {
            const step = Number(first.closest("[data-step]").dataset.step);
            if (step !== this.step) {
                this.goTo(step, false);
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
        let found;
        try {
            found = await this.waitFor(
                rpc(
                    "/phan-anh/goi-y",
                    {
                        text: this.$("#f_description").value,
                        category_id: this.$("#f_category_id").value,
                        latitude: this.$("[name=latitude]").value,
                        longitude: this.$("[name=longitude]").value,
                    },
                    { silent: true }
                )
            );
        } catch {
            return; // without a connection the form goes on without proposals
        }
        this.showFields(found.fields || []);
        this.showAnswers(found.articles || [], found.answered || []);
        this.showNearby(found.nearby || []);
        const area = this.$("#f_area_id");
        if (found.area && (!area.value || area.dataset.proposed)) {
            area.value = found.area.id;
            area.dataset.proposed = "1";
        }
    }

    showFields(fields) {
        const box = this.$("[data-fields]");
        box.replaceChildren();
        box.classList.toggle("d-none", !fields.length);
        for (const field of fields) {
            const chosen = String(field.id) === this.$("#f_category_id").value;
            const button = element(
                "button",
                `btn btn-sm me-2 mb-1 ${chosen ? "btn-primary" : "btn-outline-primary"}`,
                field.name
            );
            button.type = "button";
            button.setAttribute("aria-pressed", chosen);
            button.addEventListener("click", () => {
                this.$("#f_category_id").value = field.id;
                this.onCategory();
                this.showFields(fields);
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
        card.append(element("div", "fw-semibold mb-1", _t("Perhaps this helps you at once")));
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
            const told = element(
                "div",
                "alert alert-info py-2",
                item.unit
                    ? _t("%(metres)s m from here somebody has reported the same (%(field)s); %(unit)s handles it.", item)
                    : _t("%(metres)s m from here somebody has reported the same (%(field)s).", item)
            );
            const link = element("a", "alert-link d-block", _t("Follow the results instead"));
            link.href = item.follow;
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
            const reply = await this.waitFor(fetch(`/phan-anh/linh-vuc/${encodeURIComponent(id)}`));
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
        const el = this.$("#pakn_submit_map");
        if (!this.map) {
            this.map = this.waitFor(createMap(el)).then((map) => {
                map.on("click", (ev) => this.setPlace([ev.latlng.lat, ev.latlng.lng]));
                if (!el.dataset.tiles) {
                    this.drawAreas(map);
                }
                this.registerCleanup(() => map.remove());
                return map;
            });
        }
        const map = await this.map;
        map.invalidateSize();
        const place = this.getPlace();
        if (place) {
            this.drawPlace(map, place);
        } else {
            this.showArea();
        }
    }

    /** Without a background the names of the wards say where one is. */
    drawAreas(map) {
        const area = this.$("#f_area_id");
        const names = new Map([...area.options].map((option) => [option.value, option.text]));
        const labels = window.L.layerGroup();
        for (const [id, [latitude, longitude]] of Object.entries(JSON.parse(area.dataset.places))) {
            if (latitude) {
                const dot = { radius: 4, interactive: false };
                window.L.circleMarker([latitude, longitude], dot).addTo(map);
                window.L.tooltip([latitude, longitude], { permanent: true, direction: "right" })
                    .setContent(element("span", "", names.get(id)))
                    .addTo(labels);
            }
        }
        const show = () => (map.getZoom() >= 11 ? labels.addTo(map) : labels.remove());
        map.on("zoomend", show);
        show();
    }

    getPlace() {
        const [latitude, longitude] = ["latitude", "longitude"].map((name) => this.$(`[name=${name}]`).value);
        return latitude && longitude ? [Number(latitude), Number(longitude)] : null;
    }

    drawPlace(map, place) {
        const tiles = this.$("#pakn_submit_map").dataset.tiles;
        const zoom = tiles ? 16 : 12;
        if (this.marker) {
            this.marker.setLatLng(place);
        } else {
            this.marker = window.L.marker(place, { draggable: true, keyboard: true, title: _t("Place of the matter") });
            this.marker.on("dragend", () => {
                const { lat, lng } = this.marker.getLatLng();
                this.setPlace([lat, lng]);
            });
            this.marker.addTo(map);
        }
        if (map.getZoom() < zoom) {
            map.setView(place, zoom);
        }
    }

    async setPlace(place, text) {
        const [latitude, longitude] = place ? place.map((value) => value.toFixed(6)) : ["", ""];
        this.$("[name=latitude]").value = latitude;
        this.$("[name=longitude]").value = longitude;
        this.$("[data-clear-place]").classList.toggle("d-none", !place);
        this.$("[data-place-text]").textContent =
            text || (place ? _t("The place is marked on the map. Drag the pin to correct it.") : "");
        this.keep();
        if (this.map) {
            const map = await this.map;
            if (place) {
                this.drawPlace(map, place);
            } else if (this.marker) {
                this.marker.remove();
                this.marker = null;
            }
        }
        if (place) {
            await this.suggest();
        } else {
            this.showNearby([]);
        }
    }

    locate() {
        this.$("[data-place-text]").textContent = _t("Looking for your place…");
        navigator.geolocation?.getCurrentPosition(
            ({ coords }) => this.setPlace([coords.latitude, coords.longitude]),
            () => {
                this.$("[data-place-text]").textContent = _t(
                    "The device does not tell where you are. Tap on the map, or choose the ward."
                );
            },
            { enableHighAccuracy: true, timeout: 15000 }
        );
    }

    async showArea() {
        const area = this.$("#f_area_id");
        const [latitude, longitude] = JSON.parse(area.dataset.places)[area.value] || [];
        if (latitude && this.map && !this.getPlace()) {
            (await this.map).setView([latitude, longitude], 13);
        }
    }

    // ------------------------------------------------------------
    // Files
    // ------------------------------------------------------------

    async addFiles(input) {
        const limit = Number(this.el.dataset.maxFiles);
        const megabytes = Number(this.el.dataset.maxMb);
        const errors = {};
        for (const file of [...input.files]) {
            if (this.files.length >= limit) {
                errors.files = _t("At most %s files, please.", limit);
                break;
            }
            if (/\.hei[cf]$/i.test(file.name) || /hei[cf]/.test(file.type)) {
                errors.files = _t(
                    "HEIC photos cannot be taken. Set the camera to “most compatible” (JPEG), or send a screenshot of the photo."
                );
                continue;
            }
            if (!this.getPlace() && file.type === "image/jpeg") {
                const place = await this.waitFor(readPlace(file));
                if (place) {
                    await this.setPlace(place, _t("The place is taken from your photo. Drag the pin to correct it."));
                }
            }
            const smaller = await this.waitFor(shrink(file));
            if (smaller.size > megabytes * 1024 * 1024) {
                errors.files = _t("A file is larger than %s MB; please shorten it.", megabytes);
                continue;
            }
            this.files.push(smaller);
        }
        input.value = "";
        this.showErrors(errors);
        this.showPreviews();
    }

    showPreviews() {
        const list = this.$("[data-previews]");
        for (const image of list.querySelectorAll("img")) {
            URL.revokeObjectURL(image.src);
        }
        list.replaceChildren(
            ...this.files.map((file, index) => {
                const item = element("li", "position-relative border rounded overflow-hidden");
                if (file.type.startsWith("image/")) {
                    const image = document.createElement("img");
                    image.src = URL.createObjectURL(file);
                    image.alt = _t("Photo %s", index + 1);
                    item.append(image);
                } else {
                    item.append(element("span", "d-block p-2 small", file.name.slice(0, 24)));
                }
                const button = element("button", "btn btn-sm btn-dark position-absolute top-0 end-0 lh-1 p-1", "×");
                button.type = "button";
                button.setAttribute("aria-label", _t("Remove file %s", index + 1));
                button.addEventListener("click", () => {
                    this.files.splice(index, 1);
                    this.showPreviews();
                });
                item.append(button);
                return item;
            })
        );
    }

    // ------------------------------------------------------------
    // Sending
    // ------------------------------------------------------------

    async getData(action) {
        const data = new FormData(this.el);
        data.delete("photo");
        data.delete("files");
        data.set("action", action);
        if (action === "send") {
            this.files.forEach((file) => data.append("files", file));
        }
        const token = await this.recaptcha?.getToken("pakn_submit");
        if (token?.token) {
            data.set("recaptcha_token_response", token.token);
        }
        return data;
    }

    // `el.action` would be the button of that name.
    /** Post the form; throws TypeError without a connection. */
    async post(action) {
        const reply = await this.waitFor(
            fetch(this.el.getAttribute("action"), {
                method: "POST",
                headers: { Accept: "application/json" },
                body: await this.getData(action),
            })
        );
        // A token of Turnstile, where that is installed, counts once.
        window.turnstile?.reset();
        if (!reply.headers.get("Content-Type")?.startsWith("application/json")) {
            return {
                errors: {
                    form:
                        reply.status === 429
                            ? _t("You have asked very often. Please wait a little.")
                            : _t("This could not be sent. Reload the page: what you wrote is kept. Or call (0269) 1022."),
                },
            };
        }
        return await reply.json();
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
            this.say(_t("There is no connection."));
        } finally {
            button.disabled = false;
        }
    }

    onSent() {
        this.$("[data-code-sent]").textContent = _t("We have sent a code of six digits to your phone.");
        this.$("#f_code").focus();
    }

    async send() {
        if (this.sending) {
            return;
        }
        this.sending = true;
        clearTimeout(this.waiting);
        this.waiting = null;
        const button = this.$("[data-send]");
        button.disabled = true;
        this.keep();
        try {
            this.say(_t("Sending…"));
            const { url, errors, sent } = await this.post("send");
            this.say("");
            if (url) {
                this.sent = true;
                dropDraft();
                window.location.assign(url);
                return;
            }
            this.showErrors(errors);
            if (sent) {
                this.onSent();
            }
        } catch (error) {
            if (!(error instanceof TypeError)) {
                throw error;
            }
            this.say(_t("There is no connection. Your request is kept and sent as soon as there is one."));
            this.waiting = setTimeout(() => this.retry(), RETRY);
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

registry.category("public.interactions").add("pakn_1022_website.submit", PaknSubmit);
