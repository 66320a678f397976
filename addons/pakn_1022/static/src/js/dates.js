import { DateTimeInput } from "@web/core/datetime/datetime_input";
import {
    deserializeDateTime,
    parseDate,
    parseDateTime,
    serializeDateTime,
} from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Range } from "@web/core/tree_editor/tree_editor_components";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { DateTimeField } from "@web/views/fields/datetime/datetime_field";

import { useExternalListener, useRef } from "@odoo/owl";

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

/**
 * Say that what was typed is no date: Odoo takes it away without a word.
 *
 * @param {() => (HTMLElement | null)[]} getInputs
 * @param {() => string} getType "date" or "datetime"
 */
function useTypedDateCheck(getInputs, getType) {
    const notification = useService("notification");
    let wrong = null;

    function checkTyped() {
        const parse = getType() === "date" ? parseDate : parseDateTime;
        for (const input of getInputs()) {
            if (input?.tagName !== "INPUT" || !input.value || input.value === wrong) {
                continue;
            }
            try {
                parse(input.value);
                wrong = null;
            } catch {
                wrong = input.value;
                const text = _t("“%s” is no date. Please write it as day/month/year.", input.value);
                notification.add(text, { type: "warning" });
            }
        }
    }

    function checkLeft(ev) {
        const inputs = getInputs();
        const leaves =
            ev.type === "keydown"
                ? ["Tab", "Enter"].includes(ev.key) && inputs.includes(ev.target)
                : !inputs.includes(ev.target);
        if (leaves) {
            checkTyped();
        }
    }

    // Each way to leave the field, before its calendar puts back what was there
    const capture = { capture: true };
    useExternalListener(window, "change", checkTyped, capture);
    useExternalListener(window, "pointerdown", checkLeft, capture);
    useExternalListener(window, "keydown", checkLeft, capture);
}

// What filters of lists are written with
patch(DateTimeInput.prototype, {
    setup() {
        super.setup();
        const input = useRef("start-date");
        useTypedDateCheck(
            () => [input.el],
            () => this.props.type || "datetime"
        );
    },
});

const MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** The days from … to …: the last one counts to its end, and lies not before the first. */
patch(Range.prototype, {
    setup() {
        super.setup();
        this.notification = useService("notification");
    },

    update(index, newValue) {
        let value = newValue;
        if (index === 1 && MOMENT.test(value)) {
            const end = deserializeDateTime(value);
            if (+end === +end.startOf("day")) {
                value = serializeDateTime(end.endOf("day"));
            }
        }
        const [first, last] = index ? [this.props.value[0], value] : [value, this.props.value[1]];
        if (typeof first === "string" && typeof last === "string" && last < first) {
            const text = _t("The last day lies before the first, so nothing will be found.");
            this.notification.add(text, { type: "warning" });
        }
        return super.update(index, value);
    },
});

patch(DateTimeField.prototype, {
    setup() {
        super.setup();
        useTypedDateCheck(
            () => [this.startDate.el, this.endDate.el],
            () => this.field.type
        );
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
