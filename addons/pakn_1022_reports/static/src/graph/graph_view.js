import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { COLORS } from "../charts/chart";

/** Odoo's graph with the colours of deadlines, whole numbers and whole names. */
class PaknGraphRenderer extends GraphRenderer {
    /** By the words of the groups, for Odoo tells the renderer nothing else of them. */
    get meanings() {
        return {
            [_t("In time")]: COLORS.green,
            [_t("Answered in time")]: COLORS.green,
            [_t("Open in time")]: "#8fc7a6",
            [_t("Late")]: COLORS.red,
            [_t("Answered late")]: COLORS.red,
            [_t("Open late")]: "#e58a97",
            [_t("Passed on to the next level")]: COLORS.orange,
        };
    }

    getBarChartData() {
        const data = super.getBarChartData();
        for (const dataset of data.datasets) {
            const [meaning] = (dataset.label || "").split(" / ");
            dataset.backgroundColor = this.meanings[meaning] || dataset.backgroundColor;
        }
        return data;
    }

    formatValue(value, allIntegers = true, formatType = "") {
        if (!formatType && Number.isInteger(value)) {
            return value.toLocaleString("vi-VN");
        }
        return super.formatValue(value, allIntegers, formatType);
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
