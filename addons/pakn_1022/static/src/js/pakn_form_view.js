import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { FormCompiler } from "@web/views/form/form_compiler";
import { FormRenderer } from "@web/views/form/form_renderer";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

/** Puts the header's buttons of class `o_pakn_more` into a menu, on wide screens too. */
export class PaknStatusBarButtons extends StatusBarButtons {
    static template = "pakn_1022.StatusBarButtons";

    slotNames(isMore) {
        return this.visibleSlotNames.filter(
            (name) => Boolean(this.props.slots[name].isMore) === isMore
        );
    }
}

class PaknFormRenderer extends FormRenderer {
    static components = {
        ...FormRenderer.components,
        StatusBarButtons: PaknStatusBarButtons,
    };
}

class PaknFormCompiler extends FormCompiler {
    compileHeader() {
        const header = super.compileHeader(...arguments);
        for (const slot of header.querySelectorAll("[t-set-slot]")) {
            if (slot.firstElementChild?.getAttribute("className")?.includes("o_pakn_more")) {
                slot.setAttribute("isMore", "true");
            }
        }
        return header;
    }
}

registry.category("views").add("pakn_form", {
    ...formView,
    Compiler: PaknFormCompiler,
    Renderer: PaknFormRenderer,
});
