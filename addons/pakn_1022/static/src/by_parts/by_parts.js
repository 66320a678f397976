import { Component, onMounted, onWillDestroy, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/**
 * Acts on many records part by part, shows how far it is, and lists what failed.
 *
 * A part that fails is tried record by record, so that one does not hold up others.
 * When the server does not answer, it stops there and can go on: what was done already
 * then says so itself.
 */
export class ByParts extends Component {
    static template = "pakn_1022.ByParts";
    static components = { Dialog };
    static props = {
        title: String,
        model: String,
        part: Number,
        told: String,
        jobs: Array,
        refused: Array,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.waiting = this.props.jobs.flatMap(({ records, calls }) => {
            const parts = [];
            for (let start = 0; start < records.length; start += this.props.part) {
                parts.push({
                    records: records.slice(start, start + this.props.part),
                    calls: [...calls],
                });
            }
            return parts;
        });
        this.state = useState({
            done: 0,
            failed: this.props.refused.map(([name, reason]) => ({ name, reason })),
            running: false,
            cut: false,
        });
        this.total = this.props.jobs.reduce((sum, { records }) => sum + records.length, 0);
        onMounted(() => this.run());
        onWillDestroy(() => this.stop());
    }

    get tried() {
        return this.state.done + this.state.failed.length - this.props.refused.length;
    }

    get summary() {
        return _t("%(done)s of %(total)s done", {
            done: this.state.done,
            total: this.total + this.props.refused.length,
        });
    }

    async run() {
        Object.assign(this.state, { running: true, cut: false });
        try {
            while (this.waiting.length && this.state.running) {
                await this.act(this.waiting[0]);
                this.waiting.shift();
            }
        } catch {
            this.state.cut = true;
        }
        this.state.running = false;
    }

    /** @throws when the server does not answer */
    async act(part) {
        const { records, calls } = part;
        const ids = records.map(([id]) => id);
        try {
            while (calls.length) {
                const [method, args] = calls[0];
                await this.orm.silent.call(this.props.model, method, [ids, ...args]);
                calls.shift();
            }
            this.state.done += ids.length;
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            if (records.length === 1) {
                const reason = error.data?.message || error.message;
                this.state.failed.push({ name: records[0][1], reason });
            } else {
                const single = records.map((record) => ({ records: [record], calls: [...calls] }));
                this.waiting.splice(1, 0, ...single);
            }
        }
    }

    stop() {
        this.state.running = false;
    }

}

function actByParts(env, { params }) {
    const onClose = () => env.services.action.doAction("soft_reload");
    env.services.dialog.add(ByParts, params, { onClose });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("pakn_1022.by_parts", actByParts);
