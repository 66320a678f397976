"""Mail addresses of citizens."""

import re

from email_validator import EmailNotValidError, validate_email

_NAMED = re.compile(r"[^<>]{0,200}<([^<>]+)>")


def normalize_email(text: str | None) -> str | None:
    """Return the one mail address that a text is, in small letters.

    Whether its server exists is not asked: that takes time, and a server that does not
    answer today may tomorrow.

    :param text: as typed, perhaps with a name before it: ``Name <a@b.vn>``
    :return: ``None`` if it is none that mail can be sent to
    """
    text = (text or "").strip()
    named = _NAMED.fullmatch(text)
    try:
        found = validate_email(
            named[1].strip() if named else text,
            check_deliverability=False,
            strict=True,
            # Odoo sends to ASCII addresses alone
            allow_smtputf8=False,
        )
    except (EmailNotValidError, UnicodeError):
        return None
    return (found.ascii_email or "").lower() or None
