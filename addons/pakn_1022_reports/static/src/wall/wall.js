import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useBoard } from "@pakn_1022/live/live";

// How long a page stands, and how many units are on one
const TURN = 15000;
const UNITS = 7;

/**
 * A screen that nobody touches: turns by itself, tells the time, stays lit, and is
 * closed by Escape.
 *
 * @returns {{ turn: number, now: number }} reactive: how often it turned, and the
 *     moment, in milliseconds, each second
 */
export function useWallScreen(close) {
    const state = useState({ turn: 0, now: Date.now() });
    const turn = setInterval(() => state.turn++, TURN);
    const tick = setInterval(() => (state.now = Date.now()), 1000);
    let lock = null;
    onWillUnmount(() => {
        clearInterval(turn);
        clearInterval(tick);
        lock?.release();
    });
    onMounted(async () => {
        // The screen stays on, where the browser can ask for it
        lock = await navigator.wakeLock?.request("screen").catch(() => null);
    });
    useHotkey("escape", close, { global: true });
    return state;
}

/** The colour of a share between 0 and 1, as a part of the name of a class. */
export function getShareColor(value) {
    if (value === null || (value >= 0.7 && value < 0.9)) {
        return "none";
    }
    return value >= 0.9 ? "in_time" : "late";
}

/**
 * The dashboard, the deadlines and the units one after the other, for a screen on the
 * wall that nobody touches: read from four metres, asked for anew each minute.
 */
export class Wall extends Component {
    static template = "pakn_1022_reports.Wall";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.board = useBoard("pakn.dashboard", "get_dashboard");
        this.clock = useBoard("pakn.transfer", "get_clock_board");
        this.state = useWallScreen(() => this.close());
        this.tiles = {
            today: { label: _t("Requests received today"), color: "brand" },
            month: { label: _t("Requests received this month"), color: "brand" },
            open: { label: _t("Open requests"), color: "brand" },
            due: { label: _t("Slips due today"), color: "brand" },
            late: { label: _t("Requests late now"), color: "late" },
            on_time: { label: _t("Slips in time, of those due this month"), share: true },
            // Nothing of deadlines: no colour of theirs
            satisfied: {
                label: _t("Satisfied, of the requests rated this month"),
                share: true,
                color: "brand",
            },
        };
        this.deadlines = {
            open: { label: _t("Being handled"), color: "brand" },
            soon: { label: _t("Due within 2 working hours"), color: "brand" },
            ahead: { label: _t("Due within 8 working hours"), color: "brand" },
            late: { label: _t("Late"), color: "late" },
        };
        this.levels = {
            focal: _t("Focal points"),
            head: _t("Heads"),
            province: _t("Province"),
        };
    }

    get time() {
        return luxon.DateTime.fromMillis(this.state.now).toFormat("HH:mm");
    }

    /** The pages in their order: with more units there are more of them. */
    get pages() {
        const pages = [
            { key: "dashboard", title: _t("Dashboard") },
            { key: "deadlines", title: _t("Deadlines, in requests") },
        ];
        const units = this.board.board.units;
        for (let first = 0; first < units.length; first += UNITS) {
            pages.push({
                key: "units",
                title: _t("Units this month, in slips"),
                first,
                units: units.slice(first, first + UNITS),
            });
        }
        return pages;
    }

    get place() {
        return this.state.turn % this.pages.length;
    }

    get page() {
        return this.pages[this.place];
    }

    get failed() {
        return this.board.failed || this.clock.failed;
    }

    number(value) {
        return value.toLocaleString("vi-VN");
    }

    share(value) {
        return value === null ? "–" : `${Math.round(100 * value)}%`;
    }

    value({ key, value }) {
        return this.tiles[key].share ? this.share(value) : this.number(value);
    }

    color({ key, value }) {
        const { share, color } = this.tiles[key];
        if (color === "late" && !value) {
            return "in_time";
        }
        return color || (share && this.shareColor(value));
    }

    shareColor(value) {
        return getShareColor(value);
    }

    get highestHour() {
        return Math.max(1, ...this.clock.board.hours.map((hour) => hour.count));
    }

    hour({ to }) {
        const end = deserializeDateTime(to);
        return end.hasSame(luxon.DateTime.now(), "day")
            ? end.toFormat("HH:mm")
            : end.toFormat("HH:mm dd/MM");
    }

    close() {
        return this.action.doAction("pakn_1022_reports.dashboard_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("actions").add("pakn_1022_reports.wall", Wall);
