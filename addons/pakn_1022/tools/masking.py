"""Personal data as shown to those who may not know it. Nothing of Odoo."""

HIDDEN = "***"


def mask_name(name: str | None) -> str:
    """Keep the family name, which comes first: ``Nguyễn Văn A`` → ``Nguyễn ***``."""
    words = (name or "").split()
    if not words:
        return ""
    return f"{words[0]} {HIDDEN}" if len(words) > 1 else HIDDEN


def mask_phone(number: str | None) -> str:
    """Keep the last three digits: ``+84905123456`` → ``***456``."""
    digits = "".join(char for char in number or "" if char.isdigit())
    if not digits:
        return ""
    return HIDDEN + (digits[-3:] if len(digits) >= 8 else "")


def mask_text(text: str | None) -> str:
    """Say only that something was given."""
    return HIDDEN if text else ""
