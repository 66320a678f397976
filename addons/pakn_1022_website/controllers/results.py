"""What the province did, in public (Art. 13.1): list and page of each result."""

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import NAME
from odoo.addons.pakn_1022.tools.ticket_code import normalize_code

from ..models.pakn_ticket_results import COUNT_LIMIT
from ..tools.text import clean_line, to_json_in_page
from ..tools.uploads import make_small
from .caching import respond, respond_page
from .common import data, page
from .filters import Filters, get_choices

PAGE = 20
# Addresses of results in the sitemap, the newest
SITEMAP = 20_000


def get_result(code):
    """Return the published request of a code in an address, or raise 404."""
    code = normalize_code(clean_line(code, 30))
    ticket_sudo = request.env["pakn.ticket"]._get_result(code) if code else None
    if not ticket_sudo:
        raise request.not_found()
    return ticket_sudo


def get_sitemap(env, rule, query):
    """Give the addresses of the newest results for the sitemap."""
    tickets = env["pakn.ticket"]
    rows = tickets.sudo().search_fetch(  # sudo: what is published
        tickets._get_published_domain(),
        ["name", "date_published"],
        order="date_published desc, id desc",
        limit=SITEMAP,
    )
    for row in rows:
        address = f"/ket-qua/{row.name}"
        if not query or query.lower() in address.lower():
            yield {"loc": address, "lastmod": row.date_published.date().isoformat()}


class Results(http.Controller):
    """List and page; only what ``pakn.ticket`` gives as public is read."""

    @page("/ket-qua", per_minute=120, sitemap=True)
    def results(self, **params):
        filters = Filters(params)
        after = clean_line(params.get("truoc", ""), 40)
        tickets = request.env["pakn.ticket"]
        found, cursor = tickets._search_results(filters.domain, PAGE, after)
        count = tickets._count_results(filters.domain)
        cards = [ticket._get_public_card() for ticket in found]
        return respond_page(
            "pakn_1022_website.results",
            {
                "cards": cards,
                "count": count,
                "count_limit": COUNT_LIMIT,
                "filters": filters,
                "is_first": not after,
                "next_url": cursor and "/ket-qua" + filters.query(truoc=cursor),
                "local_day": request.website._get_pakn_day,
            },
            (cards, count),
            found[:1].date_published,
            get_choices,
        )

    @page("/ket-qua/<string:code>", per_minute=120, sitemap=get_sitemap)
    def result(self, code, **params):
        ticket_sudo = get_result(code)
        card = ticket_sudo._get_public_card()
        values = {
            "card": card,
            "description": ticket_sudo.public_description,
            "result": ticket_sudo.public_result,
            "name": ticket_sudo.public_name,
            "date_result": ticket_sudo.date_result,
            "photos": len(ticket_sudo.public_file_ids),
            "place": ticket_sudo.public_latitude
            and [ticket_sudo.public_latitude, ticket_sudo.public_longitude],
            "can_support": request.env["pakn.phone.code"]._can_deliver(),
        }
        return respond_page(
            "pakn_1022_website.result",
            {
                **values,
                "local_day": request.website._get_pakn_day,
                "ticket": ticket_sudo,
                "json_ld": not card["state"]
                and to_json_in_page(self._get_json_ld(ticket_sudo, card)),
            },
            tuple(values.items()),
            ticket_sudo.date_published or None,
        )

    def _get_json_ld(self, ticket_sudo, card):
        """Return the result as schema.org knows it: a question and its answer."""
        base = request.website.get_base_url()
        return {
            "@context": "https://schema.org",
            "@type": "QAPage",
            "inLanguage": "vi",
            "url": base + card["url"],
            "mainEntity": {
                "@type": "Question",
                "name": card["title"],
                "text": ticket_sudo.public_description,
                "dateCreated": f"{card['date_received'].isoformat()}Z",
                "upvoteCount": card["supporters"],
                "answerCount": 1,
                "author": {"@type": "Person", "name": ticket_sudo.public_name or "***"},
                "contentLocation": {"@type": "Place", "name": card["area"]},
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": ticket_sudo.public_result,
                    "datePublished": f"{card['date_published'].isoformat()}Z",
                    "url": base + card["url"],
                    "author": {
                        "@type": "GovernmentOrganization",
                        "name": card["unit"] or NAME,
                    },
                },
            },
        }

    @data("/ket-qua/<string:code>/anh/<int:number>", per_minute=240)
    def photo(self, code, number, nho=None, **params):
        """Serve a photo of a result; with ``nho`` a small one, for the page itself."""
        ticket_sudo = get_result(code)
        files_sudo = ticket_sudo.public_file_ids.sorted("id")
        if not 1 <= number <= len(files_sudo):
            raise request.not_found()
        file_sudo = files_sudo[number - 1]

        def make():
            return request.make_response(
                make_small(file_sudo.raw) if nho else file_sudo.raw,
                [
                    ("Content-Type", "image/webp" if nho else "image/jpeg"),
                    ("X-Content-Type-Options", "nosniff"),
                    ("Content-Security-Policy", "default-src 'none'"),
                ],
            )

        # It may be withdrawn at any time
        etag = f"{file_sudo.checksum}-{bool(nho)}"
        return respond(make, etag, file_sudo.write_date, max_age=60, speaks=False)
