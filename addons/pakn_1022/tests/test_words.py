import time

from odoo.tests import tagged

from ..models.pakn_ticket_words import TEXT_LENGTH, TITLE_LENGTH
from .common import TAGS, PaknCase

WORDS = "Nước thải chảy ra đường. "


@tagged(*TAGS)
class TestWords(PaknCase):
    """A request has 20,000 characters at most; the rest is kept as its file."""

    def long_text(self, count):
        return (WORDS * (count // len(WORDS) + 1))[:count]

    def check_whole(self, ticket, text):
        self.assertLess(len(ticket.description), 2 * TEXT_LENGTH)
        [file] = ticket.attachment_ids
        self.assertEqual((file.res_model, file.res_id), (ticket._name, ticket.id))
        self.assertIn(text.strip(), file.raw.decode())

    def test_what_fits_is_left_alone(self):
        text = f"<p>{self.long_text(TEXT_LENGTH - 10)}</p>"
        ticket = self.new_ticket(description=text)
        self.assertEqual(ticket.description, text)
        self.assertFalse(ticket.attachment_ids)

    def test_an_operators_long_text_is_cut_and_kept(self):
        text = self.long_text(3 * TEXT_LENGTH)
        ticket = self.new_ticket(description=f"<p>{text}</p>")
        self.check_whole(ticket, text)
        other = self.long_text(2 * TEXT_LENGTH)
        short = self.new_ticket()
        for _twice in range(2):
            short.with_user(self.operator).description = f"<p>{other}</p>"
        self.check_whole(short, other)

    def test_a_long_mail_is_cut_and_kept(self):
        text = self.long_text(3 * TEXT_LENGTH)
        mail = (
            "From: A <dai@example.com>\nTo: 1022@example.com\nSubject: Thư dài\n"
            "Message-ID: <dai@example.com>\nContent-Type: text/plain; charset=utf-8\n"
            f"\n{text}"
        )
        threads = self.env["mail.thread"].sudo()
        ticket_id = threads.message_process("pakn.ticket", mail.encode())
        ticket = self.env["pakn.ticket"].browse(ticket_id)
        self.assertLess(len(ticket.description), 2 * TEXT_LENGTH)
        wholes = [
            file
            for file in ticket.attachment_ids
            if file.mimetype == "text/plain" and text.strip() in file.raw.decode()
        ]
        self.assertEqual(len(wholes), 1)

    def test_heavy_pages_take_no_time(self):
        for page in ("<div>" * 1_000_000, "<" * 3_000_000, "<p>a</p>" * 400_000):
            begin = time.monotonic()
            ticket = self.new_ticket(description=page)
            self.assertLess(time.monotonic() - begin, 5, page[:5])
            self.assertEqual(ticket.attachment_ids.file_size, len(page))

    def test_a_long_title_is_cut_and_kept(self):
        title = self.long_text(5000)
        ticket = self.new_ticket(title=title)
        self.assertLessEqual(len(ticket.title), TITLE_LENGTH)
        self.assertIn(title[:4000], ticket.attachment_ids.raw.decode())

    def test_art6_a_column_names_the_field_itself_not_its_group_first(self):
        """Of “Sự cố hạ tầng, vi phạm / Thoát nước” a narrow column showed no end."""
        category = self.category.copy({"parent_id": self.category.id, "code": "T.1"})
        self.assertEqual(
            category.display_name, f"{self.category.name} / {category.name}"
        )
        in_list = category.with_context(pakn_short_name=True)
        self.assertEqual(in_list.display_name, category.name)
        view = self.env.ref("pakn_1022.pakn_ticket_view_list").arch
        self.assertIn("pakn_short_name", view)
