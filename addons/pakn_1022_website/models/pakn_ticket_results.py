import re
from datetime import datetime

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..tools.text import excerpt, fold
from .pakn_ticket_publication import CARD_FIELDS

# More are not counted: "more than 1,000"
COUNT_LIMIT = 1000
_CURSOR = re.compile(r"(\d{14})-(\d{1,12})", re.ASCII)
# What a card says first of the content
SNIPPET = 180


class PaknTicketResults(models.AbstractModel):
    """How the public finds published requests and what it reads of each.

    Part of ``pakn.ticket``, of which it needs ``supporter_count`` and what
    ``pakn.ticket.publication`` gives. All of it reads in sudo, of published requests,
    the public fields alone.
    """

    _name = "pakn.ticket.results"
    _description = "Request among the results"

    @api.model
    def _get_results_domain(self, filters):
        """Return the domain of published requests that filters ask for.

        :param dict filters: ``words``, ``category``, ``area``, ``unit`` (records),
            ``date_from``, ``date_to`` (UTC), ``outcome`` (``on_time``, ``late``,
            ``instant``, or ``open``: not results but what is shown while it is
            handled); each may be missing
        """
        outcome = filters.get("outcome")
        is_open = outcome == "open"
        domain = self._get_shown_domain() if is_open else self._get_published_domain()
        date = self._get_result_date(filters)
        words = fold(filters.get("words")).split()
        if words and all(len(word) < 3 for word in words):
            # An index of trigrams finds none of these alone
            words = [" ".join(words)]
        for word in words[:8]:
            domain &= Domain("public_search", "like", escape_psql(word))
        if filters.get("category"):
            category = filters["category"]
            ids = category.ids + category.child_ids.ids
            domain &= Domain("category_id", "in", ids)
        for name in ("area", "unit"):
            if filters.get(name):
                domain &= Domain(f"{name}_id", "=", filters[name].id)
        if filters.get("date_from"):
            domain &= Domain(date, ">=", filters["date_from"])
        if filters.get("date_to"):
            domain &= Domain(date, "<", filters["date_to"])
        if outcome and not is_open:
            domain &= Domain("is_overdue", "=", outcome == "late")
        if outcome == "instant":
            domain &= Domain("is_instant", "=", True)
        return domain

    @api.model
    def _get_result_date(self, filters):
        """Return the field by which what filters ask for is ordered."""
        return "date_shown" if filters.get("outcome") == "open" else "date_published"

    @api.model
    def _search_results(self, filters, limit, after=None):
        """Return published requests, newest first, and how to go on.

        :param str after: the cursor of the last one seen
        :return: ``(requests in sudo, cursor of what follows or None)``
        """
        domain = self._get_results_domain(filters)
        date = self._get_result_date(filters)
        place = self._read_cursor(after)
        if not place and _CURSOR.fullmatch(after or ""):
            return self.sudo().browse(), None  # sudo: nothing
        if place:
            moment, number = place
            domain &= Domain(date, "<", moment) | (
                Domain(date, "=", moment) & Domain("id", "<", number)
            )
        # sudo: what is published, see the class
        tickets = self.sudo().search_fetch(
            domain,
            CARD_FIELDS,
            limit=limit + 1,
            order=f"{date} desc, id desc",
        )
        page = tickets[:limit]
        return page, page[-1:]._get_cursor(date) if len(tickets) > limit else None

    @api.model
    def _read_cursor(self, text):
        """Return where a cursor stands, as ``(moment in UTC, id)``; None for none."""
        match = _CURSOR.fullmatch(text or "")
        try:
            moment = match and datetime.strptime(match[1], "%Y%m%d%H%M%S")
        except ValueError:
            return None
        return (moment, int(match[2])) if moment else None

    def _get_cursor(self, date="date_published"):
        return f"{self[date]:%Y%m%d%H%M%S}-{self.id}"

    @api.model
    def _count_results(self, filters):
        """Return how many there are, :data:`COUNT_LIMIT` + 1 when there are more."""
        # sudo: what is published, see the class
        return self.sudo().search_count(
            self._get_results_domain(filters), limit=COUNT_LIMIT + 1
        )

    @api.model
    def _get_result(self, code):
        """Return the request of a code that the public reads of, in sudo, or none.

        Published with its result, or shown while it is handled.
        """
        domain = self._get_published_domain() | self._get_shown_domain()
        # sudo: what is published, see the class
        return self.sudo().search(domain & Domain("name", "=", code), limit=1)

    def _get_public_card(self):
        """Return what a card, a feed or the map says of a published request."""
        self.ensure_one()
        group = self.category_id.parent_id or self.category_id
        return {
            "code": self.name,
            "title": self.public_title,
            "snippet": excerpt(self.public_description, SNIPPET),
            "category": self.category_id.name or "",
            "group": group.code or "",
            "area": self.area_id.name or "",
            "unit": self.unit_id.name or "",
            "date_received": self.date_received,
            "date_published": self.date_published,
            "is_late": self.is_overdue,
            "is_instant": self.is_instant,
            "rating": int(self.rating_last_value),
            "supporters": self.supporter_count,
            "url": f"/ket-qua/{self.name}",
            # Of what is shown while it is handled; empty for results
            "state": "" if self.is_published else self._get_public_state(),
            "date_shown": self.date_shown,
        }

    @api.model
    def _init_public_texts(self, batch=500):
        """Make the public texts of what was published before this addon was there."""
        domain = [("is_published", "=", True), ("public_title", "=", False)]
        while tickets := self.search(domain, limit=batch):
            tickets._renew_public()
            self.env.flush_all()
            self.env.invalidate_all()
