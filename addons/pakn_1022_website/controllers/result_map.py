"""The map of what is published."""

import math

from odoo import http
from odoo.http import request

from ..tools.text import clean_line
from .caching import make_etag, respond, respond_page
from .common import data, page
from .filters import Filters, get_choices
from .results import PAGE

# Seconds for which what was withdrawn may still be seen on somebody's map
FRESH = 60
WORLD = (-180.0, -90.0, 180.0, 90.0)


def parse_box(text):
    """Return west, south, east, north of ``"w,s,e,n"``; the world of what is none."""
    try:
        box = tuple(float(part) for part in clean_line(text, 120).split(","))
    except ValueError:
        return WORLD
    if len(box) != 4 or not all(map(math.isfinite, box)):
        return WORLD
    # Within the world: numbers beyond it are too large to reckon with
    return tuple(
        min(max(value, least), most)
        for value, least, most in zip(box, WORLD[:2] * 2, WORLD[2:] * 2, strict=True)
    )


def parse_zoom(text):
    """Return a zoom of the map from 1 to 19."""
    text = clean_line(text, 4)
    return min(max(int(text), 1), 19) if text.isdecimal() else 8


class ResultMap(http.Controller):
    """The page, what it shows, and the areas that stand behind it."""

    @data("/ban-do/nen/<string:version>-<int:zoom>.pmtiles", per_minute=1200)
    def ground(self, version, **_params):
        """Give pieces of the file behind maps (RFC 9110, Range)."""
        file_sudo = request.env["website"]._get_pakn_map_file()
        if not file_sudo or version != file_sudo.checksum[:16]:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        return stream.get_response(as_attachment=False, immutable=True)

    @page("/ban-do", per_minute=120, sitemap=True)
    def result_map(self, **params):
        filters = Filters(params)
        tickets, cursor = request.env["pakn.ticket"]._search_results(
            filters.domain, PAGE
        )
        cards = [
            *(ticket._get_public_card() for ticket in self._get_open(filters)),
            *(ticket._get_public_card() for ticket in tickets),
        ]
        return respond_page(
            "pakn_1022_website.result_map",
            {
                "cards": cards,
                "filters": filters,
                "has_more": bool(cursor),
                "local_day": request.website._get_pakn_day,
            },
            (cards,),
            tickets[:1].date_published,
            get_choices,
        )

    @data("/ban-do.json", per_minute=240)
    def points(self, bbox="", z="", **params):
        filters = Filters(params)
        tickets, place = request.env["pakn.ticket"], (parse_box(bbox), parse_zoom(z))
        points, clusters, age = tickets._get_map_points(filters.domain, *place)
        if self._mixes(filters):
            # A question of its own: each finds its index
            more = tickets._get_map_points(filters.domain | {"outcome": "open"}, *place)
            points, clusters = more[0] + points, more[1] + clusters
            age = max(age, more[2])
        keys = ("code", "title", "area", "category", "latitude", "longitude", "url")
        keys += ("state",)
        shown = {
            "points": [{key: point[key] for key in keys} for point in points],
            "clusters": clusters,
        }
        # What was counted before is kept for so much less
        return respond(
            lambda: request.make_json_response(shown),
            make_etag(shown),
            max_age=max(FRESH - math.ceil(age), 0),
        )

    def _mixes(self, filters):
        """Return whether open matters stand beside the results."""
        is_on = request.env["pakn.ticket"]._is_open_public()
        return is_on and not filters.domain.get("outcome")

    def _get_open(self, filters):
        """Return the open matters of the page, in sudo."""
        tickets = request.env["pakn.ticket"]
        if not self._mixes(filters):
            return tickets
        return tickets._search_results(filters.domain | {"outcome": "open"}, PAGE)[0]

    @data("/ban-do/dia-ban.json", per_minute=120)
    def areas(self, **params):
        """Return ``[name, kind, latitude, longitude, boundary]`` of each area.

        The boundary is as ``tools/boundaries.py`` packs it, or null.
        """
        areas = (
            request.env["pakn.area"]
            .sudo()  # sudo: names and centres of areas are public
            .search_fetch(
                [("kind", "in", ("ward", "commune")), ("latitude", "!=", 0)],
                ["name", "kind", "latitude", "longitude", "boundary"],
                limit=1000,
            )
        )
        shown = [
            [
                *(area.name, area.kind),
                *(round(area.latitude, 4), round(area.longitude, 4)),
                area.boundary or None,
            ]
            for area in areas
        ]
        return respond(
            lambda: request.make_json_response(shown),
            make_etag(shown),
            max_age=3600,
            speaks=False,
        )
