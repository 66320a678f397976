import unittest

from odoo.tests import HttpCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..models import pakn_ticket_map
from ..tools.short_cache import ShortCache
from .test_art13_results import ResultsCase

PROVINCE = (107.0, 12.9, 109.9, 15.0)
COUNT = 1200


class TestShortCache(unittest.TestCase):
    """What is kept for a moment; nothing of Odoo."""

    def test_it_is_made_anew_when_its_time_is_over(self):
        now, made = [0.0], iter("abcd")
        cache = ShortCache(30, 2, clock=lambda: now[0])

        def get(key):
            return cache.get(key, lambda: next(made))

        self.assertEqual(get(1), ("a", 0))
        now[0] = 29.0
        self.assertEqual(get(1), ("a", 29))
        self.assertEqual(get(2), ("b", 0))
        now[0] = 30.0
        self.assertEqual(get(1), ("c", 0))
        # The oldest of more than two goes
        self.assertEqual(get(3), ("d", 0))
        self.assertEqual(get(1), ("c", 0))
        self.assertRaises(StopIteration, get, 2)


@tagged(*TAGS)
class TestMapCells(ResultsCase, HttpCase):
    """Art. 13.2: all of the province on the map, read once for all visitors."""

    def setUp(self):
        super().setUp()
        self.now = 1000.0
        self.cells = ShortCache(pakn_ticket_map.KEPT, 8, clock=lambda: self.now)
        self.patch(pakn_ticket_map, "CELLS", self.cells)
        self.ticket = self.published()
        self.env.flush_all()
        self.spread(self.ticket, COUNT)

    def spread(self, ticket, count):
        """Copy a published request to places all over the province."""
        ticket = ticket.sudo()
        names = [
            name
            for name in (
                "title",
                "description",
                "state",
                "stage_id",
                "secrecy",
                "is_published",
            )
            + ("category_id", "area_id", "channel_id", "date_received", "round")
            + ("date_published", "public_title", "public_description")
            if ticket._fields[name].column_type
        ]
        columns = ", ".join(f'"{name}"' for name in names)
        self.env.cr.execute(
            f"""INSERT INTO pakn_ticket
                    (name, public_latitude, public_longitude, {columns})
                SELECT 'THU-' || nth, 13.2 + (nth %% 40) * 0.03, 107.7 + nth * 0.001,
                       {columns}
                  FROM pakn_ticket, generate_series(1, %s) nth WHERE id = %s""",
            [count, ticket.id],
        )

    def get(self, zoom, box=PROVINCE, **filters):
        query = "".join(f"&{name}={value}" for name, value in filters.items())
        bbox = ",".join(map(str, box))
        response = self.url_open(f"/ban-do.json?z={zoom}&bbox={bbox}{query}")
        age = int(response.headers["Cache-Control"].rpartition("=")[2])
        return response.json(), age

    def test_art13_2_each_request_is_counted_once_at_each_zoom(self):
        domain = self.ticket._get_published_domain() & self.ticket._get_box_domain(
            PROVINCE
        )
        number = self.ticket.sudo().search_count(
            [*domain, ("public_latitude", "!=", 0)]
        )
        self.assertGreater(number, COUNT)
        sizes = []
        for zoom in (6, 8, 10, 12, 19):
            shown, _age = self.get(zoom)
            with self.subTest(zoom):
                self.assertFalse(shown["points"])
                counts = [count for _lat, _lng, count in shown["clusters"]]
                self.assertEqual(sum(counts), number)
            sizes.append(len(counts))
        self.assertEqual(sizes, sorted(sizes))
        # Nobody is given a hundred thousand points by asking for it
        self.assertEqual(sizes[-1], sizes[-2])
        # As counted without what is kept
        tickets = self.ticket.sudo()
        cells = pakn_ticket_map.list_cells(
            tickets._count_cells(
                tickets._get_results_domain({}) & tickets._get_box_domain(PROVINCE), 9
            )
        )
        kept, _age = tickets._get_clusters(PROVINCE, 9)
        self.assertEqual(len(cells), len(kept))
        for (lat, lng, count), (*place, most) in zip(
            sorted(cells), sorted(kept), strict=True
        ):
            self.assertEqual(count, most)
            # Their sums are added in another order
            self.assertLess(max(abs(lat - place[0]), abs(lng - place[1])), 0.0002)

    def test_art13_2_the_next_visitor_costs_no_query_on_requests(self):
        self.get(8)
        self.env.invalidate_all()
        for zoom in (8, 7, 11):
            with self.subTest(zoom):
                start = self.cr.sql_log_count
                self.get(zoom)
                self.assertLessEqual(self.cr.sql_log_count - start, 8)
        queries = []
        execute = self.env.registry["pakn.ticket"]._count_cells

        def count(*args):
            queries.append(args)
            return execute(*args)

        self.patch(self.env.registry["pakn.ticket"], "_count_cells", count)
        self.get(9)
        self.assertFalse(queries)
        self.now += pakn_ticket_map.KEPT
        self.get(9)
        self.assertEqual(len(queries), 1, "one for all zooms")
        self.get(12)
        self.assertEqual(len(queries), 1)

    def test_art13_1_what_is_withdrawn_is_seen_no_longer_than_before(self):
        shown, fresh = self.get(8)
        before = sum(cluster[2] for cluster in shown["clusters"])
        self.assertEqual(fresh, 60)
        self.now += 20.5
        self.ticket.unpublish()
        self.env.flush_all()
        shown, fresh = self.get(8)
        # Browsers keep it until 60 seconds after it was counted, as they did
        self.assertEqual(fresh, 60 - 21)
        self.now += 9.5
        shown, fresh = self.get(8)
        self.assertEqual(sum(cluster[2] for cluster in shown["clusters"]), before - 1)
        self.assertEqual(fresh, 60)

    def test_art13_1_points_and_what_was_filtered_are_of_this_moment(self):
        self.get(8)
        west, north = 108.0123 - 0.05, 13.9877 + 0.05
        town = (west, north - 0.1, west + 0.1, north)
        shown, fresh = self.get(14, town)
        self.assertIn(self.ticket.name, {point["code"] for point in shown["points"]})
        self.assertEqual(fresh, 60)
        filters = {"dia-ban": "TESTAREA"}
        counted = sum(cluster[2] for cluster in self.get(8, **filters)[0]["clusters"])
        self.ticket.unpublish()
        self.env.flush_all()
        shown, _fresh = self.get(14, town)
        self.assertNotIn(self.ticket.name, {point["code"] for point in shown["points"]})
        shown, _fresh = self.get(8, **filters)
        self.assertEqual(sum(one[2] for one in shown["clusters"]), counted - 1)
