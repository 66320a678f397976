"""Feeds of results (Art. 13.2): RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 and GeoJSON.

Each names the page that follows it (RFC 5005), so that a program can read all results.
"""

from datetime import UTC
from email.utils import format_datetime

from lxml import etree

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import NAME

from ..tools.text import clean_line
from ..tools.xml_text import add, to_bytes
from .caching import OF_ALL_PAGES, make_etag, respond
from .common import data
from .filters import Filters
from .statistics import LICENCE

ENTRIES = 50
ATOM = "http://www.w3.org/2005/Atom"


class Feeds(http.Controller):
    """Each follows the filters of the list; an odd filter is no feed."""

    def _feed(self, kind, build, params):
        filters = Filters(params)
        if filters.is_odd or filters.domain.get("outcome") == "open":
            raise request.not_found()
        after = clean_line(params.get("truoc", ""), 40)
        tickets, cursor = request.env["pakn.ticket"]._search_results(
            filters.domain, ENTRIES, after
        )
        base = request.website.get_base_url()
        entries = [
            ticket._get_public_card()
            | {
                "link": f"{base}/ket-qua/{ticket.name}",
                "html": ticket.public_result or "",
                "updated": ticket.date_published.replace(tzinfo=UTC),
                "place": ticket.public_latitude
                and [ticket.public_longitude, ticket.public_latitude],
            }
            for ticket in tickets
        ]
        names = ", ".join(name for _key, name in filters.get_names())
        title = f"{NAME}: {names}" if names else NAME
        page = f"{base}/ket-qua{filters.query()}"
        address = f"{base}/ket-qua.{kind}{filters.query(truoc=after)}"
        following = cursor and f"{base}/ket-qua.{kind}{filters.query(truoc=cursor)}"

        def make():
            content_type, body = build(title, page, address, following, entries)
            return request.make_response(
                body,
                [
                    ("Content-Type", f"{content_type}; charset=utf-8"),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )

        return respond(
            make,
            make_etag(kind, title, entries, cursor),
            tickets[:1].date_published or None,
            max_age=300,
            headers=OF_ALL_PAGES,
        )

    @data("/ket-qua.rss", per_minute=60)
    def rss(self, **params):
        def build(title, page, address, following, entries):
            root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM})
            channel = add(root, "channel")
            add(channel, "title", title)
            add(channel, "link", page)
            add(channel, "description", request.env._("What the province did"))
            add(channel, "language", "vi")
            add(
                channel,
                f"{{{ATOM}}}link",
                href=address,
                rel="self",
                type="application/rss+xml",
            )
            if following:
                add(channel, f"{{{ATOM}}}link", href=following, rel="next")
            for entry in entries:
                item = add(channel, "item")
                add(item, "title", entry["title"])
                add(item, "link", entry["link"])
                add(item, "guid", entry["link"], isPermaLink="true")
                add(item, "description", entry["html"])
                if entry["category"]:
                    add(item, "category", entry["category"])
                add(item, "pubDate", format_datetime(entry["updated"]))
            return "application/rss+xml", to_bytes(root)

        return self._feed("rss", build, params)

    @data("/ket-qua.atom", per_minute=60)
    def atom(self, **params):
        def build(title, page, address, following, entries):
            root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
            add(root, f"{{{ATOM}}}id", address)
            add(root, f"{{{ATOM}}}title", title)
            add(root, f"{{{ATOM}}}link", href=address, rel="self")
            add(root, f"{{{ATOM}}}link", href=page, rel="alternate")
            if following:
                add(root, f"{{{ATOM}}}link", href=following, rel="next")
            updated = (
                entries[0]["updated"].isoformat() if entries else "2026-01-01T00:00:00Z"
            )
            add(root, f"{{{ATOM}}}updated", updated)
            for entry in entries:
                item = add(root, f"{{{ATOM}}}entry")
                add(item, f"{{{ATOM}}}id", entry["link"])
                add(item, f"{{{ATOM}}}title", entry["title"])
                add(item, f"{{{ATOM}}}link", href=entry["link"])
                add(item, f"{{{ATOM}}}updated", entry["updated"].isoformat())
                author = add(item, f"{{{ATOM}}}author")
                add(author, f"{{{ATOM}}}name", entry["unit"] or NAME)
                add(item, f"{{{ATOM}}}content", entry["html"], type="html")
            return "application/atom+xml", to_bytes(root)

        return self._feed("atom", build, params)

    @data("/ket-qua.json", per_minute=60)
    def json_feed(self, **params):
        def build(title, page, address, following, entries):
            feed = {
                "version": "https://jsonfeed.org/version/1.1",
                "title": title,
                "home_page_url": page,
                "feed_url": address,
                **({"next_url": following} if following else {}),
                "language": "vi",
                "items": [
                    {
                        "id": entry["link"],
                        "url": entry["link"],
                        "title": entry["title"],
                        "content_html": entry["html"],
                        "summary": entry["snippet"],
                        "date_published": entry["updated"].isoformat(),
                        "tags": [entry["category"]] if entry["category"] else [],
                        "authors": [{"name": entry["unit"] or NAME}],
                        "_pakn": {
                            "code": entry["code"],
                            "area": entry["area"],
                            "is_late": entry["is_late"],
                            "rating": entry["rating"],
                        },
                    }
                    for entry in entries
                ],
            }
            response = request.make_json_response(feed)
            return "application/feed+json", response.data

        return self._feed("json", build, params)

    @data("/ket-qua.geojson", per_minute=60)
    def geojson(self, **params):
        """Give the results for a map (RFC 7946), their places rounded as on ours."""

        def build(title, page, address, following, entries):
            keys = ("code", "title", "category", "area", "unit", "is_late", "rating")
            collection = {
                "type": "FeatureCollection",
                "title": title,
                "licence": LICENCE,
                "links": [
                    {"rel": "self", "href": address},
                    {"rel": "alternate", "href": page},
                    *([{"rel": "next", "href": following}] if following else []),
                ],
                "features": [
                    {
                        "type": "Feature",
                        "id": entry["link"],
                        "geometry": {"type": "Point", "coordinates": entry["place"]}
                        if entry["place"]
                        else None,
                        "properties": {
                            **{key: entry[key] for key in keys},
                            "received": f"{entry['date_received'].isoformat()}Z",
                            "published": entry["updated"].isoformat(),
                            "url": entry["link"],
                        },
                    }
                    for entry in entries
                ],
            }
            response = request.make_json_response(collection)
            return "application/geo+json", response.data

        return self._feed("geojson", build, params)
