"""Lists of words by which names are told from other words, read once from ``lists/``.

One entry a line, in small letters unless the list is compared as written; lines that
begin with ``#`` explain.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ..accents import strip_accents as strip_marks

FOLDER = Path(__file__).parent / "lists"


def read_words(name: str) -> frozenset[str]:
    """Return the entries of a list, e.g. of ``lists/titles.txt``."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def read_pairs(name: str) -> frozenset[tuple[str, ...]]:
    """Return the entries of a list that has two words a line."""
    return frozenset(tuple(entry.split()) for entry in read_words(name))


@lru_cache(4096)
def _strip_char(char: str) -> str:
    return strip_marks(char).lower()[:1] or char


def strip_accents(text: str) -> str:
    """Return a text in small letters and without accents, each character for one.

    What stands at a place of the result stands there in the text, whatever the text.
    """
    return text.lower() if text.isascii() else "".join(map(_strip_char, text))


def strip_all(entries: Iterable[str]) -> frozenset[str]:
    """Return entries without accents."""
    return frozenset(map(strip_accents, entries))


def split_all(entries: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Return entries as tuples of their words."""
    return frozenset(tuple(entry.split()) for entry in entries)


WEAK_SURNAMES = read_words("weak_surnames")
STRONG_SURNAMES = read_words("surnames")
SURNAMES = STRONG_SURNAMES | WEAK_SURNAMES
DOUBLE_SURNAMES = read_pairs("double_surnames")
PLAIN_SURNAMES = read_words("plain_surnames") | strip_all(STRONG_SURNAMES)
MIDDLE_NAMES = read_words("middle_names")
PLAIN_MIDDLE_NAMES = strip_all(MIDDLE_NAMES)
GIVEN_NAMES = read_words("given_names")
PLAIN_GIVEN_NAMES = strip_all(GIVEN_NAMES)
FAMOUS = read_words("famous")
COMMUNES = read_words("communes")
PLAIN_FAMOUS = strip_all(FAMOUS)
TITLES = read_words("titles")
PLAIN_TITLES = read_words("plain_titles")
# Words of work, kin and law; of work and office
PERSONS = read_pairs("persons")
POSTS = read_pairs("posts")
PLAIN_PERSONS = split_all(strip_all(read_words("persons")))
PLAIN_POSTS = split_all(strip_all(read_words("posts")))
LINKS = read_words("links")
NO_NAMES = read_words("no_names") - MIDDLE_NAMES
NO_NAME_PAIRS = read_pairs("no_name_pairs")
SMALL_PAIRS = read_pairs("small_pairs")
SMALL_VERBS = read_words("small_verbs")
PLAIN_PAIRS = read_pairs("plain_pairs")
PLAIN_VERBS = read_words("plain_verbs")
SCHOOL_WORDS = read_words("schools")
PLACES = read_words("places")
ALONE = read_words("alone")
NO_PERSONS = read_pairs("no_persons")
STOPS = read_words("stops")
PLAIN_STOPS = read_words("plain_stops") | strip_all(STOPS)
NICKS = read_words("nicks")
SMALL_DEEDS = read_words("deeds")
PLAIN_NICKS = strip_all(NICKS)
NO_GIVEN = read_words("no_given")
WEAK_TITLES = read_words("weak_titles")
WEAK_PLAIN_SURNAMES = read_words("weak_plain_surnames")
WEAK_PLACES = read_words("weak_places")
NICK_STARTS = read_words("nick_starts")
NETWORKS = read_words("networks")
SAINTS = read_words("saints")
LEVELS = read_words("levels")
AUXILIARIES = read_words("auxiliaries")
PLAIN_AUXILIARIES = strip_all(AUXILIARIES)
PLAIN_OPENERS = read_words("plain_openers")
PLAIN_BEFORE = read_words("plain_before")
NO_SMALL_SURNAMES = read_words("no_small_surnames")
ROADS = read_words("roads")
LETTERED = read_words("lettered")
NUMBERED = read_words("numbered")
SCIENCES = read_words("sciences")
NO_OWNERS = read_words("no_owners")
BUSINESSES = read_words("businesses")
BEFORE_NAMES = read_words("before_names")
NO_MARKS = read_pairs("no_marks")
HIGHLAND_NAMES = read_words("highland_names")
CULTURE = read_words("culture")
SURE_SMALL = read_words("sure_small")
OFFICES = read_words("offices")
WORD_NICKS = read_words("word_nicks")
