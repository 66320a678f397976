import random

from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import search_words
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
            citizen_address="45 Trần Bình Trọng, phường Pleiku",
            citizen_email="hyen.rocham@example.com",
        )
        self.lamp = self.new_ticket(
            title="Đèn chiếu sáng đường Hùng Vương",
            description="<p>Ba bóng không sáng, gọi lại số 0914.275.864.</p>",
            citizen_name="Đỗ Hồng Khánh",
            citizen_phone="0983 777 216",
        )
        self.tickets = self.env["pakn.ticket"].with_user(self.operator)

    def find(self, text, user=None):
        tickets = self.tickets.with_user(user) if user else self.tickets
        return tickets.search([("found_by", "ilike", text)])

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

    def test_each_word_is_found_wherever_it_stands(self):
        code = self.ticket.name
        for ticket, texts in {
            self.ticket: (
                *(code, code.lower(), code[5:11], code[2:], code[:11], code[5:]),
                *("ổ gà", "o ga bien ho", "HO BIEN", "nguy hiem o ga", "biển  hồ!"),
                *("rơ châm", "ro cham hyen", "H'Yến", "H’Yến", "yến châm"),
                *("0905123456", "0905 123 456", "+84 905 123 456", "(0905) 123.456"),
                *("905123456", "123456", "0905 123", "84905123456"),
                *("tran binh trong pleiku", "hyen.rocham@example.com", "rocham ga"),
            ),
            self.lamp: (
                *("khanh", "Khánh", "do hong khanh", "khánh hùng vương", "khan"),
                *("den duong hung vuong", "đèn đường hùng vương", "hung vuong den"),
                *("0914275864", "0914 275 864", "5864", "bong khong sang 216"),
            ),
        }.items():
            for text in texts:
                with self.subTest(text):
                    self.assertEqual(
                        self.find(text) & (self.ticket + self.lamp), ticket
                    )
        for text in ("khanh bien ho", "den duong quang trung", "!?", "0911 111 111"):
            with self.subTest(text):
                self.assertFalse(self.find(text) & (self.ticket + self.lamp))
        self.assertIn(self.lamp, self.find("  "), "nothing typed, nothing sorted out")

    def test_one_typing_error_is_forgiven(self):
        for text in (
            *("den duong hugn vuong", "den duong hung vuogn", "đèn đưòng hùng vươn"),
            *("den duong hungg vuong", "den duong hng vuong", "denn chieu sang"),
            *("khqnh", "hong khanj", "den duong hungvuong", "ten duong hung vuong"),
            *("0983 777 126", "0983 777 261", "0983 77 216", "0983 777 2166"),
        ):
            with self.subTest(text):
                self.assertIn(self.lamp, self.find(text))
        for text in ("xyz duong hung vuong", "0983 777 333", "hugn vuong quy nhon"):
            with self.subTest(text):
                self.assertNotIn(self.lamp, self.find(text))
        exact = self.new_ticket(title="Đến trường Hùng Vương học")
        self.assertEqual(
            self.find("den truong hung vuong") & (exact + self.lamp),
            exact,
            "what is said word for word is not mixed with what is nearly said",
        )

    def test_the_best_come_first(self):
        self.lamp._acting().date_received = "2026-01-05 01:00:00"
        self.new_ticket(
            title="Rác chưa thu gom",
            description="<p>Gần đèn giao thông, vương vãi khắp đường, Hùng thấy.</p>",
        )
        text = "den duong hung vuong"
        self.assertEqual(self.find(text)[0], self.lamp)
        [first, *_others] = self.tickets.name_search(text)
        self.assertEqual(first[0], self.lamp.id)
        rows = self.tickets.web_search_read(
            [("found_by", "ilike", text)], {"name": {}}, limit=80
        )
        self.assertEqual(rows["records"][0]["id"], self.lamp.id)
        newest = self.tickets.search(
            [("found_by", "ilike", text)], order="id desc", limit=1
        )
        self.assertNotEqual(newest, self.lamp, "an order that is asked for is kept")

    def test_art13_1_nobody_finds_by_what_is_not_shown(self):
        """A search that finds is an answer: it tells no more than the screen does."""
        secret = self.new_ticket(title="Việc mật ở Hùng Vương", citizen_name="Khánh")
        secret._acting().secrecy = "secret"
        self.assertNotIn(secret, self.find("viec mat hung vuong"))
        self.assertIn(self.lamp, self.find("hung vuong", self.monitor))
        for text in ("khanh", "hong khanh", "0983777216", "777 216", "khqnh"):
            with self.subTest(text):
                self.assertFalse(self.find(text, self.monitor))
                self.assertFalse(self.find(text, self.focal), "no slip yet")
        self.lamp.with_user(self.operator).transfer(self.unit.ids)
        self.assertEqual(self.find("khanh den duong", self.focal), self.lamp)
        slips = self.env["pakn.transfer"].with_user(self.focal)
        self.assertEqual(
            slips.search([("ticket_id.found_by", "ilike", "khanh den")]).ticket_id,
            self.lamp,
        )
        self.lamp.with_user(self.operator).secrecy = "confidential"
        self.assertEqual(self.find("den hung vuong", self.focal), self.lamp)
        self.assertFalse(self.find("khanh", self.focal))
        self.assertFalse(self.find("khanh den duong", self.focal))
        self.assertEqual(self.find("khanh den duong"), self.lamp)

    def test_what_is_corrected_is_found_by_its_new_words(self):
        self.lamp.with_user(self.operator).write(
            {"title": "Đèn ở đường Lê Lợi", "citizen_name": "Siu H'Bia"}
        )
        self.assertEqual(self.find("le loi hbia"), self.lamp)
        self.assertNotIn(self.lamp, self.find("khanh"))

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
            ([("citizen_name", "ilike", "cham")], "pakn_ticket__private_name_index"),
            ([("citizen_phone", "=", "0905123456")], "pakn_ticket_private_phone_idx"),
            ([("has_new_reply", "=", True)], "pakn_ticket_new_reply_idx"),
        ):
            query = self.tickets.sudo()._search(domain, order="id")
            with self.subTest(domain):
                self.assertIn(index, self.explain(query.select()))

    def test_words_are_looked_up_by_an_index(self):
        """PostgreSQL is not told how to; only what it reads is counted (see bench/)."""
        for column, index in (
            ("search_text", "pakn_ticket_search_text_vector_idx"),
            ("search_all", "pakn_ticket_search_all_vector_idx"),
        ):
            for query in (
                search_words.match_whole(["den", "duong"]),
                search_words.match_nearly(["hugn", "vuong"], {"hung", "vuong"}),
            ):
                with self.tickets._by_index():
                    match = self.tickets._match("pakn_ticket", column, query)
                    plan = self.explain(
                        SQL("SELECT id FROM pakn_ticket WHERE %s LIMIT 10001", match)
                    )
                with self.subTest(query.text):
                    self.assertIn(index, plan)
        self.env.cr.execute("SHOW enable_seqscan")
        self.assertEqual(self.env.cr.fetchone(), ("on",))
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.assertIn(
            "pakn_search_word__word_index",
            self.explain(SQL("SELECT word FROM pakn_search_word WHERE word = 'hung'")),
        )

    def test_a_search_asks_the_database_a_fixed_number_of_times(self):
        self.tickets.search([("found_by", "ilike", "bien ho")], limit=80)
        for count, text in ((9, "bien ho"), (15, "bien hoo")):
            self.env.flush_all()
            with self.subTest(text), self.assertQueryCount(count):
                self.tickets.search([("found_by", "ilike", text)], limit=80)

    def test_many_hits_are_the_newest_first(self):
        tickets = (
            self.new_ticket(title="Loa phường ồn"),
            self.new_ticket(title="Loa phường quá ồn"),
        )
        with (
            self.subTest("more than are ranked"),
            self.patched(RANKED=1, COUNTED=1),
        ):
            found = self.tickets.search([("found_by", "ilike", "loa on")], limit=80)
            self.assertEqual(found[:2], tickets[1] + tickets[0])

    def patched(self, **values):
        from unittest.mock import patch

        from ..models import pakn_ticket_search

        return patch.multiple(pakn_ticket_search, **values)

    def explain(self, statement):
        rows = self.env.execute_query(SQL("EXPLAIN %s", statement))
        return "\n".join(row[0] for row in rows)


