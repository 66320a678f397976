import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

export const COLORS = {
    blue: "#0b5cad",
    light: "#8db8e0",
    yellow: "#ffcd00",
    red: "#c8102e",
    green: "#2e8b57",
    grey: "#9aa5b1",
};

/** A chart of Chart.js that follows its configuration. */
export class Chart extends Component {
    static template = "pakn_1022_reports.Chart";
    static props = { config: Object, height: { type: Number, optional: true } };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const config = this.props.config;
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
