import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, new_test_user, tagged
from odoo.tools import config, mute_logger

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler

from ..models import pakn_call_transcript as module
from ..tools.transcript import (
    TranscriptError,
    ask_service,
    clean,
    find_house_address,
    is_in_house,
    run_command,
)
from .common import TAGS, CallCase
from .test_art12_recording import WAV

SAID = "Alô, đường trước chợ mất điện từ sáng."
TEXT = "Tôi phản ánh đèn đường hỏng."


class Handler(PeerHandler):
    """Stands for a speech-to-text service of the house."""

    def do_POST(self):
        body = self.read_body()
        self.peer.asked.append((self.path, self.headers["Content-Type"], body))
        what = self.path.strip("/")
        if what == "busy":
            return self.send_error(503)
        data = {
            "page": b"<html>",
            "silence": b'{"text": " "}',
            "number": b'{"text": 5}',
            "large": b'{"text": "' + b"x" * 5_000_000 + b'"}',
        }.get(what, json.dumps({"text": SAID}).encode())
        self.send_response(200)
        self.end_headers()
        if what == "slow":
            time.sleep(1.5)
        try:
            self.wfile.write(data)
        except OSError:
            # Who asked has gone
            return None
        return None


class ServiceMixin:
    def serve(self):
        self.server = HttpPeer(Handler)
        self.server.asked = []
        return self.enterContext(self.server).url


@tagged(*TAGS)
class TestEngines(ServiceMixin, BaseCase):
    """Speech to text within limits, and nowhere outside the house."""

    def ask(self, url, seconds=10):
        return ask_service(url, WAV, "audio/wav", "vi", seconds)

    def test_a_service_is_asked_as_its_kind_is(self):
        url = self.serve()
        self.assertEqual(self.ask(f"{url}/v1/audio/transcriptions"), SAID)
        [(path, kind, body)] = self.server.asked
        self.assertEqual(path, "/v1/audio/transcriptions")
        self.assertTrue(kind.startswith("multipart/form-data; boundary="))
        self.assertIn(WAV, body)
        for name in (b'name="file"; filename="call.wav"', b'name="language"\r\n\r\nvi'):
            self.assertIn(name, body)

    def test_limits(self):
        url = self.serve()
        for what, reason, seconds in (
            ("busy", "status 503", 10),
            ("page", "answer", 10),
            ("number", "answer", 10),
            ("silence", "silence", 10),
            ("large", "size", 10),
            ("slow", "time|Timeout", 0.5),
        ):
            with self.subTest(what), self.assertRaisesRegex(TranscriptError, reason):
                self.ask(f"{url}/{what}", seconds)
        with self.assertRaises(TranscriptError):
            self.ask("http://127.0.0.1:1/")

    def test_nothing_is_sent_outside(self):
        for url, reason in (
            ("http://8.8.8.8/asr", "outside"),
            ("http://[2001:4860:4860::8888]/asr", "outside"),
            ("http://169.254.169.254/latest", "outside"),
            ("http://0.0.0.0/", "outside"),
            ("file:///etc/passwd", "address"),
            ("http://user:secret@127.0.0.1/", "address"),
            ("http://127.0.0.1/a b", "address"),
            ("http://127.0.0.1:99999/", "address"),
            ("whisper", "address"),
        ):
            with self.subTest(url), self.assertRaisesRegex(TranscriptError, reason):
                find_house_address(url)
        for address in ("127.0.0.1", "10.2.3.4", "192.168.1.5", "::1", "fd00::5"):
            self.assertTrue(is_in_house(address))
        self.assertFalse(is_in_house("x"))

    def run_python(self, code, seconds=10):
        script = Path(self.enterContext(tempfile.TemporaryDirectory())) / "engine.py"
        script.write_text(code)
        return run_command(f"{sys.executable} {script}", WAV, "audio/wav", seconds)

    def test_a_command_gets_the_file_and_no_secrets(self):
        with patch.dict("os.environ", {"ODOO_ADMIN_PASSWD": "secret"}):
            text = self.run_python(
                "import os, sys\n"
                "data = open(sys.argv[-1], 'rb').read()\n"
                "print(len(data), sys.argv[-1].endswith('.wav'))\n"
                "print('secret' in str(os.environ))\n"
                "print(os.getcwd() == os.path.dirname(sys.argv[-1]))\n"
            )
        self.assertEqual(text, f"{len(WAV)} True\nFalse\nTrue")

    def test_limits_of_a_command(self):
        for code, reason in (
            ("import sys; sys.exit(3)", "exit 3"),
            ("print()", "silence"),
            ("while True: print('x' * 100000)", "size"),
        ):
            with self.subTest(code), self.assertRaisesRegex(TranscriptError, reason):
                self.run_python(code, 5)
        with self.assertRaisesRegex(TranscriptError, "command"):
            run_command("/there/is/none", WAV, "audio/wav", 5)
        with self.assertRaisesRegex(TranscriptError, "command"):
            run_command('"open', WAV, "audio/wav", 5)
        # Ended with all that it started
        mark = Path(self.enterContext(tempfile.TemporaryDirectory())) / "mark"
        begun = time.monotonic()
        with self.assertRaisesRegex(TranscriptError, "time"):
            self.run_python(
                "import subprocess, sys, time\n"
                f"code = \"import time; time.sleep(1.5); open('{mark}', 'w')\"\n"
                "subprocess.Popen([sys.executable, '-c', code])\n"
                "time.sleep(60)\n",
                0.5,
            )
        self.assertLess(time.monotonic() - begun, 5)
        time.sleep(1.6)
        self.assertFalse(mark.exists())

    def test_text_is_text(self):
        self.assertEqual(clean(" a\x00\n\n b\x1b[0m "), "a\nb[0m")
        self.assertEqual(len(clean("x" * 200_000)), 100_000)


