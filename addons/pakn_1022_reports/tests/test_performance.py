import json

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import ReportCase


@tagged(*TAGS)
class TestPerformance(ReportCase):
    """The number of queries does not grow with what is counted."""

    def grow(self, count):
        tickets = self.env["pakn.ticket"].browse()
        for index in range(count):
            tickets |= self.new_ticket(
                citizen_phone=f"09052{index:05d}",
                category_id=self.categories[("T1", "T2")[index % 2]].id,
                area_id=self.areas[("X", "Y")[index % 2]].id,
            )
        tickets.transfer(self.unit.ids)
        return tickets

    def count(self, operation):
        operation()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        operation()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_dashboard(self):
        dashboard = self.env["pakn.dashboard"].with_user(self.monitor)
        for size in (5, 20):
            self.grow(size)
            # Looked at when it grows
            self.assertLessEqual(self.count(dashboard.get_dashboard), 14)

    def test_report(self):
        self.set_clock("2031-03-10 08:00")
        self.grow(5)
        self.set_clock("2031-04-02 08:00")
        report = self.make_report()
        few = self.count(report.action_count)
        self.set_clock("2031-03-11 08:00")
        self.grow(20)
        self.set_clock("2031-04-02 08:00")
        self.assertLessEqual(self.count(report.action_count), few)

    def test_export_takes_as_many_queries_a_batch(self):
        tickets = self.env["pakn.ticket"].with_user(self.monitor)
        counts = []
        for size in (5, 20):
            batch = tickets.browse(self.grow(size).ids)
            rows = self.env["pakn.export.rows"]
            counts.append(self.count(lambda rows=rows, b=batch: rows._get_rows(b)))
        self.assertLessEqual(counts[1], counts[0])

    def test_postgresql_knows_how_few_months_there_are(self):
        """Else it sorts a million rows on disk to find them."""
        self.grow(20)
        self.env.flush_all()
        self.env["pakn.report.analysis"]._cron_refresh()
        for name, moment in (
            ("pakn.report.transfer", "date_sent"),
            ("pakn.report.ticket", "date_received"),
        ):
            model = self.env[name].with_context(tz="Asia/Ho_Chi_Minh")
            for granularity in ("day", "month", "quarter", "year"):
                by = f"{moment}:{granularity}"
                query = model._search([])
                group = model._read_group_groupby(model._table, by, query)
                query.groupby = group
                groups = len(model._read_group([], [by]))
                [[plan]] = self.env.execute_query(
                    SQL("EXPLAIN (FORMAT JSON) %s", query.select(group))
                )
                plan = json.loads(plan) if isinstance(plan, str) else plan
                with self.subTest(name, by=by):
                    self.assertLess(groups, model.search_count([]))
                    self.assertEqual(plan[0]["Plan"]["Plan Rows"], groups)
