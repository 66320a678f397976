import { useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { useService } from "@web/core/utils/hooks";
import { useInputField } from "@web/views/fields/input_field_hook";

// What a number begins with -> how it is said: as format_phone() of tools/phone.py does
const SAID = [
    [/^(0[35789]\d\d)(\d{3})(\d{3})$/, "$1 $2 $3"],
    [/^(02[48])(\d{4})(\d{4})$/, "$1 $2 $3"],
    [/^(02\d\d)(\d)(\d{3})(\d{3})$/, "$1 $2 $3 $4"],
];

/**
 * A number as people here say it: 0914 275 864, 0269 3 824 108; also one that somebody
 * typed in one piece. No whole number, or one from abroad, stays as it is.
 */
export function formatPhone(number) {
    const given = number || "";
    const digits = /^\+?[\d\s().-]+$/.test(given)
        ? given.replace(/[\s().-]/g, "").replace(/^\+84(?=\d)/, "0")
        : "";
    const said = SAID.find(([pattern]) => pattern.test(digits));
    return said ? digits.replace(...said) : given;
}

// How numbers from abroad are written, each asked for once
const abroad = new Map();

/** Ask the server, which knows the numbers of all countries; it answers a promise. */
function sayAbroad(orm, number) {
    if (!abroad.has(number)) {
        const said = orm.silent.call("pakn.ticket", "say_phones", [[number]]);
        // Without the network it is shown as it is, and asked for again
        const failed = () => abroad.delete(number) && number;
        abroad.set(
            number,
            said.then(([text]) => text, failed)
        );
    }
    return abroad.get(number);
}

/**
 * The number of a caller. Left by Tab, what is known of it is waited for, and what was
 * filled in by that is passed over: to the content, or to the name of who is new.
 */
export class PaknPhoneField extends CharField {
    static template = "pakn_1022.PhoneField";

    setup() {
        // Not as the field of texts does it: it would show the number as it is kept
        this.input = useRef("input");
        useInputField({
            getValue: () => this.formattedValue,
            parse: (value) => this.parse(value),
        });
        this.selectionStart = 0;
        const orm = useService("orm");
        this.said = useState({ number: false, text: "" });
        useRecordObserver((record) => {
            const number = record.data[this.props.name] || "";
            if (/^\+(?!84)\d{6,}$/.test(number)) {
                // Not waited for: the form is there meanwhile
                sayAbroad(orm, number).then((text) =>
                    Object.assign(this.said, { number, text })
                );
            }
        });
    }

    get formattedValue() {
        const number = this.props.record.data[this.props.name];
        return number && this.said.number === number ? this.said.text : formatPhone(number);
    }

    parse(value) {
        // What was not changed is no change
        return value === this.formattedValue
            ? this.props.record.data[this.props.name]
            : super.parse(value);
    }

    async onKeydown(ev) {
        const { record } = this.props;
        const form = this.input.el.closest(".o_form_view");
        if (ev.key !== "Tab" || ev.shiftKey || !form || record.resId || !ev.target.value) {
            return;
        }
        const find = (name) =>
            form.querySelector(`[name=${name}] :is(input, [contenteditable=true])`);
        const name = find("citizen_name");
        // Not where a request is taken in
        if (!name) {
            return;
        }
        ev.preventDefault();
        // At once: what is typed meanwhile is the name, not more of the number
        let isTyping = false;
        name.addEventListener("input", () => (isTyping = true), { once: true });
        name.focus();
        // The field's own listener hands the number over; then the answer is there
        await new Promise((resolve) => setTimeout(resolve));
        await record.model.mutex.getUnlockedDef();
        if (isTyping || document.activeElement !== name || !record.data.citizen_name) {
            return;
        }
        find(record.data.citizen_address ? "description" : "citizen_address")?.focus();
    }
}

registry.category("fields").add("pakn_phone", {
    ...charField,
    component: PaknPhoneField,
    displayName: _t("Phone"),
});
