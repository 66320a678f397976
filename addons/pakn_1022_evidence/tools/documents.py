"""Documents on paper: their numbers and dates, as Decree 30/2020/ND-CP writes them.

What stands on the paper is Vietnamese whoever prints it. Nothing of Odoo.
"""

from datetime import date

# Kind of document -> the letters of its sign (Decree 30, Annex III)
SIGNS = {"slip": "PC", "reply": "TL", "answer": "TL", "file": "HS"}
# Of the hotline itself
HOTLINE = "1022"


def get_name(kind: str, number: int, issuer: str | None = None) -> str:
    """Return number and sign of a document, as “15/PC-1022”.

    :param issuer: code of the unit that issues it; the hotline where there is none
    """
    return f"{number}/{SIGNS[kind]}-{issuer or HOTLINE}"


def get_file_name(kind: str, name: str) -> str:
    """Return a name for the file, without what no file may be called."""
    words = {"slip": "phieu-chuyen", "reply": "ket-qua", "answer": "tra-loi"}
    return f"{words.get(kind, 'ho-so')}-{name.replace('/', '-')}.pdf"


def write_date(day: date) -> str:
    """Return a day as it stands under the motto."""
    return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"


def write_size(size: int) -> str:
    """Return a number of bytes as people read it.

    >>> write_size(1536)
    '1,5 kB'
    """
    amount, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            break
        amount /= 1024
    text = f"{amount:.0f}" if unit == "B" else f"{amount:.1f}".replace(".", ",")
    return f"{text} {unit}"
