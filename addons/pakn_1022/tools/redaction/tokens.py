"""The words of a text, and what each may be in a name."""

import re
from typing import NamedTuple

from . import words as lists

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|\d[\w/.\-]*\d|\d\w*")
_GLUE = re.compile(r"['’ʼ]?[ \u00a0]{1,2}")
# “Trần-Văn-Hữu”, as it was written on paper
_HYPHEN = re.compile(r"[-–]")
# After these a capital may be that of a sentence, or of a part of one
_SENTENCE = frozenset('.!?\n"“')
_PART = _SENTENCE | frozenset(":;(-–,/")
# Two ways of setting the accent of open syllables
_OLD = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
_NEW = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"
_RESPELLED = dict(zip(_NEW.split(), _OLD.split(), strict=True))
# Blanks before a word that are looked over
LONGEST_BLANK = 20
# “Rơ Châm Tôi”
_LAST_OF_SURNAMES = frozenset(entry[1] for entry in lists.DOUBLE_SURNAMES)
# What no syllable of the Vietnamese begins with
_FOREIGN = re.compile("(?:dj|kr|kl|ks|kp|bl|br|dr|pl|pr|hl|hr|hm|ml|mr|rm|rc|rl|gr|sr)")
_MARKETS = frozenset({"siêu", "đô", "chợ", "thành", "thế", "sở", "ngày"})
MIDDLE_NAMES = lists.MIDDLE_NAMES | lists.PLAIN_MIDDLE_NAMES


class Word(NamedTuple):
    """A word or a number and its place in the text."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether its first letter is a capital."""
        return self.text[0].isupper()


def get_words(text: str) -> list[Word]:
    """Return the words of a text; ``H'Yến`` and ``45/3`` are one each."""
    return [
        Word(match[0], _respell(match[0].lower()), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


def _respell(word: str) -> str:
    """Return a word with its accent where the lists have it: “hoà” as “hòa”."""
    ending = _RESPELLED.get(word[-2:])
    return word[:-2] + ending if ending and word[-3:-2] != "q" else word


def is_glued(text: str, first: Word, second: Word) -> bool:
    """Return whether only a blank stands between two words."""
    return bool(_GLUE.fullmatch(text, first.end, second.start))


def is_hyphened(text: str, words: list[Word], index: int) -> bool:
    """Return whether a hyphen joins a word to the next, which must be there."""
    return index + 1 < len(words) and bool(
        _HYPHEN.fullmatch(text, words[index].end, words[index + 1].start)
    )


def is_highland(word: Word) -> bool:
    """Return whether a word is written as names of the highlands are: ``H'Lơi``."""
    return word.is_capital and any(mark in word.text for mark in "'’ʼ")


def take_capitals(text: str, words: list[Word], index: int, limit: int = 7) -> int:
    """Return the index after the capitalised words that begin at ``index``."""
    end, size = index, get_surname_size(words, index) if index < len(words) else 0
    while (
        end < len(words)
        and end - index < limit
        and words[end].is_capital
        and not _is_acronym(words, index, end)
        and (_may_end(words, index + size, end, size) or not is_no_name(words, end))
        and (
            end == index
            or is_glued(text, words[end - 1], words[end])
            or _is_initial(text, words, end - 1)
        )
    ):
        end += 1
    return end


def _is_acronym(words: list[Word], start: int, index: int) -> bool:
    """Return whether a word is one of an office behind a name: “Minh Khôi ĐH …”."""
    word = words[index].text
    return (
        index > start
        and len(word) > 1
        and word.isupper()
        and not words[start].text.isupper()
    )


def _may_end(words: list[Word], given: int, index: int, size: int) -> bool:
    """Return whether a word may stand in a name that begins no name itself.

    :param given: the index after the family name
    :param size: words of the family name
    """
    if index == given:
        before = words[given - 1].lower
        if before in _LAST_OF_SURNAMES or words[index].text in ("Y", "A"):
            return True
        # “Trần Hưng Thịnh”, though “Hưng Thịnh” is a firm
        pair = [word.lower for word in words[index : index + 2]]
        return size > 0 and len(pair) == 2 and lists.GIVEN_NAMES.issuperset(pair)
    return index > given and words[index].lower in lists.GIVEN_NAMES


def _is_initial(text: str, words: list[Word], index: int) -> bool:
    """Return whether a word is a letter and a dot before another: “Nguyễn T. Hồng”."""
    first, second = words[index], words[index + 1]
    return len(first.text) == 1 and text[first.end : second.start] in (".", ". ")


def take_hyphened(text: str, words: list[Word], index: int, limit: int = 5) -> int:
    """Return the index after words joined by hyphens, ``index`` if fewer than three."""
    end = index
    while end - index < limit - 1 and is_hyphened(text, words, end):
        end += 1
    return end + 1 if end - index >= 2 else index


def is_no_name(words: list[Word], index: int) -> bool:
    """Return whether a word, written with a capital, begins no name."""
    word = words[index].lower
    if word in lists.NO_NAMES:
        return not is_before_middle(words, index)
    following = words[index + 1].lower if index + 1 < len(words) else ""
    return (word, following) in lists.NO_NAME_PAIRS


def is_before_middle(words: list[Word], index: int) -> bool:
    """Return whether “Thị” or “Văn” and a capital follow a rare family name.

    “cô Ông Thị Nết”, “Mang Văn Tô”, but not “Siêu Thị Sông Ba”, “Sở Văn Hóa”.
    """
    return (
        index + 2 < len(words)
        and words[index + 1].text in ("Thị", "Văn")
        and words[index + 2].is_capital
        and words[index].is_capital
        and words[index].lower not in _MARKETS | lists.PLACES
        and words[index + 2].lower not in lists.CULTURE
        and not (
            words[index].lower in lists.NO_NAMES and words[index + 1].text == "Văn"
        )
    )


def is_of_highlands(word: Word) -> bool:
    """Return whether no Vietnamese word is spelled like this one: “Djoan”, “Kror”."""
    return word.is_capital and bool(_FOREIGN.match(word.lower))


def get_surname_size(words: list[Word], index: int) -> int:
    """Return how many words of a family name begin at ``index``."""
    lower = words[index].lower
    following = words[index + 1].lower if index + 1 < len(words) else ""
    if (lower, following) in lists.DOUBLE_SURNAMES:
        return 2
    return int(lower in lists.SURNAMES or lower in lists.PLAIN_SURNAMES)


def _get_before(text: str, word: Word) -> str:
    """Return the character before a word and the blanks before it, a dot at first."""
    before = text[max(0, word.start - LONGEST_BLANK) : word.start].rstrip()
    return before[-1:] or "."


def is_sentence_start(text: str, word: Word) -> bool:
    """Return whether a sentence begins with a word."""
    return _get_before(text, word) in _SENTENCE


def is_part_start(text: str, word: Word) -> bool:
    """Return whether a sentence or a part of one begins with a word."""
    return _get_before(text, word) in _PART


def is_shouting(text: str) -> bool:
    """Return whether a text is written in capitals."""
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return len(letters) > 15 and capitals > 0.7 * len(letters)


def is_plain(text: str) -> bool:
    """Return whether a text is written without accents, but for some words."""
    letters = sum(char.isalpha() for char in text)
    return sum(ord(char) > 0xBF for char in text) <= 0.03 * letters
