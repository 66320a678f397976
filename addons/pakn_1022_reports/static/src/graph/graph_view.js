import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { COLORS } from "../charts/chart";
import { getCounted } from "./counted";

// What a group means, by the key of its choice: of states, outcomes and deadlines
const MEANINGS = {
    in_time: COLORS.green,
    answered_in_time: COLORS.green,
    open_in_time: "#8fc7a6",
    late: COLORS.red,
    answered_late: COLORS.red,
    open_late: "#e58a97",
    expired: COLORS.orange,
    escalated_head: COLORS.orange,
    escalated_province: "#a84f06",
    head: COLORS.orange,
    province: "#a84f06",
};
// What has nothing to do with deadlines bears none of their colours
const OTHERS = [COLORS.blue, COLORS.light, COLORS.dark, COLORS.grey, "#6f6aa8", "#b3b0d6"];

/**
 * Odoo's graph with the colours of deadlines, whole numbers and whole names, of which
 * a part opens what it counts.
 */
class PaknGraphRenderer extends GraphRenderer {
    /** By the words of the groups, for Odoo tells the renderer nothing else of them. */
    get meanings() {
        const { fields, groupBy } = this.model.metaData;
        const choices = groupBy.flatMap(({ fieldName }) => fields[fieldName]?.selection || []);
        return Object.fromEntries(
            choices.filter(([key]) => MEANINGS[key]).map(([key, word]) => [word, MEANINGS[key]])
        );
    }

    getBarChartData() {
        const data = super.getBarChartData();
        const meanings = this.meanings;
        let others = 0;
        for (const dataset of data.datasets.filter((one) => one.type !== "line")) {
            const [meaning] = (dataset.label || "").split(" / ");
            dataset.backgroundColor = meanings[meaning] || OTHERS[others++ % OTHERS.length];
        }
        return data;
    }

    formatValue(value, allIntegers = true, formatType = "") {
        if (!formatType && Number.isFinite(value)) {
            return value.toLocaleString("vi-VN", { maximumFractionDigits: 2 });
        }
        return super.formatValue(value, allIntegers, formatType);
    }

    openView(domain, views, context, newWindow) {
        const { metaData } = this.model;
        const { rows, name } = getCounted(metaData, metaData.measure);
        this.actionService.doAction(
            {
                type: "ir.actions.act_window",
                name,
                res_model: metaData.resModel,
                search_view_id: this.env.config.views?.find((view) => view[1] === "search"),
                views,
                context,
                domain: [...domain, ...rows],
            },
            { newWindow, viewType: "list" }
        );
    }

    getScaleOptions() {
        const scales = super.getScaleOptions();
        if (scales.y) {
            // Half a request is none
            const { type } = this.model.metaData.measures[this.model.metaData.measure];
            scales.y.ticks.precision = type === "integer" ? 0 : undefined;
        }
        if (scales.x) {
            const { labels } = this.model.data;
            // A name in lines of some words, not a part of it
            scales.x.ticks.callback = (_value, index) =>
                String(labels[index]).match(/.{1,22}(?:\s|$)|\S+/g)?.map((part) => part.trim()) ||
                "";
        }
        return scales;
    }
}

registry.category("views").add("pakn_graph", { ...graphView, Renderer: PaknGraphRenderer });
