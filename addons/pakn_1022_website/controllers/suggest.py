"""What the form of the site asks while it is filled in."""

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.emergency import find_emergency

from ..tools.submit_form import parse_place
from ..tools.text import (
    clean_line,
    clean_text,
    first_sentence,
    parse_id,
    parse_number,
)
from .caching import ITS_BROWSER
from .common import data, get_address, make_limit


class PaknSuggest(http.Controller):
    """Fields, answers there are already, and requests nearby; never whose they are."""

    _limit = make_limit(90)

    @http.route(
        "/phan-anh/goi-y",
        type="jsonrpc",
        auth="public",
        website=True,
        readonly=True,
    )
    def suggest(self, text="", category_id=0, latitude=None, longitude=None, **_rest):
        """Return what may help while the form is filled in.

        :return: ``{"emergency", "fields", "articles", "answered", "nearby", "area",
            "outside"}``; empty when asked too often
        """
        if self._limit.hit(get_address()):
            return {}
        text = clean_text(text, 1000)
        words = first_sentence(text, 100)
        place = parse_place(latitude, longitude)
        # sudo: pakn.category - names alone, of what the form offers
        categories_sudo = request.env["pakn.category"].sudo()
        guessed_sudo = categories_sudo.browse()
        if len(text) >= 8:
            guessed_sudo = categories_sudo._guess_for_site(text)
        chosen_sudo = categories_sudo.browse(parse_id(category_id)).exists()
        is_enough = len(words) >= 8
        return {
            "emergency": self._find_emergency(text),
            "fields": [{"id": field.id, "name": field.name} for field in guessed_sudo],
            "articles": self._find_articles(words) if is_enough else [],
            "answered": self._find_answered(words) if is_enough else [],
            "nearby": self._find_nearby(chosen_sudo or guessed_sudo[:1], place),
            "area": self._find_area(place),
            "outside": self._find_outside(latitude, longitude),
        }

    @data("/phan-anh/dia-diem", per_minute=120, keep=ITS_BROWSER)
    def find_place(self, q=None, **_params):
        """Return places of a name, as ``pakn.area`` finds them."""
        found = request.env["pakn.area"]._search_places(clean_line(q, 80))
        return request.make_json_response({"places": found})

    def _find_emergency(self, text):
        """Return whom to call first where the words sound like danger to life."""
        env = request.env
        sentences = {
            "113": env._("Call 113 (police) now"),
            "114": env._("Call 114 (fire, rescue) now"),
            "115": env._("Call 115 (ambulance) now"),
        }
        return [
            {"number": number, "text": sentences[number]}
            for number in find_emergency(text)
        ]

    def _find_articles(self, words):
        """Return articles that are valid today and may answer a question."""
        found_sudo, _count = request.env["pakn.article"]._search_public(words, limit=3)
        return [
            {"title": article.name, "text": article._get_site_excerpt(300)}
            for article in found_sudo
        ]

    def _find_answered(self, words):
        return [
            {"title": ticket.public_title, "url": f"/ket-qua/{ticket.name}"}
            for ticket in request.env["pakn.ticket"]._find_answered(words)
        ]

    def _find_nearby(self, category, place):
        """Return open requests of a field near a place."""
        if not place:
            return []
        tickets = request.env["pakn.ticket"]
        found = tickets._find_nearby(category, *place)
        near_sudo = tickets.sudo().concat(*(ticket for ticket, _metres in found))
        shown = near_sudo.filtered_domain(tickets._get_shown_domain())
        return [
            {
                "field": ticket.category_id.name,
                "unit": ticket.unit_id.name or "",
                "metres": max(10, round(metres, -1)),
                # Where everybody may read of it
                "join": f"/ket-qua/{ticket.name}" if ticket in shown else "",
                # Where it is not public yet; what comes of its ward will be.
                "follow": f"/theo-doi-ket-qua?dia-ban={ticket.area_id.code}"
                if ticket.area_id
                else f"/theo-doi-ket-qua?linh-vuc={ticket.category_id.code}",
            }
            for ticket, metres in found
        ]

    def _find_area(self, place):
        """Return the ward of a place, as a proposal, or ``None``."""
        if not place:
            return None
        area_sudo = request.env["pakn.area"]._find_by_place(*place)
        return {"id": area_sudo.id, "name": area_sudo.name} if area_sudo else None

    def _find_outside(self, latitude, longitude):
        """Return a sentence and whom to call for a place outside, or ``None``."""
        place = parse_number(latitude, -90, 90), parse_number(longitude, -180, 180)
        if None in place:
            return None
        found = request.env["pakn.area"]._find_outside(*place)
        if found is None:
            return None
        env = request.env
        neighbour, phone = found
        if not neighbour:
            text = env._(
                "This place seems to lie outside Gia Lai. Please check it; what is not "
                "in the province its authorities cannot put right."
            )
        elif phone:
            text = env._(
                "This place seems to lie in %(province)s, not in Gia Lai. Please check "
                "it, or call the hotline there:",
                province=neighbour,
            )
        else:
            text = env._(
                "This place seems to lie in %(province)s, not in Gia Lai. Please check "
                "it, or tell the authorities there.",
                province=neighbour,
            )
        return {"text": text, "phone": phone}
