import { Component, onWillDestroy, onWillStart, status, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Chart, COLORS } from "../charts/chart";

// How often is asked whether the figures are there, and what was waited for is shown
const TICK = 1000;
const GRADE_COLORS = { 5: COLORS.blue, 3: COLORS.light, 1: COLORS.dark };

/** A periodic report on the screen; each figure opens what it counts. */
export class ReportScreen extends Component {
    static template = "pakn_1022_reports.ReportScreen";
    static components = { Chart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.id =
            this.props.action.params?.report_id || this.props.action.context.active_id;
        this.state = useState({ report: null, seconds: 0 });
        onWillStart(() => this.load());
        onWillDestroy(() => clearTimeout(this.timer));
    }

    async load() {
        this.state.report = await this.orm.silent.call("pakn.report", "get_screen", [
            [this.id],
        ]);
        this.wait();
    }

    /** While it is being counted, look again and again. */
    wait() {
        if (this.state.report.counting && status(this) !== "destroyed") {
            this.timer = setTimeout(() => this.look(), TICK);
        }
    }

    async look() {
        this.state.seconds += 1;
        try {
            await this.load();
        } catch {
            // A restart of the server stops nothing; it is asked until it answers
            this.wait();
        }
    }

    async count() {
        await this.orm.call("pakn.report", "action_count", [[this.id]]);
        this.state.seconds = 0;
        await this.load();
    }

    get sections() {
        return this.state.report.content.sections.filter((section) => section.rows.length);
    }

    /** A value of a section as the paper shows it. */
    format(value, type) {
        if (value === null || value === undefined || value === false) {
            return type === "text" ? "" : "–";
        }
        const number = (digits) =>
            value.toLocaleString("vi-VN", {
                minimumFractionDigits: digits,
                maximumFractionDigits: digits,
            });
        const percent = (share) =>
            (100 * share).toLocaleString("vi-VN", {
                minimumFractionDigits: 1,
                maximumFractionDigits: 1,
            }) + "%";
        switch (type) {
            case "int":
                return number(0);
            case "share":
                return percent(value);
            case "change":
                return (value > 0 ? "+" : value < 0 ? "−" : "") + percent(Math.abs(value));
            case "hours":
                return number(1);
            case "score":
                return number(2);
            case "datetime":
                return deserializeDateTime(value).toFormat("HH:mm dd/MM/yyyy");
            default:
                return value;
        }
    }

    isOpenable(section, row, index) {
        const type = section.columns[index].type;
        return (
            !row.open &&
            Boolean(row.values[index]) &&
            ["int", "hours", "share"].includes(type) &&
            !(section.key === "scores") &&
            !(type === "share" && !["units", "timeliness"].includes(section.key))
        );
    }

    chart(section) {
        const rows = section.rows.filter(
            (row) => row.key !== "total" && row.values[section.chart]
        );
        const doughnut = section.key === "satisfaction";
        return {
            type: doughnut ? "doughnut" : "bar",
            data: {
                labels: rows.map((row) => row.label),
                datasets: [
                    {
                        data: rows.map((row) => row.values[section.chart]),
                        backgroundColor: doughnut
                            ? rows.map((row) => GRADE_COLORS[row.key])
                            : COLORS.blue,
                        maxBarThickness: 26,
                    },
                ],
            },
            options: {
                responsive: true,
                maintainAspectRatio: false,
                animation: false,
                ...(doughnut
                    ? { cutout: "60%" }
                    : {
                          indexAxis: "y",
                          scales: {
                              x: { beginAtZero: true, ticks: { precision: 0 } },
                              y: { grid: { display: false } },
                          },
                      }),
                plugins: { legend: { display: doughnut, position: "right" } },
            },
        };
    }

    async open(section, row, index) {
        const action = await this.orm.call("pakn.report", "open_figure", [
            [this.id],
            section.key,
            row.key,
            section.columns[index].key,
        ]);
        this.action.doAction(action);
    }

    openRow(row) {
        const [model, id] = row.open;
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async download(kind) {
        const action = await this.orm.call("pakn.report", `action_print_${kind}`, [
            [this.id],
        ]);
        this.action.doAction(action);
    }
}

registry.category("actions").add("pakn_1022_reports.report_screen", ReportScreen);
