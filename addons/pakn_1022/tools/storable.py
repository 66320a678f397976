"""Texts that came as JSON from others, fit to be kept. Nothing of Odoo."""

import re

# What JSON may hold, and neither PostgreSQL nor UTF-8 does (RFC 8259, 8.2)
_UNFIT = re.compile("[\x00\ud800-\udfff]")


def make_storable(text: str) -> str:
    """Return a text without what no database keeps: NUL and halves of a pair.

    >>> make_storable("đèn \\ud83d hỏng\\x00")
    'đèn  hỏng'
    """
    return _UNFIT.sub("", text)
