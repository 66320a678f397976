from unittest.mock import patch

from odoo.tests import tagged

from .common import TAGS, PaknCase
from .web_client import get_order, get_specification, open_form, open_kanban, open_list

# Queries of each screen as the web client opens it
SCREENS = {
    ("test_operator", "kanban"): 15,
    ("test_operator", "list"): 10,
    # One of them asks whether it is on the log already who opened it, one for
    # signatures on files
    ("test_operator", "form"): 33,
    ("test_monitor", "kanban"): 16,
    ("test_monitor", "list"): 11,
    ("test_monitor", "form"): 27,
    ("test_focal", "kanban"): 7,
    ("test_focal", "list"): 7,
    # Two of them ask whether the request may be named to the unit, two whether the
    # citizen is and whether it is on the log already who opened it, three for
    # signatures on files and who may see them, one for words of a conversation
    ("test_focal", "form"): 22,
}
BAR = {"field": "due_state", "colors": {"late": "a", "soon": "b", "ok": "c"}}


@tagged(*TAGS)
class TestPerformance(PaknCase):
    """The number of queries does not grow with the number of records."""

    def count_queries(self, operation):
        """Return how many queries ``operation`` takes, to the last flush."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        operation()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def batch(self, size, **values):
        self.number = getattr(self, "number", 0) + size
        return (
            self.env["pakn.ticket"]
            .with_user(self.operator)
            .create(
                [
                    {
                        "title": "Đèn đường hỏng",
                        "description": "<p>Đèn đường trước nhà tôi hỏng đã lâu</p>",
                        "citizen_name": "Nguyễn Văn A",
                        "citizen_phone": f"09055{self.number + index:05d}",
                        "category_id": self.category.id,
                        **values,
                    }
                    for index in range(size)
                ]
            )
        )

    def assertConstant(self, operation, prepare=lambda size: size, extra=0):
        """Check that 40 records take as many queries as 10, warm caches or not.

        :param extra: queries that may come with 30 more records
        """
        operation(prepare(2))
        ten, forty = prepare(10), prepare(40)
        few = self.count_queries(lambda: operation(ten))
        many = self.count_queries(lambda: operation(forty))
        self.assertLessEqual(many, few + extra, f"{few} for 10, {many} for 40")

    def test_one_request_is_taken_in_and_handed_on_with_few_queries(self):
        """An operator's call and the slip, each cold, as a call of the web client."""
        unit = self.unit
        self.batch(1).transfer(unit.ids)

        def cold(operation):
            self.env.flush_all()
            self.env.invalidate_all()
            return self.count_queries(operation)

        tickets = []
        taken_in = cold(lambda: tickets.append(self.batch(1)))
        handed_on = cold(lambda: tickets[0].transfer(unit.ids))
        self.assertLessEqual(taken_in, 11)
        self.assertLessEqual(handed_on, 13)

    def test_most_acts_on_record_are_written_beside_their_request(self):
        """Where there is room on the page, PostgreSQL writes to no index anew."""
        tickets = self.batch(40)
        self.env.flush_all()

        def count():
            self.env.cr.execute(
                """SELECT pg_stat_get_xact_tuples_updated(oid),
                          pg_stat_get_xact_tuples_hot_updated(oid)
                     FROM pg_class WHERE relname = 'pakn_ticket'"""
            )
            return self.env.cr.fetchone()

        before = count()
        tickets._log_event("updated", payload={"x": 1})
        self.env.flush_all()
        written, beside = (
            now - then for now, then in zip(count(), before, strict=True)
        )
        self.assertEqual(written, 40)
        self.assertGreater(beside, 20)

    def test_list_kanban_and_search(self):
        spec = {
            name: {"fields": {"display_name": {}}}
            if self.env["pakn.ticket"]._fields[name].type == "many2one"
            else {}
            for name in [
                "name",
                "title",
                "state",
                "stage_id",
                "channel_icon",
                "category_id",
                "category_color",
                "unit_id",
                "date_due",
                "due_state",
                "due_text",
                "is_overdue",
                "citizen_name",
                "citizen_phone",
                "user_id",
                "rating_last_value",
                "secrecy",
                "activity_state",
            ]
        }

        def read(tickets):
            for user in (self.operator, self.monitor):
                self.env["pakn.ticket"].with_user(user).web_search_read(
                    [("id", "in", tickets.ids)], spec
                )

        def prepare(size):
            tickets = self.batch(size)
            tickets.transfer(self.unit.ids)
            return tickets

        self.assertConstant(read, prepare)

    def open_screens(self, size):
        """Return how many queries each screen takes with ``size`` requests."""
        requests = self.batch(size)
        requests[::2].transfer(self.unit.ids)
        slips = requests.transfer_ids
        domain = [("id", "in", requests.ids)]
        counts = {}
        for user, records, within in (
            (self.operator, requests, domain),
            (self.monitor, requests, domain),
            (self.focal, slips, [("id", "in", slips.ids)]),
        ):
            records = records.with_user(user)
            group = "stage_id" if records._name == "pakn.ticket" else "state"
            bar = BAR if records._name == "pakn.ticket" else None
            views = {
                view: get_specification(records, view)
                for view in ("kanban", "list", "form")
            }
            screens = {
                "kanban": lambda r=records, d=within, g=group, b=bar, v=views: (
                    open_kanban(
                        r.browse(), d, g, v["kanban"], b, get_order(r, "kanban")
                    )
                ),
                "list": lambda r=records, d=within, v=views: open_list(
                    r.browse(), d, v["list"], get_order(r, "list")
                ),
                "form": lambda r=records, v=views: open_form(r[:1], v["form"]),
            }
            for name, operation in screens.items():
                operation()
                counts[user.login, name] = self.count_queries(operation)
        return counts

    def test_screens_take_a_fixed_number_of_queries(self):
        """However many requests there are; each number is looked at when it grows."""
        self.maxDiff = None
        self.open_screens(100)  # caches of the registry, as a running server has them
        for size in (200, 300):
            self.assertEqual(self.open_screens(size), SCREENS, size)

    def test_a_units_requests_are_counted_by_its_slips(self):
        """As many as are found, for whoever reads; not by a walk over all there are."""
        both = self.transferred(self.unit, self.other_unit)
        self.lead_slip(both, self.focal).give_back("Không thuộc đơn vị")
        self.batch(3).transfer(self.unit.ids)
        self.env.flush_all()
        for user in (self.focal, self.head, self.other_focal, self.operator):
            with self.subTest(user.login):
                tickets = self.env["pakn.ticket"].with_user(user)
                for domain in ([], [("state", "=", "new")], [("id", "<", 0)]):
                    found = tickets.search(domain)
                    self.assertEqual(tickets.search_count(domain), len(found))
                found = tickets.search([])
                self.assertEqual(tickets.search_count([], 2), min(len(found), 2))
        tickets = self.env["pakn.ticket"].with_user(self.focal)
        tickets.search_count([])
        with self.assertQueriesContain(["COUNT(DISTINCT"]):
            tickets.search_count([])

    def test_slips_of_a_unit(self):
        spec = dict.fromkeys(
            [
                "ticket_title",
                "state",
                "level",
                "role",
                "date_due",
                "due_state",
                "due_text",
                "citizen_name",
                "can_respond",
            ],
            {},
        )

        def read(tickets):
            self.env["pakn.transfer"].with_user(self.focal).web_search_read(
                [("ticket_id", "in", tickets.ids)], spec
            )

        def prepare(size):
            tickets = self.batch(size)
            tickets.transfer(self.unit.ids)
            return tickets

        self.assertConstant(read, prepare)

    def test_lists_of_slips_do_not_clean_long_texts(self):
        """The text of a request is shown on the slip itself, not in a list of them."""
        slip = self.transferred().open_transfer_id.with_user(self.focal)
        columns = get_specification(slip, "list")
        self.assertNotIn("description", columns)
        with patch("odoo.orm.fields_textual.html_sanitize") as clean:
            slip.web_search_read([("id", "in", slip.ids)], columns)
            clean.assert_not_called()
        self.assertIn("Đèn", str(slip.description))

    def test_which_requests_a_unit_holds_is_read_from_an_index(self):
        """Its record rule asks that with every list."""
        self.transferred()
        held = self.env["pakn.transfer"]._search(
            [("is_held", "=", True), ("unit_id", "in", self.unit.ids)]
        )
        self.env.flush_all()
        plan = self.explain_by("pakn_transfer_held_idx", held.subselect("ticket_id"))
        self.assertIn("Index Only Scan using pakn_transfer_held_idx", plan)

    def test_batch_intake(self):
        self.assertConstant(self.batch)

    def test_batch_acts_of_the_operator(self):
        def lie_with_unit(size):
            tickets = self.batch(size)
            tickets.transfer(self.unit.ids)
            return tickets

        def answered(size):
            tickets = self.batch(size)
            tickets.answer("<p>Trả lời</p>")
            return tickets

        for operation, prepare in (
            (lambda tickets: tickets.transfer(self.unit.ids), self.batch),
            (lambda tickets: tickets.reject(self.reason.id), self.batch),
            (lambda tickets: tickets.answer("<p>Trả lời</p>"), self.batch),
            (lambda tickets: tickets.send_result(), answered),
            (lambda tickets: tickets.cancel("Gọi thử"), lie_with_unit),
        ):
            with self.subTest(operation):
                self.assertConstant(operation, prepare)

    def test_batch_acts_that_can_be_taken_back(self):
        """Done by hand, held, and taken back, in parts too."""

        def lie_with_unit(size):
            tickets = self.batch(size)
            tickets.transfer(self.unit.ids)
            return tickets

        def answered(size):
            tickets = self.batch(size)
            tickets.answer("<p>Trả lời</p>")
            return tickets

        def held(prepare, calls):
            def do(size):
                tickets = prepare(size)
                tickets._do_by_hand(calls)
                return tickets

            return do

        for prepare, calls in (
            (self.batch, [["reject", [self.reason.id]]]),
            (self.batch, [["answer", ["<p>Trả lời</p>"]], ["send_result", []]]),
            (answered, [["send_result", []]]),
            (lie_with_unit, [["cancel", ["Gọi thử"]]]),
        ):
            with self.subTest(calls[0][0]):
                self.assertConstant(lambda t, c=calls: t._do_by_hand(c), prepare)
                self.assertConstant(
                    lambda t, c=calls: t.act_on_part(c, f"part {len(t)}"), prepare
                )
                self.assertConstant(
                    lambda t: t.action_take_back(), held(prepare, calls)
                )

    def test_batch_acts_of_the_unit(self):
        def prepare(size):
            tickets = self.batch(size)
            tickets.transfer(self.unit.ids)
            # As a button's call comes in: bare ids, nothing prefetched
            slip_ids = tickets.open_transfer_id.ids
            return self.env["pakn.transfer"].with_user(self.focal).browse(slip_ids)

        for operation in (
            lambda slips: slips.acknowledge(),
            lambda slips: slips.answer("<p>Xong</p>"),
            lambda slips: slips.give_back("Nhầm"),
            lambda slips: slips.schedule("2026-03-10 03:00:00"),
        ):
            with self.subTest(operation):
                # One more: Odoo deletes to-dos in chunks
                self.assertConstant(operation, prepare, extra=1)
