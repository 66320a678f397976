import { Component, onWillDestroy, useEffect, useState } from "@odoo/owl";
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

/** Cards of the calls that ring here or are spoken here, over every screen. */
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
        this.local = useState({ now: Date.now(), isFolded: false });
        const timer = setInterval(() => (this.local.now = Date.now()), 1000);
        onWillDestroy(() => clearInterval(timer));
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

    openTicket(card) {
        return card.tickets.find(
            (ticket) => ticket.is_open && !card.linked.some((one) => one.id === ticket.id)
        );
    }

    heading(card) {
        if (card.state === "ringing") {
            return card.is_mine ? _t("Ringing, taken by you") : _t("Ringing");
        }
        if (card.state === "talking") {
            return card.direction === "out" ? _t("You called") : _t("In a call");
        }
        return _t("Just ended: no request yet");
    }

    /** 0905 123 456 in place of +84905123456, as one reads it out. */
    shownNumber(card) {
        if (!card.number) {
            return _t("Number hidden");
        }
        const local = card.number.replace(/^\+84/, "0");
        return local.replace(/^(\d{4})(\d{3})(\d+)$/, "$1 $2 $3");
    }

    /** Minutes and seconds since it rings, or is spoken. */
    elapsed(card) {
        const since = deserializeDateTime(card.since).toMillis();
        const seconds = Math.max(0, Math.floor((this.local.now - since) / 1000));
        return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }

    async take(card) {
        try {
            await this.orm.call("pakn.call", "take", [[card.id]]);
        } finally {
            await this.desk.load();
        }
    }

    /** A new request in a dialog: the screen beneath stays as it is. */
    async newRequest(card) {
        if (!card.is_mine) {
            // Exactly one operator gets it
            await this.take(card);
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
        if (!ticket) {
            return;
        }
        if (!card.is_mine && card.state === "ringing") {
            await this.take(card);
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
        this.local.isFolded = !this.local.isFolded;
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
