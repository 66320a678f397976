"""The REST API: what everybody may read (Art. 13.1, 15.3), and its own description."""

import re

from odoo import fields, http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import ZONE
from odoo.addons.pakn_1022.tools.ticket_code import normalize_code
from odoo.addons.pakn_1022_website.controllers.filters import OUTCOMES, Filters
from odoo.addons.pakn_1022_website.controllers.statistics import (
    LICENCE,
    get_columns,
)
from odoo.addons.pakn_1022_website.tools.submit_form import parse_place
from odoo.addons.pakn_1022_website.tools.text import clean_line, parse_id, parse_number

from ..tools.georeport import format_moment
from ..tools.openapi import make_description
from .rest import VERSION, Wrong, get_limit, get_offset, keep, not_found, rest

# Name here -> name in the addresses of the site
FILTERS = {
    "q": "q",
    "field": "linh-vuc",
    "area": "dia-ban",
    "unit": "don-vi",
    "from": "tu",
    "to": "den",
}
# Metres around a place: least, most, unless said
RADIUS = (50, 20_000, 1000)
# Seconds in which lists that hardly change may be kept
AN_HOUR = 3600


class RestRead(http.Controller):
    """Nothing here changes anything; a key is not needed."""

    @rest("/openapi.json", per_minute=60)
    def description(self, **_params):
        return keep(make_description(request.website.get_base_url() + VERSION), AN_HOUR)

    @rest("/fields", per_minute=60)
    def fields(self, **_params):
        """List the fields that requests can be handed in for."""
        services_sudo = request.env["pakn.category"]._get_open311_services()
        return keep({"items": [field._get_rest_card() for field in services_sudo]})

    @rest("/fields/<string:code>", per_minute=60)
    def field(self, code, **_params):
        services_sudo = request.env["pakn.category"]._get_open311_services()
        field_sudo = services_sudo.filtered(lambda field: field.code == code)
        if not field_sudo:
            raise not_found()
        return keep(field_sudo._get_rest_field())

    @rest("/areas", per_minute=60)
    def areas(self, **_params):
        """List the wards and communes."""
        # sudo: pakn.area - the wards of the province are public
        areas_sudo = request.env["pakn.area"].sudo()
        areas_sudo = areas_sudo.search_fetch(
            areas_sudo._get_offered_domain(),
            ["code", "name", "latitude", "longitude"],
            order="name, id",
            limit=1000,
        )
        items = [
            {
                "code": area.code,
                "name": area.name,
                "place": {"latitude": area.latitude, "longitude": area.longitude}
                if area.latitude
                else None,
            }
            for area in areas_sudo
        ]
        return keep({"items": items}, AN_HOUR)

    @rest("/results", per_minute=120)
    def results(self, **_params):
        """List what is published, the newest first, by pages."""
        args, tickets = request.httprequest.args, request.env["pakn.ticket"]
        after = args.get("cursor", "")
        if after and not tickets._read_cursor(after):
            raise Wrong({"cursor": request.env._("This is no cursor of this list.")})
        found_sudo, cursor = tickets._search_results(
            self._read_filters(args), get_limit(), after
        )
        base = request.website.get_base_url()
        return keep(
            {
                "items": [ticket._get_rest_card(base) for ticket in found_sudo],
                "next": cursor,
            }
        )

    @rest("/results/<string:code>", per_minute=120)
    def result(self, code, **_params):
        code = normalize_code(clean_line(code, 30))
        ticket_sudo = request.env["pakn.ticket"]._get_result(code or "?")
        if not ticket_sudo:
            raise not_found()
        return keep(ticket_sudo._get_rest_result(request.website.get_base_url()))

    @rest("/incidents", per_minute=60)
    def incidents(self, **_params):
        """List the outages that the hotline tells everybody of now."""
        items = [
            {
                "name": incident.name,
                "text": incident.text,
                "field": self._name_record(incident.category),
                "area": self._name_record(incident.area),
                "date_from": format_moment(incident.date_from, ZONE),
                "date_to": format_moment(incident.date_to, ZONE),
            }
            for incident in request.env["pakn.incident"]._get_now()
        ]
        return keep({"items": items})

    @rest("/articles", per_minute=60)
    def articles(self, **_params):
        """List what the knowledge base says, best first, by pages."""
        args, env = request.httprequest.args, request.env
        query, code = clean_line(args.get("q", ""), 200), args.get("field", "")
        # sudo: pakn.category - the fields of Art. 6 are public
        category_sudo = env["pakn.category"].sudo()
        if code:
            category_sudo = category_sudo.search([("code", "=", code)], limit=1)
            if not category_sudo:
                raise Wrong({"field": env._("There is no such code.")})
        limit, offset = get_limit(), get_offset()
        found_sudo, count = env["pakn.article"]._search_public(
            query, category_sudo, limit=limit, offset=offset
        )
        base = request.website.get_base_url()
        following = offset + len(found_sudo)
        return keep(
            {
                "items": [article._get_rest_card(base) for article in found_sudo],
                "next": str(following) if found_sudo and following < count else None,
            }
        )

    @rest("/articles/<int:article_id>", per_minute=120)
    def article(self, article_id, **_params):
        # sudo: pakn.article - public ones alone
        articles_sudo = request.env["pakn.article"].sudo()
        article_sudo = articles_sudo.search(
            articles_sudo._get_public_domain()
            & fields.Domain("id", "=", parse_id(article_id))
        )
        if not article_sudo:
            raise not_found()
        return keep(article_sudo._get_rest_article(request.website.get_base_url()))

    @rest("/statistics", per_minute=60)
    def statistics(self, year=None, **_params):
        """Tell the figures of the site; see ``pakn.statistics`` on small numbers.

        Those of the site's own page, of the last twelve months or of a year that has
        ended: protected together, so that nothing is counted here.
        """
        # ASCII alone: other digits are numbers too for Python
        if year and not re.fullmatch("[0-9]{4}", year):
            raise Wrong({"year": request.env._("A year, please: 2025")})
        last_sudo = request.env["pakn.statistics"]._get_last(year)
        if year and not last_sudo:
            raise not_found()
        return keep(
            {
                "date": format_moment(last_sudo.date, ZONE),
                "licence": LICENCE,
                "columns": get_columns(request.env),
                "figures": last_sudo.data or None,
            },
            AN_HOUR,
        )

    def _name_record(self, record):
        """Return the code and name of a field or ward; ``None`` where there is none."""
        return {"code": record.code or None, "name": record.name} if record else None

    # ------------------------------------------------------------
    # WHAT IS ASKED
    # ------------------------------------------------------------

    def _read_filters(self, args):
        """Return the filters of the site, and ``near``; refuse what makes no sense."""
        env, errors = request.env, {}
        given = {FILTERS[name]: args[name] for name in FILTERS if args.get(name)}
        outcome = args.get("outcome")
        if outcome:
            names = {value: key for key, value in OUTCOMES.items()}
            given["trang-thai"] = names.get(outcome, "?")
        filters = Filters(given)
        names = {value: key for key, value in FILTERS.items()} | {
            "trang-thai": "outcome"
        }
        for name in given.keys() - filters.values.keys():
            errors[names[name]] = env._("This value is not known here.")
        near, radius = args.get("near", ""), args.get("radius", "")
        if near:
            place = parse_place(*(near.split(",") + ["", ""])[:2])
            least, most, usual = RADIUS
            metres = parse_number(radius, least, most) if radius else usual
            if not place or near.count(",") != 1:
                errors["near"] = env._("A place in the province, please: 13.98,108.0")
            elif metres is None:
                errors["radius"] = env._(
                    "A number from %(least)s to %(most)s, please.",
                    least=least,
                    most=most,
                )
            else:
                filters.domain["near"] = (*place, metres)
        if errors:
            raise Wrong(errors)
        return filters.domain
