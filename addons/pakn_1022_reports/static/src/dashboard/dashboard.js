import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useBoard } from "@pakn_1022/live/live";
import { Chart, COLORS } from "../charts/chart";

/** Today and this month on one screen, on a wall as on a phone. */
export class Dashboard extends Component {
    static template = "pakn_1022_reports.Dashboard";
    static components = { Chart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.state = useBoard("pakn.dashboard", "get_dashboard");
        this.tiles = {
            today: { label: _t("Requests received today"), color: "brand" },
            month: { label: _t("Requests received this month"), color: "brand" },
            open: { label: _t("Open requests"), color: "brand" },
            due: { label: _t("Slips due today"), color: "warning" },
            late: { label: _t("Requests late now"), color: "danger" },
            on_time: { label: _t("Slips in time, of those due this month"), share: true },
            satisfied: { label: _t("Satisfied, of the requests rated this month"), share: true },
        };
        this.levels = {
            focal: _t("Focal points"),
            head: _t("Heads"),
            province: _t("Province"),
        };
    }

    share(value) {
        if (value === null) {
            return "–";
        }
        const text = (100 * value).toLocaleString("vi-VN", { maximumFractionDigits: 1 });
        return `${text} %`;
    }

    tileValue(tile) {
        return this.tiles[tile.key].share
            ? this.share(tile.value)
            : tile.value.toLocaleString("vi-VN");
    }

    tileColor(tile) {
        const { share, color } = this.tiles[tile.key];
        if (!share) {
            return tile.value || color === "brand" ? color : "success";
        }
        return this.shareColor(tile.value);
    }

    shareColor(value) {
        if (value === null) {
            return "muted";
        }
        return value >= 0.9 ? "success" : value >= 0.7 ? "warning" : "danger";
    }

    hours(value) {
        return value === null
            ? "–"
            : value.toLocaleString("vi-VN", { maximumFractionDigits: 1 });
    }

    get trend() {
        const { days, received, answered } = this.state.board.trend;
        const line = (label, data, color, fill) => ({
            label,
            data,
            borderColor: color,
            backgroundColor: fill || color,
            fill: Boolean(fill),
            pointRadius: 0,
            borderWidth: 2.5,
            cubicInterpolationMode: "monotone",
        });
        return {
            type: "line",
            data: {
                labels: days,
                datasets: [
                    line(_t("Received"), received, COLORS.blue, "rgba(11, 92, 173, .12)"),
                    line(_t("Answered"), answered, COLORS.yellow),
                ],
            },
            options: this.options({
                x: { grid: { display: false }, ticks: { maxTicksLimit: 8, maxRotation: 0 } },
                y: { beginAtZero: true, ticks: { precision: 0 } },
            }),
        };
    }

    get byLevel() {
        const levels = this.state.board.levels;
        const bar = (label, key, backgroundColor) => ({
            label,
            data: levels.map((level) => level[key]),
            backgroundColor,
            maxBarThickness: 34,
        });
        const options = this.options({
            x: { stacked: true, beginAtZero: true, ticks: { precision: 0 } },
            y: { stacked: true, grid: { display: false } },
        });
        return {
            type: "bar",
            data: {
                labels: levels.map((level) => this.levels[level.key]),
                datasets: [
                    bar(_t("In time"), "in_time", COLORS.blue),
                    bar(_t("Late"), "late", COLORS.red),
                ],
            },
            options: { ...options, indexAxis: "y" },
        };
    }

    get satisfaction() {
        const { satisfied, acceptable, unsatisfied } = this.state.board.satisfaction;
        return {
            type: "doughnut",
            data: {
                labels: [_t("Satisfied"), _t("Acceptable"), _t("Not satisfied")],
                datasets: [
                    {
                        data: [satisfied, acceptable, unsatisfied],
                        backgroundColor: [COLORS.blue, COLORS.yellow, COLORS.red],
                        borderWidth: 1,
                    },
                ],
            },
            options: { ...this.options(), cutout: "62%" },
        };
    }

    get isRated() {
        return Object.values(this.state.board.satisfaction).some((count) => count);
    }

    options(scales) {
        return {
            responsive: true,
            maintainAspectRatio: false,
            animation: false,
            scales,
            plugins: { legend: { position: "bottom", labels: { boxWidth: 14 } } },
        };
    }

    show(name, { domain }, model = "pakn.transfer") {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain,
            context: { create: false },
        });
    }
}

registry.category("actions").add("pakn_1022_reports.dashboard", Dashboard);
