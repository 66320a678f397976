from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import search_words

# What is longer is no word that somebody mistypes by one letter
LONGEST = 20


class PaknSearchWord(models.Model):
    """A word that occurs in some request, for queries with a typing error.

    Without a word of where it occurs, and read by the program alone. One that two
    people were the first to write at the same moment may stand twice: a unique index
    would let the one wait for the other's request.
    """

    _name = "pakn.search.word"
    _description = "Word that requests are found by"
    _rec_name = "word"
    _log_access = False

    word = fields.Char(required=True, readonly=True, index=True)

    @api.model
    def _learn(self, texts):
        """Add the words of texts, as :func:`search_words.keep` gives them."""
        words = {
            word
            for text in texts
            for word in (text or "").split()
            if len(word) <= LONGEST and word.isalpha()
        }
        if words:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO pakn_search_word (word)
                       SELECT wanted FROM unnest(%s) AS wanted
                        WHERE NOT EXISTS (SELECT FROM pakn_search_word AS known
                                           WHERE known.word = wanted)""",
                    sorted(words),
                )
            )

    @api.model
    def _filter_known(self, words):
        """Return which words stand in some request, and which near ones of theirs."""
        candidates = {
            other
            for word in words
            if not word.isdigit()
            for other in (
                word,
                *search_words.get_neighbours(word),
                *search_words.get_pieces(word),
            )
        }
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT word FROM pakn_search_word WHERE word = ANY(%s)",
                list(candidates),
            )
        )
        return {word for [word] in rows}
