import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { Plugin } from "@html_editor/plugin";
import { registry } from "@web/core/registry";

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

/** A text that an operator fills in on the phone, without touching the mouse. */
export class PaknHtmlField extends HtmlField {
    getConfig() {
        const config = super.getConfig();
        return { ...config, Plugins: [...config.Plugins, TabLeavesTextPlugin] };
    }
}

registry.category("fields").add("pakn_html", { ...htmlField, component: PaknHtmlField });
