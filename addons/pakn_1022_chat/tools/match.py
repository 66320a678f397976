"""Which titles fit what somebody wrote, with or without accents. Nothing of Odoo."""

import re
from collections import Counter
from collections.abc import Sequence

from .words import fold


def _list(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that are in every question
_COMMON = _list(
    """
    o dau la gi co khong the nao lam sao cho toi hoi minh em a voi can nhung cac va
    cua duoc thi khi bao nhieu muon xin nhu ve tai de thu tuc ad nhe vay may lau ra
    phai gap mot ai nay kia
    """
)
# A title fits from this share of its words on
SHARE = 0.4


def find_fitting(text: str, titles: Sequence[str], count: int = 3) -> list[int]:
    """Return the places of the titles that fit a text, the best first.

    Rare words count more than those in many titles; a title fits when a good part of
    its words, and two of them at least, are in the text.
    """
    wanted = _split(text)
    split = [_split(title) for title in titles]
    often = Counter(word for words in split for word in words)
    found = []
    for place, words in enumerate(split):
        shared = words & wanted
        whole = sum(1 / often[word] for word in words)
        share = sum(1 / often[word] for word in shared) / whole if whole else 0
        if len(shared) >= min(2, len(words)) and share >= SHARE:
            found.append((-share, place))
    return [place for _share, place in sorted(found)[:count]]


def _split(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text))) - _COMMON
