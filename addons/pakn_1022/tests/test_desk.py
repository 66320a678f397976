import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.pakn_ticket_many import PART
from ..tools.phone import format_phone
from .common import TAGS, PaknCase

SECTIONS = [
    *("calls", "new", "messages", "results", "returned", "appointments", "overdue"),
]
# Queries of the desk, for one row in each section as for many
QUERIES = 18


@tagged(*TAGS)
class TestDesk(PaknCase):
    """Art. 20.3: the operator sees what waits, in the order it should be done."""

    def desk(self, user=None, whose="mine"):
        """Return the desk as the browser gets it."""
        self.env.flush_all()
        self.env.invalidate_all()
        tickets = self.env["pakn.ticket"].with_user(user or self.operator)
        return json.loads(json.dumps(tickets.get_desk(whose)))

    def rows(self, desk, key, tickets=None):
        """Return the rows of a section, of these requests alone."""
        [section] = [one for one in desk["sections"] if one["key"] == key]
        rows = section["rows"]
        if tickets is not None:
            rows = [row for row in rows if row["id"] in tickets.ids]
        return rows

    def in_sections(self, ticket, **kwargs):
        desk = self.desk(**kwargs)
        return [
            section["key"]
            for section in desk["sections"]
            if ticket.id
            in self.env["pakn.ticket"]
            .with_user(kwargs.get("user") or self.operator)
            .search(section["domain"])
            .ids
        ]

    def test_art20_3_each_request_stands_where_something_is_to_be_done(self):
        ticket = self.new_ticket()
        self.assertEqual(self.in_sections(ticket), ["new"])
        ticket.transfer(self.unit.ids)
        self.assertEqual(self.in_sections(ticket), [])
        self.lead_slip(ticket, self.focal).give_back("Không phải của Sở")
        self.assertEqual(self.in_sections(ticket), ["returned"])
        ticket.transfer(self.unit.ids)
        self.lead_slip(ticket, self.focal).schedule("2026-03-04 03:00:00")
        self.assertEqual(self.in_sections(ticket), [])
        self.set_clock("2026-03-03 14:00")
        self.assertEqual(self.in_sections(ticket), ["appointments"])
        self.set_clock("2026-03-04 10:30")
        self.assertEqual(self.in_sections(ticket), ["overdue"])
        ticket.sudo()._note_reply("Khi nào xong?")
        self.assertEqual(self.in_sections(ticket), ["messages", "overdue"])
        self.lead_slip(ticket, self.focal).answer("<p>Xong</p>")
        ticket._acting().is_unreached = True
        self.assertEqual(self.in_sections(ticket), ["calls", "messages", "results"])
        ticket.note_call("Đã báo")
        ticket.action_reply_read()
        ticket.send_result()
        self.assertEqual(self.in_sections(ticket), [])
        ticket.reopen("Chưa xong")
        self.assertEqual(self.in_sections(ticket), ["returned"])
        self.assertEqual([one["key"] for one in self.desk()["sections"]], SECTIONS)

    def test_the_colour_counts_working_time(self):
        """Received on Friday before the end of work; the weekend does not count."""
        self.set_clock("2026-03-06 16:50")
        ticket = self.new_ticket()
        for moment, color in (
            ("2026-03-06 16:59", "ok"),
            ("2026-03-08 12:00", "ok"),
            ("2026-03-09 07:19", "ok"),
            ("2026-03-09 07:20", "soon"),
            ("2026-03-09 07:50", "late"),
        ):
            self.set_clock(moment)
            self.env.invalidate_all()
            with self.subTest(moment):
                self.assertEqual(ticket.age_state, color)
        ticket.transfer(self.unit.ids)
        self.assertFalse(ticket.age_state)

    def test_the_oldest_comes_first_with_how_long_it_waits(self):
        self.set_clock("2000-01-03 08:00")  # before anything else there is
        first = self.new_ticket()
        self.set_clock("2000-01-03 08:40")
        second = self.new_ticket()
        self.set_clock("2000-01-03 09:00")
        [one, two] = self.rows(self.desk(), "new", first | second)
        self.assertEqual([one["id"], two["id"]], [first.id, second.id])
        self.assertEqual((one["time"], one["color"]), ("1 h 0 min", "late"))
        self.assertEqual((two["time"], two["color"]), ("20 min", "ok"))
        self.assertEqual(one["phone"], "0905 123 456")
        self.assertEqual(one["citizen"], "Nguyễn Văn A")

    def test_a_result_says_how_long_the_citizen_has_waited(self):
        self.set_clock("2000-01-03 08:00")
        ticket = self.transferred()
        self.set_clock("2000-01-05 08:00")
        self.lead_slip(ticket, self.focal).answer("<p>Xong</p>")
        [row] = self.rows(self.desk(), "results", ticket)
        self.assertEqual(row["time"], "citizen waits for 2 d")
        self.assertEqual(row["color"], "ok")
        self.assertEqual(row["unit"], self.unit.name)

    def test_mine_are_my_own_and_what_nobody_has_taken(self):
        other = new_test_user(
            self.env, login="test_operator2", groups="pakn_1022.group_operator"
        )
        mine, loose = self.new_ticket(), self.new_ticket(user_id=False)
        theirs = self.new_ticket(user_id=other.id)
        self.assertEqual(self.in_sections(mine), ["new"])
        self.assertEqual(self.in_sections(loose), ["new"])
        self.assertEqual(self.in_sections(theirs), [])
        self.assertEqual(self.in_sections(theirs, whose="all"), ["new"])

    def test_each_number_counts_what_it_opens(self):
        for _number in range(10):
            self.new_ticket()
        for whose in ("mine", "all"):
            for section in self.desk(whose=whose)["sections"]:
                found = (
                    self.env["pakn.ticket"]
                    .with_user(self.operator)
                    .search_count(section["domain"])
                )
                self.assertEqual(section["count"], found, section["key"])
                self.assertLessEqual(len(section["rows"]), 8)

    def test_own_figures_of_today_and_this_week(self):
        self.set_clock("2026-03-02 08:00")  # Monday
        done = self.done()
        self.set_clock("2026-03-03 08:00")
        for _number in range(2):
            self.new_ticket().answer("<p>Tại bộ phận một cửa.</p>")
        # Of somebody else
        self.env["pakn.ticket"].with_user(self.manager).create(
            {"title": "x", "description": "<p>x</p>"}
        )
        figures = self.desk()["figures"]
        self.assertEqual(
            {key: cell["count"] for key, cell in figures["today"].items()},
            {"received": 2, "transferred": 0, "instant": 2, "sent": 0},
        )
        self.assertEqual(
            {key: cell["count"] for key, cell in figures["week"].items()},
            {"received": 3, "transferred": 1, "instant": 2, "sent": 1},
        )
        self.assertEqual(figures["waiting"]["count"], 2)
        tickets = self.env["pakn.ticket"].with_user(self.operator)
        for period in ("today", "week"):
            for cell in figures[period].values():
                self.assertEqual(tickets.search_count(cell["domain"]), cell["count"])
        self.assertEqual(tickets.search(figures["week"]["sent"]["domain"]), done)
        # What was taken back was not done
        by_mistake = self.new_ticket()
        by_mistake._act_by_hand("answered", [["answer", ["<p>Nhầm.</p>"]]])
        self.assertEqual(self.desk()["figures"]["today"]["instant"]["count"], 3)
        by_mistake.take_back()
        for period, count in (("today", 2), ("week", 2)):
            cell = self.desk()["figures"][period]["instant"]
            self.assertEqual(cell["count"], count)
            self.assertEqual(tickets.search_count(cell["domain"]), count)
        # The week begins anew on Monday, by the clock of the province
        self.set_clock("2026-03-08 23:59")
        self.assertEqual(self.desk()["figures"]["week"]["received"]["count"], 4)
        self.set_clock("2026-03-09 00:01")
        self.assertEqual(self.desk()["figures"]["week"]["received"]["count"], 0)

    def test_the_desk_is_for_operators_alone(self):
        for user in (
            *(self.employee, self.focal, self.head, self.office_user, self.monitor),
            self.public,
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.desk(user)
        self.assertTrue(self.desk(self.manager)["is_supervisor"])
        self.assertEqual(self.desk()["operators"], [])

    def test_secrets_are_not_on_the_desk_of_who_is_not_cleared(self):
        ticket = self.new_ticket(user_id=False)
        ticket.sudo().secrecy = "secret"
        self.assertEqual(self.in_sections(ticket, whose="all"), [])
        self.assertEqual(self.in_sections(ticket, user=self.manager), ["new"])

    def fill(self, size):
        """Put ``size`` requests into each section."""
        ticket = self.env["pakn.ticket"]
        for _number in range(size):
            self.new_ticket(user_id=False)
            late, soon = self.transferred(), self.transferred()
            answered, returned = self.transferred(), self.transferred()
            self.lead_slip(soon, self.focal).schedule("2026-03-04 03:00:00")
            self.lead_slip(answered, self.focal).answer("<p>Xong</p>")
            self.lead_slip(returned, self.focal).give_back("Nhầm")
            answered.sudo()._note_reply("Cảm ơn")
            late._acting().is_unreached = True
            ticket |= late
        return ticket

    def test_the_desk_takes_a_fixed_number_of_queries(self):
        tickets = type(self.env["pakn.ticket"])
        self.patch(tickets, "_get_more_desk_sections", lambda *_given: [])
        counts = []
        for size in (1, 20):
            self.set_clock("2026-03-02 08:00")
            self.fill(size)
            self.set_clock("2026-03-03 16:00")
            self.desk()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            desk = self.env["pakn.ticket"].with_user(self.operator).get_desk("mine")
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(section["rows"] for section in desk["sections"]))
        # Where more wait than are listed, they are counted: one query a section
        self.assertEqual(counts[0], QUERIES)
        self.assertEqual(counts[1], QUERIES + len(SECTIONS))

    # ------------------------------------------------------------
    # WHO TAKES IT
    # ------------------------------------------------------------

    def test_taking_is_for_one_and_stands_on_record(self):
        ticket = self.new_ticket(user_id=False)
        other = new_test_user(
            self.env, login="test_operator2", groups="pakn_1022.group_operator"
        )
        ticket.with_user(other).take()
        self.assertEqual(ticket.user_id, other)
        self.assertEqual(self.kinds(ticket)[-1], "updated")
        with self.assertRaisesRegex(UserError, "has taken .* already"):
            ticket.take()
        self.assertEqual(ticket.user_id, other)
        acts = len(ticket.event_ids)
        ticket.with_user(other).take()
        self.assertEqual(len(ticket.event_ids), acts, "twice is no act")
        closed = self.new_ticket(user_id=False)
        closed.cancel("Gọi thử")
        with self.assertRaises(UserError):
            closed.take()
        for user in (self.focal, self.monitor, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.new_ticket(user_id=False).with_user(user).take()

    def test_a_shift_leader_hands_out(self):
        leader = new_test_user(
            self.env, login="test_leader", groups="pakn_1022.group_supervisor"
        )
        ticket = self.new_ticket(user_id=False)
        desk = self.desk(leader)
        self.assertTrue(desk["is_supervisor"])
        self.assertIn(self.operator.id, [one["id"] for one in desk["operators"]])
        self.assertNotIn(self.focal.id, [one["id"] for one in desk["operators"]])
        ticket.with_user(leader).hand_out(self.operator.id)
        self.assertEqual(ticket.user_id, self.operator)
        with self.assertRaises(AccessError):
            ticket.hand_out(self.operator.id)
        for wrong in (self.focal.id, self.public.id, 0, False):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                ticket.with_user(leader).hand_out(wrong)
        self.assertEqual(ticket.user_id, self.operator)
        # Who administers works on requests at most for themselves
        ids = [one["id"] for one in self.desk(leader)["operators"]]
        self.assertIn(leader.id, ids)
        for other in (self.manager, self.env.ref("base.user_admin")):
            self.assertNotIn(other.id, ids)
            domain = self.env["pakn.ticket"]._fields["user_id"].domain(ticket)
            self.assertFalse(other.filtered_domain(domain))
        found = dict(
            self.env["res.users"].with_user(leader).name_search("", domain, limit=None)
        )
        self.assertIn(self.operator.id, found)
        self.assertNotIn(self.manager.id, found)
        self.assertIn(
            self.manager.id, [one["id"] for one in self.desk(self.manager)["operators"]]
        )
        # Who is away is offered last, with the day
        self.operator.sudo().pakn_away_until = "2026-03-06"
        local = self.env["pakn.ticket"].with_user(leader).with_context(lang="vi_VN")
        last = local.get_desk("all")["operators"][-1]
        self.assertEqual(last["id"], self.operator.id)
        self.assertEqual(last["away"], "vắng đến hết ngày 06/03/2026")
        # A secret goes to nobody who may not know
        ticket.sudo().secrecy = "secret"
        with self.assertRaises(ValidationError):
            ticket.with_user(self.manager).hand_out(self.operator.id)

    def test_who_looks_is_told_to_operators(self):
        ticket = self.new_ticket()
        self.env.cr.precommit.run()
        bus = self.env["bus.bus"].sudo()
        before = bus.search([], order="id desc", limit=1).id
        ticket.look()
        self.env.cr.precommit.run()
        told = bus.search([("id", ">", before)])
        self.assertEqual(len(told), 1)
        channel = json.loads(told.channel)
        self.assertIn(self.env.ref("pakn_1022.group_operator").id, channel)
        message = json.loads(told.message)
        self.assertEqual(message["payload"]["ticket_id"], ticket.id)
        self.assertEqual(message["payload"]["name"], self.operator.name)
        self.assertNotIn(ticket.title, told.message)
        for user in (self.focal, self.monitor, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user).look()

    # ------------------------------------------------------------
    # MANY AT ONCE
    # ------------------------------------------------------------

    def test_many_go_each_to_its_unit_and_what_cannot_is_listed(self):
        other = self.env["pakn.category"].create(
            {"name": "Khác", "code": "T2", "default_unit_id": self.other_unit.id}
        )
        nobodys = self.env["pakn.category"].create({"name": "Chưa rõ", "code": "T3"})
        one, two = self.new_ticket(), self.new_ticket(category_id=other.id)
        unclear = self.new_ticket(category_id=nobodys.id)
        nameless = self.new_ticket(citizen_name=False)
        gone = self.transferred()
        tickets = one | two | unclear | nameless | gone
        dialog = self.env["pakn.ticket.transfer"].with_user(self.operator)
        dialog = dialog.create({"ticket_ids": tickets.ids})
        self.assertTrue(dialog.by_proposal)
        self.assertEqual(
            dialog.plan_text,
            f"{one.name} → {self.unit.name}\n{two.name} → {self.other_unit.name}",
        )
        said = dialog.refused_text.splitlines()
        self.assertEqual((dialog.plan_count, len(said)), (2, 3))
        for line, ticket in zip(said, unclear | nameless | gone, strict=True):
            self.assertTrue(line.startswith(ticket.name), line)
            self.assertEqual(line.count(ticket.name), 1, line)
        self.assertIn("no unit is proposed", said[0])
        self.assertIn("the citizen's name", said[1])
        told = dialog.action_confirm()["params"]["message"]
        self.assertIn("2 of 5 transferred", told)
        self.assertIn(unclear.name, told)
        self.assertEqual(one.unit_id, self.unit)
        self.assertEqual(two.unit_id, self.other_unit)
        self.assertEqual(unclear.state, "new")
        self.assertEqual(nameless.state, "new")
        # None of them: nothing is done, and it is said why
        dialog = dialog.create({"ticket_ids": (unclear | nameless).ids})
        dialog.by_proposal = True
        with self.assertRaisesRegex(UserError, nameless.name):
            dialog.action_confirm()

    def test_one_unit_for_many_where_the_operator_says_so(self):
        tickets = self.new_ticket() | self.new_ticket()
        dialog = self.env["pakn.ticket.transfer"].with_user(self.operator)
        dialog = dialog.create({"ticket_ids": tickets.ids})
        self.assertFalse(dialog.by_proposal, "all have the same unit")
        self.assertEqual(dialog.unit_id, self.unit)
        dialog.unit_id = self.other_unit
        dialog.action_confirm()
        self.assertEqual(tickets.unit_id, self.other_unit)

    def test_a_transfer_says_to_whom_it_was_told(self):
        ticket = self.new_ticket()
        dialog = self.env["pakn.ticket.transfer"].with_user(self.operator)
        told = dialog.create({"ticket_ids": ticket.ids}).action_confirm()
        for words in (ticket.name, self.unit.name, self.focal.name):
            self.assertIn(words, told["params"]["message"])

    def test_art11_4_late_is_said_with_who_has_it_now(self):
        ticket = self.transferred()
        self.set_clock("2026-03-05 08:00")
        ticket.open_transfer_id.sudo()._escalate()
        self.env.invalidate_all()
        self.assertEqual(ticket.due_state, "late")
        self.assertEqual(ticket.due_text, "2 d late · now with: Head")

    def test_numbers_are_shown_as_people_say_them(self):
        for number, shown in (
            ("+84914275864", "0914 275 864"),
            ("+842693822123", "0269 3 822 123"),
            ("+842438255678", "024 3825 5678"),
            ("+14155552671", "+1 415-555-2671"),
            # As somebody has typed it into a unit's field
            ("02693822123", "0269 3 822 123"),
            ("0269.3822.123", "0269 3 822 123"),
            ("0914275864", "0914 275 864"),
            ("1900 1022", "1900 1022"),
            ("(0269) 1022", "(0269) 1022"),
            ("02693822123 - 101", "02693822123 - 101"),
            ("•••864", "•••864"),
            ("+84914***864", "+84914***864"),
            (False, ""),
        ):
            self.assertEqual(format_phone(number), shown)
        # The field on a form asks for those from abroad
        abroad = ["+12025550123", "+8562055512345"]
        said = self.env["pakn.ticket"].with_user(self.focal).say_phones(abroad)
        self.assertEqual(said, ["+1 202-555-0123", "+856 20 55 512 345"])
        with self.assertRaises(AccessError):
            self.env["pakn.ticket"].with_user(self.public).say_phones(abroad)

    def test_more_than_a_part_is_done_part_by_part_on_the_screen(self):
        tickets = self.env["pakn.ticket"].union(
            *(self.new_ticket() for _number in range(PART + 1))
        )
        gone = self.transferred()
        dialog = self.env["pakn.ticket.reject"].with_user(self.operator)
        dialog = dialog.create(
            {"ticket_ids": (tickets | gone).ids, "reason_id": self.reason.id}
        )
        self.assertIn(gone.name, dialog.refused_text)
        action = dialog.action_confirm()
        self.assertEqual(action["tag"], "pakn_1022.by_parts")
        self.assertEqual(set(tickets.mapped("state")), {"new"}, "nothing is done yet")
        params = action["params"]
        [job] = params["jobs"]
        self.assertEqual([id_ for id_, _name in job["records"]], tickets.ids)
        self.assertEqual([name for name, _why in params["refused"]], [gone.name])
        # What the browser calls for each part
        for method, arguments in job["calls"]:
            getattr(tickets[: params["part"]], method)(*arguments)
        self.assertEqual(tickets.filtered(lambda t: t.state == "new"), tickets[-1])

    def test_one_that_fails_does_not_hold_up_the_others(self):
        tickets = self.new_ticket() | self.new_ticket() | self.new_ticket()
        tickets[1].cancel("Trùng")
        answered = self.env["pakn.ticket"].with_user(self.operator).browse(tickets.ids)
        said = answered._act_on_many(
            "answered", [(answered, [["answer", ["<p>Rõ</p>"]]])]
        )["params"]["message"]
        self.assertIn("2 of 3 answered", said)
        # Its code is in the reason already
        self.assertIn(f"\n{tickets[1].name} is in the state “Cancelled”", said)
        self.assertEqual(tickets.mapped("state"), ["answered", "cancelled", "answered"])
