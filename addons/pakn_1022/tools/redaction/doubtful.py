"""What may be a name and was left readable: a second look, for the operator to decide.

The rules leave what a street, a school or a firm may be called after. Here every run of
capitals that begins with a family name, every name that stands just behind a word of
work, what the weights do not exclude, and what a recogniser finds where one is
installed, is named again, so that the dialog can mark it; nothing of it is hidden.
"""

from collections.abc import Iterable, Iterator

from . import words as lists
from .second_opinion import find_persons
from .small import get_habit
from .spans import Span, join_spans
from .titled import TITLES, get_work_size, is_famous
from .tokens import (
    MIDDLE_NAMES,
    Word,
    get_surname_size,
    get_words,
    is_glued,
    is_plain,
    is_shouting,
    take_capitals,
)
from .weighed import HARDLY, find_unsure, take_likely

# Before another name: “chi kieu voi ti”
_WITH = frozenset({"voi", "gap", "ten"})
_LETTERS = frozenset({"a", "c", "e"})
# Words of one run of capitals
LONGEST = 4
# Words from one of work to a name: “thợ làm tóc Hằng Nga”
REACH = 4


def find_doubtful(text: str, found: Iterable[Span]) -> list[Span]:
    """Return what may be a name among what was not found, in order.

    :param found: the spans that are hidden anyway
    """
    # 1 for each character that is hidden
    hidden = bytearray(len(text))
    for span in found:
        hidden[span.start : span.end] = b"\1" * (span.end - span.start)
    by_rule = take_likely(text, _find_by_rule(text), HARDLY)
    return [
        span
        for span in join_spans([*by_rule, *find_unsure(text), *_find_by_model(text)])
        if not any(hidden[span.start : span.end])
    ]


def _find_by_rule(text: str) -> Iterator[Span]:
    """Find capitals that begin with a family name, or stand behind a word of work."""
    if is_shouting(text):
        return
    words, plain = get_words(text), is_plain(text)
    if plain:
        yield from _find_small(text, words)
    index = 0
    while index < len(words):
        end = take_capitals(text, words, index, LONGEST)
        if end > index and _is_doubtful(text, words, index, end, plain):
            yield Span(words[index].start, words[end - 1].end, "doubtful")
        index = max(end, index + 1)


def _find_small(text: str, words: list[Word]) -> Iterator[Span]:
    """Find given names without accents behind a word of address, work or “voi”.

    “co hong” is “cô Hồng” or “có hỏng”: who reads it knows.
    """
    habit = get_habit(True)
    for index in range(1, len(words)):
        before, word = words[index - 1], words[index]
        if (
            word.is_capital
            or word.lower not in habit.given - habit.auxiliaries
            or not is_glued(text, before, word)
            or before.lower not in TITLES | _LETTERS | _WITH
            and not _is_after_work(text, words, index)
            or (before.lower, word.lower) in lists.NO_MARKS
        ):
            continue
        following = words[index + 1] if index + 1 < len(words) else None
        is_pair = following and is_glued(text, word, following)
        if is_pair and following and (word.lower, following.lower) in habit.pairs:
            continue
        if is_pair and following and following.lower in habit.given - habit.stops:
            word = following
        yield Span(words[index].start, word.end, "doubtful")


def _is_after_work(text: str, words: list[Word], index: int) -> bool:
    """Return whether a word of work or office ends just before a word."""
    return any(
        get_work_size(text, words, start, True) == index - start
        for start in range(max(0, index - REACH), index)
    )


def _find_by_model(text: str) -> Iterator[Span]:
    """Find what the recogniser takes for people, but for streets and what is famous."""
    words = get_words(text)
    numbers = {word.start: number for number, word in enumerate(words)}
    for span in find_persons(text):
        start = numbers.get(span.start)
        if start is None or not (
            _is_after_road(text, words, start) or is_famous(words, start, start)
        ):
            yield span


def _is_after_road(text: str, words: list[Word], index: int) -> bool:
    """Return whether the words at ``index`` are a street or a school beyond doubt."""
    before = words[index - 1] if index else None
    return (
        before is not None
        and is_glued(text, before, words[index])
        and (before.lower in lists.ROADS or before.text[0].isdigit())
    )


def _is_doubtful(
    text: str, words: list[Word], index: int, end: int, plain: bool
) -> bool:
    """Return whether a run of capitals may be a name."""
    name = words[index:end]
    before = words[index - 1] if index else None
    is_near = before is not None and is_glued(text, before, words[index])
    is_road = _is_after_road(text, words, index)
    size = get_surname_size(words, index)
    if size and len(name) > size:
        # “đường Nguyễn Văn Cừ” is none; “phường Lê Thị Bích” may be somebody
        return not is_road and not is_famous(words, index, end)
    if is_road or is_famous(words, index, end) or not is_near or not _are_given(name):
        return False
    return before.lower in ("cho", "của", "với", "nhờ", "do") or any(
        get_work_size(text, words, start, plain)
        for start in range(max(0, index - REACH), index)
    )


def _are_given(name: list[Word]) -> bool:
    """Return whether each word is one that people are called by."""
    return all(
        word.lower in lists.GIVEN_NAMES or word.lower in MIDDLE_NAMES for word in name
    )