@tagged(*TAGS)
class TestArt12Transcript(ServiceMixin, CallCase):
    """Art. 12.1: what a machine heard is a draft, for who may hear the recording."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.listener = new_test_user(
            cls.env,
            "test_listener",
            groups="pakn_1022.group_operator,pakn_1022_call.group_listener",
        )
        cls.params = cls.env["ir.config_parameter"].sudo()

    def keep(self, call_id="c1"):
        call = self.answered(call_id, recording="https://cdn.example/a.wav")
        call.recording_id._keep(WAV, "audio/wav")
        return call

    def make(self, url=None, call_id="c1"):
        """Return a call whose recording the job has put into words."""
        self.params.set_param(module.URL, url or self.serve())
        call = self.keep(call_id)
        self.run_job()
        return call

    def run_job(self):
        self.env.flush_all()
        # By a cursor that may commit, as the job does
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})[
                "pakn.call.transcript"
            ]._cron_transcribe()
        self.env.invalidate_all()

    def test_art12_1_a_draft_made_by_a_machine(self):
        call = self.make()
        [made] = call.sudo().transcript_ids
        self.assertRecordValues(
            made,
            [
                {
                    "state": "made",
                    "text": SAID,
                    "sha256": hashlib.sha256(SAID.encode()).hexdigest(),
                    "engine": "service",
                    "attempts": 1,
                }
            ],
        )
        self.assertEqual(
            dict(made._fields["state"].selection)["made"], "Draft by a machine"
        )
        self.run_job()
        self.assertEqual(len(self.server.asked), 1)

    def test_found_by_those_alone_who_may_hear(self):
        call = self.make()
        domain = [("transcript_ids.said", "ilike", "mat dien")]
        found = self.calls.with_user(self.listener).search(domain)
        self.assertEqual(found.ids, call.ids)
        transcripts = self.env["pakn.call.transcript"]
        mine = transcripts.with_user(self.listener)
        self.assertTrue(mine.search([("said", "ilike", "mất điện")]))
        self.assertFalse(mine.search([("said", "ilike", "mất nước")]))
        self.assertFalse(mine.search([("said", "not ilike", "mất điện")]))
        for user in (self.operator, self.monitor):
            self.assertEqual(transcripts.with_user(user).search([]).state, "made")
            with self.assertRaises(AccessError):
                transcripts.with_user(user).search([("said", "ilike", "điện")])
            with self.assertRaises(AccessError):
                self.calls.with_user(user).search(domain)
        # Of a secret request it is the cleared's alone
        ticket = self.new_ticket()
        call.with_user(self.operator).link(ticket.id)
        ticket.sudo().secrecy = "secret"
        self.assertFalse(mine.search([]))
        self.assertFalse(self.calls.with_user(self.listener).search(domain))
        self.assertTrue(transcripts.with_user(self.manager).search([]))

    def test_art12_1_each_reading_is_on_record_as_a_hearing_is(self):
        ticket = self.new_ticket()
        call = self.make()
        call.with_user(self.operator).link(ticket.id)
        one = call.sudo().transcript_ids.with_user(self.listener)
        # To open it, to find it and to list it reads nothing
        one.web_read({"state": {}, "date_made": {}, "sha256": {}, "engine": {}})
        one.search([("said", "ilike", "điện")]).mapped("display_name")
        self.assertFalse(one.said)
        self.assertFalse(call.recording_id.hearing_ids)
        self.assertNotIn("transcript_read", self.kinds(ticket))
        self.assertEqual(one.read_text(), SAID)
        self.assertEqual(one.read_text(), SAID)
        hearings = call.recording_id.hearing_ids
        self.assertEqual(hearings.user_id, self.listener)
        self.assertEqual(hearings.mapped("is_reading"), [True, True])
        events = ticket.event_ids.filtered(lambda e: e.kind == "transcript_read")
        self.assertEqual(events.mapped("actor"), ["test_listener"] * 2)
        self.assertEqual(
            events[0].payload,
            {"exchange": "test_pbx", "call": "c1", "sha256": one.sha256},
        )
        self.assertFalse(ticket._verify_records())
        # Hearing is told from reading
        call.recording_id.with_user(self.listener)._hear()
        self.assertEqual(
            sorted(call.recording_id.hearing_ids.mapped("is_reading")),
            [False, True, True],
        )

    def test_nobody_reads_past_the_record(self):
        call = self.make()
        [one] = call.sudo().transcript_ids
        for user in (self.listener, self.manager, self.operator, self.monitor):
            mine = one.with_user(user)
            with self.assertRaises(AccessError):
                mine.read(["text"])
            with self.assertRaises(AccessError):
                mine.search([("text", "ilike", "điện")])
            with self.assertRaises(AccessError):
                mine._read_group([], ["text"])
            # Of who may not export at all it is a UserError
            with self.assertRaises(UserError):
                mine.export_data(["text"])
            self.assertNotIn("text", mine.fields_get())
        muted = mute_logger(
            "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"
        )
        with muted:
            for user in (self.operator, self.monitor, self.employee, self.focal):
                with self.assertRaises(AccessError):
                    one.with_user(user).read_text()
            ticket = self.new_ticket()
            call.with_user(self.operator).link(ticket.id)
            ticket.sudo().secrecy = "secret"
            with self.assertRaises(AccessError):
                one.with_user(self.listener).read_text()
        self.assertFalse(call.recording_id.hearing_ids)
        self.assertEqual(one.with_user(self.manager).read_text(), SAID)
        call.recording_id._remove()
        with self.assertRaises(UserError):
            one.with_user(self.manager).read_text()
        self.assertEqual(len(call.recording_id.hearing_ids), 1)

    def test_nobody_writes_what_the_machine_heard(self):
        self.make()
        muted = mute_logger("odoo.addons.base.models.ir_model")
        self.enterContext(muted)
        for user in (self.listener, self.manager):
            one = self.env["pakn.call.transcript"].with_user(user).search([])
            with self.assertRaises(AccessError):
                one.write({"text": "x"})
            with self.assertRaises(AccessError):
                one.unlink()

    def test_a_service_that_is_busy_is_asked_again_and_given_up(self):
        call = self.make(f"{self.serve()}/busy")
        [one] = call.sudo().transcript_ids
        self.assertEqual((one.state, one.attempts), ("waiting", 1))
        self.assertGreater(one.date_next, self.at().replace(tzinfo=None))
        self.run_job()
        self.assertEqual(one.attempts, 1, "not before its time")
        for _attempt in range(3):
            one.date_next = False
            self.run_job()
        self.assertEqual((one.state, one.reason), ("failed", "status 503"))
        with self.assertRaises(AccessError):
            one.with_user(self.listener).action_make_again()
        one.with_user(self.manager).action_make_again()
        self.params.set_param(module.URL, self.serve())
        self.run_job()
        self.assertEqual(one.state, "made")

    def test_the_words_go_when_the_recording_goes(self):
        call = self.make()
        call.recording_id._remove()
        [one] = call.sudo().transcript_ids
        self.assertEqual(one.state, "removed")
        self.assertFalse(one.text)
        self.assertEqual(one.sha256, hashlib.sha256(SAID.encode()).hexdigest())

    def test_a_command_is_named_in_the_configuration_alone(self):
        script = Path(self.enterContext(tempfile.TemporaryDirectory())) / "engine.py"
        script.write_text(f"print('{TEXT}')")
        self.params.set_param("pakn_1022_call.transcript_command", "touch /tmp/x")
        self.params.set_param(module.COMMAND, "touch /tmp/x")
        self.assertIsNone(self.env["pakn.call.transcript"]._get_engine())
        with patch.dict(config.options, {module.COMMAND: f"{sys.executable} {script}"}):
            call = self.keep()
            self.run_job()
        [one] = call.sudo().transcript_ids
        self.assertEqual((one.text, one.engine), (TEXT, "command"))

    def test_without_an_engine_nothing_is_made(self):
        self.params.set_param(module.URL, False)
        call = self.keep()
        self.run_job()
        self.assertFalse(call.sudo().transcript_ids)

    def test_the_setting_is_the_administrators_and_stays_in_the_house(self):
        settings = self.env["res.config.settings"].with_user(self.manager)
        for url in ("https://api.openai.com/v1", "http://8.8.8.8/", "ftp://127.0.0.1/"):
            with self.subTest(url), self.assertRaises(ValidationError):
                settings.create({"pakn_call_transcript_url": url})
        settings.create({"pakn_call_transcript_url": "http://10.0.0.5/asr"}).execute()
        self.assertEqual(self.params.get_param(module.URL), "http://10.0.0.5/asr")
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.listener).create(
                {"pakn_call_transcript_url": "http://10.0.0.6/asr"}
            )
