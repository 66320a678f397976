import base64
import logging
import time
from collections import Counter

from odoo.tests import BaseCase, tagged
from odoo.tools import html2plaintext, mute_logger

from ..tools.charsets import decode
from ..tools.html_text import read_html
from ..tools.incoming_mail import get_recipients, strip_subject
from ..tools.mail_content import build_mail, parse_mail, read_mail
from ..tools.mail_headers import get_header, get_sender
from ..tools.mail_origin import PERSON, get_origin, read_fates
from ..tools.quotation import GAP, hide_keys, split_answer
from .common import TAGS
from .mail.answers import OURS, iterate_answers
from .mail.letters import LEGACY, iterate_letters
from .mail.origins import iterate_origins
from .mail.shapes import iterate_shapes
from .test_mail_intake import MailCase

_logger = logging.getLogger(__name__)

LETTERS = [*iterate_letters(), *iterate_shapes(), *iterate_origins()]
ANSWERS = list(iterate_answers())


def flatten(text):
    return " ".join(text.split())


@tagged(*TAGS)
class TestMailCorpusTools(BaseCase):
    """``tools/``: what hundreds of odd mails say, without Odoo."""

    def test_art03_2_2_each_letter_is_read_or_kept_for_a_person(self):
        for letter in LETTERS:
            with self.subTest(letter.name):
                message = parse_mail(letter.raw)
                content = read_mail(message)
                origin = get_origin(message)
                if origin == PERSON:
                    origin = "kept" if content.marks else "read"
                self.assertEqual(origin, letter.fate)
                self.assertEqual(get_header(message, "Subject"), letter.subject)
                self.assertIn(letter.words, flatten(content.text))

    def test_a_mail_built_anew_says_the_same(self):
        for letter in LETTERS:
            with self.subTest(letter.name):
                message = parse_mail(letter.raw)
                content = read_mail(message)
                built = parse_mail(build_mail(message, content))
                again = read_mail(built)
                self.assertEqual(again.text, content.text)
                self.assertTrue(again.is_plain)
                self.assertEqual(get_sender(built), get_sender(message))
                self.assertEqual(
                    [file.data for file in again.files],
                    [file.data for file in content.files],
                )

    def test_tables_are_those_of_the_standards(self):
        """Each letter of Vietnamese, against what other programs wrote."""
        for row in LEGACY:
            for charset in ("tcvn", "viscii", "vni", "windows-1258"):
                with self.subTest(charset, text=row["text"]):
                    found = decode(row[charset].encode("latin-1"), charset)
                    self.assertEqual(found.text, row["text"])
                    self.assertTrue(found.is_sure)

    def test_art14_answers_are_told_from_what_they_quote(self):
        figures = Counter()
        for answer in ANSWERS:
            with self.subTest(answer.name):
                body = hide_keys(answer.body)
                text = read_html(body)[0] if body.startswith("<") else body
                known = hide_keys(OURS) if answer.known else None
                found = split_answer(text, known)
                place = 0
                for piece in answer.says:
                    self.assertIn(piece, found.text[place:])
                    place = found.text.index(piece, place) + len(piece)
                for words in answer.quotes:
                    self.assertNotIn(words, found.text)
                lines = {line.strip("> ") for line in text.split("\n")} - {""}
                shown = f"{found.text}\n{found.left_out}".split("\n")
                # Each line is in the answer or among what was left out.
                self.assertLessEqual(lines, {line.strip("> ") for line in shown})
                figures["left out" if found.left_out else "whole"] += 1
        _logger.info("answers: %d, %s", len(ANSWERS), dict(figures))
        self.assertGreaterEqual(len(ANSWERS), 80)

    def test_pieces_of_an_answer_are_shown_apart(self):
        found = split_answer("Một.\n> Kính gửi\nHai.")
        self.assertEqual(found.text, f"Một.\n{GAP}\nHai.")
        self.assertEqual(found.left_out, "> Kính gửi")

    def test_reports_say_what_became_of_each_recipient(self):
        [letter] = [x for x in LETTERS if x.name == "report: one of two failed"]
        self.assertEqual(
            [tuple(fate) for fate in read_fates(parse_mail(letter.raw))],
            [
                ("dan1@corpus.example", "delivered"),
                ("dan2@corpus.example", "failed"),
            ],
        )

    def test_time_grows_with_the_length_and_no_faster(self):
        """Each of these takes the square in a parser that looks twice."""
        text = "Content-Type: text/html; charset=utf-8\r\n\r\n"
        inputs = {
            "elements": text + "<div>" * 200_000,
            "less": text + "<" * 400_000,
            "open elements": text + "<a " * 200_000,
            "comments": text + "<!--" * 200_000,
            "quotes": text + "<a href='" * 100_000,
            "entities": text + "&#9" * 200_000,
            "marked": "\r\n" + "> x\r\n" * 100_000,
            "heads": "\r\n" + "Từ: a\r\nĐến: b\r\n" * 50_000,
            "wrote": "\r\n" + "Vào 2026\r\n" * 100_000,
            "one line of dashes": "\r\n" + "-" * 400_000,
            "one line of marks": "\r\n" + "- = * _ " * 50_000,
            "heads without a word between": "\r\n" + "--Thư gốc--\r\n" * 50_000,
            "parts": "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + "--b\r\n\r\nx\r\n" * 50_000,
            "words in a header": "Subject: " + "=?utf-8?q?" * 50_000 + "\r\n\r\nx",
            "recipients": "To: " + "a@b.example, " * 50_000 + "\r\n\r\nx",
            "keys": "\r\n" + "token=" * 100_000,
            "not ASCII": "\r\n" + "ÃÂ\u0080" * 100_000,
        }
        for name, mail in inputs.items():
            with self.subTest(name):
                start = time.process_time()
                message = parse_mail(mail.encode())
                content = read_mail(message)
                split_answer(content.text, OURS)
                get_recipients(message)
                get_origin(message)
                build_mail(message, content)
                self.assertLess(time.process_time() - start, 10)


