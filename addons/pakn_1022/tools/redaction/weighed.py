"""Names by the rules and by the weights together: what is hidden, what may be a name.

What the rules find is hidden unless the weights speak clearly against it; what they do
not find is hidden where the weights speak clearly for it. What lies between is marked.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from ..masking import HIDDEN
from . import words as lists
from .names import find_names
from .spans import Span
from .tagger import weigh_words
from .tokens import Word, is_glued

# With SURE a name is hidden though no rule finds it, if each of its words has NEXT;
# with MARKED it is marked. Chosen by `bin/train_redaction.py --cross`
SURE, NEXT, MARKED = 8, 3, -5
# Under UNLIKELY what a rule takes for a name is only marked; under HARDLY what a rule
# takes for what may be a name is not
UNLIKELY, HARDLY = -18, -60
# Before what bears people's names and is nobody, but also before people: “nhà Bá”
_PLACES = (lists.PLACES | lists.BUSINESSES | lists.ROADS) - {"nhà", "viên", "án", "lý"}


def find_people(text: str) -> Iterator[Span]:
    """Find names that are hidden."""
    yield from take_likely(text, find_names(text), UNLIKELY)
    words = [word for word, _score in weigh_words(text)]
    for first, last in _find_weighed(text, SURE, NEXT):
        if not _is_readable(text, words, first):
            yield Span(words[first].start, words[last].end, "name")


def find_unsure(text: str) -> Iterator[Span]:
    """Find what may be a name, all that :func:`find_people` finds among it."""
    for span in find_names(text):
        yield span._replace(kind="doubtful")
    weighed = weigh_words(text)
    for first, last in _find_weighed(text, MARKED, MARKED):
        yield Span(weighed[first][0].start, weighed[last][0].end, "doubtful")


def take_likely(text: str, spans: Iterable[Span], least: float) -> Iterator[Span]:
    """Yield the spans of which one word has at least a score, or none was weighed."""
    weighed = weigh_words(text)
    starts = [word.start for word, _score in weighed]
    ends = [word.end for word, _score in weighed]
    for span in spans:
        first, last = bisect_right(ends, span.start), bisect_left(starts, span.end)
        scores = [score for _word, score in weighed[first:last]]
        if not scores or max(scores) >= least:
            yield span


def _is_readable(text: str, words: Sequence[Word], index: int) -> bool:
    """Return whether a name is a place's or a firm's, or stands behind a hidden one."""
    if not index:
        return False
    before, word = words[index - 1], words[index]
    if HIDDEN in text[before.end : word.start]:
        return True  # what stood there spoke against it: “*** Lê Đức Thọ”
    return before.lower in _PLACES and is_glued(text, before, word)


def _find_weighed(
    text: str, least: float, least_each: float
) -> Iterator[tuple[int, int]]:
    """Find the first and the last of words in a row, one of which has at least a score.

    :param least_each: the score that every one of them has
    """
    weighed = weigh_words(text)
    run: list[int] = []
    capitals = 0
    for index, (word, score) in enumerate(weighed):
        is_name = score >= least_each and word.text[0].isalpha()
        # “Nguyễn Văn A hỏng”: two capitals are a name, what is small is told of it
        if capitals > 1 and word.text[0].islower():
            is_name = False
        before = weighed[index - 1][0] if index else word
        if run and (not is_name or text[before.end : word.start].strip()):
            if max(weighed[place][1] for place in run) >= least:
                yield run[0], run[-1]
            run, capitals = [], 0
        if is_name:
            run.append(index)
            capitals += word.text[0].isupper()
    if run and max(weighed[place][1] for place in run) >= least:
        yield run[0], run[-1]
