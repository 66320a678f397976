import { Component } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useBoard } from "../live/live";

/** What is due, what is late and where: the monitor's and the manager's screen. */
export class ClockBoard extends Component {
    static template = "pakn_1022.ClockBoard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.state = useBoard("pakn.transfer", "get_clock_board");
        this.tiles = {
            open: { label: _t("With units"), color: "primary" },
            soon: { label: _t("Due within 2 working hours"), color: "warning" },
            ahead: { label: _t("Due within 8 working hours"), color: "info" },
            late: { label: _t("Late"), color: "danger" },
        };
        this.columns = [
            { key: "open", label: _t("Being handled"), color: "primary" },
            { key: "ahead", label: _t("Due within 8 working hours"), color: "info" },
            { key: "focal", label: _t("Missed by the focal point"), color: "danger" },
            { key: "head", label: _t("Missed by the head"), color: "danger" },
            { key: "province", label: _t("Missed by the province"), color: "danger" },
        ];
    }

    get highestHour() {
        return Math.max(1, ...this.state.board.hours.map((hour) => hour.count));
    }

    /** The end of a working hour; its day too, where it is another one. */
    hourLabel(hour) {
        const end = deserializeDateTime(hour.to);
        const isToday = end.hasSame(luxon.DateTime.now(), "day");
        return { time: end.toFormat("HH:mm"), day: isToday ? "" : end.toFormat("dd/MM") };
    }

    showHour(hour) {
        const { time, day } = this.hourLabel(hour);
        this.show(_t("Due until %(moment)s", { moment: `${time} ${day}`.trim() }), hour);
    }

    cell(unit, column) {
        return unit.cells[column.key] || { count: 0 };
    }

    /** The more of the column's largest number, the fuller the colour. */
    shade(cell, column) {
        const counts = this.state.board.units.map((unit) => this.cell(unit, column).count);
        const share = cell.count / Math.max(1, ...counts);
        return `background-color: rgba(var(--${column.color}-rgb), ${0.08 + 0.32 * share})`;
    }

    show(name, { domain }) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "pakn.ticket",
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain,
        });
    }
}

registry.category("actions").add("pakn_1022.clock_board", ClockBoard);
