from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext


class PaknArticle(models.Model):
    """Articles that may answer a citizen before the request is sent."""

    _inherit = "pakn.article"

    @api.model
    def _find_for_site(self, words, limit=3):
        """Return the articles, valid today, whose question is like these words.

        :param str words: the first sentence as typed so far
        """
        unaccent = self.env.registry.unaccent
        name, words = unaccent(SQL("name")), unaccent(SQL("%s", words))
        self.env.cr.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.45")
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM pakn_article
                    WHERE active AND %(name)s %%> %(words)s
                      AND (date_from IS NULL OR date_from <= %(today)s)
                      AND (date_to IS NULL OR date_to >= %(today)s)
                    ORDER BY word_similarity(%(words)s, %(name)s) DESC, id
                    LIMIT %(limit)s""",
                name=name,
                words=words,
                today=fields.Date.context_today(
                    self.with_context(tz="Asia/Ho_Chi_Minh")
                ),
                limit=limit,
            )
        )
        return self.browse([article_id for [article_id] in rows])

    def _get_site_excerpt(self, length=300):
        """Return the beginning of the answer as plain text."""
        self.ensure_one()
        text = html2plaintext(self.answer or "", include_references=False)
        text = " ".join(text.split())
        return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"
