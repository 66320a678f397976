import { Component, onMounted, onWillDestroy, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { showDone } from "@pakn_1022/js/done_notification";

// Nothing is wrong with the records then
const EXPIRED = "odoo.http.SessionExpiredException";

/**
 * Acts on many records part by part, shows how far it is, and lists what failed.
 *
 * A part that fails is tried record by record, so that one does not hold up others.
 * When the server does not answer, it stops there and can go on: a part that was done
 * already is not done twice, or says so itself. What can be taken back one key of the
 * toast takes back at the end, all the parts.
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
        batch: [String, Boolean],
        undo: [Object, Boolean],
        next: { type: Object, optional: true },
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.held = [];
        this.pending = [];
        this.waiting = this.props.jobs.flatMap(({ records, calls }) => {
            const parts = [];
            for (let start = 0; start < records.length; start += this.props.part) {
                parts.push({
                    records: records.slice(start, start + this.props.part),
                    calls,
                });
            }
            return parts;
        });
        this.state = useState({
            done: 0,
            failed: this.props.refused.map(([name, reason]) => ({ name, reason })),
            running: false,
            cut: "", // why it has stopped: "lost" or "signed out"
        });
        this.total = this.props.jobs.reduce((sum, { records }) => sum + records.length, 0);
        onMounted(() => this.run());
        onWillDestroy(() => this.leave());
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
        Object.assign(this.state, { running: true, cut: "" });
        try {
            while (this.waiting.length && this.state.running) {
                await this.act(this.waiting[0]);
                this.waiting.shift();
            }
        } catch (error) {
            this.state.cut = error.exceptionName === EXPIRED ? "signed out" : "lost";
        }
        this.state.running = false;
        if (this.held.length && !this.state.cut) {
            this.offerUndo();
            if (!this.waiting.length && !this.state.failed.length) {
                this.props.close();
            }
        }
    }

    /** Say what was done in a toast that takes it back; the dialog stays for what was not. */
    offerUndo() {
        const { title: act, told, model, batch, undo } = this.props;
        const count = this.state.done + this.pending.length;
        const numbers = { act, count, told };
        let said = _t("%(act)s: %(count)s requests.", numbers);
        if (told) {
            // What has a batch is told when the time to take it back is over
            said = batch
                ? _t("%(act)s: %(count)s requests. Will be told: %(told)s.", numbers)
                : _t("%(act)s: %(count)s requests. Told: %(told)s.", numbers);
        }
        const lasting = this.state.done - this.held.length;
        const message = lasting
            ? [said, _t("%s of them cannot be taken back.", lasting)].join("\n")
            : said;
        const ids = [...this.held, ...this.pending];
        // Not by the action service: the reload after the dialog would supersede it
        showDone(this.env, { params: { message, undo: { args: [], ...undo, model, ids } } });
    }

    /** @throws when the server does not answer, or one is signed out */
    async act(part) {
        const { records, calls } = part;
        const ids = records.map(([id]) => id);
        try {
            const { model, batch, undo } = this.props;
            this.pending = undo ? ids : [];
            const held = await this.orm.silent.call(model, "act_on_part", [ids, calls, batch]);
            this.held.push(...(batch || !undo ? held : ids));
            this.pending = [];
            this.state.done += ids.length;
        } catch (error) {
            if (!(error instanceof RPCError) || error.exceptionName === EXPIRED) {
                throw error;
            }
            this.pending = [];
            if (records.length === 1) {
                const reason = error.data?.message || error.message;
                this.state.failed.push({ name: records[0][1], reason });
            } else {
                const single = records.map((record) => ({ records: [record], calls }));
                this.waiting.splice(1, 0, ...single);
            }
        }
    }

    stop() {
        this.state.running = false;
    }

    /** Closed while it runs: the part that the server is at is done still. */
    leave() {
        const { running, cut } = this.state;
        this.stop();
        if (running && !cut && this.held.length + this.pending.length) {
            this.offerUndo();
        }
    }
}

function actByParts(env, { params }) {
    const onClose = () => env.services.action.doAction(params.next || "soft_reload");
    env.services.dialog.add(ByParts, params, { onClose });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("pakn_1022.by_parts", actByParts);
