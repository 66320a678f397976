"""Learn the weights of the redaction from the marked texts of its tests.

Writes ``addons/pakn_1022/tools/redaction/weights.txt``, the same for the same texts, in
some minutes. The texts are multiplied: without accents, in small letters, with other
names, and with names of people for those of streets and firms, so that what stands
beside a name is learned and not the name. The texts of ``held_out.txt`` are not read.

usage: train_redaction.py           writes the weights
       train_redaction.py --cross   writes nothing; learns from all texts but a quarter
                                    of others.txt, four times, and says what it finds
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "addons/pakn_1022"))
from tools.redaction import find, find_doubtful, tagger  # noqa: E402 - found there
from tools.redaction import words as lists  # noqa: E402
from tools.redaction.tokens import (  # noqa: E402
    MIDDLE_NAMES,
    Word,
    get_words,
    is_glued,
    is_plain,
)
from tools.redaction.words import strip_accents  # noqa: E402

FOLDER = ROOT / "addons/pakn_1022/tests/redaction"
OWN = (
    "personal.txt",
    "clean.txt",
    "earlier.txt",
    "later.txt",
    "learned.txt",
    "further.txt",
)
OTHERS = "others.txt"
MARKED = re.compile(r"\{(\w+)\|([^}]+)\}")
NAMES = frozenset({"titled", "small", "name", "minority", "nick"})
ROUNDS, SEED, FOLDS = 8, 1, 4
# Score by which the right reading must be better while it is learned
DISTANCE = 3
# A sign must stand in so many words; so many signs are kept, those that say most
LEAST, KEPT = 3, 20_000

# A text and its marked places ``(start, end, kind)``
Marked = tuple[str, list[tuple[int, int, str]]]
# Of each word the numbers of its signs, and what each word is
Example = tuple[list[list[int]], list[int]]


def read_texts(names: Iterable[str]) -> list[Marked]:
    """Return the texts of files with their marked places."""
    texts = []
    for name in names:
        for line in (FOLDER / name).read_text("utf-8").splitlines():
            if not line.startswith("#"):
                pieces = MARKED.split(line)
                texts.append(
                    _join(pieces[::3], zip(pieces[1::3], pieces[2::3], strict=True))
                )
    return texts


def _join(between: Iterable[str], marked: Iterable[tuple[str, str]]) -> Marked:
    """Return the text of ``between[0]``, a marked piece, ``between[1]`` and so on."""
    between = iter(between)
    text, spans = next(between), []
    for (kind, piece), following in zip(marked, between, strict=True):
        spans.append((len(text), len(text) + len(piece), kind))
        text += piece + following
    return text, spans


def get_states(words: list[Word], spans: list[tuple[int, int, str]]) -> list[int]:
    """Return what each word is."""
    states = [tagger.OTHER] * len(words)
    for start, end, kind in spans:
        state = tagger.FIRST
        for index, word in enumerate(words):
            if kind in NAMES and word.start < end and word.end > start:
                states[index], state = state, tagger.NEXT
    return states


class Multiplier:
    """Makes further texts of marked ones."""

    def __init__(self, texts: list[Marked]):
        self.random = random.Random(SEED)
        words = [
            word.lower()
            for text, spans in texts
            for start, end, kind in spans
            if kind in NAMES - {"nick"}
            for word in text[start:end].split()
        ]
        self.pool = [w for w in words if w.isalpha() and w != strip_accents(w)]
        self.pool += sorted(lists.GIVEN_NAMES) * 2

    def multiply(self, texts: list[Marked]) -> list[Marked]:
        """Return the texts and those that are made of them."""
        made = list(texts)
        for text, spans in texts:
            chance = self.random.random
            if not is_plain(text):
                made.append((strip_accents(text), spans))
            if chance() < 0.5 and text.lower() != text:
                made.append((text.lower(), spans))
            for other in (
                self.replace_places(text, spans),
                self.replace_names(text, spans),
            ):
                if other:
                    plain = strip_accents(other[0]) if chance() < 0.3 else other[0]
                    made.append((plain, other[1]))
        return made

    def replace_names(self, text: str, spans: list) -> Marked | None:
        """Return a text with other people in it, None where there are none."""
        if not any(kind in NAMES for *_place, kind in spans):
            return None
        between, marked, position = [], [], 0
        for start, end, kind in spans:
            words = text[start:end].split(" ")
            if kind in NAMES - {"nick"}:
                words = [self._replace(word, is_plain(text)) for word in words]
            between.append(text[position:start])
            marked.append((kind, " ".join(words)))
            position = end
        return _join([*between, text[position:]], marked)

    def _replace(self, word: str, plain: bool) -> str:
        if not word.isalpha() or self.random.random() > 0.6:
            return word
        other = self.random.choice(self.pool)
        other = strip_accents(other) if plain else other
        if word.isupper() and len(word) > 1:
            return other.upper()
        return other.capitalize() if word[0].isupper() else other

    def replace_places(self, text: str, spans: list) -> Marked | None:
        """Return a text with names of people for those of streets and firms."""
        words = get_words(text)
        taken = {place for start, end, _kind in spans for place in range(start, end)}

        def is_part(index: int) -> bool:
            word = words[index]
            return (
                word.is_capital
                and word.text.isalpha()
                and not (len(word.text) > 1 and word.text.isupper())
                and word.start not in taken
                and word.lower in lists.SURNAMES | lists.GIVEN_NAMES | MIDDLE_NAMES
            )

        shift, replaced, index = [0] * (len(text) + 1), text, 0
        while index < len(words):
            end = index
            while end < len(words) and is_part(end) and _joins(text, words, index, end):
                end += 1
            before = words[index - 1] if index else None
            if (
                end - index > 1
                and before
                and is_glued(text, before, words[index])
                and before.start not in taken
                and before.lower not in lists.TITLES
            ):
                for word in words[index:end]:
                    if self.random.random() < 0.35:
                        continue
                    other = self.random.choice(self.pool).capitalize()
                    start = word.start + shift[word.start]
                    replaced = (
                        replaced[:start] + other + replaced[start + len(word.text) :]
                    )
                    for place in range(word.end, len(text) + 1):
                        shift[place] += len(other) - len(word.text)
            index = max(end, index + 1)
        if replaced == text:
            return None
        return replaced, [(a + shift[a], b + shift[b], kind) for a, b, kind in spans]


def _joins(text: str, words: list[Word], start: int, index: int) -> bool:
    return index == start or is_glued(text, words[index - 1], words[index])


class Learner:
    """Averaged perceptron over the readings of texts (Collins 2002)."""

    def __init__(self, texts: list[Marked]):
        raw = []
        for text, spans in texts:
            words = get_words(text)
            if words:
                raw.append((list(tagger.get_signs(text, words)), words, spans))
        counts = Counter(
            sign for signs, *_rest in raw for word in signs for sign in word
        )
        self.numbers = {
            sign: number
            for number, sign in enumerate(
                sign for sign, count in counts.items() if count >= LEAST
            )
        }
        self.examples: list[Example] = [
            (
                [
                    [self.numbers[s] for s in word if s in self.numbers]
                    for word in signs
                ],
                get_states(words, spans),
            )
            for signs, words, spans in raw
        ]
        self.weights = [[0.0] * 3 for _sign in self.numbers]
        self.sums = [[0.0] * 3 for _sign in self.numbers]
        self.joints = [[0.0] * 3 for _before in range(4)]
        self.joint_sums = [[0.0] * 3 for _before in range(4)]
        # A next word of a name has one before it
        self.joints[tagger.OTHER][tagger.NEXT] = self.joints[3][tagger.NEXT] = -1e9
        self.step = 1

    def learn(self) -> None:
        """Read all texts :data:`ROUNDS` times."""
        shuffler = random.Random(SEED)
        for _round in range(ROUNDS):
            shuffler.shuffle(self.examples)
            wrong = 0
            for signs, states in self.examples:
                read = self._read(signs, states)
                if read != states:
                    wrong += 1
                    self._correct(signs, states, 1)
                    self._correct(signs, read, -1)
                self.step += 1
            print(f"{wrong} of {len(self.examples)} texts read wrong", file=sys.stderr)

    def _read(self, signs: list[list[int]], right: list[int]) -> list[int]:
        """Return the best reading, where what is wrong has :data:`DISTANCE` more."""
        best, backs = [0.0] * 3, []
        for index, word in enumerate(signs):
            scores = [0.0 if right[index] == state else DISTANCE for state in range(3)]
            for number in word:
                weight = self.weights[number]
                scores[0] += weight[0]
                scores[1] += weight[1]
                scores[2] += weight[2]
            if not index:
                best = [self.joints[3][state] + scores[state] for state in range(3)]
                continue
            back, following = [], []
            for state in range(3):
                ways = [best[prior] + self.joints[prior][state] for prior in range(3)]
                top = max(ways)
                back.append(ways.index(top))
                following.append(top + scores[state])
            best = following
            backs.append(back)
        reading = [best.index(max(best))]
        for back in reversed(backs):
            reading.append(back[reading[-1]])
        return reading[::-1]

    def _correct(self, signs: list[list[int]], states: list[int], by: int) -> None:
        before = 3
        for word, state in zip(signs, states, strict=True):
            for number in word:
                self.weights[number][state] += by
                self.sums[number][state] += by * self.step
            self.joints[before][state] += by
            self.joint_sums[before][state] += by * self.step
            before = state

    def get_weights(self) -> tagger.Weights:
        """Return the mean of all weights there were, those that say most."""
        signs = {}
        for sign, number in self.numbers.items():
            other, first, following = (
                weight - total / self.step
                for weight, total in zip(
                    self.weights[number], self.sums[number], strict=True
                )
            )
            signs[sign] = round(first - other), round(following - other)
        said = sorted(signs, key=lambda sign: (-max(map(abs, signs[sign])), sign))
        joints = [
            [round(w - t / self.step) for w, t in zip(weights, sums, strict=True)]
            for weights, sums in zip(self.joints, self.joint_sums, strict=True)
        ]
        return tagger.Weights({sign: signs[sign] for sign in said[:KEPT]}, joints)


def learn(texts: list[Marked]) -> tagger.Weights:
    """Return the weights that are learned from texts."""
    learner = Learner(Multiplier(texts).multiply(texts))
    learner.learn()
    return learner.get_weights()


def write(weights: tagger.Weights) -> None:
    """Write the weights, in order of their signs."""
    lines = ["#\t" + "\t".join(map(str, row)) for row in weights.joints]
    lines += [
        f"{sign}\t{first}\t{following}"
        for sign, (first, following) in sorted(weights.signs.items())
        if first or following
    ]
    tagger.FILE.write_text("\n".join(lines) + "\n", "utf-8")


def cross() -> None:
    """Print what is found in each quarter by what the other texts teach."""
    own, others = read_texts(OWN), read_texts([OTHERS])
    for fold in range(FOLDS):
        start, end = (len(others) * part // FOLDS for part in (fold, fold + 1))
        weights = learn([*own, *others[:start], *others[end:]])
        tagger.read_weights = lambda weights=weights: weights
        tagger.weigh_words.cache_clear()
        marked = hidden = seen = found = right = 0
        for text, spans in others[start:end]:
            sure = find(text)
            covered = _get_places(sure)
            blue = covered | _get_places(find_doubtful(text, sure))
            meant = _get_places(spans)
            for first, last, _kind in spans:
                places = {i for i in range(first, last) if text[i].isalnum()}
                marked += 1
                hidden += places <= covered
                seen += places <= blue
            for span in sure:
                places = {i for i in range(*span[:2]) if text[i].isalnum()}
                found += 1
                right += len(places - meant) <= 1
        print(
            f"part {fold}: {hidden / marked:.3f} hidden, {seen / marked:.3f} hidden or "
            f"marked, {right / found:.3f} of what is hidden right",
            flush=True,
        )


def _get_places(spans: Iterable[tuple[int, int, str]]) -> set[int]:
    return {place for start, end, _kind in spans for place in range(start, end)}


if __name__ == "__main__":
    if "--cross" in sys.argv[1:]:
        cross()
    else:
        write(learn(read_texts([*OWN, OTHERS])))
