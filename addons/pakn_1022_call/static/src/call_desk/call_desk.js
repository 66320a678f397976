import { Component, onWillDestroy, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

/** One key each, over whatever is open and whatever is being typed. */
export const KEYS = { take: "alt+k", request: "alt+m", add: "alt+v" };

/** Where somebody writes; the field of a chat also before it is clicked. */
const TYPED = "input, textarea, [contenteditable=true]";
const COMPOSER = ".o-mail-Composer";
/** Space to the edges of the window, in pixels. */
const MARGIN = 16;

/**
 * Cards of the calls that ring here or are spoken here, over every screen.
 *
 * They stay off the field in which one types: they go up, and if that does not help they
 * fold to one line, which says who calls. On a telephone they are that line at first.
 */
export class CallDesk extends Component {
    static template = "pakn_1022_call.CallDesk";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.desk = useService("pakn_call_desk");
        this.state = useState(this.desk.state);
        this.root = useRef("root");
        this.local = useState({
            now: Date.now(),
            choice: null, // by hand: true to fold, false to show all
            isNarrow: false,
            isInTheWay: false,
            top: null,
        });
        this.busy = new Set();
        const timer = setInterval(() => this.tick(), 1000);
        onWillDestroy(() => clearInterval(timer));
        useExternalListener(window, "resize", () => this.makeRoom());
        useExternalListener(document, "focusin", (ev) => this.onFocus(ev));
        useEffect(
            (count) => {
                if (!count) {
                    Object.assign(this.local, { choice: null, isInTheWay: false });
                }
                this.makeRoom();
            },
            () => [this.cards.length, this.isFolded, this.first?.state]
        );
        const options = { global: true, bypassEditableProtection: true };
        useHotkey(KEYS.take, () => this.take(this.first), {
            ...options,
            isAvailable: () => Boolean(this.first && !this.first.is_mine),
        });
        useHotkey(KEYS.request, () => this.newRequest(this.first), {
            ...options,
            isAvailable: () => Boolean(this.first),
        });
        useHotkey(KEYS.add, () => this.add(this.first), {
            ...options,
            isAvailable: () => Boolean(this.first && this.openTicket(this.first)),
        });
    }

    get cards() {
        return this.state.desk?.cards || [];
    }

    /** The card that the keys are for: one's own call, else the one that waits longest. */
    get first() {
        const order = { talking: 0, ringing: 1, done: 2 };
        return [...this.cards].sort(
            (a, b) => b.is_mine - a.is_mine || order[a.state] - order[b.state]
        )[0];
    }

    get isFolded() {
        return this.local.choice ?? (this.local.isNarrow || this.local.isInTheWay);
    }

    tick() {
        this.local.now = Date.now();
        // Not away from under the pointer
        if (!this.root.el?.matches(":hover")) {
            this.makeRoom();
        }
    }

    onFocus(ev) {
        if (!ev.target.matches?.(TYPED)) {
            return;
        }
        if (this.local.isInTheWay) {
            // Drawn whole, they are measured anew
            this.local.isInTheWay = false;
        } else {
            this.makeRoom();
        }
    }

    /** Return the rectangles in which somebody types, or would. */
    findFields() {
        const nodes = [...document.querySelectorAll(COMPOSER)];
        const active = document.activeElement;
        if (active?.matches(TYPED)) {
            nodes.push(active.closest(".o_field_widget") || active);
        }
        return nodes.map((node) => node.getBoundingClientRect());
    }

    /** Choose the place where the cards cover no field. */
    makeRoom() {
        this.local.isNarrow = window.innerWidth < 576;
        const desk = this.root.el;
        if (!desk || desk.contains(document.activeElement)) {
            return;
        }
        const fields = this.findFields();
        const { left, right, height } = desk.getBoundingClientRect();
        const covers = (top) =>
            fields.some(
                (field) =>
                    field.left < right &&
                    field.right > left &&
                    field.top < top + height &&
                    field.bottom > top
            );
        const margin = this.local.isNarrow ? 0 : MARGIN;
        const bar = document.querySelector(".o_main_navbar");
        const above = (bar?.getBoundingClientRect().bottom || 0) + margin;
        if (!covers(window.innerHeight - margin - height)) {
            this.local.top = null;
        } else {
            this.local.top = above;
            this.local.isInTheWay ||= covers(above);
        }
    }

    openTicket(card) {
        return card.tickets.find(
            (ticket) => ticket.is_open && !card.linked.some((one) => one.id === ticket.id)
        );
    }

    heading(card) {
        if (card.state === "ringing") {
            if (card.not_reached) {
                return {
                    busy: _t("The line is busy"),
                    no_answer: _t("Nobody picks up"),
                }[card.not_reached];
            }
            if (card.direction === "out") {
                return _t("Calling");
            }
            return card.is_mine ? _t("Ringing, taken by you") : _t("Ringing");
        }
        if (card.state === "talking") {
            return card.direction === "out" ? _t("You called") : _t("In a call");
        }
        return _t("Just ended: no request yet");
    }

    /** 0905 123 456 in place of +84905123456, as one reads it out; the server knows. */
    shownNumber(card) {
        return card.number_text || _t("Number hidden");
    }

    moment(text) {
        return deserializeDateTime(text).toFormat("HH:mm dd/MM");
    }

    /** Minutes and seconds since it rings, or is spoken. */
    elapsed(card) {
        const since = deserializeDateTime(card.since).toMillis();
        const seconds = Math.max(0, Math.floor((this.local.now - since) / 1000));
        return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }

    /** Do something with a call once, however often its button or key is pressed. */
    async once(name, card, act) {
        const key = `${name} ${card.id}`;
        if (this.busy.has(key)) {
            return;
        }
        this.busy.add(key);
        try {
            await act();
        } finally {
            this.busy.delete(key);
        }
    }

    take(card) {
        return this.once("take", card, () => this.doTake(card));
    }

    async doTake(card) {
        try {
            await this.orm.call("pakn.call", "take", [[card.id]]);
        } finally {
            await this.desk.load();
        }
    }

    newRequest(card) {
        return this.once("request", card, () => this.doRequest(card));
    }

    /** A new request in a dialog: the screen beneath stays as it is. */
    async doRequest(card) {
        if (!card.is_mine) {
            // Exactly one operator gets it
            await this.doTake(card);
        }
        const context = await this.orm.call("pakn.call", "get_request_context", [[card.id]]);
        this.dialog.add(FormViewDialog, {
            resModel: "pakn.ticket",
            title: _t("New request by telephone"),
            size: "xl",
            context,
            canExpand: false,
            onRecordSaved: async (record) => {
                await this.desk.load();
                this.told(_t("Request taken in, with its call."), record.resId);
            },
        });
    }

    async add(card, ticket = this.openTicket(card)) {
        if (ticket) {
            await this.once("add", card, () => this.doAdd(card, ticket));
        }
    }

    async doAdd(card, ticket) {
        if (!card.is_mine && card.state === "ringing") {
            await this.doTake(card);
        }
        await this.orm.call("pakn.call", "link", [[card.id], ticket.id]);
        await this.desk.load();
        this.told(_t("The call stands with %s now.", ticket.code), ticket.id);
    }

    told(message, resId) {
        const close = this.notification.add(message, {
            type: "success",
            buttons: [
                {
                    name: _t("Open the request"),
                    onClick: () => {
                        close();
                        this.open(resId);
                    },
                },
            ],
        });
    }

    open(resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "pakn.ticket",
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    /** In a dialog of its own: what is being typed beneath is not left. */
    look(ticket) {
        this.dialog.add(FormViewDialog, {
            resModel: "pakn.ticket",
            resId: ticket.id,
            title: ticket.code,
            size: "xl",
            canExpand: false,
        });
    }

    /** The answer that is ready, to be read out. */
    lookAtArticle(article) {
        this.dialog.add(FormViewDialog, {
            resModel: "pakn.article",
            resId: article.id,
            title: article.name,
            canExpand: false,
        });
    }

    async settle(card, reason) {
        await this.orm.call("pakn.call", "settle", [[card.id], reason.id]);
        await this.desk.load();
    }

    fold() {
        this.local.choice = !this.isFolded;
    }
}

registry.category("main_components").add("pakn_1022_call.CallDesk", { Component: CallDesk });

/** Whether one is ready, and how many wait; in the bar at the top. */
export class CallMenu extends Component {
    static template = "pakn_1022_call.CallMenu";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.desk = useService("pakn_call_desk");
        this.state = useState(this.desk.state);
        // The menus beside make room for what stands here only when they are told
        useEffect(
            () => {
                window.dispatchEvent(new Event("resize"));
            },
            () => [this.state.desk?.presence, Boolean(this.state.desk?.waiting)]
        );
    }

    get label() {
        return {
            ready: _t("Ready for calls"),
            talking: _t("In a call"),
            wrap_up: _t("After a call"),
            break: _t("Break"),
        }[this.state.desk.presence];
    }

    async set(presence) {
        await this.orm.call("pakn.call.seat", "set_presence", [presence]);
        await this.desk.load();
    }

    openCallBacks() {
        return this.action.doAction("pakn_1022_call.call_back_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry
    .category("systray")
    .add("pakn_1022_call.CallMenu", { Component: CallMenu }, { sequence: 31 });
