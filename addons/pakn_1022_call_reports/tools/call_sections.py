"""The telephone in a report: two tables, of this period and those compared.

Nothing of Odoo. Their words are Vietnamese whoever prints it, as the whole report's.
"""

from odoo.addons.pakn_1022_reports.tools.section import Column, Row, Section

PERIODS = {
    "now": "Kỳ này",
    "previous": "Kỳ trước",
    "last_year": "Cùng kỳ năm trước",
}
LABEL = "Kỳ"
CALLS = "Điện thoại: cuộc gọi đến (0269) 1022"
TIMES = "Điện thoại: thời gian (giây)"
COUNTED = (
    Column("calls", "Cuộc gọi đến", "int"),
    Column("answered", "Nghe máy", "int"),
    Column("missed", "Nhỡ, bỏ cuộc", "int"),
    Column("answered_share", "Tỷ lệ nghe máy", "share"),
    Column("in_time_share", "Nghe máy trong 20 giây", "share"),
    Column("reached", "Gọi nhỡ đã liên hệ lại", "int"),
)
TIMED = (
    Column("wait", "Chờ, bình quân", "int"),
    Column("wait_90", "Chờ, 90% không quá", "int"),
    Column("talk", "Đàm thoại, bình quân", "int"),
    Column("talk_90", "Đàm thoại, 90% không quá", "int"),
)
NOTE = (
    "Tính các cuộc gọi đến đã kết thúc. Gọi nhỡ đã liên hệ lại: người gọi được gọi lại "
    "hoặc tự gọi lại và gặp nhân viên."
)


def make_sections(figures: dict[str, dict]) -> list[Section]:
    """Return the two tables.

    :param figures: ``{period: {"calls", "answered", "in_time", "reached", "wait",
        "wait_90", "talk", "talk_90"}}``; seconds are None where nothing was measured
    """
    for one in figures.values():
        one["missed"] = one["calls"] - one["answered"]
        for name, part in (
            ("answered_share", "answered"),
            ("in_time_share", "in_time"),
        ):
            one[name] = one[part] / one["calls"] if one["calls"] else None
    return [
        _make("calls", CALLS, COUNTED, figures, NOTE),
        _make("call_times", TIMES, TIMED, figures, None),
    ]


def _make(key, title, columns, figures, note) -> Section:
    rows = [
        Row(period, PERIODS[period], {c.key: found[c.key] for c in columns})
        for period, found in figures.items()
    ]
    return Section(key, list(columns), rows, label=LABEL, note=note, title=title)
