from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import outfile
from ..tools.gateway import Result
from .common import ChatCase
from .test_fetch import PNG

PDF = b"%PDF-1.4\n%%EOF\n"
LIMITS = {"image/png": 2**20, "application/pdf": 2**21}


@tagged(*TAGS)
class TestOutfile(BaseCase):
    """What a file is, and what it is called on its way."""

    def test_type_is_what_the_bytes_say(self):
        self.assertEqual(outfile.get_type(PNG), "image/png")
        self.assertEqual(outfile.get_type(PDF), "application/pdf")
        self.assertEqual(outfile.get_type(b"<html><b>x</b></html>"), "text/html")
        self.assertEqual(outfile.get_type(b""), "")

    def test_names_are_plain_and_say_what_it_is(self):
        for name, expected in (
            ("Giấy hẹn Đường Lê Lợi.pdf", "Giay-hen-Duong-Le-Loi.pdf"),
            ("a.exe", "a.pdf"),
            ("../../etc/passwd.x", "etc-passwd.pdf"),
            ('x"\r\nEvil: y.pdf', "x-Evil-y.pdf"),
            ("…", "file.pdf"),
        ):
            with self.subTest(name):
                made = outfile.make_name(name, "application/pdf")
                self.assertEqual(made, expected)

    def test_limits_in_words(self):
        said = outfile.describe_limits({**LIMITS, "image/jpeg": 2**20})
        self.assertEqual(said, "PNG, JPG (1 MB), PDF (2 MB)")


@tagged(*TAGS)
class TestFilesOut(ChatCase):
    """An operator's picture or PDF goes out by the door, and nothing else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                type(cls.account), "_get_file_limits", lambda account: dict(LIMITS)
            )
        )

    def setUp(self):
        super().setUp()
        self.channel = self.whole_request()
        self.send()
        self.gateway.sent.clear()

    def upload(self, name, data, user=None, **values):
        """Return a file that somebody has put to a message that is not sent yet."""
        place = {"res_model": "mail.compose.message", "res_id": 0, **values}
        files = self.env["ir.attachment"].with_user(user or self.operator).sudo()
        return files.create({"name": name, "raw": data, **place})

    def say(self, text, files):
        return (
            self.channel.with_user(self.operator)
            .sudo()
            .message_post(
                body=text,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachment_ids=files.ids,
            )
        )

    def test_words_then_files_in_order_with_states_and_on_record(self):
        files = self.upload("Bản vẽ.png", PNG) | self.upload("Giấy hẹn.pdf", PDF)
        self.say("Gửi anh giấy hẹn", files)
        self.gateway.results += [
            Result("sent", "o1"),
            Result("retry", reason="500"),
        ]
        self.send()
        self.assertEqual(
            [one.file and one.file.name for one in self.gateway.sent],
            [None, "Ban-ve.png"],
            "what was said later waits",
        )
        self.set_clock("2026-03-02 08:10")
        self.send()
        names = [one.file and one.file.name for one in self.gateway.sent]
        self.assertEqual(names, [None, "Ban-ve.png", "Ban-ve.png", "Giay-hen.pdf"])
        sent = self.gateway.sent[-1].file
        self.assertEqual((sent.mimetype, sent.data), ("application/pdf", PDF))
        self.assertTrue(self.gateway.sent[-1].is_person)
        last = self.out(self.channel)[-3:]
        self.assertEqual(set(last.mapped("state")), {"sent"})
        event = self.channel.pakn_ticket_id.event_ids.sorted("sequence")[-1]
        self.assertEqual(event.kind, "wrote")
        self.assertEqual(
            event.payload["files"], [[file.name, file.checksum] for file in files]
        )

    def test_a_file_without_words_is_one_message(self):
        self.say("", self.upload("a.png", PNG))
        self.send()
        self.assertEqual([bool(one.file) for one in self.gateway.sent], [True])
        self.assertEqual(self.channel.pakn_last_text, "📎 a.png")

    def test_refused_in_clear_words_before_anything_is_sent(self):
        large = PNG + b"\0" * 2**20
        for name, data, words in (
            ("a.png", b"<html><script>x</script></html>", "PNG .1 MB., PDF .2 MB."),
            ("a.png", large, "too large .1.0 MB."),
            ("a.pdf", PDF + b"\0" * 2**22, "too large .4.0 MB."),
            ("empty.pdf", b"", "no file that"),
        ):
            with self.subTest(name, words=words):
                files = self.upload("good.png", PNG) | self.upload(name, data)
                with (
                    self.assertRaisesRegex(ValidationError, words),
                    self.env.cr.savepoint(),
                ):
                    self.say("x", files)
        many = self.env["ir.attachment"]
        for number in range(11):
            many |= self.upload(f"{number}.png", PNG)
        with self.assertRaisesRegex(ValidationError, "10"), self.env.cr.savepoint():
            self.say("x", many)
        self.send()
        self.assertFalse(self.gateway.sent)

    def test_a_door_that_takes_none_says_so(self):
        with (
            patch.object(type(self.account), "_get_file_limits", lambda account: {}),
            self.assertRaisesRegex(UserError, "no files"),
        ):
            self.say("x", self.upload("a.png", PNG))

    def test_art13_1_no_file_leaves_that_the_operator_did_not_add(self):
        ticket = self.channel.pakn_ticket_id
        own = {"res_model": "pakn.ticket", "res_id": ticket.id}
        for file in (
            self.upload("of the request.png", PNG, **own),
            self.upload("of a colleague.png", PNG, user=self.manager),
            self.upload("of nobody.png", PNG, res_model=False),
        ):
            with (
                self.subTest(file.name),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                self.say("x", file)
        # Nor one that was sent before, somewhere else
        once = self.upload("once.png", PNG)
        self.say("x", once)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.say("x", once)

    def test_shut_door_is_said_before(self):
        self.set_clock("2026-03-12 08:00")
        with self.assertRaisesRegex(UserError, "168"):
            self.say("x", self.upload("a.png", PNG))

    def test_art09_what_was_sent_stays(self):
        file = self.upload("a.png", PNG)
        message = self.say("x", file)
        own = file.with_user(self.operator)
        with self.assertRaises(AccessError):
            own.sudo()._delete_and_notify(message)
        for method, args in (("unlink", []), ("write", [{"raw": "eA=="}])):
            with self.subTest(method), self.assertRaises(AccessError):
                call_kw(
                    own.browse().with_user(self.operator), method, [file.ids, *args], {}
                )
        self.assertEqual(file.raw, PNG)

    def test_a_file_that_is_gone_fails_and_is_said(self):
        file = self.upload("a.png", PNG)
        self.say("", file)
        file.raw = b""
        self.send()
        self.assertFalse(self.gateway.sent)
        self.assertEqual(self.out(self.channel)[-1].state, "failed")
        self.assertIn("a.png", self.channel.message_ids[0].preview)

    def test_what_is_written_on_the_request_takes_its_files_along(self):
        ticket = self.channel.pakn_ticket_id
        file = self.upload("a.pdf", PDF)
        ticket.with_user(self.operator).message_post(
            body="Gửi anh",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=file.ids,
        )
        self.send()
        self.assertEqual(
            [(one.text, one.file and one.file.data) for one in self.gateway.sent],
            [("Gửi anh", None), ("📎 a.pdf", PDF)],
        )
        shown = self.channel.message_ids[0].attachment_ids
        self.assertEqual(shown.mapped("name"), ["a.pdf"])
