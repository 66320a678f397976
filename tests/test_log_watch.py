"""What the log watch finds, and what it lets pass."""

from tests.log_watch import findings

LINE = "2026-11-23 20:26:27,154 5042 {} dev odoo.addons.pakn_1022: {}"


def test_warnings_and_errors_are_found():
    lines = [
        LINE.format("INFO", "all is well"),
        LINE.format("WARNING", "something is odd"),
        LINE.format("ERROR", "something broke"),
        "  a traceback's line",
    ]
    assert findings(lines) == lines[1:3]


def test_odoos_own_deprecations_pass():
    line = (
        "2026-11-23 20:26:22,637 5042 WARNING dev py.warnings: "
        "/odoo/x.py:82: DeprecationWarning: 'url_encode' is deprecated"
    )
    assert not findings([line])
