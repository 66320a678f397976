"""What visitors type into a search box, made fit to be searched. Nothing of Odoo."""

import re
import unicodedata

# Characters and words of a query that are looked at
LENGTH = 200
WORDS = 8


def clean_query(text):
    """Return a query on one line, in composed Unicode, without control characters.

    :param text: anything; what is no string is no query
    """
    if not isinstance(text, str):
        return ""
    text = unicodedata.normalize("NFC", text[:LENGTH])
    text = "".join(
        " " if unicodedata.category(char).startswith("C") else char for char in text
    )
    return " ".join(text.split())


def split_words(text, most=WORDS):
    """Return the different words of a text in lower case.

    :param most: return so many at most, of what :func:`clean_query` leaves of the
        text; ``None`` for all of a text of our own
    """
    text = text if most is None else clean_query(text)
    words = re.findall(r"\w+", text.lower().replace("_", " "))
    return list(dict.fromkeys(words))[:most]
