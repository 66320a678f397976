import { parseDate, parseDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { DateTimeField } from "@web/views/fields/datetime/datetime_field";

import { useExternalListener } from "@odoo/owl";

const formatters = registry.category("formatters");

/** Write a moment as offices do, with the year: 26/11/2026 04:02. */
function write(value, { showDate = true, showTime = true, showSeconds = false } = {}) {
    if (!value) {
        return "";
    }
    const { dateFormat, timeFormat } = localization;
    const time = showSeconds ? timeFormat : timeFormat.replace(":ss", "");
    return value.toFormat([showDate && dateFormat, showTime && time].filter(Boolean).join(" "));
}

for (const [name, options] of [["date", { showTime: false }], ["datetime", {}]]) {
    const format = formatters.get(name);
    // What is to be read alone: with `numeric` it is as it is typed
    const formatWritten = (value, given = {}) =>
        given.numeric ? format(value, given) : write(value, { ...given, ...options });
    formatWritten.extractOptions = format.extractOptions;
    formatters.add(name, formatWritten, { force: true });
}

patch(DateTimeField.prototype, {
    setup() {
        super.setup();
        this.notification = useService("notification");
        // Each way to leave the field, before its calendar puts back what was there
        const capture = { capture: true };
        useExternalListener(window, "change", () => this.checkTyped(), capture);
        useExternalListener(window, "pointerdown", (ev) => this.checkLeft(ev), capture);
        useExternalListener(window, "keydown", (ev) => this.checkLeft(ev), capture);
    },

    checkLeft(ev) {
        const inputs = [this.startDate.el, this.endDate.el];
        const leaves =
            ev.type === "keydown"
                ? ["Tab", "Enter"].includes(ev.key) && inputs.includes(ev.target)
                : !inputs.includes(ev.target);
        if (leaves) {
            this.checkTyped();
        }
    },

    /** Say that what was typed is no date: Odoo takes it away without a word. */
    checkTyped() {
        const parse = this.field.type === "date" ? parseDate : parseDateTime;
        for (const input of [this.startDate.el, this.endDate.el]) {
            if (input?.tagName !== "INPUT" || !input.value || input.value === this.wrong) {
                continue;
            }
            try {
                parse(input.value);
                this.wrong = null;
            } catch {
                this.wrong = input.value;
                const text = _t("“%s” is no date. Please write it as day/month/year.", input.value);
                this.notification.add(text, { type: "warning" });
            }
        }
    },

    getFormattedValue(valueIndex, numeric = this.props.numeric) {
        const value = this.values[valueIndex];
        if (numeric || !value) {
            return super.getFormattedValue(valueIndex, numeric);
        }
        if (this.field.type === "date") {
            return write(value, { showTime: false });
        }
        const { showSeconds, showTime } = this.props;
        const [start] = this.values;
        const showDate = !showTime || valueIndex !== 1 || !start || !start.hasSame(value, "day");
        return write(value, { showDate, showTime, showSeconds });
    },
});
