import { Component, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { sayFailed, usePolling } from "../live/live";
import { namesOf } from "./presence_service";
import { showTickets } from "./show_tickets";

const KEY = "pakn_1022.desk";
const TICKET = "pakn.ticket";
// What comes close together is loaded once
const PAUSE = 300;
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** The operator's first screen: what waits now, in the order it should be done. */
export class Desk extends Component {
    static template = "pakn_1022.Desk";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.news = useService("pakn_news");
        this.others = useState(useService("pakn_presence").others);
        this.userId = user.userId;
        this.state = useState({
            desk: null,
            whose: browser.localStorage.getItem(KEY) === "all" ? "all" : "mine",
            time: "",
            failed: "",
        });
        this.sections = {
            calls: { label: _t("Call the citizen"), icon: "fa-phone", color: "danger" },
            new: { label: _t("New, nobody has handled it"), icon: "fa-inbox", color: "primary" },
            messages: { label: _t("Messages from citizens"), icon: "fa-envelope", color: "info" },
            results: { label: _t("Results to check and send"), icon: "fa-check", color: "success" },
            returned: { label: _t("Returned or reopened: transfer anew"), icon: "fa-reply", color: "warning" },
            appointments: { label: _t("Appointments that end"), icon: "fa-calendar", color: "warning" },
            overdue: { label: _t("Overdue with a unit"), icon: "fa-clock-o", color: "danger" },
        };
        this.figures = [
            { key: "received", label: _t("Taken in") },
            { key: "transferred", label: _t("Transferred") },
            { key: "instant", label: _t("Answered at once") },
            { key: "sent", label: _t("Results sent") },
        ];
        this.periods = [
            { key: "today", label: _t("Today") },
            { key: "week", label: _t("This week") },
        ];
        this.handOutLabel = _t("Hand it to");
        this.mineLabel = _t("Mine");
        this.waitingLabel = _t("My requests not finished");
        onWillStart(() => this.load());
        usePolling(() => this.load());
        let timer = null;
        const renew = () => {
            clearTimeout(timer);
            timer = setTimeout(() => this.load(), PAUSE);
        };
        this.news.changes.addEventListener("changed", renew);
        onWillUnmount(() => {
            clearTimeout(timer);
            this.news.changes.removeEventListener("changed", renew);
        });
        for (const digit of DIGITS) {
            useHotkey(digit, () => this.openNumber(Number(digit)));
        }
        useHotkey("arrowdown", () => this.move(1), { allowRepeat: true });
        useHotkey("arrowup", () => this.move(-1), { allowRepeat: true });
        useHotkey("t", () => this.takeFocused());
    }

    async load() {
        this.asked = {};
        const { asked } = this;
        try {
            const { whose } = this.state;
            const desk = await this.orm.silent.call("pakn.ticket", "get_desk", [whose]);
            if (asked !== this.asked && this.state.desk) {
                return; // overtaken: by the other choice, or by what was done since
            }
            this.number(desk);
            Object.assign(this.state, { desk, failed: "" });
            this.state.time = luxon.DateTime.now().toFormat("HH:mm:ss");
        } catch (error) {
            this.state.failed = sayFailed(error, this.state.time);
            if (!this.state.desk) {
                throw error;
            }
        }
    }

    /** Number the first rows of the desk: their key opens them. */
    number(desk) {
        let number = 0;
        for (const section of desk.sections) {
            section.model ||= TICKET;
            for (const row of section.rows) {
                row.model = section.model;
                row.number = ++number <= DIGITS.length ? number : 0;
            }
        }
    }

    get rows() {
        return this.state.desk.sections.flatMap((section) => section.rows);
    }

    get waiting() {
        return this.state.desk.sections.filter((section) => section.count);
    }

    /** How a section is called and shown; those of addons say it themselves. */
    look(section) {
        return this.sections[section.key] || section;
    }

    choose(whose) {
        browser.localStorage.setItem(KEY, whose);
        this.state.whose = whose;
        return this.load();
    }

    lookers(row) {
        return namesOf(this.others, row.id).join(", ");
    }

    // Keys

    openNumber(number) {
        const row = this.rows.find((one) => one.number === number);
        if (row) {
            this.open(row);
        }
    }

    move(step) {
        const all = [...this.root.el.querySelectorAll(".o_pakn_desk_row > button")];
        const now = all.indexOf(document.activeElement);
        const next = now < 0 && step < 0 ? all.length - 1 : now + step;
        all[Math.max(0, Math.min(all.length - 1, next))]?.focus();
    }

    takeFocused() {
        const line = document.activeElement?.closest(".o_pakn_desk_row");
        const row = line && this.rows.find(
            (one) => one.id === Number(line.dataset.id) && one.model === line.dataset.model
        );
        if (row?.model === TICKET && !row.user_id) {
            return this.take(row);
        }
    }

    // Acts

    open(row) {
        const alike = this.rows.filter((one) => one.model === row.model);
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: row.model,
                res_id: row.id,
                views: [[false, "form"]],
            },
            { props: { resIds: [...new Set(alike.map((one) => one.id))] } }
        );
    }

    intake() {
        return this.action.doAction("pakn_1022.ticket_action_intake");
    }

    show(name, { domain, model = TICKET }) {
        if (model === TICKET) {
            return showTickets(this.action, name, domain);
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain,
        });
    }

    async take(row) {
        try {
            await this.orm.call("pakn.ticket", "take", [[row.id]]);
        } finally {
            await this.load();
        }
    }

    /** Do what waits with what is no request: call somebody back. */
    async act(row) {
        try {
            await this.orm.call(row.model, row.call.method, [[row.id]]);
        } finally {
            await this.load();
        }
    }

    /** A whole section, in the dialog that says who has how much. */
    async handOutAll(section) {
        const ids = await this.orm.search(TICKET, section.domain);
        const dialog = await this.orm.call(TICKET, "action_hand_out", [ids]);
        return this.action.doAction(dialog, { onClose: () => this.load() });
    }

    async handOut(row, operator) {
        await this.orm.call("pakn.ticket", "hand_out", [[row.id], operator.id]);
        const words = { code: row.name, name: operator.name, away: operator.away };
        this.notification.add(
            operator.away
                ? _t("%(code)s is handed to %(name)s, who is %(away)s.", words)
                : _t("%(code)s is handed to %(name)s, who is told.", words),
            { type: operator.away ? "warning" : "success" }
        );
        return this.load();
    }
}

registry.category("actions").add("pakn_1022.desk", Desk);
