from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS, local

from ..tools import wording
from .common import ReportCase

# Column of section "units" -> its place among the values of a row
PLACES = {key: place for place, key in enumerate(wording.UNITS)}


@tagged(*TAGS)
class TestRules(ReportCase):
    """docs/reports.md, one test a rule: what counts, for whom, in which period."""

    def story(self, number, received, acts="", **values):
        """Take one request through its acts; the clock stands in April after."""
        row = {
            "number": str(number),
            "channel": "phone",
            "field": "T1",
            "area": "X",
            "secrecy": "public",
            **values,
        }
        self.set_clock(received)
        ticket = self.receive(row)
        for act in filter(None, acts.split(" | ")):
            *words, day, hour = act.split()
            self.set_clock(f"2031-{day} {hour}")
            self.act(ticket, *words)
        self.env.flush_all()
        self.set_clock("2031-05-02 08:00")
        return ticket

    def unit_row(self, report, unit, **wanted):
        values = self.table(report, "units").get(unit.name)
        found = {key: values[PLACES[key]] for key in wanted} if values else {}
        self.assertEqual(found, wanted)

    def overview(self, report, row, column="now"):
        return self.figure(report, "overview", row, column).value

    def test_half_past_eleven_at_night_of_the_last_day_is_still_the_month(self):
        """A day is one of Gia Lai: 16:30 UTC of 31 March is 23:30 there."""
        self.story(1, "2031-03-31 23:30")
        self.story(2, "2031-04-01 00:00")
        march = self.make_report()
        april = self.make_report("2031-04-01", "2031-04-30")
        self.assertEqual(self.overview(march, "received"), 1)
        self.assertEqual(self.overview(april, "received"), 1)
        self.assertEqual(self.overview(april, "carried"), 1)
        self.assertEqual(self.overview(april, "received", "previous"), 1)

    def test_the_last_second_of_the_last_day_and_the_first_of_the_next(self):
        """23:59:59 on 31 March in Gia Lai is 16:59:59 UTC, midnight is 17:00."""
        for number, moment in enumerate(("2031-03-31 16:59:59", "2031-03-31 17:00:00")):
            self.set_clock("2031-03-31 15:00")
            answered, rated = self.transferred(), self.done()
            self.assertEqual(answered.date_received, local("2031-03-31 15:00"))
            self.set_moment(moment)
            self.transferred(
                category_id=self.categories["T1"].id, citizen_phone=f"090530000{number}"
            )
            self.lead_slip(answered, self.focal).answer("<p>Xong</p>")
            rated.rate(5)
            self.env.flush_all()
        self.set_clock("2031-05-02 08:00")
        march = self.make_report()
        april = self.make_report("2031-04-01", "2031-04-30")
        # Received, their slips, answers and grades: one each to the second
        for report, received, answered in ((march, 5, 3), (april, 1, 1)):
            with self.subTest(report.name):
                self.assertEqual(self.overview(report, "received"), received)
                self.assertEqual(self.overview(report, "focal"), answered)
                self.unit_row(
                    report,
                    self.unit,
                    received=received,
                    answered=answered,
                )
                graded = self.figure(report, "satisfaction", "total", "count").value
                self.assertEqual(graded, 1)

    def test_an_answer_counts_in_the_period_it_was_given_in(self):
        self.story(
            1,
            "2031-03-31 08:00",
            "transfer A 03-31 08:00 | answer A 04-01 07:30 | send 04-01 08:00",
        )
        march = self.make_report()
        april = self.make_report("2031-04-01", "2031-04-30")
        self.unit_row(march, self.unit, received=1, open_in_time=1, answered=0, due=0)
        self.unit_row(april, self.unit, carried=1, received=0, answered=1, in_time=1)
        self.assertEqual(self.overview(march, "open"), 1)
        self.assertEqual(self.overview(april, "focal"), 1)

    def test_a_report_made_late_says_the_same(self):
        """Open over the edge is as it stood then, not as it stands now."""
        self.story(1, "2031-03-31 08:00", "transfer A 03-31 08:00")
        self.set_clock("2031-04-01 00:30")
        early = self.make_report(scope="category", category_id=self.category.id)
        ticket = self.env["pakn.ticket"].search([], order="id desc", limit=1)
        self.set_clock("2031-04-01 08:10")
        self.act(ticket, "escalate")
        self.set_clock("2031-04-01 09:00")
        self.act(ticket, "answer", "A")
        self.set_clock("2031-04-20 08:00")
        late = self.make_report()
        self.assertEqual(
            self.table(early, "units")[self.unit.name],
            self.table(late, "units")[self.unit.name],
        )
        self.assertEqual(self.table(early, "overview"), self.table(late, "overview"))
        self.unit_row(late, self.unit, received=1, open_in_time=1, open_late=0)

    def test_art11_4_late_before_the_end_stays_late(self):
        self.story(
            1,
            "2031-03-27 08:00",
            "transfer A 03-27 08:00 | escalate 03-28 08:05 | answer A 04-01 08:00",
        )
        self.unit_row(self.make_report(), self.unit, open_late=1, open_in_time=0)
        april = self.make_report("2031-04-01", "2031-04-30")
        self.unit_row(april, self.unit, carried=1, answered=1, due=0)
        self.assertEqual(len(self.table(april, "late")), 1)

    def test_art14_a_reopened_request_is_received_once_and_handled_twice(self):
        ticket = self.story(
            1,
            "2031-03-10 08:00",
            "transfer A 03-10 08:00 | answer A 03-10 09:00 | send 03-10 10:00 | "
            "reopen 04-01 08:00 | transfer B 04-01 08:00 | answer B 04-01 09:00",
        )
        march = self.make_report()
        april = self.make_report("2031-04-01", "2031-04-30")
        self.assertEqual(ticket.round, 2)
        self.assertEqual(self.overview(march, "received"), 1)
        self.assertEqual(self.overview(march, "focal"), 1)
        self.assertEqual(self.overview(march, "open"), 0)
        self.assertEqual(self.overview(april, "received"), 0)
        self.assertEqual(self.overview(april, "reopened"), 1)
        self.assertEqual(self.overview(april, "carried"), 0)
        self.unit_row(april, self.other_unit, received=1, answered=1, in_time=1)

    def test_a_rejected_request_taken_up_again_was_rejected_then(self):
        self.story(
            1,
            "2031-03-10 08:00",
            "reject 03-10 09:00 | reopen 04-01 08:00 | instant 04-01 09:00",
        )
        march = self.make_report()
        april = self.make_report("2031-04-01", "2031-04-30")
        self.assertEqual(self.overview(march, "rejected"), 1)
        self.assertEqual(self.overview(april, "instant"), 1)

    def test_art10_1_a_refusal_that_was_taken_back_is_counted_nowhere(self):
        ticket = self.story(1, "2031-03-10 08:00", "")
        with freeze_time(local("2031-03-10 09:00")):
            ticket._act_by_hand("rejected", [["reject", [self.reason.id]]])
            ticket.take_back()
        # Reopened, so the round of then is worked out from the record
        with freeze_time(local("2031-04-01 08:00")):
            ticket.answer("<p>Ở một cửa.</p>")
            ticket.send_result()
            ticket.reopen("Chưa rõ")
        march = self.make_report()
        april = self.make_report("2031-04-01", "2031-04-30")
        self.assertEqual(self.overview(march, "rejected"), 0)
        self.assertEqual(self.overview(march, "open"), 1)
        self.assertEqual(self.overview(april, "instant"), 1)

    def test_each_slip_counts_for_its_unit_and_the_lead_for_the_request(self):
        self.story(
            1,
            "2031-03-10 08:00",
            "transfer A,B 03-10 08:00 | answer A 03-10 09:00 | send 03-10 10:00",
        )
        report = self.make_report()
        self.assertEqual(self.overview(report, "received"), 1)
        self.assertEqual(self.overview(report, "focal"), 1)
        self.unit_row(report, self.unit, received=1, answered=1, in_time=1)
        # The result never waits for those who support
        self.unit_row(report, self.other_unit, received=1, withdrawn=1)

    def test_a_supporting_unit_that_is_late_stays_with_its_head(self):
        self.unit.head_user_id = self.head
        self.story(
            1,
            "2031-03-10 08:00",
            "transfer B,A 03-10 08:00 | answer B 03-10 09:00 | escalate 03-11 08:05",
        )
        self.unit_row(self.make_report(), self.unit, received=1, open_late=1)

    def test_art10_4_2_what_is_referred_is_not_escalated(self):
        self.story(1, "2031-03-10 08:00", "refer 03-10 08:30")
        table = self.table(self.make_report(), "escalations")
        self.assertEqual([row[0] for row in table.values()], [0, 0, 1, 0])

    def test_a_unit_and_those_below_it(self):
        self.story(
            1, "2031-03-10 08:00", "transfer A 03-10 08:00 | answer A 03-10 09:00"
        )
        self.story(
            2, "2031-03-10 08:00", "transfer C 03-10 08:00 | answer C 03-10 09:00"
        )
        self.story(
            3, "2031-03-10 08:00", "transfer B 03-10 08:00 | answer B 03-10 09:00"
        )
        self.story(4, "2031-03-10 08:00", "instant 03-10 09:00")
        for unit, count, names in (
            (self.unit, 2, {self.unit.name, self.child.name}),
            (self.child, 1, {self.child.name}),
            (self.other_unit, 1, {self.other_unit.name}),
        ):
            report = self.make_report(scope="unit", unit_id=unit.id)
            with self.subTest(unit.name):
                self.assertEqual(self.overview(report, "received"), count)
                units = set(self.table(report, "units")) - {"Tổng cộng"}
                self.assertEqual(units, names)

    def test_a_field_and_its_sub_fields(self):
        self.story(1, "2031-03-10 08:00", "transfer A 03-10 08:00")
        self.story(2, "2031-03-10 08:00", "transfer A 03-10 08:00", field="U1")
        for category, count in (
            (self.category, 1),
            (self.group_u, 1),
            (self.categories["T2"], 0),
        ):
            report = self.make_report(scope="category", category_id=category.id)
            with self.subTest(category.name):
                self.assertEqual(self.overview(report, "received"), count)
                value = self.figure(report, "units", "total", "received").value
                self.assertEqual(value, count)

    def test_a_secret_request_is_counted_but_not_shown(self):
        ticket = self.story(
            1,
            "2031-03-27 08:00",
            "transfer A 03-27 08:00 | escalate 03-28 08:05",
            secrecy="secret",
        )
        report = self.make_report()
        self.assertEqual(self.overview(report, "received"), 1)
        self.assertEqual(self.table(report, "late")[ticket.name][0], "(nội dung mật)")
        counted = self.counted(report, "overview", "received", "now")
        self.assertEqual(counted, ticket)
        monitored = report.with_user(self.monitor)
        self.assertFalse(self.counted(monitored, "overview", "received", "now"))

    def test_art19_3_scores_by_weights(self):
        """In time 40, answered 20, kept 10, satisfied 30; of B nobody said a word."""
        self.env["pakn.report.criterion"].search([]).active = False
        criteria = self.env["pakn.report.criterion"].create(
            [
                {"name": name, "measure": name, "weight": weight}
                for name, weight in (
                    ("in_time", 40),
                    ("answered", 20),
                    ("kept", 10),
                    ("satisfied", 30),
                )
            ]
        )
        done = "answer A 03-10 09:00 | send 03-10 10:00 | rate"
        self.story(
            1, "2031-03-10 08:00", f"transfer A 03-10 08:00 | {done} 5 03-10 11:00"
        )
        self.story(
            2, "2031-03-10 08:00", f"transfer A 03-10 08:00 | {done} 3 03-10 11:00"
        )
        # Let expire, and answered by the head in the time of the head
        self.story(
            3,
            "2031-03-11 08:00",
            "transfer A 03-11 08:00 | escalate 03-12 08:05 | answer A 03-12 09:00",
        )
        self.story(
            4, "2031-03-10 08:00", "transfer B 03-10 08:00 | answer B 03-10 09:00"
        )
        self.set_clock("2032-01-02 08:00")
        report = self.make_report("2031-01-01", "2031-12-31", kind="year")
        scores = self.table(report, "scores")
        # 3 of 4 slips in time, 3 of 3 answered, 3 of 3 kept, 1.5 of 2 satisfied
        wanted = [40 * 3 / 4, 20, 10, 22.5, 82.5, 2]
        for value, right in zip(scores[self.unit.name], wanted, strict=True):
            self.assertAlmostEqual(value, right, 2)
        self.assertEqual(scores[self.other_unit.name], [40, 20, 10, None, 100, 1])
        self.assertEqual(len(criteria), 4)

    def test_analyses_are_as_fresh_as_their_title_says(self):
        ticket = self.story(
            1,
            "2031-03-10 08:00",
            "transfer A 03-10 08:00 | escalate 03-11 08:05 | answer A 03-11 09:05",
        )
        domain = [("name", "=", ticket.name)]
        model = self.env["pakn.report.transfer"].with_user(self.monitor)
        self.assertFalse(model.search(domain))
        self.env["pakn.report.analysis"]._cron_refresh()
        self.assertEqual(
            [
                (row.level, row.outcome, row.received_count, row.late_count)
                for row in model.search(domain, order="id")
            ],
            [("focal", "expired", 1, 1), ("head", "answered_in_time", 0, 0)],
        )
        [row] = self.env["pakn.report.ticket"].search(domain)
        self.assertEqual((row.outcome, row.late_count), ("head", 1))
        self.assertAlmostEqual(row.result_hours, 9 + 5 / 60)
        action = model.get_action("report_transfer_action")
        for shown in ("name", "display_name"):
            self.assertIn("as of", action[shown])
