"""The knowledge base on the citizens' site (Art. 10.1.2 b1, 15.3, 16.3)."""

from werkzeug.exceptions import NotFound

from odoo import fields, http
from odoo.http import request
from odoo.tools import html2plaintext

from ..tools.text import clean_line, parse_id, to_json_in_page
from .caching import respond_page
from .common import data, form, hit, is_fresh, page, too_many

STEP = 20
# Characters of what is typed into the search box
QUERY_LENGTH = 200
# Opinions that one address may give within an hour: many share one
VOTES = 300


def sitemap_articles(env, rule, qs):
    # sudo: pakn.article - public ones alone
    articles_sudo = env["pakn.article"].sudo()
    domain = articles_sudo._get_public_domain()
    for article in articles_sudo.search(domain, limit=10000):
        if not qs or qs.lower() in article.site_url:
            yield {"loc": article.site_url, "lastmod": article.write_date.date()}


class PaknKnowledge(http.Controller):
    """Articles are found by words and field, read, and marked helpful or not."""

    @page("/hoi-dap", per_minute=120, sitemap=True)
    def index(self, q="", category=None, page=None, **kwargs):
        query = clean_line(q, QUERY_LENGTH)
        page = min(max(parse_id(page), 1), 1000)
        articles = request.env["pakn.article"]
        # sudo: pakn.category - the fields of Art. 6 are public
        category_sudo = (
            request.env["pakn.category"].sudo().browse(parse_id(category)).exists()
        )

        def find():
            found, count = articles._search_public(
                query, category_sudo, limit=STEP, offset=(page - 1) * STEP
            )
            return {
                "fields": self._get_fields(),
                "articles": found,
                "count": count,
                "page_count": -(-count // STEP),
            }

        return respond_page(
            "pakn_1022_website.knowledge",
            {
                "query": query,
                "category": category_sudo,
                "page_number": page,
                "additional_title": request.env._("Questions and answers"),
            },
            self._get_stamp(),
            make_values=find,
        )

    @page("/hoi-dap/<string:slug>", per_minute=120, sitemap=sitemap_articles)
    def article(self, slug, thanks=None, **kwargs):
        article_sudo = self._get_article(slug)
        path = article_sudo.site_url
        if path != f"/hoi-dap/{slug}":
            return request.redirect(path, code=301)
        voted = article_sudo.id in (request.session.get("pakn_voted") or ())
        return respond_page(
            "pakn_1022_website.knowledge_article",
            {
                "article": article_sudo,
                "voted": voted,
                "thanks": bool(thanks) and voted,
                "additional_title": article_sudo.name,
            },
            (voted, *self._get_stamp()),
            make_values=lambda: {
                "files": article_sudo._get_public_files(),
                "related": article_sudo._get_related(),
                "structured": self._get_structured(article_sudo),
                "website_meta_description": article_sudo._get_site_excerpt(),
            },
        )

    # csrf: who has the page open for too long finds the buttons again
    @form("/hoi-dap/<int:article_id>/huu-ich", csrf=False)
    def vote(self, article_id, helpful=None, **post):
        article_sudo = self._get_article(str(article_id))
        if helpful not in ("yes", "no") or not is_fresh(post):
            return request.redirect(f"{article_sudo.site_url}#helpful", code=303)
        voted = list(request.session.get("pakn_voted") or ())
        if article_sudo.id not in voted:
            wait = hit("article_vote", VOTES)
            if wait:
                return too_many(wait)
            article_sudo._count_vote(helpful == "yes")
            # The latest hundreds are enough to stop a finger that taps twice.
            request.session["pakn_voted"] = [*voted[-300:], article_sudo.id]
        return request.redirect(f"{article_sudo.site_url}?thanks=1#helpful", code=303)

    @data("/hoi-dap/<int:article_id>/tep/<int:file_id>", per_minute=120)
    def file(self, article_id, file_id, **kwargs):
        article_sudo = self._get_article(str(article_id))
        file_sudo = article_sudo._get_public_files().filtered(
            lambda file: file.id == file_id
        )
        if not file_sudo:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        # Downloaded, not opened in the site's own name: it may be a page of HTML.
        return stream.get_response(as_attachment=True)

    # ------------------------------------------------------------
    # WHAT PAGES SHOW
    # ------------------------------------------------------------

    def _get_article(self, slug):
        """Return a public article by its address, in sudo, or say "not found"."""
        _name, article_id = request.env["ir.http"]._unslug(slug)
        if not article_id or not 0 < article_id < 2**31:
            raise NotFound()
        # sudo: pakn.article - public ones alone
        articles_sudo = request.env["pakn.article"].sudo()
        article_sudo = articles_sudo.search(
            articles_sudo._get_public_domain() & fields.Domain("id", "=", article_id)
        )
        if not article_sudo:
            raise NotFound()
        return article_sudo

    def _get_stamp(self):
        """Return what changes whenever what the knowledge base shows does."""
        # sudo: pakn.article - public ones alone
        articles_sudo = request.env["pakn.article"].sudo()
        [[count, latest]] = articles_sudo._read_group(
            articles_sudo._get_public_domain(), [], ["__count", "write_date:max"]
        )
        return count, latest

    def _get_fields(self):
        """Return ``[(group of Art. 6 in sudo, count of articles)]``, none empty."""
        # sudo: pakn.article - counts of public ones alone
        articles_sudo = request.env["pakn.article"].sudo()
        counts = {}
        for category, count in articles_sudo._read_group(
            articles_sudo._get_public_domain(), ["category_id"], ["__count"]
        ):
            if category:
                root = int(category.parent_path.split("/")[0])
                counts[root] = counts.get(root, 0) + count
        roots = request.env["pakn.category"].sudo().search([("id", "in", list(counts))])
        return [(root, counts[root.id]) for root in roots]

    def _get_structured(self, article):
        """Return the article as schema.org knows it: a page of questions."""
        return to_json_in_page(
            {
                "@context": "https://schema.org",
                "@type": "FAQPage",
                "mainEntity": [
                    {
                        "@type": "Question",
                        "name": article.name,
                        "acceptedAnswer": {
                            "@type": "Answer",
                            "text": html2plaintext(article.answer or ""),
                        },
                    }
                ],
            }
        )
