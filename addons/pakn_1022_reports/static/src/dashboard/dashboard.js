import { Component, markup } from "@odoo/owl";
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
            due: { label: _t("Slips due today"), color: "brand" },
            late: { label: _t("Requests late now"), color: "danger" },
            on_time: { label: _t("Slips in time, of those due this month"), share: true },
            // Nothing of deadlines: no colour of theirs
            satisfied: {
                label: _t("Satisfied, of the requests rated this month"),
                share: true,
                color: "brand",
            },
        };
        this.whats = {
            "pakn.ticket": _t("requests"),
            "pakn.transfer": _t("slips"),
        };
        this.columns = [
            { key: "due", label: _t("Due") },
            { key: "answered", label: _t("Answered"), isWide: true },
            { key: "hours", opens: "answered", label: _t("Hours"), isWide: true },
            { key: "open", label: _t("Open"), isWide: true },
            { key: "late", label: _t("Late") },
        ];
        this.levels = {
            focal: _t("Focal points"),
            head: _t("Heads"),
            province: _t("Province"),
        };
    }

    /** Whether secret requests are counted, in one line. */
    get scope() {
        return {
            all: _t("Counted with secret requests."),
            none: _t("Counted without secret requests, which others see: their numbers may be higher."),
            own: _t("Counted is what lies or lay with your unit."),
        }[this.state.board.scope];
    }

    share(value) {
        if (value === null) {
            return "–";
        }
        const text = (100 * value).toLocaleString("vi-VN", { maximumFractionDigits: 1 });
        return `${text}%`;
    }

    tileValue(tile) {
        return this.tiles[tile.key].share
            ? this.share(tile.value)
            : tile.value.toLocaleString("vi-VN");
    }

    tileColor(tile) {
        const { share, color } = this.tiles[tile.key];
        if (color === "brand") {
            return color;
        }
        return share ? this.shareColor(tile.value) : tile.value ? color : "success";
    }

    shareColor(value) {
        if (value === null) {
            return "muted";
        }
        return value >= 0.9 ? "success" : value >= 0.7 ? "body" : "danger";
    }

    /** A unit's number of a column; hours are working hours on average. */
    cell(unit, { key }) {
        return key === "hours" ? this.hours(unit.hours) : unit[key].toLocaleString("vi-VN");
    }

    hours(value) {
        return value === null
            ? "–"
            : value.toLocaleString("vi-VN", {
                  minimumFractionDigits: 1,
                  maximumFractionDigits: 1,
              });
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
                    { ...line(_t("Answered"), answered, COLORS.dark), borderDash: [6, 3] },
                ],
            },
            options: {
                ...this.options({
                    x: { grid: { display: false }, ticks: { maxTicksLimit: 8, maxRotation: 0 } },
                    y: { beginAtZero: true, ticks: { precision: 0 } },
                }),
                interaction: { mode: "nearest", axis: "x", intersect: false },
            },
        };
    }

    showDay(dataset, index) {
        const { days, marks, domains } = this.state.board.trend;
        const key = ["received", "answered"][dataset];
        const { field, domain } = domains[key];
        const label = [_t("Received"), _t("Answered")][dataset];
        const within = [
            [field, ">=", marks[index]],
            [field, "<", marks[index + 1]],
        ];
        this.show(`${label} ${days[index]}`, [...domain, ...within], "pakn.ticket");
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
                    bar(_t("In time"), "in_time", COLORS.green),
                    bar(_t("Escalated"), "escalated", COLORS.orange),
                    bar(_t("Late"), "late", COLORS.red),
                ],
            },
            options: { ...options, indexAxis: "y" },
        };
    }

    showLevel(dataset, index) {
        const level = this.state.board.levels[index];
        const key = ["in_time", "escalated", "late"][dataset];
        const label = this.byLevel.data.datasets[dataset].label;
        this.show(`${this.levels[level.key]}: ${label}`, level.domains[key]);
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
                        backgroundColor: [COLORS.blue, COLORS.light, COLORS.dark],
                        borderWidth: 1,
                    },
                ],
            },
            options: { ...this.options(), cutout: "62%" },
        };
    }

    showGrade(_dataset, index) {
        const key = ["satisfied", "acceptable", "unsatisfied"][index];
        const label = this.satisfaction.data.labels[index];
        this.show(label, this.state.board.satisfaction_domains[key], "pakn.ticket");
    }

    /** The numbers of a chart in words, for who does not see it. */
    say({ data }) {
        const total = (values) => values.reduce((sum, value) => sum + value, 0);
        return data.datasets.length === 1
            ? data.labels.map((label, i) => `${label} ${data.datasets[0].data[i]}`).join(", ")
            : data.datasets.map(({ label, data: values }) => `${label} ${total(values)}`).join(", ");
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

    /** A list of exactly what a number counts; its title says what that is. */
    show(name, domain, model = "pakn.transfer") {
        const secrets = {
            all: _t("with secret ones"),
            none: _t("without secret ones"),
            own: _t("of your unit"),
        }[this.state.board.scope];
        const parts = [name, this.whats[model], secrets];
        const nothing = _t("There is nothing of this now");
        // What a share is made of: the list says which ones were in time
        const judged = domain.some((leaf) => leaf[0] === "date_judged");
        this.action.doAction({
            type: "ir.actions.act_window",
            name: parts.join(" · "),
            res_model: model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain,
            context: { create: false, pakn_judged: judged },
            help: markup`<p class="o_view_nocontent_smiling_face">${nothing}</p>`,
        });
    }

    showUnit(unit, key, label) {
        this.show(`${unit.name}: ${label}`, unit.domains[key]);
    }
}

registry.category("actions").add("pakn_1022_reports.dashboard", Dashboard);
