"""Free text without what tells who somebody is. Nothing of Odoo."""

import re

HIDDEN = "***"
# Digits as people write numbers of phones, accounts and identity cards
_NUMBER = re.compile(r"(?<!\w)\+?\(?\d(?:[\s.\-()]*\d){7,}")
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


def redact(text):
    """Return the text with phone numbers and addresses of mail hidden.

    Eight digits or more in a row, however they are separated; dates stay.
    """
    text = _EMAIL.sub(HIDDEN, text or "")
    return _NUMBER.sub(_hide, text)


def _hide(match):
    found = match.group()
    return found if re.fullmatch(r"\d{1,2}[.\-]\d{1,2}[.\-]\d{4}", found) else HIDDEN
