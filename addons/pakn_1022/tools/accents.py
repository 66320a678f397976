"""Vietnamese letters and their marks. Nothing of Odoo."""

import unicodedata

# The one letter that Unicode does not take apart
_BARRED = str.maketrans("đĐ", "dD")
# Marks on one letter; Vietnamese has two
LONGEST_RUN = 30
# Joins nothing and is not shown
_JOINER = "\u034f"


def compose(text: str) -> str:
    """Return a text with each letter and its marks as one character (NFC).

    Unicode sorts the marks of a letter, and that takes the square of their number; so
    a run that is longer than any language's is broken (UAX #15, stream-safe format).
    """
    return unicodedata.normalize("NFC", _break_runs(text))


def strip_accents(text: str) -> str:
    """Return a text without accents: ``Đèn đường`` → ``Den duong``.

    Composed texts keep their length, so that places found in the one hold in the other.
    """
    decomposed = unicodedata.normalize("NFD", _break_runs(text.translate(_BARRED)))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _break_runs(text: str) -> str:
    """Return a text without more than :data:`LONGEST_RUN` marks after each other."""
    if text.isascii():
        return text
    chars, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > LONGEST_RUN:
            chars.append(_JOINER)
            run = 1
        chars.append(char)
    return "".join(chars)
