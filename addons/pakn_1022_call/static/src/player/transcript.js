import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What a machine heard in a recording: shown to who asks for it, which is on record. */
export class Transcript extends Component {
    static template = "pakn_1022_call.Transcript";
    static props = { resId: Number, state: String };

    setup() {
        this.orm = useService("orm");
        this.local = useState({ text: "", isLoading: false });
        onWillUpdateProps((next) => {
            if (next.resId !== this.props.resId) {
                this.local.text = "";
            }
        });
    }

    async read() {
        const { resId } = this.props;
        this.local.isLoading = true;
        try {
            const text = await this.orm.call("pakn.call.transcript", "read_text", [[resId]]);
            if (resId === this.props.resId) {
                this.local.text = text;
            }
        } finally {
            this.local.isLoading = false;
        }
    }
}

/** Those of a call, in its form. */
export class CallTranscripts extends Component {
    static template = "pakn_1022_call.CallTranscripts";
    static components = { Transcript };
    static props = { ...standardFieldProps };

    get records() {
        return this.props.record.data[this.props.name].records;
    }
}

registry.category("fields").add("pakn_call_transcripts", {
    component: CallTranscripts,
    supportedTypes: ["one2many"],
    relatedFields: [{ name: "state", type: "selection" }],
});

/** In the form of one. */
export class TranscriptWidget extends Component {
    static template = "pakn_1022_call.TranscriptWidget";
    static components = { Transcript };
    static props = { ...standardWidgetProps };
}

registry.category("view_widgets").add("pakn_call_transcript", { component: TranscriptWidget });
