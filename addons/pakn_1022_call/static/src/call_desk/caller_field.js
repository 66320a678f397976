import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PaknPhoneField } from "@pakn_1022/js/pakn_phone_field";

/** The number of who called, in lists; that it is hidden is said there, too. */
export class PaknCallerField extends PaknPhoneField {
    static template = "pakn_1022_call.CallerField";

    get isHidden() {
        // Not where it is merely no longer kept
        return this.props.record.data.is_hidden && !this.formattedValue;
    }
}

registry.category("fields").add("pakn_caller", {
    ...registry.category("fields").get("pakn_phone"),
    component: PaknCallerField,
    displayName: _t("Phone"),
});
