import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

// Of deadlines, everywhere: green in time, orange escalated, red late. What has nothing
// to do with deadlines is in blue and grey.
export const COLORS = {
    blue: "#0b5cad",
    light: "#8db8e0",
    yellow: "#ffcd00",
    red: "#c8102e",
    orange: "#e8710a",
    green: "#2e8b57",
    dark: "#4b5563",
    grey: "#9aa5b1",
};

/**
 * A chart of Chart.js that follows its configuration. `label` says its numbers to who
 * does not see it; `onPart` is called with the places of the dataset and of the number
 * that was clicked.
 */
export class Chart extends Component {
    static template = "pakn_1022_reports.Chart";
    static props = {
        config: Object,
        height: { type: [Number, String], optional: true },
        label: { type: String, optional: true },
        onPart: { type: Function, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const config = this.props.config;
                if (this.props.onPart) {
                    config.options.onClick = (_event, [part]) =>
                        part && this.props.onPart(part.datasetIndex, part.index);
                    config.options.onHover = ({ native }, parts) => {
                        native.target.style.cursor = parts.length ? "pointer" : "";
                    };
                }
                if (this.chart && this.chart.config.type === config.type) {
                    // What is on the wall changes its numbers, not its whole picture
                    this.chart.data = config.data;
                    this.chart.options = config.options;
                    this.chart.update();
                } else {
                    this.chart?.destroy();
                    this.chart = new window.Chart(this.canvas.el, config);
                }
            },
            () => [JSON.stringify(this.props.config.data)]
        );
        onWillUnmount(() => this.chart?.destroy());
    }
}
