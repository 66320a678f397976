import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { Plugin } from "@html_editor/plugin";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";

// Milliseconds of rest after which what is typed so far is looked at
const REST = 700;

/** Lets the Tab key leave the text, as it leaves every other field. */
class TabLeavesTextPlugin extends Plugin {
    static id = "paknTabLeavesText";

    setup() {
        this.addDomListener(this.editable, "keydown", (ev) => {
            if (ev.key === "Tab") {
                // Without it the editor indents the text instead.
                ev.stopPropagation();
            }
        });
    }
}

/**
 * A text that an operator fills in on the phone, without touching the mouse. With the
 * option ``while_typing`` the form of a new record answers to it at each rest, not only
 * when the field is left: what is missing, an emergency, and the title.
 */
export class PaknHtmlField extends HtmlField {
    static props = { ...HtmlField.props, whileTyping: { type: Boolean, optional: true } };

    setup() {
        super.setup();
        this.commitSoon = useDebounced(() => this.commitChanges(), REST);
    }

    onChange() {
        super.onChange();
        if (this.props.whileTyping && !this.props.record.resId) {
            this.commitSoon();
        }
    }

    getConfig() {
        const config = super.getConfig();
        return { ...config, Plugins: [...config.Plugins, TabLeavesTextPlugin] };
    }
}

registry.category("fields").add("pakn_html", {
    ...htmlField,
    component: PaknHtmlField,
    extractProps(info, dynamicInfo) {
        return {
            ...htmlField.extractProps(info, dynamicInfo),
            whileTyping: Boolean(info.options.while_typing),
        };
    },
});
