import { Component } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useBoard } from "@pakn_1022/live/live";
import { getShareColor, useWallScreen } from "@pakn_1022_reports/wall/wall";

const CHANGED = "pakn_1022_call.wall";
// Operators on one page, and seconds after which a caller has waited too long
const OPERATORS = 8;
const IN_TIME = 20;

/**
 * The telephone on a screen on the wall that nobody touches: who waits and how the day
 * goes, always; below it the hours and the operators one after the other. Asked for
 * anew whenever the exchange tells something.
 */
export class CallWall extends Component {
    static template = "pakn_1022_call_reports.CallWall";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.board = useBoard("pakn.call.wall", "get_wall", CHANGED);
        this.state = useWallScreen(() => this.close());
        this.presences = {
            ready: _t("Ready for calls"),
            talking: _t("In a call"),
            wrap_up: _t("After a call"),
            break: _t("Break"),
        };
    }

    get wall() {
        return this.board.board;
    }

    get time() {
        return luxon.DateTime.fromMillis(this.state.now).toFormat("HH:mm");
    }

    /** The pages below, in their order: with more operators there are more of them. */
    get pages() {
        const pages = [{ key: "hours", title: _t("Calls by hour today") }];
        const { operators } = this.wall;
        for (let first = 0; first < operators.length; first += OPERATORS) {
            pages.push({
                key: "operators",
                title: _t("Operators"),
                operators: operators.slice(first, first + OPERATORS),
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

    /** What stands above, each with its number and its colour. */
    get tiles() {
        const { waiting, talking, ready, today, back } = this.wall;
        const waited = waiting.since ? this.secondsSince(waiting.since) : 0;
        return [
            {
                key: "waiting",
                label: _t("Callers who wait"),
                value: this.number(waiting.count),
                color: waiting.count ? (waited > IN_TIME ? "late" : "escalated") : "in_time",
            },
            {
                key: "longest",
                label: _t("Longest wait now"),
                value: waiting.since ? this.span(waited) : "–",
                color: waited > IN_TIME ? "late" : waiting.count ? "escalated" : "in_time",
            },
            {
                key: "talking",
                label: _t("In a call · ready"),
                value: `${this.number(talking)} · ${this.number(ready)}`,
                color: "brand",
            },
            {
                key: "back",
                label: back.count ? _t("To be called back, the first since %s", this.moment(back.since)) : _t("To be called back"),
                value: this.number(back.count),
                color: back.count ? "late" : "in_time",
            },
            { key: "calls", label: _t("Calls today"), value: this.number(today.calls), color: "brand" },
            { key: "answered", label: _t("Answered"), value: this.number(today.answered), color: "in_time" },
            {
                key: "missed",
                label: _t("Missed"),
                value: this.number(today.missed),
                color: today.missed ? "late" : "in_time",
            },
            {
                key: "share",
                label: _t("Answered within %s seconds", IN_TIME),
                value: today.share === null ? "–" : `${Math.round(100 * today.share)}%`,
                color: getShareColor(today.share),
            },
        ];
    }

    /** By the server's clock: that of the screen may be wrong. */
    secondsSince(moment) {
        const since = deserializeDateTime(moment).toMillis();
        const asked = deserializeDateTime(this.wall.now).toMillis();
        const later = Math.max(0, this.state.now - this.board.came);
        return Math.max(0, Math.floor((asked - since + later) / 1000));
    }

    number(value) {
        return value.toLocaleString("vi-VN");
    }

    span(seconds) {
        const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
        return minutes < 60
            ? `${minutes}:${String(rest).padStart(2, "0")}`
            : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
    }

    moment(text) {
        const moment = deserializeDateTime(text);
        return moment.toFormat(moment.hasSame(luxon.DateTime.now(), "day") ? "HH:mm" : "dd/MM");
    }

    presenceSince({ since }) {
        return since ? this.span(this.secondsSince(since)) : "";
    }

    get highestHour() {
        return Math.max(1, ...this.wall.hours.map((hour) => hour.answered + hour.missed));
    }

    close() {
        return this.action.doAction("pakn_1022_call.call_action", { clearBreadcrumbs: true });
    }
}

registry.category("actions").add("pakn_1022_call_reports.call_wall", CallWall);
