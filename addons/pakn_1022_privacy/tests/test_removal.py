import base64
import importlib.util
from datetime import timedelta
from pathlib import Path

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, config, mute_logger
from odoo.tools.pdf import PdfReader

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022_evidence.tests.common import EvidenceCase

SCRIPT = Path(__file__).parents[3] / "bin/verify.py"
NAME, ADDRESS = "Rơ Châm Quỳxhương", "77 Ngõ Lạxbiệt"
PHONE, E164, EMAIL = "0987 650 321", "+84987650321", "quyxhuong@example.com"
TITLE, WORDS = "Mất trâuxvàng", "Nhà tôi mất trâuxvàng đã ba ngày, xin giúp đỡ."
MARKS = ("Quỳxhương", "quyxhuong", "Lạxbiệt", "987650321", "987 650 321", "trâuxvàng")
# The same as search keeps it
MARKS += ("quyxhuong", "trauxvang", "laxbiet")


def load_verifier():
    spec = importlib.util.spec_from_file_location("pakn_verify", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged(*TAGS)
class TestRemoval(EvidenceCase, HttpCase):
    """Law 91/2025/QH15: nothing is left of somebody, and the record still stands."""

    def find(self):
        """Return ``table.column`` and files in which the person is found."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            """SELECT table_name FROM information_schema.tables
                WHERE table_schema = current_schema AND table_type = 'BASE TABLE'"""
        )
        found = []
        like = [f"%{mark}%" for mark in MARKS]
        for [table] in cr.fetchall():
            cr.execute(
                SQL(
                    'SELECT "row"::text FROM %s "row"'
                    ' WHERE "row"::text ILIKE ANY(%s) LIMIT 2',
                    SQL.identifier(table),
                    like,
                )
            )
            found += [f"{table}: {text[:300]}" for [text] in cr.fetchall()]
        store = Path(config.filestore(cr.dbname))
        marks = [mark.lower().encode() for mark in MARKS]
        for path in store.glob("[0-9a-f][0-9a-f]/*"):
            if path.stat().st_mtime < self.started:
                continue
            content = path.read_bytes()
            if content.startswith(b"%PDF"):
                pages = PdfReader(path.open("rb")).pages
                content += " ".join(page.extract_text() for page in pages).encode()
            if any(mark in content.lower() for mark in marks):
                found.append(f"file {path.name}")
        return found

    def setUp(self):
        super().setUp()
        marker = Path(config.filestore(self.env.cr.dbname)) / ".started"
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()
        self.started = marker.stat().st_mtime - 1
        marker.unlink()

    def known(self):
        """Return the closed request of a person who is in every corner."""
        photo = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": f"{NAME}.txt", "raw": f"photo of {NAME}".encode()})
        )
        ticket = self.transferred(
            title=TITLE,
            description=f"<p>{WORDS}</p>",
            citizen_name=NAME,
            citizen_phone=PHONE,
            citizen_address=ADDRESS,
            citizen_email=EMAIL,
            address=ADDRESS,
            attachment_ids=[fields.Command.set(photo.ids)],
        )
        ticket.write({"citizen_name": f"Bà {NAME}"})
        ticket.action_make_file()
        slip = self.lead_slip(ticket, self.focal)
        slip.action_make_slip()
        slip.message_post(body=f"Đã gọi cho {NAME}", message_type="comment")
        slip.answer(f"<p>Đã tìm thấy trâuxvàng của {NAME}.</p>")
        ticket.action_make_answer()
        ticket.sudo().message_post(
            body=f"<p>{WORDS}</p>",
            message_type="email",
            email_from=f"{NAME} <{EMAIL}>",
            subject=TITLE,
        )
        ticket.send_result()
        ticket.publish()
        ticket.rate(1, f"{NAME} chưa nhận được trâuxvàng")
        self.fill_other_tables(ticket)
        self.deliver()
        self.add_received_sms()
        self.seal()
        return ticket

    def test_mails_of_who_has_an_address_that_ends_alike_stay(self):
        ticket = self.new_ticket(citizen_email=EMAIL)
        ticket.reject(self.reason.id)
        values = {"subject": TITLE, "raw": base64.b64encode(WORDS.encode())}
        mails = self.env["pakn.mail"].create(
            [
                {"email_from": sender, **values}
                for sender in (
                    *(EMAIL, f"{NAME} <{EMAIL.title()}>", f'"A, B" <{EMAIL}>'),
                    *(f"ba.{EMAIL}", f"Bà <ba-{EMAIL}>", f"{EMAIL}.vn"),
                )
            ]
        )
        ticket.sudo()._remove_personal_data("Thử")
        self.env.invalidate_all()
        self.assertEqual(mails[:3].mapped("email_from"), [False] * 3)
        self.assertFalse(any(mails[:3].mapped("raw")))
        self.assertTrue(all(mails[3:].mapped("email_from")))
        self.assertTrue(all(mails[3:].mapped("raw")))

    def add_received_sms(self):
        """Keep an SMS of the person's; return it."""
        # Only now is there an account, and a door by which notices go
        account = self.env["pakn.sms.account"].create(
            {"name": "Thử", "host": "127.0.0.1", "username": "x", "password": "x"}
        )
        return self.env["pakn.sms.receipt"].create(
            {"account_id": account.id, "number": E164, "text": WORDS, "state": "done"}
        )

    def fill_other_tables(self, ticket):
        env = self.env
        env["pakn.mail"].create(
            {
                "email_from": f"{NAME} <{EMAIL}>",
                "subject": TITLE,
                "ticket_id": ticket.id,
                "state": "done",
                "raw": base64.b64encode(f"From: {EMAIL}\n\n{WORDS}".encode()),
            }
        )
        env["pakn.subscription"].create({"email": EMAIL, "ticket_id": ticket.id})
        env["pakn.supporter"].create(
            {"ticket_id": ticket.id, "digest": "x", "phone": E164}
        )
        env["pakn.phone.code"].create(
            {"number": E164, "digest": "x", "date_until": fields.Datetime.now()}
        )
        env["pakn.question.answer"].create(
            {"ticket_id": ticket.id, "name": "Ở đâu?", "code": "a", "value": ADDRESS}
        )
        env["pakn.abuse"].create(
            {"ticket_id": ticket.id, "reason": "personal", "note": f"{NAME} là tôi"}
        )
        env["sms.sms"].create(
            {"number": E164, "body": f"{NAME} ơi", "pakn_ticket_id": ticket.id}
        )
        env["pakn.call"].create(
            {
                "provider": "x",
                "call_id": "quỳ-1",
                "state": "done",
                "private_caller": E164,
                "private_number": E164,
                "private_name": NAME,
                "note": WORDS,
                "date_ring": fields.Datetime.now(),
                "facts": {"caller": E164},
                "ticket_ids": [fields.Command.set(ticket.ids)],
            }
        )
        account = env["pakn.chat.account"].create(
            {"name": "Thử", "kind": "facebook", "outside_id": "1022"}
        )
        guest = env["mail.guest"].create({"name": NAME})
        helper = env.ref("pakn_1022_chat.user_helper")
        channel = (
            env["discuss.channel"]
            .with_user(helper)
            .sudo()
            .create(
                {
                    "name": NAME,
                    "pakn_guest_id": guest.id,
                    "channel_member_ids": [
                        fields.Command.create({"guest_id": guest.id})
                    ],
                    "channel_type": "pakn_chat",
                    "pakn_account_id": account.id,
                    "pakn_outside_id": "987650321",
                    "pakn_ticket_id": ticket.id,
                    "pakn_last_text": WORDS,
                }
            )
        )
        message = env["mail.message"].create(
            {"model": "discuss.channel", "res_id": channel.id, "body": WORDS}
        )
        env["pakn.chat.message"].create(
            {
                "channel_id": channel.id,
                "account_id": account.id,
                "direction": "in",
                "text": WORDS,
                "state": "received",
                "message_id": message.id,
                "attachment_id": env["ir.attachment"]
                .create(
                    {
                        "name": NAME,
                        "raw": WORDS.encode(),
                        "res_model": "discuss.channel",
                        "res_id": channel.id,
                    }
                )
                .id,
            }
        )
        ticket.transfer_ids.sudo()._acting().pakn_said = WORDS
        lookup = env["pakn.lookup"].create(
            {
                "name": "Thử",
                "url": "https://tra-cuu.example.gov.vn/{code}",
            }
        )
        env["pakn.lookup.log"].create(
            {
                "lookup_id": lookup.id,
                "user_id": env.uid,
                "place": "site",
                "code": "Lạxbiệt-1",
                "phone": E164,
                "state": "found",
            }
        )
        env["pakn.api.session"].create(
            {
                "client_id": env["pakn.api.client"].create({"name": "Thử"}).id,
                "digest": "x",
                "number": E164,
                "date_expires": fields.Datetime.now(),
            }
        )
        ticket.sudo().activity_schedule(summary=f"Gọi {NAME}", user_id=self.operator.id)

    def remove(self, ticket):
        ticket.sudo()._remove_personal_data("Thử nghiệm")
        self.collect()

    def collect(self):
        """Do what comes with the commit, and the job for the file store."""
        self.seal()
        self.env.invalidate_all()
        with mute_logger("odoo.addons.base.models.ir_attachment"):
            self.env["ir.attachment"]._gc_file_store_unsafe()

    def count(self):
        """Return what the analysis of requests counts."""
        self.env.flush_all()
        report = self.env["pakn.report.ticket"].sudo()
        names = ("state", "category_id", "channel_id", "unit_id", "rating_grade")
        groups = [name for name in names if name in report._fields]
        return report._read_group([], groups, ["__count"])

    def test_art9_1_nothing_is_left_and_the_record_stands(self):
        others = [self.new_ticket(citizen_phone=f"0905 700 {n:03}") for n in range(100)]
        ticket = self.known()
        anchors = self.env["pakn.anchor"].sudo()
        anchors._anchor()
        places = {place.split(":")[0].split(" ")[0] for place in self.find()}
        self.assertGreaterEqual(
            places,
            {"pakn_ticket", "pakn_event", "mail_message", "rating_rating", "file"}
            | {"res_partner", "pakn_call", "sms_sms", "discuss_channel", "pakn_mail"}
            | {"pakn_subscription", "pakn_search_word", "ir_attachment"}
            | {"pakn_transfer", "pakn_phone_code", "mail_activity", "pakn_supporter"}
            | {"pakn_sms_receipt", "pakn_lookup_log", "pakn_api_session"},
            "the test itself must find them before",
        )
        facts, counted = self.get_facts(ticket), self.count()
        request = (
            self.env["pakn.privacy.request"]
            .with_user(self.manager)
            .create({"phone": PHONE, "kind": "delete", "words": f"Xóa {NAME}"})
        )
        request.action_accept()
        request.action_carry_out()
        self.collect()
        self.assertEqual(self.find(), [])
        self.assertEqual(request.state, "done")
        self.assertFalse(request.phone)
        # The skeleton: facts, numbers, chains, anchors
        self.assertEqual(self.get_facts(ticket), facts)
        self.assertEqual(self.count(), counted)
        self.assertEqual(ticket._find_faults(), {})
        self.assertEqual(self.env["pakn.ticket"].union(*others)._find_faults(), {})
        anchors._anchor()
        self.assertEqual(ticket._find_faults(), {})
        self.assertEqual(self.kinds(ticket)[-1], "erased")
        # Somebody else's words stay, and are found
        self.assertEqual(others[0].private_phone, "+84905700000")
        words = [("found_by", "ilike", "đèn đường hỏng"), ("id", "=", others[0].id)]
        found = self.env["pakn.ticket"].with_user(self.operator).search(words)
        self.assertEqual(found, others[0])
        self.check_evidence(ticket)
        self.check_document(ticket)

    def check_evidence(self, ticket):
        """Art. 12.1: what is handed out says what was removed, and is checked."""
        verifier = load_verifier()
        content = ticket.with_user(self.operator)._export_evidence()
        evidence = verifier.read(content)
        acts = verifier.check_acts(evidence)
        seals = verifier.check_seals(evidence, acts)
        verifier.check_state(evidence)
        verifier.check_path(evidence, seals)
        removed = [act["sequence"] for act in evidence["acts"] if "hash" in act]
        self.assertTrue(removed)
        # What is left of an act is not another act
        for name, value in (("kind", "sent"), ("actor", "x"), ("note", "y")):
            with self.subTest(name):
                forged = verifier.read(content)
                forged["acts"][removed[0] - 1][name] = value
                with self.assertRaises(verifier.Fault):
                    verifier.check_acts(forged)
        forged = verifier.read(content)
        last = max(act["sequence"] for act in forged["acts"] if act["kind"] == "erased")
        del forged["acts"][last - 1]["payload"]["acts"][str(removed[0])]
        with self.assertRaises(verifier.Fault):
            verifier.check_acts(forged)

    def check_document(self, ticket):
        """A paper that was handed out is still known, its text is not."""
        document = self.env["pakn.document"].search([("ticket_id", "=", ticket.id)])[:1]
        with self.assertRaises(UserError):
            document.with_user(self.operator).action_open()
        page = self.url_open(f"/van-ban/{document.sudo().token}").text
        self.assertIn(document.name, page)
        self.assertIn("nội dung đã được xóa", page)
        self.assertNotIn("không còn khớp", page)

    def get_facts(self, ticket):
        """Return what statistics count of a request."""
        ticket.invalidate_recordset()
        names = ("state", "outcome", "category_id", "area_id", "unit_id", "channel_id")
        names += ("date_received", "date_closed", "date_result", "was_overdue", "round")
        names += ("rating_last_value", "is_instant", "date_first")
        slips = ticket.sudo().transfer_ids
        own = {name: ticket.sudo()[name] for name in names}
        return own, [(slip.state, slip.date_due, slip.level) for slip in slips]

    def test_art9_1_what_is_changed_after_a_removal_is_found(self):
        for statement in (
            "UPDATE pakn_event SET kind = 'sent' WHERE id = %s",
            "UPDATE pakn_event SET actor = 'x' WHERE id = %s",
            "UPDATE pakn_event SET note = 'khác' WHERE id = %s",
            "DELETE FROM pakn_event WHERE id = %s",
        ):
            with self.subTest(statement), self.env.cr.savepoint() as savepoint:
                ticket = self.done()
                self.seal()
                self.remove(ticket)
                event = ticket.sudo().event_ids.sorted("sequence")[1]
                self.execute(statement, event.id)
                self.assertIn(ticket, ticket._find_faults())
                savepoint.rollback()

    def test_art9_1_postgresql_lets_words_go_and_nothing_else(self):
        ticket = self.done()
        event = ticket.sudo().event_ids[0]
        self.env.flush_all()
        for statement in (
            "UPDATE pakn_event SET note = NULL, payload = NULL WHERE id = %s",
            "SELECT set_config('pakn.removing', 'on', true);"
            " UPDATE pakn_event SET note = 'khác' WHERE id = %s",
            "SELECT set_config('pakn.removing', 'on', true);"
            " UPDATE pakn_event SET kind = 'sent', note = NULL WHERE id = %s",
        ):
            with self.subTest(statement), mute_logger("odoo.sql_db"):
                with (
                    self.assertRaises(psycopg2.Error) as caught,
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(statement, [event.id])
                self.assertIn("Art. 9", str(caught.exception))

    def test_one_of_two_requests_keeps_the_contact(self):
        ticket, other = self.done(), self.new_ticket()
        self.assertEqual(ticket.sudo().citizen_id, other.sudo().citizen_id)
        self.remove(ticket)
        self.assertEqual(other.private_name, "Nguyễn Văn A")
        self.assertEqual(other.sudo().citizen_id.name, "Nguyễn Văn A")
        self.assertFalse(ticket.private_name)

    def test_of_who_only_called_nothing_is_left_either(self):
        calls = self.env["pakn.call"]
        call, other = calls.create(
            [
                {
                    "provider": "x",
                    "call_id": number,
                    "state": "missed",
                    "private_number": number,
                    "private_caller": number,
                    "private_name": NAME,
                    "date_ring": fields.Datetime.now(),
                }
                for number in (E164, "+84905000111")
            ]
        )
        recording = self.env["pakn.call.recording"].create({"state": "kept"})
        call.recording_id = recording
        self.env["pakn.call.audio"].create(
            {"recording_id": recording.id, "data": base64.b64encode(b"sound")}
        )
        receipt = self.add_received_sms()
        contact = self.env["res.partner"].create({"name": NAME, "pakn_phone": E164})
        self.carry_out_delete()
        self.assertFalse(call.private_number or call.private_name)
        self.assertEqual(recording.state, "removed")
        self.assertFalse(receipt.number or receipt.text)
        self.assertFalse(contact.active or contact.pakn_phone)
        self.assertEqual(other.private_name, NAME, "another's number")

    def carry_out_delete(self):
        """Have the administrator carry out that all of the phone is deleted."""
        request = (
            self.env["pakn.privacy.request"]
            .with_user(self.manager)
            .create({"phone": PHONE, "kind": "delete"})
        )
        request.action_accept()
        request.action_carry_out()
        self.env.invalidate_all()

    def test_a_colleague_who_asks_keeps_the_account(self):
        self.operator.partner_id.pakn_phone = E164
        login = self.operator.login
        self.carry_out_delete()
        self.assertTrue(self.operator.active)
        self.assertEqual(self.operator.login, login)

    # ------------------------------------------------------------
    # ONE FILE
    # ------------------------------------------------------------

    def test_art9_1_a_file_added_by_mistake_is_removed_its_hash_stays(self):
        ticket = self.whole()
        photo = ticket.sudo().attachment_ids
        store = Path(config.filestore(self.env.cr.dbname)) / photo.store_fname
        self.assertTrue(store.exists())
        dialog = self.env["pakn.file.removal"].with_user(self.manager)
        dialog = dialog.create(
            {
                "ticket_id": ticket.id,
                "file_id": photo.id,
                "reason": "Ảnh của người khác",
            }
        )
        dialog.action_confirm()
        self.seal()
        self.env.invalidate_all()
        self.assertFalse(photo.exists())
        self.assertEqual(ticket._find_faults(), {})
        act = ticket.sudo().event_ids.sorted("sequence")[-1]
        self.assertEqual(act.kind, "file_removed")
        self.assertEqual(act.note, "Ảnh của người khác")
        self.assertEqual(len(act.payload["sha256"]), 64)
        with mute_logger("odoo.addons.base.models.ir_attachment"):
            self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertFalse(store.exists())

    def test_only_the_administrator_removes_files_of_the_request(self):
        ticket, other = self.whole(), self.whole()
        with self.assertRaises(AccessError):
            ticket.with_user(self.operator).action_remove_file()
        dialog = self.env["pakn.file.removal"].with_user(self.manager)
        dialog = dialog.create(
            {
                "ticket_id": ticket.id,
                "file_id": other.sudo().attachment_ids.id,
                "reason": "x",
            }
        )
        with self.assertRaises(UserError):
            dialog.action_confirm()

    # ------------------------------------------------------------
    # AFTER ITS TIME
    # ------------------------------------------------------------

    def get_rule(self, target):
        return self.env["pakn.retention"].search([("target", "=", target)])

    def test_a_dry_run_comes_first_and_removes_nothing(self):
        ticket = self.done()
        self.seal()
        rule = self.get_rule("ticket").with_user(self.manager)
        rule.days = 365
        with self.assertRaises(UserError):
            rule.action_turn_on()
        self.set_clock("2027-03-10 08:00")
        rule.action_try()
        self.assertGreaterEqual(rule.count_tried, 1)
        self.assertFalse(ticket.date_erased)
        rule.action_turn_on()
        self.assertTrue(rule.is_on)
        rule.days = 400
        self.assertFalse(rule.is_on, "another number was tried")

    def test_what_is_old_goes_and_what_is_not_stays(self):
        old = self.done()
        self.set_clock("2026-09-01 08:00")
        new = self.done()
        self.seal()
        rule = self.get_rule("ticket").sudo()
        # Others than these two are not of this test
        domain = type(rule)._get_ticket_domain
        self.patch(
            type(rule),
            "_get_ticket_domain",
            lambda self: [*domain(self), ("id", "in", (old | new).ids)],
        )
        rule.days = 100
        rule.action_try()
        self.assertEqual(rule.count_tried, 1)
        rule.action_turn_on()
        with self.enter_registry_test_mode():
            self.env.ref("pakn_1022_privacy.ir_cron_remove").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(old.date_erased)
        self.assertFalse(old.private_phone)
        self.assertFalse(new.date_erased)
        self.assertEqual(rule.count_run, 1)
        self.assertEqual((old | new)._find_faults(), {})

    def test_what_tells_of_a_request_still_handled_stays(self):
        ticket = self.transferred()
        self.env.flush_all()
        sms = self.env["sms.sms"].create(
            {
                "number": E164,
                "body": WORDS,
                "state": "sent",
                "pakn_ticket_id": ticket.id,
            }
        )
        receipt = self.add_received_sms()
        receipt.ticket_id = ticket
        self.env.flush_all()
        old = fields.Datetime.now() - timedelta(days=4000)
        for row in (sms, receipt):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s WHERE id = %s",
                    SQL.identifier(row._table),
                    old,
                    row.id,
                )
            )

        def go():
            for target in ("sms", "sms_in"):
                rule = self.get_rule(target).sudo()
                rule.days = 3900
                rule.action_try()
                counted = rule.count_tried
                self.assertEqual(rule._run_batch(), counted)
            self.env.invalidate_all()
            return bool(sms.body), bool(receipt.text)

        self.assertEqual(go(), (True, True))
        ticket.with_user(self.operator).cancel("Người dân rút")
        self.assertEqual(go(), (False, False))

    def test_rows_of_each_kind_are_counted_and_go(self):
        now = fields.Datetime.now()
        old = now - timedelta(days=4000)
        ticket = self.new_ticket()
        log = self.env["pakn.access.log"].create(
            {"ticket_id": ticket.id, "user_id": self.operator.id, "hour": old}
        )
        call = self.env["pakn.call"].create(
            {
                "provider": "x",
                "call_id": "cu-1",
                "state": "missed",
                "private_number": E164,
                "date_ring": old,
            }
        )
        receipt = self.add_received_sms()
        self.env.cr.execute(
            "UPDATE pakn_sms_receipt SET create_date = %s WHERE id = %s",
            [old, receipt.id],
        )
        transcript = self.env["pakn.call.transcript"].create(
            {
                "call_id": call.id,
                "recording_id": self.env["pakn.call.recording"].create({}).id,
                "text": WORDS,
            }
        )
        targets = ("access", "call", "sms", "sms_in", "conversation", "privacy")
        for target in targets:
            rule = self.get_rule(target).sudo()
            rule.days = 3900
            with self.subTest(target):
                rule.action_try()
                before = rule.count_tried
                self.assertEqual(rule._run_batch() > 0, before > 0)
                self.assertEqual(rule._count(), max(before - 1000, 0))
        self.assertFalse(log.exists())
        call.invalidate_recordset()
        self.assertFalse(call.private_number)
        self.env.invalidate_all()
        self.assertFalse(receipt.number or receipt.text)
        self.assertFalse(transcript.text)

    def test_files_and_unread_words_of_a_conversation_go_after_its_time(self):
        account = self.env["pakn.chat.account"].create(
            {"name": "Thử", "kind": "facebook", "outside_id": "1023"}
        )
        helper = self.env.ref("pakn_1022_chat.user_helper")
        channel = (
            self.env["discuss.channel"]
            .with_user(helper)
            .sudo()
            .create(
                {
                    "name": NAME,
                    "channel_type": "pakn_chat",
                    "channel_member_ids": [],
                    "pakn_account_id": account.id,
                    "pakn_outside_id": "987650322",
                }
            )
        )
        photo = self.env["ir.attachment"].create(
            {
                "name": NAME,
                "raw": b"a photo of somebody's house",
                "res_model": "discuss.channel",
                "res_id": channel.id,
            }
        )
        file = self.env["pakn.chat.file"].create(
            {"channel_id": channel.id, "url": "https://x.vn/a", "name": NAME}
        )
        file.attachment_id = photo
        sent = self.env["pakn.chat.message"].create(
            {
                "channel_id": channel.id,
                "account_id": account.id,
                "direction": "out",
                "state": "sent",
                "attachment_id": photo.id,
            }
        )
        event = self.env["pakn.chat.event"].create(
            {
                "account_id": account.id,
                "key": "k",
                "identity": "987650322",
                "payload": WORDS,
                "state": "failed",
            }
        )
        came = self.add_file_of(event)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE discuss_channel SET last_interest_dt = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=4000), channel.id],
        )
        rule = self.get_rule("conversation").sudo()
        rule.days = 3900
        stored = photo.store_fname
        self.assertTrue(rule._run_batch())
        self.env.invalidate_all()
        self.assertFalse(channel.pakn_outside_id)
        self.assertFalse(photo.exists())
        self.assertFalse(event.exists() or came.exists())
        self.assertFalse(file.url or file.name or file.attachment_id)
        self.assertFalse(sent.attachment_id)
        # Off the disk too, as Odoo does it
        self.assertTrue(stored)
        marked = self.env["ir.attachment"]._full_path(f"checklist/{stored}")
        self.assertTrue(Path(marked).exists())

    def add_file_of(self, event):
        """Keep a file that came with what a visitor wrote, as the chat box does."""
        return self.env["ir.attachment"].create(
            {
                "name": NAME,
                "raw": b"a letter that was photographed",
                "res_model": event._name,
                "res_id": event.id,
            }
        )

    def test_what_was_never_taken_in_goes_after_its_time(self):
        """With its files, where no conversation came of it; no other event does."""
        account = self.env["pakn.chat.account"].create(
            {"name": "Thử", "kind": "facebook", "outside_id": "1024"}
        )
        values = {"account_id": account.id, "payload": WORDS, "state": "failed"}
        events = self.env["pakn.chat.event"].create(
            [
                values | {"key": "old", "identity": "987650323"},
                values | {"key": "new", "identity": "987650324"},
                values | {"key": "waits", "identity": "987650325", "state": "new"},
            ]
        )
        files = [self.add_file_of(event) for event in events]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pakn_chat_event SET create_date = %s WHERE id = ANY(%s)",
            [
                fields.Datetime.now() - timedelta(days=4000),
                (events - events[1]).ids,
            ],
        )
        rule = self.get_rule("conversation_unread").sudo()
        rule.days = 3900
        self.assertTrue(rule._run_batch())
        self.env.invalidate_all()
        self.assertEqual(events.exists(), events[1:])
        self.assertEqual([bool(one.exists()) for one in files], [False, True, True])

    def test_numbers_on_the_list_of_callers_go_after_their_time(self):
        old = fields.Datetime.now() - timedelta(days=4000)
        entries = self.env["pakn.call.back"].create(
            [
                {
                    "private_number": f"+8490512398{index}",
                    "state": state,
                    "note": WORDS,
                    "date_first": moment,
                    "date_last": moment,
                }
                for index, (state, moment) in enumerate(
                    (
                        ("closed", old),
                        ("reached", old),
                        ("open", old),
                        ("closed", fields.Datetime.now()),
                    )
                )
            ]
        )
        rule = self.get_rule("call_back").sudo()
        rule.days = 3900
        rule.action_try()
        self.assertEqual(rule.count_tried, 2)
        self.assertEqual(rule._run_batch(), 2)
        self.env.invalidate_all()
        kept = [bool(entry.private_number or entry.note) for entry in entries]
        self.assertEqual(kept, [False, False, True, True])
        self.assertEqual(rule._count(), 0)

    def test_who_waits_to_be_called_back_can_be_removed_one_after_another(self):
        now = fields.Datetime.now()
        numbers = ("+84905123991", "+84905123992")
        entries = self.env["pakn.call.back"].create(
            [
                {"private_number": number, "date_first": now, "date_last": now}
                for number in numbers
            ]
        )
        for number in numbers:
            self.env["pakn.ticket"].sudo()._remove_beside_requests(number)
        self.env.invalidate_all()
        # Nobody is asked to call who has no number any more
        self.assertEqual(entries.mapped("state"), ["closed", "closed"])
        self.assertFalse(any(entries.mapped("private_number")))
