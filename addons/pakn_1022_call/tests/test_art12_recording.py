import contextlib
import hashlib
import io
import math
import struct
import time
import wave
from unittest.mock import patch

import numpy
import soundfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler

from ..models.pakn_call_recording import ATTEMPTS, FORM
from ..tools import recording
from ..tools.recording import FetchError, fetch, get_audio_type
from ..tools.waveform import PARTS, make_peaks
from .common import TAGS, CallCase

# Calls itself a WAV, and can be read by nobody
ODD = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 4000


def make_tone(rate=8000, seconds=4):
    """Return a WAV as a telephone makes it."""
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(
            b"".join(
                struct.pack("<h", round(9000 * math.sin(index / 7)))
                for index in range(rate * seconds)
            )
        )
    return target.getvalue()


def make_wav(size=None, sound=b"\x01\x02" * 2000, code=1):
    """Return a WAV that says it has so many bytes of sound (those that it has)."""
    size = len(sound) if size is None else size
    about = struct.pack("<HHIIHH", code, 1, 8000, 16000, 2, 16)
    parts = b"fmt " + struct.pack("<I", len(about)) + about
    parts += b"data" + struct.pack("<I", size) + sound
    return b"RIFF" + struct.pack("<I", min(4 + len(parts), 2**32 - 1)) + b"WAVE" + parts


WAV = make_wav()


def make_speech(parts, rate=8000, form="WAV", subtype="PCM_16"):
    """Return a sound that is as loud as told, in parts of a second."""
    target = io.BytesIO()
    sound = numpy.concatenate(
        [loud * numpy.sin(numpy.arange(rate) / 3) for loud in parts]
    )
    soundfile.write(target, sound, rate, format=form, subtype=subtype)
    return target.getvalue()


class Handler(PeerHandler):
    """An exchange that serves recordings, and what is none."""

    def do_GET(self):
        name = self.path.rpartition("/")[2]
        if name.startswith("go-"):
            self.send_response(302)
            self.send_header("Location", self.peer.leads_to)
            self.end_headers()
            return
        if name == "none.wav":
            self.send_error(404)
            return
        data = self.peer.files.get(name, WAV)
        self.send_response(200)
        if name == "cut.wav":
            self.send_header("Content-Length", str(len(data) + 10))
        elif name != "endless.wav":
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        # Who asked may have gone
        with contextlib.suppress(OSError):
            if name == "slow.wav":
                for _second in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
            while name == "endless.wav":
                self.wfile.write(data)
            self.wfile.write(data)


class ExchangeMixin:
    def serve(self):
        self.server = HttpPeer(Handler)
        self.server.leads_to = "/b.wav"
        self.server.files = {"page.wav": b"<html>" * 10}
        self.port = self.server.port
        return self.enterContext(self.server).url