@tagged(*TAGS)
class TestSearchWords(PaknCase):
    """The plain algorithms of ``tools/search_words.py``."""

    def test_numbers_are_one_word_however_they_are_grouped(self):
        for text, words in {
            "Đỗ H'Yến, 0905 123 456": ["do", "h", "yen", "0905123456"],
            "+84 905 123 456 gọi": ["0905123456", "goi"],
            "0905123456 2 ổ gà": ["0905123456", "2", "o", "ga"],
            "(0269) 3824.100": ["02693824100"],
            "GL26-000123-7": ["gl26", "000123", "7"],
            "hẻm 12/3": ["hem", "12", "3"],
            "": [],
            None: [],
        }.items():
            with self.subTest(text):
                self.assertEqual(search_words.split(text), words)

    def test_every_single_error_is_a_neighbour(self):
        random.seed(1022)
        letters = "abcdefghijklmnopqrstuvwxyz"
        for word in ("hung", "khanh", "0905123456"):
            signs = "0123456789" if word.isdigit() else letters
            for _attempt in range(200):
                place = random.randrange(len(word))
                sign = random.choice(signs)
                typed = random.choice(
                    [
                        word[:place] + word[place + 1 :],
                        word[:place] + sign + word[place:],
                        word[:place] + sign + word[place + 1 :],
                        word[:place] + word[place:][:2][::-1] + word[place + 2 :],
                    ]
                )
                if typed != word:
                    self.assertIn(word, search_words.get_neighbours(typed), typed)
            self.assertNotIn(word, search_words.get_neighbours(word))

    def test_any_part_of_a_phone_number_is_the_beginning_of_what_is_kept(self):
        kept = search_words.keep_phone("+84905123456").split()
        for part in ("0905", "905123", "456", "23456", "0905123456"):
            self.assertTrue([word for word in kept if word.startswith(part)], part)
        self.assertEqual(search_words.keep_phone(False), "")

    def test_hostile_text_is_kept_within_bounds(self):
        long = "a" * 5000
        kept = search_words.keep(
            long, "' & | ! :* \x00 \\", " ".join(map(str, range(9000)))
        )
        self.assertLessEqual(max(map(len, kept.split())), search_words.LONGEST)
        self.assertLessEqual(len(kept.split()), search_words.MOST_KEPT)
        for text in ("'", "' | 'a':*", "a\\'b", ":*", "\u200b", "!!khanh", "a" * 500):
            self.env["pakn.ticket"].search([("found_by", "ilike", text)], limit=1)
