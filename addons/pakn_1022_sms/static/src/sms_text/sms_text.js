import { useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { TextField, textField } from "@web/views/fields/text/text_field";

// As tools/gsm.py and tools/segments.py: letters of GSM, those that take two places,
// and how many places one SMS has alone and as a part of several
const GSM =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const TWO_PLACES = "^{}\\[~]|€";
const LENGTHS = { gsm: [160, 153], ucs2: [70, 67] };

/** Return `{ places, count }`: how long a text is, and of how many SMS. */
export function measure(text) {
    const letters = [...text];
    const isGsm = letters.every((one) => GSM.includes(one) || TWO_PLACES.includes(one));
    const sizes = letters.map((one) => (isGsm ? 1 + TWO_PLACES.includes(one) : one.length));
    const [alone, part] = LENGTHS[isGsm ? "gsm" : "ucs2"];
    const places = sizes.reduce((sum, size) => sum + size, 0);
    if (places <= alone) {
        return { places, count: 1 };
    }
    let [count, length] = [1, 0];
    for (const size of sizes) {
        // No letter is cut in two
        if (length + size > part) {
            count++;
            length = 0;
        }
        length += size;
    }
    return { places, count };
}

/** A text for SMS, counted while it is typed. */
export class SmsText extends TextField {
    static template = "pakn_1022_sms.SmsText";

    setup() {
        super.setup();
        this.typed = useState({ text: "" });
        useEffect(
            (text) => {
                this.typed.text = text;
            },
            () => [this.props.record.data[this.props.name] || ""]
        );
    }

    onType(ev) {
        this.typed.text = ev.target.value;
    }

    get length() {
        return _t("%(places)s letters, %(count)s SMS", measure(this.typed.text));
    }
}

registry.category("fields").add("pakn_sms_text", {
    ...textField,
    component: SmsText,
    additionalClasses: ["o_field_text"],
});