@tagged(*TAGS)
class TestFetch(ExchangeMixin, BaseCase):
    """A recording is fetched within limits, and from nowhere within."""

    def setUp(self):
        super().setUp()
        self.url = self.serve()
        self.own = {("127.0.0.1", self.port)}

    def test_a_recording_is_what_its_bytes_are(self):
        found = fetch(f"{self.url}/a.mp3", self.own)
        self.assertEqual((found.data, found.mimetype), (WAV, "audio/wav"))
        self.assertEqual(fetch(f"{self.url}/go-b", self.own).data, WAV)
        for data, mimetype in (
            (b"ID3\x04", "audio/mpeg"),
            (b"\xff\xfb\x90\x00", "audio/mpeg"),
            (b"OggS" + b"\0" * 9, "audio/ogg"),
            (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
            (b"\xff\xff\xff\xff", None),
            (b"<html>", None),
            (b"", None),
            (b"%PDF-1.4", None),
        ):
            self.assertEqual(get_audio_type(data), mimetype, data)

    def check(self, reason, url, is_final, **limits):
        with self.assertRaisesRegex(FetchError, reason) as caught:
            fetch(url, limits.pop("own", self.own), **limits)
        self.assertEqual(caught.exception.is_final, is_final)

    def test_limits(self):
        self.check("not_audio", f"{self.url}/page.wav", True)
        self.check("size", f"{self.url}/a.wav", True, size_limit=1000)
        self.check("size", f"{self.url}/endless.wav", True, size_limit=100_000)
        self.check("404", f"{self.url}/none.wav", False)
        self.check("IncompleteRead|incomplete", f"{self.url}/cut.wav", False)
        begun = time.monotonic()
        self.check("time|Timeout", f"{self.url}/slow.wav", False, time_limit=0.4)
        self.assertLess(time.monotonic() - begun, 3)
        self.server.leads_to = "/go-round"
        self.check("redirections", f"{self.url}/go-a", True)

    def test_the_server_is_sent_nowhere_within(self):
        for host in ("127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254",
                     "192.168.1.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0",
                     "2130706433", "0x7f000001"):  # fmt: skip
            self.check("private", f"http://{host}:{self.port}/a.wav", True, own=())
        for url in ("file:///etc/passwd", "ftp://127.0.0.1/a", "http://", "x",
                    "http://u:p@127.0.0.1/", f"{self.url}/a b"):  # fmt: skip
            self.check("address", url, True)
        # Neither by another port of the exchange, nor by where it leads
        self.check("private", "http://127.0.0.1:1/a.wav", True)
        self.server.leads_to = "http://127.0.0.1:1/a.wav"
        self.check("private", f"{self.url}/go-a", True)
        self.assertTrue(recording.is_public("8.8.8.8"))


@tagged(*TAGS)
class TestWaveform(BaseCase):
    """How loud a recording is, part for part."""

    def read_loudness(self, data, parts=PARTS):
        return list(bytes.fromhex(make_peaks(data, parts)))

    def test_each_part_is_as_loud_as_it_was(self):
        sound = make_speech((0.5, 0, 0.25, 0.5))
        self.assertEqual(len(self.read_loudness(sound)), PARTS)
        for found, right in zip(
            self.read_loudness(sound, 4), (255, 0, 127, 255), strict=True
        ):
            self.assertAlmostEqual(found, right, delta=3)
        # In whatever form, however its pieces lie
        for form, subtype in (("OGG", "OPUS"), ("OGG", "VORBIS"), ("FLAC", "PCM_16"),
                              ("MP3", "MPEG_LAYER_III")):  # fmt: skip
            with self.subTest(form, subtype=subtype):
                parts = self.read_loudness(
                    make_speech((0.5, 0, 0.5, 0), 48000, form, subtype), 8
                )
                loud = [part > 100 for part in parts]
                self.assertEqual(loud[0::4], [True, True])
                self.assertEqual([loud[3], loud[7]], [False, False])

    def test_silence_is_not_made_loud(self):
        self.assertEqual(set(self.read_loudness(make_speech((0, 0)))), {0})
        self.assertLess(max(self.read_loudness(make_speech((0.01,)))), 60)

    def test_shorter_than_its_parts(self):
        target = io.BytesIO()
        soundfile.write(target, numpy.ones(7) / 2, 8000, format="WAV")
        self.assertEqual(self.read_loudness(target.getvalue()).count(255), 7)

    def test_what_cannot_be_read_has_none(self):
        tone = make_tone()
        for data in (b"", b"#!AMR\n" + b"x" * 99, ODD, b"<html>", tone[:30]):
            with self.subTest(data[:9]):
                self.assertIsNone(make_peaks(data))
        # What breaks off is drawn as far as it goes
        self.assertTrue(make_peaks(tone[:-50_000]))


@tagged(*TAGS)
class TestArt12Recording(ExchangeMixin, CallCase, HttpCase):
    """Art. 12.1: the recording stands with the request, and who heard it."""

    def setUp(self):
        super().setUp()
        self.account.recording_url = f"{self.serve()}/monitor/{{file}}"
        self.listener = new_test_user(
            self.env,
            "test_listener",
            groups="pakn_1022.group_operator,pakn_1022_call.group_listener",
        )
        self.sha256 = hashlib.sha256(WAV).hexdigest()

    def recorded(self, name="2026/03/02/c1.wav", call_id="c1"):
        call = self.answered(call_id, recording=f"/var/spool/asterisk/monitor/{name}")
        call.recording_id._fetch()
        return call

    def test_art12_1_fetched_by_a_job_and_on_record(self):
        ticket = self.new_ticket()
        call = self.talk()
        call.with_user(self.operator).link(ticket.id)
        self.recorded()
        self.assertRecordValues(
            call.recording_id,
            [
                {
                    "state": "kept",
                    "mimetype": "audio/wav",
                    "size": len(WAV),
                    "sha256": self.sha256,
                }
            ],
        )
        [event] = ticket.event_ids.filtered(lambda event: event.kind == "recorded")
        self.assertEqual(event.payload["sha256"], self.sha256)
        self.assertFalse(ticket._verify_records())

    def test_art12_1_in_less_room_by_setting_both_hashes_on_record(self):
        tone = make_tone()
        ticket = self.new_ticket()
        call = self.answered(recording="/var/spool/asterisk/monitor/c1.wav")
        call.with_user(self.operator).link(ticket.id)
        self.env["ir.config_parameter"].set_param(FORM, "opus")
        call.recording_id._keep(tone, "audio/wav")
        recording = call.recording_id
        self.assertEqual(recording.mimetype, "audio/ogg")
        self.assertLess(recording.size, len(tone) / 4)
        original = hashlib.sha256(tone).hexdigest()
        self.assertEqual(recording.original_sha256, original)
        # Drawn once, of the sound as it came, for who may hear it
        self.assertEqual(recording.peaks, make_peaks(tone))
        with self.assertRaises(AccessError):
            recording.with_user(self.operator).read(["peaks"])
        data, mimetype = recording.with_user(self.listener)._hear()
        self.assertEqual(get_audio_type(data), mimetype)
        self.assertEqual(hashlib.sha256(data).hexdigest(), recording.sha256)
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            self.assertAlmostEqual(sound.frames / sound.samplerate, 4, delta=0.1)
        [event] = ticket.event_ids.filtered(lambda event: event.kind == "recorded")
        self.assertEqual(event.payload["original_sha256"], original)
        self.assertFalse(ticket._verify_records())
        # What cannot be put into less room stays as it came
        for index, odd in enumerate((ODD, tone[:-50_000], make_tone(11025))):
            other = self.answered(f"odd{index}", recording="/x/c.wav").recording_id
            other._keep(odd, "audio/wav")
            with self.subTest(index):
                self.assertFalse(other.original_sha256 and other.size > len(odd))
        self.assertEqual(other.sha256, hashlib.sha256(make_tone(11025)).hexdigest())

    def test_what_cannot_be_had_is_tried_again_and_then_named(self):
        call = self.recorded("none.wav")
        found = call.recording_id
        self.assertEqual((found.state, found.attempts), ("waiting", 1))
        for _attempt in range(7):
            found._fetch()
        self.assertEqual((found.state, found.reason), ("failed", "status 404"))
        found.with_user(self.manager).action_fetch_again()
        self.assertEqual((found.state, found.attempts), ("waiting", 0))
        with self.assertRaises(AccessError):
            found.with_user(self.operator).action_fetch_again()
        for index, name in enumerate(("page.wav", "../../etc/passwd", "a b.wav")):
            call = self.recorded(name, f"bad{index}")
            self.assertEqual(call.recording_id.state, "failed", name)

    def test_art12_1_a_recording_that_breaks_the_job_keeps_no_other_waiting(self):
        odd, whole = (
            self.answered(
                f"q{index}", recording="/var/spool/asterisk/monitor/2026/03/02/c1.wav"
            ).recording_id
            for index in range(2)
        )
        keep = type(odd)._keep

        def refuse(recording, *args):
            if recording == odd:
                raise IndexError("a file that nobody has thought of")
            return keep(recording, *args)

        self.patch(type(odd), "_keep", refuse)
        for _run in range(ATTEMPTS):
            with (
                patch.object(
                    type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
                ),
                mute_logger("odoo.addons.pakn_1022_call.models.pakn_call_recording"),
            ):
                self.env["pakn.call.recording"]._cron_fetch()
            self.env.invalidate_all()
            self.assertEqual(whole.state, "kept")
            odd.date_next = False
        self.assertEqual((odd.state, odd.attempts), ("failed", ATTEMPTS))
        self.assertIn("IndexError", odd.note)

    def test_art12_1_a_file_without_sound_ends_in_a_clear_state(self):
        for name, data, reason in (
            ("zero.wav", b"", "empty"),
            ("head.wav", make_wav(0, b""), "empty"),
            ("silent.wav", make_wav(0, bytes(4000)), "empty"),
            ("nothing.wav", make_wav()[:40], "unfinished"),
            ("tags.mp3", b"ID3\x04" + bytes(200), "unreadable"),
        ):
            with self.subTest(name):
                self.server.files[name] = data
                found = self.recorded(name, name).recording_id
                # The exchange may be writing it yet
                self.assertEqual((found.state, found.attempts), ("waiting", 1))
                self.assertRegex(found.note, r"tried again at \d\d:\d\d \d\d/\d\d/")
                for _attempt in range(7):
                    found._fetch()
                self.assertEqual((found.state, found.reason), ("failed", reason))
                self.assertTrue(found.note.endswith("."))
                self.assertNotIn(str(found.reason), found.note)
                self.assertFalse(found.date_kept or found.sha256)

    def test_art12_1_a_file_that_is_finished_late_is_kept_whole(self):
        self.server.files["late.wav"] = make_wav(0)
        found = self.recorded("late.wav").recording_id
        self.assertEqual((found.state, found.reason), ("waiting", "unfinished"))
        self.server.files["late.wav"] = WAV
        found._fetch()
        self.assertEqual((found.state, found.sha256), ("kept", self.sha256))
        self.assertFalse(found.note)

    def test_art12_1_of_a_file_never_finished_is_kept_what_there_is(self):
        for name, data in (("no.wav", make_wav(0)), ("cut2.wav", make_wav(9000))):
            with self.subTest(name):
                self.server.files[name] = data
                found = self.recorded(name, name).recording_id
                for _attempt in range(7):
                    self.assertEqual(found.state, "waiting")
                    found._fetch()
                self.assertEqual((found.state, found.size), ("kept", len(data)))
                self.assertIn("never finished", found.note)
        # Whose writer did not know its length, or who codes it in another way
        for index, data in enumerate((make_wav(2**32 - 1), make_wav(code=0x83))):
            self.server.files["whole.wav"] = data
            found = self.recorded("whole.wav", f"w{index}").recording_id
            self.assertEqual((found.state, found.note), ("kept", False))

    def test_art12_1_each_hearing_is_on_record(self):
        ticket = self.new_ticket()
        call = self.recorded()
        call.with_user(self.operator).link(ticket.id)
        # Kept before it stood with the request: its hash is on record all the same
        self.assertIn("recorded", self.kinds(ticket))
        for user in (self.operator, self.monitor, self.employee, self.focal):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                call.recording_id.with_user(user)._hear()
        data, mimetype = call.recording_id.with_user(self.listener)._hear()
        self.assertEqual((data, mimetype), (WAV, "audio/wav"))
        [hearing] = call.recording_id.hearing_ids
        self.assertEqual(hearing.user_id, self.listener)
        [event] = ticket.event_ids.filtered(lambda event: event.kind == "heard")
        self.assertEqual(event.actor, "test_listener")
        # Of a secret request it is the cleared's alone
        ticket.sudo().secrecy = "secret"
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            call.recording_id.with_user(self.listener)._hear()
        call.recording_id.with_user(self.manager)._hear()

    def test_over_http_and_no_other_road(self):
        call = self.recorded()
        path = f"/pakn_call/recording/{call.recording_id.id}"
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", "pakn.call.audio"), ("res_field", "=", "data")],
                order="id desc",
                limit=1,
            )
        )
        self.assertEqual(files.raw, WAV)
        for login, status in (("test_operator", 403), ("test_listener", 200)):
            self.authenticate(login, login)
            token = {"csrf_token": self.csrf_token()}
            with mute_logger("odoo.http"):
                self.assertNotEqual(self.url_open(path).content, WAV)
                self.assertEqual(self.url_open(path, data={"x": 1}).status_code, 400)
                reply = self.url_open(path, data=token)
                road = self.url_open(f"/web/content/{files.id}").content
            self.assertEqual(reply.status_code, status)
            self.assertEqual(reply.content == WAV, status == 200)
            self.assertNotEqual(road, WAV)
        self.authenticate("test_manager", "test_manager")
        with mute_logger("odoo.http"):
            for road in (
                f"/web/content/{files.id}",
                f"/web/content/pakn.call.recording/{call.recording_id.id}/address",
                f"/web/content/pakn.call.audio/{files.res_id}/data",
            ):
                self.assertNotEqual(self.url_open(road).content, WAV, road)
        self.assertEqual(len(call.recording_id.hearing_ids), 1)
        self.authenticate(None, None)
        reply = self.url_open(path, data={"x": 1}, allow_redirects=False)
        self.assertNotEqual(reply.content, WAV)

    def csrf_token(self):
        from odoo.http import Request

        return Request.csrf_token(_Fake(self.session, self.env))

    def test_art12_1_removed_after_its_time_and_its_hash_stays(self):
        ticket = self.new_ticket()
        call = self.recorded()
        call.with_user(self.operator).link(ticket.id)
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_call.recording_days", "30")
        found = call.recording_id
        found.peaks = "00ff"
        for moment, state in (
            ("2026-03-31", "kept"),
            # Its request is still handled
            ("2026-04-02", "kept"),
            ("2026-04-03", "removed"),
        ):
            self.set_clock(f"{moment} 08:00")
            if state == "removed":
                ticket.with_user(self.operator).cancel("Gọi thử")
            self.env.flush_all()
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr)["pakn.call.recording"]._cron_remove()
            self.env.invalidate_all()
            self.assertEqual(found.state, state)
        self.assertEqual(found.sha256, self.sha256)
        self.assertFalse(found.peaks)
        self.assertFalse(
            self.env["pakn.call.audio"].search([("recording_id", "=", found.id)])
        )
        [event] = ticket.event_ids.filtered(
            lambda event: event.kind == "recording_removed"
        )
        self.assertEqual(event.payload["sha256"], self.sha256)
        with self.assertRaises(UserError):
            found.with_user(self.listener)._hear()


class _Fake:
    """What Odoo's making of a token asks of a request."""

    def __init__(self, session, env):
        self.session, self.env, self.db = session, env, env.cr.dbname
