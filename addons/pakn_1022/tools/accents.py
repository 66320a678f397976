"""Vietnamese letters without their marks. Nothing of Odoo."""

import unicodedata

# The one letter that Unicode does not take apart
_BARRED = str.maketrans("đĐ", "dD")


def strip_accents(text: str) -> str:
    """Return a text without accents: ``Đèn đường`` → ``Den duong``.

    Composed texts keep their length, so that places found in the one hold in the other.
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_BARRED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
