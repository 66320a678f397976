"""Moments as browsers send them: local time of Gia Lai. Nothing of Odoo."""

from datetime import datetime

from odoo.addons.pakn_1022.tools.province import to_local, to_utc

# What an input of type datetime-local sends; typed by hand where a browser has none
PATTERNS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y")


def parse_local(text):
    """Return a moment of Gia Lai as naive UTC.

    :raise ValueError: it is none
    """
    text = " ".join(str(text or "").split())
    for pattern in PATTERNS:
        try:
            moment = datetime.strptime(text, pattern)
        except ValueError:
            continue
        if not 2000 <= moment.year < 2100:
            break
        return to_utc(moment)
    raise ValueError("no moment")


def format_local(moment, pattern="%Y-%m-%dT%H:%M"):
    """Return a naive UTC moment in local time; the pattern is of ``strftime``."""
    return to_local(moment).strftime(pattern)
