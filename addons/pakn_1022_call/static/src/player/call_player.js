import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];

/** Plays the recording of a call: fetched once when it is asked for, then sought in. */
export class CallPlayer extends Component {
    static template = "pakn_1022_call.CallPlayer";
    static props = { ...standardFieldProps };

    setup() {
        this.speeds = SPEEDS;
        this.state = useState({ url: null, error: "", isLoading: false, speed: 1 });
        onWillUnmount(() => this.state.url && URL.revokeObjectURL(this.state.url));
    }

    get recordingId() {
        return this.props.record.data[this.props.name]?.id;
    }

    async load() {
        this.state.isLoading = true;
        this.state.error = "";
        const body = new FormData();
        body.append("csrf_token", odoo.csrf_token);
        try {
            const reply = await fetch(`/pakn_call/recording/${this.recordingId}`, {
                method: "POST",
                body,
            });
            if (!reply.ok) {
                this.state.error =
                    reply.status === 403
                        ? await reply.text()
                        : _t("The recording is not to be had at the moment.");
                return;
            }
            this.state.url = URL.createObjectURL(await reply.blob());
        } catch {
            this.state.error = _t("The recording is not to be had at the moment.");
        } finally {
            this.state.isLoading = false;
        }
    }

    setSpeed(ev, speed) {
        this.state.speed = speed;
        ev.currentTarget.closest(".o_pakn_player").querySelector("audio").playbackRate = speed;
    }
}

registry.category("fields").add("pakn_call_player", {
    component: CallPlayer,
    supportedTypes: ["many2one"],
});
