import smtplib
from io import BytesIO
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.migration import load_script
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from odoo.addons.pakn_1022.tests.common import TAGS

from ..models import pakn_report_counting
from .common import ReportCase, read_pdf


@tagged(*TAGS)
class TestReportFlow(ReportCase):
    """From the draft that makes itself to the mail (Art. 12, 21)."""

    def setUp(self):
        super().setUp()
        self.set_clock("2031-03-10 08:00")
        self.env["pakn.report.recipient"].search([]).active = False
        self.recipient = self.env["pakn.report.recipient"].create(
            {"name": "Sở Nội vụ", "email": "noivu@example.com"}
        )
        self.ticket = self.transferred(
            category_id=self.categories["T1"].id, area_id=self.areas["X"].id
        )
        self.env.flush_all()
        self.set_clock("2031-04-01 08:00")

    def run_cron(self, name="ir_cron_send_reports"):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"pakn_1022_reports.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def drafts(self, kind):
        return self.env["pakn.report"].search(
            [("kind", "=", kind), ("scope", "=", "province"), ("state", "=", "draft")]
        )

    def test_art21_made_on_the_first_working_day(self):
        """May 2031 ends on a Saturday: its report is there on Monday 2 June."""
        for moment, made in (
            ("2031-06-01 06:00", False),  # Sunday
            ("2031-06-02 06:00", True),
            ("2031-06-02 06:05", True),  # and once only
        ):
            self.set_clock(moment)
            self.env["pakn.report"]._cron_make()
            found = self.drafts("month").filtered(
                lambda report: report.date_from == self.to_date("2031-05-01")
            )
            with self.subTest(moment):
                self.assertEqual(len(found), int(made))
        self.assertEqual(found.date_to, self.to_date("2031-05-31"))
        self.assertIn(self.manager, found.activity_ids.user_id)

    def test_a_holiday_is_no_working_day(self):
        self.env["resource.calendar.leaves"].create(
            {"name": "Nghỉ lễ", "pakn_date": "2031-06-02"}
        )
        report = self.env["pakn.report"]
        self.set_clock("2031-06-02 06:00")
        self.assertEqual(report._get_due_period("month"), (None, None))
        self.set_clock("2031-06-03 06:00")
        first, _last = report._get_due_period("month")
        self.assertEqual(first, self.to_date("2031-05-01"))

    def test_what_was_missed_is_made_up_for(self):
        self.set_clock("2031-06-20 06:00")
        self.env["pakn.report"]._cron_make()
        self.assertTrue(self.drafts("month"))
        self.assertTrue(self.drafts("week"))

    def test_a_kind_that_is_switched_off_is_not_made(self):
        self.env["ir.config_parameter"].set_param(
            "pakn_1022_reports.make_week", "False"
        )
        self.set_clock("2031-06-20 06:00")
        self.env["pakn.report"]._cron_make()
        self.assertFalse(self.drafts("week"))

    def test_art12_confirmed_figures_do_not_change(self):
        report = self.make_report()
        report.confirm()
        before = report.content
        self.assertTrue(
            self.counted(report, "overview", "received", "now") & self.ticket
        )
        self.lead_slip(self.ticket, self.focal).answer("<p>Xong</p>")
        self.ticket.send_result()
        self.ticket.reopen("Chưa xong")
        self.assertEqual(report.content, before)
        self.assertTrue(
            self.counted(report, "overview", "received", "now") & self.ticket
        )
        with self.assertRaisesRegex(UserError, "frozen"):
            report.action_count()
        with self.assertRaisesRegex(UserError, "frozen"):
            report.remarks = "Khác"
        with self.assertRaisesRegex(UserError, "frozen"):
            report.unlink()

    def test_art12_confirmed_are_the_figures_that_were_seen(self):
        """Not others, counted anew behind the back of who signs."""
        report = self.make_report()
        before = report.content
        self.ticket.sudo().category_id = self.categories["U1"]
        report.confirm()
        self.assertEqual(report.content, before)

    def test_art12_confirmed_only_if_counted_after_the_period(self):
        self.set_clock("2031-03-31 23:30")
        report = self.make_report()
        self.set_clock("2031-04-01 00:30")
        with self.assertRaisesRegex(UserError, "before the period was over"):
            report.confirm()
        report.action_count()
        report.confirm()
        self.assertEqual(report.state, "confirmed")

    def test_a_large_report_is_counted_in_the_background(self):
        with patch.object(pakn_report_counting, "COUNTED_AT_ONCE", -1):
            report = self.make_report()
            screen = report.get_screen()
            self.assertTrue(screen["counting"])
            self.assertIsNone(screen["content"])
            with self.assertRaisesRegex(UserError, "still being counted"):
                report.confirm()
            self.run_cron("ir_cron_count_reports")
            screen = report.get_screen()
            self.assertFalse(screen["counting"])
            self.assertTrue(
                self.counted(report, "overview", "received", "now") & self.ticket
            )
            self.assertEqual(
                report.action_count()["tag"], "pakn_1022_reports.report_screen"
            )
            # What was counted before is still there to be looked at
            self.assertTrue(report.get_screen()["content"])
        report.action_count()
        self.assertFalse(report.is_to_count)

    def test_what_changes_while_it_is_counted_is_counted_again(self):
        with patch.object(pakn_report_counting, "COUNTED_AT_ONCE", -1):
            report = self.make_report()
            make = type(report)._make_content

            def change(this):
                counted = make(this)
                report.write({"date_from": "2031-02-01", "date_to": "2031-02-28"})
                self.env.flush_all()
                return counted

            with patch.object(type(report), "_make_content", change):
                self.run_cron("ir_cron_count_reports")
        self.assertTrue(report.is_to_count)
        self.assertFalse(report.content)
        self.run_cron("ir_cron_count_reports")
        self.assertFalse(report.is_to_count)
        self.assertFalse(self.counted(report, "overview", "received", "now"))

    def test_a_report_that_cannot_be_counted_says_so_and_stops_no_other(self):
        with patch.object(pakn_report_counting, "COUNTED_AT_ONCE", -1):
            bad, good = self.make_report(), self.make_report("2031-02-01", "2031-02-28")
        make = type(bad)._make_content

        def fail(this):
            if this.id == bad.id:
                raise ValueError("broken")
            return make(this)

        with (
            patch.object(type(bad), "_make_content", fail),
            mute_logger("odoo.addons.pakn_1022_reports.models.pakn_report_counting"),
        ):
            self.run_cron("ir_cron_count_reports")
        self.assertFalse(bad.is_to_count)
        self.assertFalse(bad.content)
        self.assertIn("could not be counted", bad.message_ids[:1].body)
        with self.assertRaisesRegex(UserError, "count them anew"):
            bad.confirm()
        self.assertTrue(good.content)

    def test_the_letter_is_frozen_with_the_figures(self):
        report = self.make_report()
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_reports.signer_name", "Nguyễn Văn Minh")
        self.assertEqual(report._get_letter()["signer_name"], "Nguyễn Văn Minh")
        report.confirm()
        params.set_param("pakn_1022_reports.signer_name", "Trần Thị Hoa")
        params.set_param("pakn_1022_reports.symbol", "KHCN")
        self.set_clock("2031-05-20 08:00")
        # It is registered after it was confirmed
        report.number = "27"
        letter = report._get_letter()
        self.assertEqual(letter["signer_name"], "Nguyễn Văn Minh")
        self.assertEqual(letter["number"], "Số: 27/BC-1022")
        self.assertEqual(letter["place"], "Gia Lai, ngày 01 tháng 04 năm 2031")
        text = read_pdf(report._get_pdf())
        self.assertIn("Nguyễn Văn Minh", text)
        self.assertNotIn("Trần Thị Hoa", text)

    def test_the_days_of_a_free_period_stand_once(self):
        report = self.make_report("2031-02-03", "2031-02-20", kind="free")
        text = " ".join(read_pdf(report._get_pdf()).split())
        self.assertEqual(text.count("(từ ngày 03/02/2031"), 0)
        self.assertIn("từ ngày 03/02/2031 đến ngày 20/02/2031", text)

    def test_a_period_that_is_not_over_is_not_confirmed(self):
        report = self.make_report("2031-04-01", "2031-04-30")
        with self.assertRaisesRegex(UserError, "not over"):
            report.confirm()
        self.assertEqual(report.state, "draft")

    def test_wrong_periods_and_scopes_are_refused(self):
        """Each with a sentence; nothing is made."""
        for error, values in (
            (ValidationError, {"first": "2031-03-02"}),
            (IntegrityError, {"scope": "unit"}),
            (IntegrityError, {"scope": "province", "unit_id": self.unit.id}),
            (IntegrityError, {"kind": "free", "first": "2031-04-02"}),
            (ValidationError, {"kind": "free", "last": "9999-12-31"}),
            (ValidationError, {"kind": "free", "first": "0001-01-01"}),
            (ValidationError, {"kind": "year", "last": "9999-12-31"}),
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                self.make_report(**values)

    def test_nothing_of_it_is_set_by_hand(self):
        report = self.make_report()
        for values in (
            {"state": "confirmed"},
            {"content": {"sections": []}},
            {"date_confirmed": "2031-04-01"},
            {"letter": {"signer_name": "Khác"}},
            {"is_to_send": True},
            {"dispatch_ids": [fields.Command.clear()]},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                report.write(values)
        with self.assertRaises(AccessError):
            self.make_report("2031-02-01", "2031-02-28", state="sent")

    def test_art21_mailed_to_the_recipients_and_units_their_part(self):
        report = self.make_report()
        report.action_confirm()
        self.assertTrue(report.is_to_send)
        self.run_cron()
        [mail] = self.mails_to("noivu@example.com")
        self.assertEqual(
            mail.attachment_ids.sorted("name").mapped("name"),
            ["bao-cao-1022-thang-03-2031.pdf", "bao-cao-1022-thang-03-2031.xlsx"],
        )
        files = mail.attachment_ids.sorted("name")
        for file, magic in zip(files, (b"%PDF", b"PK"), strict=True):
            self.assertTrue(file.raw.startswith(magic))
        part = report.child_ids.filtered(lambda part: part.unit_id == self.unit)
        [mail] = self.mails_to("head@example.com")
        self.assertIn("focal@example.com", mail.email_to)
        self.assertNotIn("noivu@example.com", mail.email_to)
        self.assertEqual(
            {dispatch.mailed_id for dispatch in report.dispatch_ids}, {report, part}
        )
        # Once, however often the cron runs
        self.run_cron()
        self.assertEqual(len(self.mails_to("noivu@example.com")), 1)

    def dispatches(self, report):
        """Return ``{name: [state, reason]}`` of a report's sending."""
        self.env.flush_all()
        return {
            dispatch.name: [dispatch.state, dispatch.reason]
            for dispatch in report.dispatch_ids
        }

    def test_sent_is_what_a_mail_server_has_taken(self):
        """Not what waits in the queue, and not the whole while a part has failed."""
        report = self.make_report()
        report.action_confirm()
        self.assertEqual(report.sending_state, "waiting")
        self.run_cron()
        part = report.child_ids
        waiting = {"Sở Nội vụ": ["waiting", False], self.unit.name: ["waiting", False]}
        self.assertEqual(self.dispatches(report), waiting)
        self.assertEqual((report.state, report.date_sent), ("confirmed", False))
        self.send(self.mails_to("noivu@example.com"))
        self.assertEqual((report.state, part.state), ("confirmed", "confirmed"))
        refusal = smtplib.SMTPDataError(550, b"Spam")
        self.send(self.mails_to("head@example.com"), refusal)
        found = self.dispatches(report)
        self.assertEqual(found["Sở Nội vụ"], ["sent", False])
        self.assertEqual(found[self.unit.name][0], "failed")
        self.assertIn("(550 Spam)", found[self.unit.name][1])
        self.assertEqual((report.state, report.sending_state), ("confirmed", "failed"))
        self.assertEqual(report.sending_text, "Sent: 1, Failed: 1")

        # Mailed anew is what failed, to the address of now
        self.unit.email = "so@example.com"
        report.send()
        self.run_cron()
        self.assertEqual(len(self.mails_to("noivu@example.com")), 1)
        old, new = self.mails_to("head@example.com")
        self.assertEqual((old.state, new.state), ("cancel", "outgoing"))
        self.assertIn("so@example.com", new.email_to)
        self.assertEqual(self.dispatches(report)[self.unit.name], ["waiting", False])
        self.send(new)
        self.assertEqual((report.state, part.state), ("sent", "sent"))
        self.assertEqual(report.date_sent, fields.Datetime.now())
        self.assertFalse(report.sending_state)

    def send(self, mails, error=None):
        """Hand mails over to a server that takes them all, or none with an error."""

        def answer(*_args, **_options):
            if error:
                raise error
            return "<taken@example.com>"

        with (
            patch.multiple(
                type(self.env["ir.mail_server"]),
                _disable_send=lambda *_args: False,
                _connect__=lambda *_args, **_options: None,
                send_email=answer,
            ),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mails.sudo().send()
        self.env.flush_all()

    def test_art10_1_a_report_goes_out_by_the_outbox(self):
        """One notice each: tried again while no mail server answers, then failed."""
        report = self.make_report()
        report.action_confirm()
        self.run_cron()
        notices = report.dispatch_ids.notice_ids
        self.assertEqual(notices.mapped("audience"), ["recipient"] * 2)
        self.deliver()
        mails = self.env["mail.mail"].search([("pakn_notice_ids", "in", notices.ids)])
        self.assertEqual(len(mails), 2)
        self.assertEqual(mails.pakn_notice_ids, notices)
        self.send(mails, ConnectionRefusedError(111, "Connection refused"))
        for dispatch in report.dispatch_ids:
            self.assertEqual(dispatch.state, "waiting")
            self.assertTrue(dispatch.reason)
            self.assertNotIn("refused", dispatch.reason)
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        self.assertEqual((report.state, report.sending_state), ("confirmed", "waiting"))
        self.send(mails)
        self.assertEqual(set(report.dispatch_ids.mapped("state")), {"sent"})
        self.assertEqual(report.state, "sent")

    def test_what_older_versions_noted_of_a_sending_is_kept(self):
        """What was sent and what failed with its reason; what waits says it still."""
        report = self.make_report()
        report.action_confirm()
        self.run_cron()
        self.deliver()
        dispatches = report.dispatch_ids.sorted("id")
        mails = self.env["mail.mail"].search(
            [("pakn_notice_ids", "in", dispatches.notice_ids.ids)], order="id"
        )
        dispatches.sudo().notice_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            """ALTER TABLE pakn_report_dispatch
                 ADD COLUMN state varchar, ADD COLUMN reason varchar,
                 ADD COLUMN date_sent timestamp, ADD COLUMN mail_id int"""
        )
        for dispatch, mail, state in zip(
            dispatches, mails, ("sent", "waiting"), strict=True
        ):
            self.env.cr.execute(
                """UPDATE pakn_report_dispatch SET state = %s, mail_id = %s
                    WHERE id = %s""",
                [state, mail.id, dispatch.id],
            )
        path = "pakn_1022_reports/migrations/19.0.1.4.0/post-outbox.py"
        load_script(file_path(path), "outbox").migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(dispatches.mapped("state"), ["sent", "waiting"])
        self.send(mails[1])
        self.assertEqual(dispatches.mapped("state"), ["sent", "sent"])
        self.assertEqual(report.state, "sent")

    def test_art10_1_a_cancelled_mail_is_no_sent_report(self):
        report = self.make_report()
        report.action_confirm()
        self.run_cron()
        self.mails_to("noivu@example.com").cancel()
        self.assertEqual(self.dispatches(report)["Sở Nội vụ"][0], "failed")
        self.send(self.mails_to("head@example.com"))
        self.assertEqual((report.state, report.sending_state), ("confirmed", "failed"))

    def test_art13_who_got_a_report_is_read_by_the_manager_alone(self):
        report = self.make_report()
        report.action_confirm()
        self.run_cron()
        notice = report.sudo().dispatch_ids.notice_ids[0]
        cleared = self.operator
        cleared.group_ids |= self.env.ref("pakn_1022.group_secrecy_clearance")
        for user in (cleared, self.monitor):
            with self.subTest(user.login):
                seen = self.env["pakn.notice"].with_user(user)
                self.assertTrue(seen.search_count([]))
                self.assertFalse(seen.search([("id", "=", notice.id)]))
                with self.assertRaises(AccessError):
                    notice.with_user(user).read(["state"])
        own = notice.with_user(self.manager)
        self.assertIn(report.name, own.display_name)
        self.assertEqual(own.read(["state"])[0]["state"], "waiting")

    def test_an_interruption_mails_nobody_twice(self):
        """Stopped at each point between two recipients, and run again."""

        class Killed(BaseException):
            """As if the process had died."""

        others = self.env["pakn.report.recipient"].create(
            [
                {"name": f"Nơi nhận {number}", "email": f"noi{number}@example.com"}
                for number in range(3)
            ]
        )
        report = self.make_report()
        report.action_confirm()
        dispatches = type(self.env["pakn.report.dispatch"])
        notify = dispatches._notify

        def notify_one_and_die():
            made = []

            def notify_or_die(this, *args):
                notify(this, *args)
                if made:
                    # The notice is there, and dies with what it was made with
                    raise Killed
                made.append(this)

            return notify_or_die

        for _attempt in range(5):
            with patch.object(dispatches, "_notify", notify_one_and_die()):
                try:
                    self.run_in_a_process("_cron_send")
                except Killed:
                    continue
                break
        self.assertFalse(report.is_to_send)
        emails = ["noivu@example.com", "head@example.com", *others.mapped("email")]
        for email in emails:
            with self.subTest(email):
                self.assertEqual(len(self.mails_to(email)), 1)
        self.assertEqual(len(report.child_ids), 1)
        self.run_cron()
        self.assertEqual(len(self.mails_to("head@example.com")), 1)

    def run_in_a_process(self, name):
        """Call a method of reports; what it has not committed when it dies is gone."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            getattr(self.env(cr=cr, su=True)["pakn.report"], name)()

    def test_what_cannot_be_mailed_stops_no_other(self):
        report = self.make_report()
        report.action_confirm()
        with (
            patch.object(
                type(report), "_get_part", lambda *_args: (_ for _ in ()).throw(OSError)
            ),
            mute_logger("odoo.addons.pakn_1022_reports.models.pakn_report_mailing"),
        ):
            self.run_cron()
        found = self.dispatches(report)
        self.assertEqual(found["Sở Nội vụ"][0], "waiting")
        self.assertEqual(found[self.unit.name], ["failed", "Không lập được tệp."])
        report.send()
        self.run_cron()
        self.assertEqual(len(self.mails_to("head@example.com")), 1)

    def test_a_unit_without_an_address_stands_there(self):
        self.head.email = self.focal.email = False
        report = self.make_report()
        report.action_confirm()
        self.run_cron()
        self.assertEqual(self.dispatches(report)[self.unit.name][0], "unreachable")
        self.send(self.mails_to("noivu@example.com"))
        # All that could be sent has been
        self.assertEqual((report.state, report.sending_state), ("sent", "failed"))

    def test_a_draft_is_not_sent(self):
        with self.assertRaisesRegex(UserError, "Confirm the report first"):
            self.make_report().send()

    def test_pages_are_numbered_from_the_second(self):
        pages = read_pdf(self.make_report()._get_pdf()).strip("\f").split("\f")
        self.assertGreater(len(pages), 1)
        for number, page in enumerate(pages, start=1):
            top = page.strip().splitlines()[0].strip()
            self.assertEqual(top == str(number), number > 1, page[:200])

    def test_head_of_the_document_is_what_the_settings_say(self):
        params = self.env["ir.config_parameter"]
        for name, value in (
            ("office", "Trung tâm 1022"),
            ("parent_office", "Sở Khoa học và Công nghệ"),
            ("signer_name", "Nguyễn Văn Minh"),
        ):
            params.set_param(f"pakn_1022_reports.{name}", value)
        report = self.make_report(number="12")
        report.confirm()
        letter = report._get_letter()
        self.assertEqual(letter["office"], "TRUNG TÂM 1022")
        self.assertEqual(letter["number"], "Số: 12/BC-1022")
        self.assertEqual(letter["place"], "Gia Lai, ngày 01 tháng 04 năm 2031")
        self.assertFalse(letter["draft"])
        self.assertIn("Sở Nội vụ;", letter["receivers"])

    def test_settings_switched_off_stay_off(self):
        settings = self.env["res.config.settings"].create(
            {"pakn_report_make_week": False, "pakn_report_send_on_confirm": False}
        )
        settings.execute()
        fresh = self.env["res.config.settings"].create({})
        self.assertFalse(fresh.pakn_report_make_week)
        self.assertFalse(fresh.pakn_report_send_on_confirm)
        with self.assertRaises(ValidationError):
            fresh.pakn_report_close_day = 31

    def test_a_formula_stays_a_text(self):
        """What citizens write is never run by a spreadsheet."""
        from openpyxl import load_workbook

        ticket = self.new_ticket(
            title="=1+1", category_id=self.categories["T1"].id
        ).sudo()
        ticket.with_user(self.operator).transfer(self.unit.ids)
        self.set_clock("2031-04-03 08:05")
        ticket.open_transfer_id._escalate()
        self.set_clock("2031-05-02 08:00")
        report = self.make_report("2031-04-01", "2031-04-30")
        sheet = next(
            sheet
            for sheet in load_workbook(BytesIO(report._get_xlsx()))
            if "Trễ hạn" in sheet.title
        )
        cells = [cell for row in sheet.iter_rows() for cell in row]
        self.assertIn(("=1+1", "s"), [(c.value, c.data_type) for c in cells])


@tagged(*TAGS)
class TestDownload(HttpCase, ReportCase):
    """Files over HTTP: for who may read the report."""

    def fetch(self, user, path):
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def test_files_are_for_who_may_read_the_report(self):
        self.set_clock("2031-04-02 08:00")
        report = self.make_report(scope="unit", unit_id=self.unit.id)
        self.env.flush_all()
        with self.running_clock():
            for user, may in (
                (self.manager, True),
                (self.monitor, True),
                (self.head, True),
                (self.other_focal, False),
                (self.employee, False),
            ):
                reply = self.fetch(user, f"/pakn_1022_reports/report/{report.id}.xlsx")
                with self.subTest(user.login):
                    self.assertEqual(reply.status_code, 200 if may else 404)
                    self.assertEqual(reply.content.startswith(b"PK"), may)
            for path in ("0.xlsx", "999999999.pdf", f"{report.id}.exe", "x.pdf"):
                with self.subTest(path):
                    reply = self.fetch(
                        self.manager, f"/pakn_1022_reports/report/{path}"
                    )
                    self.assertEqual(reply.status_code, 404)
        self.assertEqual(fields.Date.to_string(report.date_from), "2031-03-01")
