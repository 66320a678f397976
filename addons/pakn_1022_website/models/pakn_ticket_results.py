import re
from datetime import datetime

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ..tools.text import excerpt, fold
from .pakn_ticket_publication import CARD_FIELDS

# More are not counted: "more than 1,000"
COUNT_LIMIT = 1000
# Points of a map; more are shown as clusters
POINT_LIMIT = 300
# Square degrees; what is larger holds so many requests that the newest are read first
TOWN = 0.25
_CURSOR = re.compile(r"(\d{14})-(\d{1,12})")
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
        match = _CURSOR.fullmatch(after or "")
        if match:
            try:
                moment = datetime.strptime(match[1], "%Y%m%d%H%M%S")
            except ValueError:
                return self.sudo().browse(), None  # sudo: nothing
            domain &= Domain(date, "<", moment) | (
                Domain(date, "=", moment) & Domain("id", "<", int(match[2]))
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

    # ------------------------------------------------------------
    # THE MAP
    # ------------------------------------------------------------

    @api.model
    def _get_map_points(self, filters, box, zoom):
        """Return what a map shows of published requests.

        :param tuple box: west, south, east, north in degrees
        :param int zoom: of the map; sets the size of the cells when there are many
        :return: ``(points, clusters)``, one of them empty: cards with ``latitude`` and
            ``longitude``; ``[latitude, longitude, count]``
        """
        domain = self._get_results_domain(filters) & self._get_box_domain(box)
        domain &= Domain("public_latitude", "!=", 0)
        # sudo: what is published, see the class
        tickets_sudo = self.sudo()
        tickets = tickets_sudo.search_fetch(
            domain,
            [*CARD_FIELDS, "public_latitude", "public_longitude"],
            limit=POINT_LIMIT + 1,
            order=f"{self._get_result_date(filters)} desc, id desc",
        )
        if len(tickets) <= POINT_LIMIT:
            return [
                ticket._get_public_card()
                | {
                    "latitude": ticket.public_latitude,
                    "longitude": ticket.public_longitude,
                }
                for ticket in tickets
            ], []
        # About 80 pixels of the map
        cell = 360 / 2**zoom * 80 / 256
        query = tickets_sudo._search(domain)
        rows = self.env.execute_query(
            SQL(
                """SELECT avg(latitude), avg(longitude), count(*)
                     FROM (%s) points
                    GROUP BY floor(latitude / %s), floor(longitude / %s)""",
                query.select(
                    SQL(
                        "%s AS latitude", SQL.identifier(query.table, "public_latitude")
                    ),
                    SQL(
                        "%s AS longitude",
                        SQL.identifier(query.table, "public_longitude"),
                    ),
                ),
                cell,
                cell,
            )
        )
        return [], [[round(lat, 4), round(lng, 4), count] for lat, lng, count in rows]

    @api.model
    def _get_box_domain(self, box):
        """Return the domain of requests whose public place lies in a box.

        The database cannot guess how few lie in a small one and would go through all
        by their dates: it is asked in the words of the index of places.

        :param tuple box: west, south, east, north in degrees
        """
        west, south, east, north = box
        if (east - west) * (north - south) > TOWN:
            return (
                Domain("public_latitude", ">=", south)
                & Domain("public_latitude", "<=", north)
                & Domain("public_longitude", ">=", west)
                & Domain("public_longitude", "<=", east)
            )
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "point(%s, %s) <@ box(point(%s, %s), point(%s, %s))",
                SQL.identifier(alias, "public_longitude"),
                SQL.identifier(alias, "public_latitude"),
                *(west, south, east, north),
            )
        )

    @api.model
    def _init_public_texts(self, batch=500):
        """Make the public texts of what was published before this addon was there."""
        domain = [("is_published", "=", True), ("public_title", "=", False)]
        while tickets := self.search(domain, limit=batch):
            tickets._renew_public()
            self.env.flush_all()
            self.env.invalidate_all()
