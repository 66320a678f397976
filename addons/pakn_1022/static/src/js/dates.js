import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { DateTimeField } from "@web/views/fields/datetime/datetime_field";

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
