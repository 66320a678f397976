import threading
import unittest
from unittest.mock import patch

from odoo.tests import HttpCase, TransactionCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.rate_limit import RateLimit


class TestRateLimit(unittest.TestCase):
    """The counter in memory; nothing of Odoo."""

    def test_a_visitor_waits_until_the_window_ends(self):
        now = [0.0]
        limit = RateLimit(2, 60, clock=lambda: now[0])
        self.assertEqual([limit.hit("a"), limit.hit("a")], [0, 0])
        now[0] = 20.0
        self.assertEqual(limit.hit("a"), 40)
        self.assertEqual(limit.hit("b"), 0, "another visitor")
        now[0] = 60.0
        self.assertEqual(limit.hit("a"), 0)


@tagged(*TAGS)
class TestStoredRateLimit(TransactionCase):
    def test_attempts_are_counted_by_name_and_key(self):
        limit = self.env["pakn.rate.limit"]
        self.assertEqual([limit._hit("x", "1.2.3.4", 2, 60) for _try in "ab"], [0, 0])
        self.assertGreater(limit._hit("x", "1.2.3.4", 2, 60), 0)
        self.assertEqual(limit._hit("y", "1.2.3.4", 2, 60), 0)
        self.assertEqual(limit._hit("x", "1.2.3.5", 2, 60), 0)
        self.assertFalse(limit.search([("key", "ilike", "1.2.3")]), "only a hash")


@tagged(*TAGS)
class TestRoutes(TransactionCase):
    # Odoo's own home page, which ours stands in for
    UNLIMITED = ["/"]
    # Odoo makes it once a day, and keeps it
    WRITING = {"/sitemap.xml"}

    def test_each_page_that_anybody_opens_is_limited_and_only_reads(self):
        found, unlimited = 0, []
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            routes = self.env["ir.http"].routing_map()
        for rule in routes.iter_rules():
            endpoint, routing = rule.endpoint.func, rule.endpoint.routing
            if (
                not endpoint.__module__.startswith("odoo.addons.pakn_1022_website")
                or routing["auth"] != "public"
                or routing["type"] != "http"
                or routing.get("methods") == ["POST"]
            ):
                continue
            found += 1
            if not hasattr(endpoint, "rate_limit"):
                unlimited.append(rule.rule)
            with self.subTest(rule.rule):
                self.assertTrue(routing["readonly"] or rule.rule in self.WRITING)
        self.assertGreater(found, 25)
        self.assertEqual(unlimited, self.UNLIMITED)


@tagged(*TAGS)
class TestOddAddresses(HttpCase):
    def test_dot_segments_are_not_found(self):
        for path in ("/..%2fx", "/ket-qua/..%2f..%2fetc", "/a/%2e%2e/b"):
            with self.subTest(path):
                self.assertEqual(self.url_open(path).status_code, 404)
