"""The telephone in a report: two tables of this period and those compared, and two
appendices of this period by hour of the day and by telephone.

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
PARTS = (
    *(column for column in COUNTED if column.key != "answered_share"),
    *TIMED,
)
HOURS = "Cuộc gọi theo giờ"
TELEPHONES = "Cuộc gọi theo máy trực"
HOUR, TELEPHONE = "Giờ trong ngày", "Máy của nhân viên trực"
NOBODY, TOTAL = "Không có người nghe", "Tổng số"
TELEPHONES_NOTE = (
    "Máy nghe cuộc gọi; cuộc gọi được chuyển tính cho máy nghe sau cùng. Thời gian chờ "
    "và đàm thoại tính bằng giây."
)
HOURS_NOTE = (
    "Giờ cuộc gọi đổ chuông. Thời gian chờ và đàm thoại tính bằng giây. “90% không "
    "quá”: trong 100 cuộc gọi có 90 cuộc không quá thời gian đó."
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
        _add_shares(one)
    return [
        _make("calls", CALLS, COUNTED, figures, NOTE),
        _make("call_times", TIMES, TIMED, figures, None),
    ]


def make_part_sections(
    hours: dict[int, dict], telephones: dict[str, dict], total: dict
) -> list[Section]:
    """Return the two appendices, none of a period without calls.

    :param hours: ``{hour: figures}`` as of :func:`make_sections`
    :param telephones: ``{extension: figures}``, empty for calls that nobody answered
    :param total: the figures of them all
    """
    if not total["calls"]:
        return []
    parts = (
        (
            *("calls_by_hour", HOURS, HOUR, HOURS_NOTE),
            {hour: (f"{hour} – {hour + 1} giờ", one) for hour, one in hours.items()},
        ),
        (
            *("calls_by_telephone", TELEPHONES, TELEPHONE, TELEPHONES_NOTE),
            # Nobody's calls come last
            {
                extension or "nobody": (extension or NOBODY, telephones[extension])
                for extension in sorted(telephones, key=lambda key: (not key, key))
            },
        ),
    )
    return [
        Section(
            key,
            list(PARTS),
            [
                *(_make_row(of, text, PARTS, one) for of, (text, one) in rows.items()),
                _make_row("total", TOTAL, PARTS, total, bold=True),
            ],
            label=label,
            appendix=True,
            note=note,
            title=title,
        )
        for key, title, label, note, rows in parts
    ]


def _make_row(key, label, columns, found, **options) -> Row:
    _add_shares(found)
    return Row(key, label, {c.key: found[c.key] for c in columns}, **options)


def _add_shares(one: dict) -> None:
    """Add what follows from the figures of calls, in place."""
    one["missed"] = one["calls"] - one["answered"]
    for name, part in (("answered_share", "answered"), ("in_time_share", "in_time")):
        one[name] = one[part] / one["calls"] if one["calls"] else None


def _make(key, title, columns, figures, note) -> Section:
    rows = [
        Row(period, PERIODS[period], {c.key: found[c.key] for c in columns})
        for period, found in figures.items()
    ]
    return Section(key, list(columns), rows, label=LABEL, note=note, title=title)
