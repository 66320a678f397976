from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.short_cache import ShortCache
from .pakn_ticket_publication import CARD_FIELDS

# Points of a map; more are shown as clusters
POINT_LIMIT = 300
# Square degrees; what is larger holds so many requests that the newest are read first
TOWN = 0.25
# The nearest zoom at which cells of the whole province are counted, about 3 km wide
NEAREST = 12
# Counts of cells are so many seconds old at most: half of what a browser may keep
KEPT = 30
CELLS = ShortCache(KEPT, 8)


class PaknTicketMap(models.AbstractModel):
    """What the public sees of published requests on a map.

    A room of ``pakn.ticket``, which searches as ``pakn.ticket.results`` does. Points
    are always those of this moment; how many lie in each cell of the whole province is
    the same for all visitors and counted once in :data:`KEPT` seconds.
    """

    _name = "pakn.ticket.map"
    _description = "Request on the map"

    # Of all places at once, read without the requests themselves
    _published_cells_idx = models.Index(
        "(public_latitude, public_longitude)"
        " WHERE is_published IS TRUE AND secrecy = 'public'"
    )

    @api.model
    def _get_map_points(self, filters, box, zoom):
        """Return what a map shows of published requests.

        :param dict filters: as of :meth:`_get_results_domain`
        :param tuple box: west, south, east, north in degrees
        :param int zoom: of the map; sets the size of the cells when there are many
        :return: ``(points, clusters, age)``, one of the first two empty: cards with
            ``latitude`` and ``longitude``; ``[latitude, longitude, count]``; seconds
            since the clusters were counted
        """
        if not any(filters.values()) and self._is_large(box):
            clusters, age = self._get_clusters(box, zoom)
            if sum(count for _lat, _lng, count in clusters) > POINT_LIMIT:
                return [], clusters, age
        domain = self._get_results_domain(filters) & self._get_box_domain(box)
        domain &= Domain("public_latitude", "!=", 0)
        # sudo: what is published, see pakn.ticket.results
        tickets_sudo = self.sudo().search_fetch(
            domain,
            [*CARD_FIELDS, "public_latitude", "public_longitude"],
            limit=POINT_LIMIT + 1,
            order=f"{self._get_result_date(filters)} desc, id desc",
        )
        if len(tickets_sudo) > POINT_LIMIT:
            if self._is_large(box):
                zoom = min(zoom, NEAREST)
            return [], list_cells(self._count_cells(domain, zoom)), 0
        points = [
            ticket_sudo._get_public_card()
            | {
                "latitude": ticket_sudo.public_latitude,
                "longitude": ticket_sudo.public_longitude,
            }
            for ticket_sudo in tickets_sudo
        ]
        return points, [], 0

    @api.model
    def _get_clusters(self, box, zoom):
        """Return the clusters whose middle lies in a box, and their age in seconds.

        All of a cell is counted, also what of it lies beyond the box.
        """
        by_zoom, age = CELLS.get(self.env.cr.dbname, self._count_province)
        west, south, east, north = box
        clusters = [
            cluster
            for cluster in by_zoom[min(zoom, NEAREST)]
            if south <= cluster[0] <= north and west <= cluster[1] <= east
        ]
        return clusters, age

    @api.model
    def _count_province(self):
        """Return the clusters of all published requests, ``{zoom: clusters}``.

        One query: cells of a zoom are four of the next one.
        """
        domain = self._get_results_domain({}) & Domain("public_latitude", "!=", 0)
        cells = self._count_cells(domain, NEAREST)
        by_zoom = {}
        for zoom in range(NEAREST, 0, -1):
            by_zoom[zoom] = list_cells(cells)
            wider = defaultdict(lambda: (0.0, 0.0, 0))
            for (row, column), cell in cells.items():
                place = row // 2, column // 2
                wider[place] = tuple(map(sum, zip(wider[place], cell, strict=True)))
            cells = wider
        return by_zoom

    @api.model
    def _count_cells(self, domain, zoom):
        """Return ``{(row, column): (sum of latitudes, of longitudes, count)}``.

        A cell is about 80 pixels of the map wide.
        """
        width = 360 / 2**zoom * 80 / 256
        # sudo: what is published, see pakn.ticket.results
        query = self.sudo()._search(domain)
        rows = self.env.execute_query(
            SQL(
                """SELECT floor(latitude / %(width)s)::int,
                          floor(longitude / %(width)s)::int,
                          sum(latitude), sum(longitude), count(*)
                     FROM (%(places)s) places
                    GROUP BY 1, 2""",
                width=width,
                # As numeric PostgreSQL takes twice as long to reckon with them
                places=query.select(
                    SQL(
                        "%s::float8 AS latitude",
                        SQL.identifier(query.table, "public_latitude"),
                    ),
                    SQL(
                        "%s::float8 AS longitude",
                        SQL.identifier(query.table, "public_longitude"),
                    ),
                ),
            )
        )
        return {(row, column): tuple(cell) for row, column, *cell in rows}

    @api.model
    def _is_large(self, box):
        west, south, east, north = box
        return (east - west) * (north - south) > TOWN

    @api.model
    def _get_box_domain(self, box):
        """Return the domain of requests whose public place lies in a box.

        The database cannot guess how few lie in a small one and would go through all
        by their dates: it is asked in the words of the index of places.

        :param tuple box: west, south, east, north in degrees
        """
        west, south, east, north = box
        if self._is_large(box):
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


def list_cells(cells):
    """Return cells as clusters of the map: middle of what is in each, and how many."""
    return [
        [round(latitude / count, 4), round(longitude / count, 4), count]
        for latitude, longitude, count in cells.values()
    ]
