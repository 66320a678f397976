import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const GREEN = "#3d9a6d";
const RED = "#d1495b";
const AMBER = "#edae49";
const BLUE = "#2b78b6";

/** Charts of the page of statistics; its tables say the same. */
export class Statistics extends Interaction {
    static selector = ".o_pakn_charts";

    async willStart() {
        await loadBundle("web.chartjs_lib");
    }

    start() {
        const data = JSON.parse(this.el.dataset.charts);
        for (const canvas of this.el.querySelectorAll("canvas")) {
            const config =
                canvas.dataset.chart === "months"
                    ? this.getMonths(data, canvas.dataset)
                    : this.getGrades(data, canvas.dataset);
            config.options.maintainAspectRatio = false;
            config.options.animation = false;
            const chart = new window.Chart(canvas, config);
            this.registerCleanup(() => chart.destroy());
        }
    }

    getMonths(data, words) {
        return {
            data: {
                labels: data.months.map((month) => `${month.slice(5)}/${month.slice(2, 4)}`),
                datasets: [
                    { type: "line", label: words.received, data: data.received, borderColor: BLUE, backgroundColor: BLUE, tension: 0.25, spanGaps: true },
                    { type: "bar", label: words.onTime, data: data.on_time, backgroundColor: GREEN, stack: "answered" },
                    { type: "bar", label: words.overdue, data: data.overdue, backgroundColor: RED, stack: "answered" },
                ],
            },
            options: {
                scales: { x: { stacked: true, grid: { display: false } }, y: { beginAtZero: true, ticks: { precision: 0 } } },
                plugins: { legend: { position: "bottom" } },
            },
        };
    }

    getGrades(data, words) {
        return {
            type: "doughnut",
            data: {
                labels: [words.satisfied, words.acceptable, words.unsatisfied],
                datasets: [{ data: data.grades, backgroundColor: [GREEN, AMBER, RED] }],
            },
            options: { cutout: "60%", plugins: { legend: { position: "bottom" } } },
        };
    }
}

registry.category("public.interactions").add("pakn_1022_website.statistics", Statistics);
