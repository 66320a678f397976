"""Which field a citizen's words are about. Nothing of Odoo.

Words of the fields (names, keywords, titles of earlier requests) are weighed by how few
fields use them (TF-IDF); pairs of syllables weigh more than one, for Vietnamese words
mostly have two. Accents do not count: many write without.
"""

import math
import re
from collections import Counter, defaultdict

from odoo.addons.pakn_1022.tools import accents

_WORD = re.compile(r"[a-z0-9]+")
PAIR = 3.0


def strip_accents(text):
    """Return text in small letters and without Vietnamese accents."""
    return accents.strip_accents(text.lower())


def get_terms(text):
    """Return the weighed terms of a text: syllables and pairs of neighbours."""
    words = _WORD.findall(strip_accents(text))
    terms = Counter({word: 1.0 for word in words if len(word) > 1})
    for first, second in zip(words, words[1:], strict=False):
        terms[f"{first} {second}"] = PAIR
    return terms


class FieldGuesser:
    """Learned once from the fields, then asked for each text.

    :param iterable documents: ``(key, text)``; several of one key add up
    """

    def __init__(self, documents):
        counts = defaultdict(Counter)
        for key, text in documents:
            counts[key].update(get_terms(text))
        spread = Counter(term for terms in counts.values() for term in terms)
        self._weights = defaultdict(dict)
        for key, terms in counts.items():
            weights = {
                term: (1 + math.log(count))
                * math.log((1 + len(counts)) / (0.5 + spread[term]))
                for term, count in terms.items()
            }
            norm = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
            for term, weight in weights.items():
                # The root: a field with many words is not the worse for them
                self._weights[term][key] = weight / math.sqrt(norm)

    def guess(self, text, count=3):
        """Return at most ``count`` keys, the likeliest first; none if nothing fits.

        :param str text: the citizen's words
        """
        scores = defaultdict(float)
        for term, weight in get_terms(text).items():
            for key, known in self._weights.get(term, {}).items():
                scores[key] += min(weight, PAIR) * known
        ranked = sorted(scores.items(), key=lambda item: (-item[1], str(item[0])))
        if not ranked:
            return []
        best = ranked[0][1]
        return [key for key, score in ranked[:count] if score >= best / 3]
