from odoo.tests import tagged
from odoo.tools import SQL

from .common import TAGS, PaknCase


@tagged(*TAGS)
class TestSearch(PaknCase):
    """Requests, units and areas are found with and without accents, by an index."""

    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket(
            title="Ổ gà ở ngã tư Biển Hồ",
            description="<p>Đường xuống cấp, nhiều ổ gà gây nguy hiểm.</p>",
            citizen_name="Rơ Châm H'Yến",
        )
        self.tickets = self.env["pakn.ticket"].with_user(self.operator)

    def test_words_are_found_however_they_are_typed(self):
        code = self.ticket.name
        for name, texts in {
            "title": ("ổ gà", "o ga o nga tu", "BIEN HO", "Biển hồ"),
            "description": ("xuống cấp", "xuong cap", "Duong xuong", "NGUY HIEM"),
            "citizen_name": ("ro cham", "Rơ Châm", "h'yen"),
            "display_name": ("bien ho", code, code.lower(), code[5:11], "0905 123 456"),
            "citizen_phone": ("0905123456", "+84 905 123 456", "123456"),
        }.items():
            for text in texts:
                with self.subTest(text, field=name):
                    self.assertIn(
                        self.ticket, self.tickets.search([(name, "ilike", text)])
                    )
            self.assertNotIn(
                self.ticket, self.tickets.search([(name, "ilike", "khong co dau")])
            )

    def test_units_and_areas_too(self):
        for model, text, name in (
            ("pakn.unit", "so xay dung", "Sở Xây dựng"),
            ("pakn.area", "phuong quy nhon bac", "Phường Quy Nhơn Bắc"),
        ):
            found = self.env[model].with_user(self.operator).name_search(text)
            self.assertIn(name, [label for _id, label in found])

    def test_each_search_has_its_index(self):
        """Without a look at every request: think of a million."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_indexscan = off")
        for domain, index in (
            ([("title", "ilike", "bien ho")], "pakn_ticket__title_index"),
            ([("description", "ilike", "xuong")], "pakn_ticket__description_index"),
            ([("citizen_name", "ilike", "cham")], "pakn_ticket__private_name_index"),
            ([("citizen_phone", "=", "0905123456")], "pakn_ticket_private_phone_idx"),
            ([("display_name", "ilike", "bien ho")], "pakn_ticket__name_index"),
            ([("has_new_reply", "=", True)], "pakn_ticket_new_reply_idx"),
        ):
            query = self.tickets.sudo()._search(domain, order="id")
            rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(row[0] for row in rows)
            with self.subTest(domain):
                self.assertIn(index, plan)
