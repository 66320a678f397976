import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { fetchExport } from "./export_service";

const PAUSE = 1000;

/** How far an export is. Looks once a second, and fetches the file when it is ready. */
export class ExportProgress extends Component {
    static template = "pakn_1022_reports.ExportProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.watched = useService("pakn_export");
        const { done, count, state } = this.props.record.data;
        this.state = useState({ done, count, state, isLost: false });
        this.id = this.props.record.resId;
        onMounted(() => {
            if (state === "making") {
                this.watched.add(this.id);
                this.wait();
            } else if (state === "ready") {
                this.fetch();
            }
        });
        onWillUnmount(() => {
            this.isClosed = true;
            clearTimeout(this.timer);
            this.watched.delete(this.id);
        });
    }

    wait() {
        this.timer = setTimeout(() => this.look(), PAUSE);
    }

    async look() {
        try {
            const [values] = await this.orm.silent.read(
                "pakn.export.log",
                [this.id],
                ["done", "count", "state"]
            );
            Object.assign(this.state, values, { isLost: false });
        } catch {
            // A restart of the server stops nothing; it is looked for until it answers
            this.state.isLost = true;
        }
        if (this.isClosed) {
            return;
        }
        if (this.state.state === "making") {
            return this.wait();
        }
        if (this.state.state === "ready") {
            this.fetch();
        }
        await this.props.record.load();
    }

    /** Only in the dialog that was opened for it, not where a log is looked at. */
    fetch() {
        if (this.props.record.context.pakn_export_download && this.props.record.data.is_own) {
            fetchExport(this.orm, this.id);
        }
    }

    get share() {
        const { done, count, state } = this.state;
        return state === "ready" ? 100 : Math.min(Math.floor((100 * done) / (count || 1)), 99);
    }

    get text() {
        const { done, count } = this.state;
        return _t("%(done)s of %(count)s requests", {
            done: done.toLocaleString("vi-VN"),
            count: count.toLocaleString("vi-VN"),
        });
    }
}

registry.category("fields").add("pakn_export_progress", {
    component: ExportProgress,
    supportedTypes: ["integer"],
    fieldDependencies: [
        { name: "count", type: "integer" },
        { name: "state", type: "selection" },
        { name: "is_own", type: "boolean" },
    ],
});
