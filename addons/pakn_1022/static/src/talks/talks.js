import { Component, useEffect, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { usePolling } from "../live/live";

/** What was said with the citizen, and what with the units, side by side. */
export class Talks extends Component {
    static template = "pakn_1022.Talks";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ citizen: [], units: [], slips: [], slip: 0, text: "", sending: false });
        // Whatever is said changes what may be done, or is a message to be read
        useEffect(
            () => {
                this.load();
            },
            () => {
                const { resId, data } = this.props.record;
                return [resId, JSON.stringify(data.acts), data.has_new_reply];
            }
        );
        usePolling(() => this.load());
    }

    async load() {
        const { resId } = this.props.record;
        if (!resId) {
            return;
        }
        this.asked = {};
        const { asked } = this;
        const talks = await this.orm.silent.call("pakn.ticket", "get_talks", [[resId]]);
        if (asked !== this.asked || resId !== this.props.record.resId) {
            return; // overtaken: by what was said since, or by another request
        }
        if (resId !== this.shown) {
            Object.assign(this.state, { slip: 0, text: "" });
            this.shown = resId;
        }
        Object.assign(this.state, talks);
        if (!talks.slips.some(([id]) => id === this.state.slip)) {
            this.state.slip = talks.slips[0]?.[0] || 0;
        }
    }

    get toUnit() {
        const [, name] = this.state.slips.find(([id]) => id === this.state.slip) || [];
        return name ? _t("Message to %s", name) : "";
    }

    dateOf(said) {
        return formatDateTime(deserializeDateTime(said.date), { showSeconds: false });
    }

    /** Colours as everywhere: red failed, green arrived, blue on its way. */
    colourOf({ state }) {
        if (["failed", "unreachable"].includes(state)) {
            return "text-bg-danger";
        }
        return state === "waiting" ? "text-bg-info" : "bg-success-subtle text-success-emphasis";
    }

    async writeToCitizen() {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const onClose = async () => {
            await record.load();
            await this.load();
        };
        await this.action.doActionButton({
            type: "object",
            name: "action_write",
            resModel: record.resModel,
            resId: record.resId,
            context: record.context,
            onClose,
        });
    }

    /** Once, however often it is pressed; what is typed meanwhile is the next message. */
    async writeToUnit() {
        const { slip, sending, text } = this.state;
        const body = text.trim();
        if (!body || sending) {
            return;
        }
        Object.assign(this.state, { sending: true, text: "" });
        try {
            await this.orm.call("pakn.transfer", "message_post", [[slip]], {
                body,
                message_type: "comment",
                subtype_xmlid: "mail.mt_comment",
            });
        } catch (error) {
            if (this.state.slips.some(([id]) => id === slip)) {
                this.state.text = [body, this.state.text].filter(Boolean).join("\n");
            }
            throw error;
        } finally {
            this.state.sending = false;
        }
        await this.load();
    }
}

registry.category("view_widgets").add("pakn_talks", { component: Talks });
