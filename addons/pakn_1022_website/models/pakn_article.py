from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from odoo.addons.pakn_1022.tools.accents import strip_accents

from ..tools.text import excerpt, fold, split_words

RELATED = 5
# Words of a query that are looked at
WORDS = 8


class PaknArticle(models.Model):
    """Articles as citizens find them: searched by words, marked helpful or not.

    Nobody outside has a right on articles; the site reads those of
    :meth:`_get_public_domain` in sudo, and nothing else of them than it shows.
    """

    _inherit = "pakn.article"

    # What is searched, without mark-up, so that "p" finds no paragraph
    search_text = fields.Text(
        compute="_compute_search_text", store=True, index="trigram"
    )
    helpful_yes = fields.Integer(string="Helpful", readonly=True, copy=False)
    helpful_no = fields.Integer(string="Not helpful", readonly=True, copy=False)
    site_url = fields.Char(string="Page", compute="_compute_site_url")

    # What the site lists
    _public_idx = models.Index(
        "(category_id, sequence, name) WHERE is_published IS TRUE AND active IS TRUE"
    )

    @api.depends("name", "answer", "reference", "category_id.complete_name")
    def _compute_search_text(self):
        for article in self:
            article.search_text = "\n".join(
                (
                    article.name or "",
                    html2plaintext(article.answer or ""),
                    article.reference or "",
                    article.category_id.complete_name or "",
                )
            )

    @api.depends("name", "is_published")
    def _compute_site_url(self):
        slug = self.env["ir.http"]._slug
        for article in self:
            article.site_url = (
                article._origin.id
                and article.is_published
                and "/hoi-dap/"
                + slug((article._origin.id, strip_accents(article.name)))
            )

    @api.model
    def _get_public_domain(self):
        """Return which articles citizens see: public, and valid today in Gia Lai."""
        return self._get_valid_domain() & Domain("is_published", "=", True)

    @api.model
    def _search_public(self, query="", category=None, limit=20, offset=0):
        """Return public articles that say what is searched, best first.

        All words must occur, with or without accents; where no article says all of
        them, those that say most of them are returned.

        :param str query: what a visitor typed
        :param category: ``pakn.category`` whose articles, with those below, are wanted
        :return: ``(articles, count of all that match)``, the articles in sudo
        """
        # sudo: pakn.article - public ones alone
        articles_sudo = self.sudo()
        domain = self._get_public_domain()
        if category:
            domain &= Domain("category_id", "child_of", category.id)
        words = split_words(query, WORDS)
        if not words:
            return (
                articles_sudo.search(domain, limit=limit, offset=offset),
                articles_sudo.search_count(domain),
            )
        conditions = [Domain("search_text", "ilike", word) for word in words]
        found = articles_sudo.search(domain & Domain.AND(conditions), limit=200)
        weights = found._weigh(words)
        if not found and len(words) > 1:
            found = articles_sudo.search(domain & Domain.OR(conditions), limit=200)
            weights = found._weigh(words)
            best = max(weights.values(), default=0)
            found = found.filtered(lambda article: 2 * weights[article] > best)
        ranked = found.sorted(lambda article: -weights[article])
        return ranked[offset : offset + limit], len(ranked)

    def _weigh(self, words):
        """Return ``{article: how well it says the words}``, accents aside.

        A whole word counts more than a part of one, the question more than the rest.
        """

        wanted = [fold(word) for word in words]
        weights = {}
        for article in self:
            name, text = fold(article.name), fold(article.search_text)
            name_words = set(split_words(name))
            text_words = set(split_words(text))
            weights[article] = sum(
                4 * (word in name_words)
                + 2 * (word in text_words)
                + (word in name)
                + (word in text) / 2
                for word in wanted
            )
        return weights

    def _get_related(self):
        """Return other public articles of this one's field, in sudo."""
        self.ensure_one()
        category = self.category_id
        if not category:
            return self.browse()
        group = category.parent_id or category
        # sudo: pakn.article - public ones alone
        others = self.sudo().search(
            self._get_public_domain()
            & Domain("category_id", "child_of", group.id)
            & Domain("id", "!=", self.id),
            limit=50,
        )
        return others.sorted(lambda other: other.category_id != category)[:RELATED]

    def _get_public_files(self):
        """Return the files that are the article's own, in sudo."""
        # sudo: ir.attachment - public with the article; a file that is merely linked
        # and lies elsewhere is not
        return self.sudo().attachment_ids.filtered(
            lambda file: file.res_model == self._name and file.res_id == self.id
        )

    def _count_vote(self, helpful):
        """Count one visitor's opinion, without touching who wrote the article last."""
        self.ensure_one()
        column = SQL.identifier("helpful_yes" if helpful else "helpful_no")
        self.env.cr.execute(
            SQL(
                "UPDATE pakn_article SET %(column)s = COALESCE(%(column)s, 0) + 1 "
                "WHERE id = %(id)s",
                column=column,
                id=self.id,
            )
        )
        self.invalidate_recordset(["helpful_yes", "helpful_no"], flush=False)

    def _get_site_excerpt(self, length=180):
        """Return the beginning of the answer as plain text."""
        self.ensure_one()
        return excerpt(
            html2plaintext(self.answer or "", include_references=False), length
        )
