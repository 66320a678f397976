"""Is a word written as a syllable of Vietnamese is? Nothing of Odoo.

Vietnamese is written in syllables of one onset, one rhyme and one of six tones. Bytes
that are read with the wrong character set hardly ever give such a syllable, so that
counting them tells which set was meant.
"""

import re
import unicodedata
from functools import lru_cache

# Grave, hook, tilde, acute, dot
TONES = "\u0300\u0309\u0303\u0301\u0323"
_SHARP_OR_DOT = {"\u0301", "\u0323"}
_ONSET = "ngh|ng|nh|kh|th|tr|ch|ph|gh|gi|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_RHYME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|ăc|ăm|ăn|ăng|ăp|ăt|âc|âm|ân|âng|âp|ât|"
    "âu|ây|e|ec|em|en|eng|eo|ep|et|ê|êch|êm|ên|ênh|êp|êt|êu|i|ia|ich|im|in|inh|ip|"
    "it|iu|iêc|iêm|iên|iêng|iêp|iêt|iêu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|"
    "oat|oay|oăc|oăm|oăn|oăng|oăp|oăt|oc|oe|oen|oeo|oet|oi|om|on|ong|ooc|oong|op|ot|"
    "ô|ôc|ôi|ôm|ôn|ông|ôp|ôt|ơ|ơi|ơm|ơn|ơp|ơt|u|ua|uac|uai|uan|uang|uanh|uao|uat|"
    "uau|uay|uăng|uăt|uân|uâng|uât|uây|uc|ue|uê|uêch|uênh|uêu|ui|um|un|ung|uo|uơ|uô|"
    "uôc|uôi|uôm|uôn|uông|uôt|up|ut|uy|uya|uych|uynh|uyn|uyp|uyt|uyu|uyên|uyêt|ư|ưa|"
    "ưc|ưi|ưm|ưn|ưng|ưt|ưu|ươ|ươc|ươi|ươm|ươn|ương|ươp|ươt|ươu|y|yê|yêm|yên|yêng|"
    "yêt|yêu|ych|ynh|yt"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_RHYME})")


@lru_cache(maxsize=4096)
def is_syllable(word: str) -> bool:
    """Return whether a word is one syllable in small, large or leading letters."""
    word = unicodedata.normalize("NFC", word)
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in letters if char in TONES]
    plain = unicodedata.normalize(
        "NFC", "".join(char for char in letters if char not in TONES)
    )
    if len(tones) > 1 or not _SYLLABLE.fullmatch(plain):
        return False
    # What ends in a stop has the rising or the heavy tone, and no other.
    ends = plain.endswith(("c", "ch", "p", "t"))
    return not (ends and tones and tones[0] not in _SHARP_OR_DOT)
