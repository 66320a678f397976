from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..hooks import COLUMNS, fill
from .common import ReportCase


@tagged(*TAGS)
class TestHooks(ReportCase):
    def test_what_happened_before_is_filled_in_as_if_it_had_been_kept(self):
        """The same figures, whether the addon was there at first or came later."""
        tickets = self.play()
        self.set_clock("2031-04-02 08:00")
        report = self.make_report()
        wanted = report.content
        ids = [ticket.id for ticket in tickets.values()]
        for table, columns in COLUMNS.items():
            key = {"pakn_ticket": "id", "pakn_transfer": "ticket_id"}.get(
                table, "res_id"
            )
            nothing = ", ".join(f'"{name}" = NULL' for name in columns)
            self.env.cr.execute(
                f"UPDATE {table} SET {nothing} WHERE {key} = ANY(%s)", [ids]
            )
        self.env.invalidate_all()
        fill(self.env)
        self.env.invalidate_all()
        report.action_count()
        for before, after in zip(
            wanted["sections"], report.content["sections"], strict=True
        ):
            with self.subTest(before["key"]):
                self.assertEqual(after, before)
