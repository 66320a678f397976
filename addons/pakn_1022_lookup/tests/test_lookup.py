import json
import logging
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models import pakn_lookup
from ..tools import ask
from .common import CODE, TAGS, LookupCase
from .peer import ENVELOPE, OneStop

LOGGER = "odoo.addons.pakn_1022_lookup.models.pakn_lookup"


@tagged(*TAGS)
class TestLookup(LookupCase):
    """Art. 15.6, 18.5: the hotline asks the province's databases."""

    def test_art6_2_the_status_of_a_dossier(self):
        outcome = self.look_up(f" {CODE.lower()} ")
        self.assertEqual(outcome.state, "found")
        self.assertEqual(
            outcome.lines,
            [
                ("Trạng thái", "Đang xử lý"),
                ("Nơi xử lý", "Sở Xây dựng"),
                ("Nhận ngày", "08:30 20/11/2026"),
                ("Hẹn trả", "03/12/2026"),
                ("Lệ phí", "150.000 đ"),
                ("Người nộp", "Nguyễn Văn A"),
            ],
        )
        self.assertEqual(self.peer.seen[0][1], f"/dossiers?code={CODE}")
        missing = self.look_up("000.00.16.H21-251126-0002")
        self.assertEqual((missing.state, missing.lines), ("missing", []))

    def test_art15_6_every_look_up_is_on_record(self):
        self.look_up()
        self.look_up("000.00.16.H21-251126-0002")
        log = self.logs.search([("lookup_id", "=", self.lookup.id)], limit=2)[1]
        self.assertEqual(
            (log.user_id, log.code, log.place, log.state),
            (self.operator, CODE, "desk", "found"),
        )
        for user in (self.operator, self.monitor, self.focal):
            with self.assertRaises(AccessError):
                log.with_user(user).read(["code"])
        self.assertTrue(log.with_user(self.manager).read(["code"]))
        with self.assertRaises(AccessError):
            log.with_user(self.manager).unlink()

    def test_by_post_and_in_the_address(self):
        by_post = self.set_up(kind="post", arguments='{"find": {"code": "{code}"}}')
        self.assertEqual(self.look_up(lookup=by_post).state, "found")
        self.assertEqual(json.loads(self.peer.seen[-1][3]), {"find": {"code": CODE}})
        by_path = self.set_up(url=f"{self.peer.url}/{{code}}", arguments="{}")
        self.assertEqual(self.look_up(lookup=by_path).state, "found")
        self.assertEqual(self.peer.seen[-1][1], f"/{CODE}")

    def test_by_soap(self):
        self.peer.dossiers[CODE] = {"status": "Đang xử lý", "due": "2026-12-03"}
        soap = self.set_up(
            kind="soap",
            url=f"{self.peer.url}/ws?wsdl",
            operation="GetDossier",
            record_path="",
            cache_minutes=0,
            timeout_seconds=5,
            authentication="wsse",
            login="1022",
            new_secret="p4ss-w0rd",
        )
        outcome = self.look_up(lookup=soap)
        self.assertEqual(
            (outcome.state, outcome.lines),
            ("found", [("Trạng thái", "Đang xử lý"), ("Hẹn trả", "03/12/2026")]),
        )
        self.assertIn(b"p4ss-w0rd", self.peer.seen[-1][3])
        self.assertEqual(
            self.look_up("000.00.16.H21-251126-0002", soap).state, "missing"
        )
        described = [one for one in self.peer.seen if one[0] == "GET"]
        self.assertEqual(len(described), 1, "the description is fetched once")
        with mute_logger(LOGGER):
            self.peer.said = b"<a/>"
            self.assertEqual(self.look_up(lookup=soap).state, "down")
            self.peer.said = 401
            self.look_up(lookup=soap)
            self.peer.said = 500
            soap.operation = "Nothing"
            self.look_up(lookup=soap)
        reasons = [reason for state, reason in self.get_logs(soap) if state == "down"]
        self.assertEqual(reasons, ["answer", "refused", "operation"])

    def test_soap_leads_nowhere_else(self):
        """Its description names other addresses, files and entities."""
        ask._clients.clear()
        inner = self.enterContext(OneStop())
        only = self.peer.server.server_port

        def connect(parts, *rest):
            reached.append(parts.port)
            return connect_for_real(parts, *rest)

        reached, connect_for_real = [], ask.outside.connect
        self.startPatcher(patch.object(ask.outside, "connect", connect))
        soap = self.set_up(
            kind="soap",
            url=f"{self.peer.url}/ws?wsdl",
            operation="GetDossier",
            authentication="bearer",
            new_secret="t0ken",
        )
        schema = (
            '<xsd:schema><xsd:import namespace="urn:x" schemaLocation="%s"/>'
            "</xsd:schema>"
        )
        with mute_logger(LOGGER):
            for place in ("file:///etc/passwd", "/etc/passwd", "ftp://127.0.0.1/x"):
                self.peer.imported = schema % place
                with self.subTest(place):
                    self.assertEqual(self.look_up(lookup=soap).state, "down")
                self.logs.search([]).unlink()
        self.peer.imported = ""
        self.assertEqual(set(reached), {only})
        # What identifies us goes to the host that was named alone
        self.peer.address = f"{inner.url}/ws"
        inner.dossiers[CODE] = {"status": "1", "due": "2026-12-03"}
        ask._clients.clear()
        self.look_up(lookup=soap)
        self.assertEqual(self.peer.seen[-1][2]["Authorization"], "Bearer t0ken")
        self.assertEqual(len(inner.seen), 1)
        self.assertNotIn("Authorization", inner.seen[0][2])

    def test_a_bomb_in_a_description_is_not_read(self):
        ask._clients.clear()
        soap = self.set_up(
            kind="soap", url=f"{self.peer.url}/bomb?wsdl", operation="GetDossier"
        )
        entities = "".join(
            f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)
        )
        bomb = f'<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><d>&e9;</d>'
        deep = "<d>" * 100_000
        with mute_logger(LOGGER):
            for said in (bomb.encode(), deep.encode(), b"\xff\xfe<", b""):
                self.peer.said = said
                with self.subTest(said[:10]):
                    self.assertEqual(self.look_up(lookup=soap).state, "down")
                self.logs.search([]).unlink()

    def test_nor_is_what_its_reader_stumbles_over(self):
        """Types made of themselves, attributes without end, values that are none."""
        soap = self.set_up(
            kind="soap",
            url=f"{self.peer.url}/ws?wsdl",
            operation="GetDossier",
            record_path="",
            cache_minutes=0,
        )
        schema = '<xsd:schema targetNamespace="urn:r" xmlns:r="urn:r">%s</xsd:schema>'
        many = " ".join(f'a{n}="x"' for n in range(20_000))
        with mute_logger(LOGGER):
            for imported in (
                '<xsd:simpleType name="S"><xsd:restriction base="r:S"/>'
                '</xsd:simpleType><xsd:element name="x" type="r:S"/>',
                '<xsd:attributeGroup name="A"><xsd:attributeGroup ref="r:A"/>'
                '</xsd:attributeGroup><xsd:complexType name="R">'
                '<xsd:attributeGroup ref="r:A"/></xsd:complexType>',
                f'<xsd:element name="x" {many}/>',
            ):
                ask._clients.clear()
                self.peer.imported = schema % imported
                with self.subTest(imported[:20]):
                    self.assertEqual(self.look_up(lookup=soap).state, "down")
                    self.assertEqual(self.get_logs(soap), [("down", "answer")])
                self.logs.search([]).unlink()
            self.peer.imported = ""
            self.peer.said = (ENVELOPE % f"<dossier {many}/>").encode()
            self.assertEqual(self.look_up(lookup=soap).state, "down")
        # What cannot be read of a person is not written to the server's log
        dossier = "<dossier><status>1</status><due>-1-1</due></dossier>"
        self.peer.said = (ENVELOPE % dossier).encode()
        self.assertEqual(self.look_up(lookup=soap).state, "found")
        self.assertFalse(logging.getLogger("zeep.xsd").isEnabledFor(logging.ERROR))

    def test_how_it_knows_us(self):
        for name, values, header, said in (
            ("basic", {"login": "gl"}, "Authorization", "Basic Z2w6czNjcmV0"),
            ("bearer", {}, "Authorization", "Bearer s3cret"),
            ("header", {"header": "X-Key"}, "X-Key", "s3cret"),
        ):
            lookup = self.set_up(authentication=name, new_secret="s3cret", **values)
            self.look_up(lookup=lookup)
            self.assertEqual(self.peer.seen[-1][2][header], said)
            self.env.flush_all()
            self.env.invalidate_all()
            for user in (self.manager, self.operator):
                seen = lookup.with_user(user)
                self.assertTrue(seen.secrets_set)
                with self.assertRaises(AccessError):
                    seen.read(["secret"])
                with self.assertRaises(AccessError):
                    seen.search([("secret", "like", "s3")])
            self.assertFalse(lookup.new_secret)
            self.assertNotIn("s3cret", str(lookup.read()))

    def test_the_secret_does_not_follow_to_another_host(self):
        lookup = self.set_up(authentication="bearer", new_secret="s3cret")
        lookup.url = f"{self.peer.url}/other"
        self.assertTrue(lookup.secrets_set)
        lookup.url = "https://other.example.com/dossiers"
        self.assertFalse(lookup.secrets_set)

    def test_a_source_that_is_down_says_so_and_is_left_alone(self):
        self.lookup.cache_minutes = 0
        for said, reason in (
            (b"<html>", "answer"),
            (b"[" * 100_000, "answer"),
            (b'"' + b"x" * 2**20 + b'"', "answer"),
            (503, "status"),
            (302, "status"),
            (403, "refused"),
            (1.5, "time"),
        ):
            self.peer.said = said
            self.logs.search([]).unlink()
            with self.subTest(reason), mute_logger(LOGGER):
                self.assertEqual(self.look_up().state, "down")
                self.assertEqual(self.get_logs(), [("down", reason)])
        # Nothing was fetched from where the redirect led
        self.assertFalse([one for one in self.peer.seen if one[1] == "/elsewhere"])

    def test_after_three_failures_it_is_not_asked_for_a_minute(self):
        # Set up long before, by the clock of the tests
        self.env.flush_all()
        self.env.cr.execute("UPDATE pakn_lookup SET write_date = '2026-01-01'")
        self.env.invalidate_all()
        self.peer.said = 503
        with mute_logger(LOGGER):
            for _time in range(pakn_lookup.FAILURES):
                self.look_up()
        asked = len(self.peer.seen)
        self.peer.said = None
        self.assertEqual(self.look_up().state, "down")
        self.assertEqual(len(self.peer.seen), asked, "nobody waits for it")
        self.assertEqual(self.get_logs()[-1], ("down", "pause"))
        # A minute later one is let through, and all is well
        for log in self.logs.search([("lookup_id", "=", self.lookup.id)]):
            log.date -= timedelta(seconds=pakn_lookup.PAUSE + 1)
        self.env.invalidate_all()
        self.assertEqual(self.look_up().state, "found")
        self.assertEqual(self.look_up("000.00.16.H21-251126-0002").state, "missing")

    def test_a_slow_source_takes_few_workers(self):
        """Others hold all of its seats: the next one is told at once."""
        with self.registry.cursor() as other:
            for seat in range(pakn_lookup.SEATS):
                other.execute(
                    "SELECT pg_advisory_xact_lock(%s, %s)",
                    [pakn_lookup.LOCK, self.lookup.id * pakn_lookup.SEATS + seat],
                )
            self.assertEqual(self.look_up().state, "busy")
            self.assertEqual(self.peer.seen, [])
            other.rollback()
        self.assertEqual(self.look_up().state, "found")

    def test_answers_are_kept_for_a_while(self):
        self.look_up()
        again = self.look_up()
        self.assertTrue(again.is_kept)
        self.assertEqual(len(self.peer.seen), 1)
        self.assertEqual(len(self.get_logs()), 2)
        later = pakn_lookup.time.monotonic() + 301
        with patch.object(pakn_lookup.time, "monotonic", lambda: later):
            self.assertEqual(self.lookup._get_kept(CODE), [])
        self.lookup.record_path = "nothing"
        self.assertEqual(self.look_up().state, "missing")

    def test_what_does_not_look_like_a_code_is_not_asked_for(self):
        for code in ("abc", "000.00.16.H21", f"{CODE}&x=1", "x" * 5000, f"{CODE}/../"):
            with self.subTest(code[:30]):
                self.assertEqual(self.look_up(code).state, "wrong")
        self.assertEqual(self.peer.seen, [])

    def test_what_cannot_be_set_up(self):
        for values in (
            {"url": "http://example.com/x", "networks": ""},
            {"url": "file:///etc/passwd"},
            {"url": "https://user:pass@example.com/"},
            {"url": "https://{code}.example.com/"},
            {"networks": "10.0.0.0/99"},
            {"arguments": "[1]"},
            {"arguments": "{"},
            {"kind": "soap"},
            {"authentication": "header", "header": "X: y\r\nZ"},
            {"authentication": "basic"},
            {"timeout_seconds": 60},
            {"cache_minutes": -1},
            {"site_access": "owner", "phone_path": ""},
            {"site_access": "anybody"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.set_up(**values)
        with self.assertRaises(AccessError):
            self.lookup.with_user(self.operator).name = "x"
        with self.assertRaises(AccessError):
            self.lookup.with_user(self.focal).read(["name"])

    def test_this_machine_and_its_neighbours_are_not_asked(self):
        self.loopback.stop()
        self.addCleanup(self.loopback.start)
        with mute_logger(LOGGER):
            self.assertEqual(self.look_up().state, "down")
        self.assertEqual(self.get_logs(), [("down", "address")])
        self.assertEqual(self.peer.seen, [])

    # ------------------------------------------------------------
    # BESIDE THE CITIZEN
    # ------------------------------------------------------------

    def open_dialog(self, **values):
        ticket = (
            self.env["pakn.ticket"]
            .with_user(self.operator)
            .create(
                {
                    "description": f"<p>Hồ sơ {CODE} của tôi đến đâu rồi?</p>",
                    "citizen_phone": "0905123456",
                    "citizen_name": "Nguyễn Văn A",
                    **values,
                }
            )
        )
        action = ticket.action_look_up()
        dialog = self.env["pakn.lookup.ask"].browse(action["res_id"])
        return ticket, dialog.with_user(self.operator)

    def test_art10_1_2_the_operator_answers_with_what_was_found(self):
        ticket, dialog = self.open_dialog()
        self.assertEqual((dialog.code, dialog.lookup_id), (CODE, self.lookup))
        dialog.action_ask()
        self.assertEqual(dialog.state, "found")
        self.assertIn("Đang xử lý", dialog.answer)
        self.assertTrue(dialog.can_answer)
        action = dialog.action_answer()
        form = Form(
            self.env["pakn.ticket.answer"]
            .with_user(self.operator)
            .with_context(**action["context"])
        )
        self.assertIn("Đang xử lý", form.result)
        self.assertIn(CODE, form.result)
        log = self.logs.search([("ticket_id", "=", ticket.id)])
        self.assertEqual((log.place, log.user_id), ("desk", self.operator))

    def test_markup_of_another_system_is_shown_as_text(self):
        self.peer.dossiers[CODE]["applicant"] = "<img src=x onerror=alert(1)>"
        _ticket, dialog = self.open_dialog()
        dialog.action_ask()
        self.assertIn("&lt;img", dialog.answer)

    def test_the_dialog_says_what_is_missing(self):
        _ticket, dialog = self.open_dialog(description="<p>Đèn hỏng.</p>")
        self.assertFalse(dialog.code)
        with self.assertRaises(UserError):
            dialog.action_ask()
        self.env["pakn.lookup"].search([]).active = False
        dialog.lookup_id = False
        self.assertEqual(dialog.lookup_count, 0)
        with self.assertRaises(UserError):
            dialog.action_ask()

    def test_nobody_else_opens_the_dialog(self):
        ticket, dialog = self.open_dialog()
        for user in (self.focal, self.monitor, self.employee):
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_look_up()
            with self.assertRaises(AccessError):
                dialog.with_user(user).action_ask()
            with self.assertRaises(AccessError):
                self.lookup.with_user(user)._ask(CODE, "desk")

    def test_old_look_ups_are_deleted(self):
        self.look_up()
        self.look_up()
        old = self.logs.search([("lookup_id", "=", self.lookup.id)])[-1]
        old.date = fields.Datetime.now() - timedelta(days=731)
        self.logs._gc_logs()
        self.assertEqual(len(self.get_logs()), 1)