@tagged(*TAGS)
class TestMailCorpus(MailCase):
    """Art. 3.2.2: all of these through the gateway; what is lost is counted."""

    def receive_letter(self, letter):
        with mute_logger(
            "odoo.addons.mail.models.mail_thread",
            "odoo.addons.pakn_1022.models.pakn_mail",
        ):
            return self.receive(letter.raw)

    def judge(self, letter, ticket, kept):
        """Return what became of a mail: read, kept for a person, set aside, or lost."""
        if not ticket:
            original = kept and base64.b64decode(kept.raw)
            found = original and len(original) >= len(letter.raw) * 0.9
            return "aside" if found and kept.state in ("aside", "pending") else "lost"
        words = flatten(html2plaintext(ticket.description, include_references=False))
        if kept.is_unsure:
            has_file = any(
                file.name.endswith(".eml") and file.raw
                for file in ticket.attachment_ids
            )
            return "kept" if has_file and kept.raw else "lost"
        title_is_right = strip_subject(letter.subject)[:120] == ticket.title
        return "read" if letter.words in words and title_is_right else "lost"

    def test_art03_2_2_of_all_letters_none_is_lost(self):
        figures, lost = Counter(), []
        expected = {"read": "read", "kept": "kept"}
        Mail = self.env["pakn.mail"]
        for letter in LETTERS:
            ticket = self.receive_letter(letter)
            kept = Mail.search([], order="id desc", limit=1)
            result = self.judge(letter, ticket, kept)
            figures[result] += 1
            with self.subTest(letter.name):
                self.assertEqual(result, expected.get(letter.fate, "aside"))
            if result == "lost":
                lost.append(letter.name)
        _logger.info(
            "mails: %d, read right %d, kept for a person %d, set aside %d, lost %d",
            len(LETTERS),
            *(figures[name] for name in ("read", "kept", "aside", "lost")),
        )
        self.assertGreaterEqual(len(LETTERS), 300)
        self.assertFalse(lost)

    def test_art03_2_2_what_was_set_aside_can_all_be_taken_in(self):
        """Whatever waits becomes a request by one button."""
        for letter in LETTERS:
            if letter.fate in ("read", "kept"):
                continue
            with self.subTest(letter.name):
                self.receive_letter(letter)
                mail = self.env["pakn.mail"].search([], order="id desc", limit=1)
                with mute_logger("odoo.addons.mail.models.mail_thread"):
                    mail.with_user(self.operator).action_process()
                self.assertEqual(mail.state, "done")
                self.assertIn(
                    letter.words, flatten(html2plaintext(mail.ticket_id.description))
                )

    def test_art14_answers_are_on_record_and_on_the_page(self):
        for number, answer in enumerate(ANSWERS):
            if not answer.known:
                continue
            sender = f"dan{number}@corpus.example"
            ticket = self.receive(self.mail(From=sender))
            reference = f"<ours-{number}@gialai.example>"
            self.env["mail.message"].sudo().create(
                {
                    "model": "pakn.ticket",
                    "res_id": ticket.id,
                    "message_type": "email_outgoing",
                    "message_id": reference,
                    "body": OURS.replace("\n", "<br>"),
                }
            )
            is_page = answer.body.startswith("<")
            message = self.mail(None, From=sender, In_Reply_To=reference)
            message.set_content(
                answer.body, subtype="html" if is_page else "plain", cte="base64"
            )
            with self.subTest(answer.name):
                self.assertEqual(self.receive(message), ticket)
                event = ticket.event_ids.filtered(lambda e: e.kind == "replied")
                body = ticket.message_ids[0].body
                for piece in answer.says:
                    self.assertIn(piece, event.payload["text"])
                    self.assertIn(flatten(piece), flatten(html2plaintext(body)))
                for words in answer.quotes:
                    self.assertNotIn(words, event.payload["text"])
                self.assertNotIn("0f8b7c6d", f"{body}{event.payload}")
