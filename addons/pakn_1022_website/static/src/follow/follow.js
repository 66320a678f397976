import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** A form is sent once, however often the button is pressed. */
export class PaknOnce extends Interaction {
    static selector = ".o_pakn_reply, .o_pakn_rate";
    dynamicContent = { _root: { "t-on-submit": () => this.onSubmit() } };

    onSubmit() {
        this.el.querySelector("button[type=submit]").disabled = true;
    }
}

registry.category("public.interactions").add("pakn_1022_website.once", PaknOnce);
