import io
import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from ..controllers import upload as controller
from ..models import pakn_upload
from ..models.pakn_upload import PART
from .site import SiteCase, make_photo


@tagged(*TAGS)
class TestUpload(SiteCase):
    """Files that go up in parts, before their form (Art. 3.2.1)."""

    def setUp(self):
        super().setUp()
        self.key = str(uuid.uuid4())
        self.csrf = self.get_csrf()
        # A file of three parts: zeros behind the end of a PDF are still one
        self.content = b"%PDF-1.4\n" + bytes(2 * PART + 1000)
        self.uploads = self.env["pakn.upload"]

    def send(self, position, content, file=None, size=None, **values):
        data = {
            "csrf_token": self.csrf,
            "key": self.key,
            "file": self.file if file is None else file,
            "position": str(position),
            "size": str(len(self.content) if size is None else size),
            **values,
        }
        parts = {"part": ("part", io.BytesIO(content))}
        return self.url_open("/phan-anh/tep", data=data, files=parts)

    @property
    def file(self):
        self.__dict__.setdefault("file_key", str(uuid.uuid4()))
        return self.file_key

    def send_all(self, **values):
        for position in range(0, len(self.content), PART):
            reply = self.send(position, self.content[position:][:PART], **values)
            self.assertEqual(reply.status_code, 200)
        return reply.json()["received"]

    def ask(self, file=None):
        url = f"/phan-anh/tep?key={self.key}&file={file or self.file}"
        return self.get(url).json()["received"]

    def count_parts(self):
        return self.uploads.search_count([("form_key", "=", self.key)])

    def test_art3_2_1_a_file_in_parts_arrives_with_its_form(self):
        self.assertEqual(self.ask(), 0)
        self.assertEqual(self.send_all(), len(self.content))
        self.assertEqual(self.ask(), len(self.content))
        ticket = self.submitted(key=self.key, uploads=self.file)
        self.assertEqual(ticket.site_attachment_ids.raw, self.content)
        self.assertEqual(ticket.site_attachment_ids.mimetype, "application/pdf")
        self.assertFalse(self.count_parts(), "taken once")
        # Its answer was lost: sent again it is the same request, without the file
        again = self.submitted(key=self.key, uploads=self.file)
        self.assertEqual(again, ticket)

    def test_a_part_of_another_size_is_none_of_this_file(self):
        self.send(0, self.content[:PART])
        second = self.content[PART:][:PART]
        reply = self.send(PART, second, size=len(self.content) + 1)
        self.assertEqual(reply.status_code, 422)
        self.assertTrue(reply.json()["error"])
        self.assertEqual(self.ask(), PART, "nothing of it was kept")
        self.assertEqual(self.send(PART, second).status_code, 200)

    def test_after_a_cut_it_goes_on_where_it_ended(self):
        self.send(0, self.content[:PART])
        self.assertEqual(self.ask(), PART)
        # Twice: it is here. With a gap, or over another: told where to go on
        reply = self.send(0, self.content[:PART])
        self.assertEqual((reply.status_code, reply.json()), (200, {"received": PART}))
        for position in (2 * PART, PART + 1, PART - 1):
            reply = self.send(position, self.content[position:][:PART])
            self.assertEqual(reply.status_code, 409, position)
            self.assertEqual(reply.json(), {"received": PART})
        self.assertEqual(self.count_parts(), 1)
        for position in (PART, 2 * PART):
            self.send(position, self.content[position:][:PART])
        ticket = self.submitted(key=self.key, uploads=self.file)
        self.assertEqual(ticket.site_attachment_ids.raw, self.content)

    def test_no_half_file_is_taken(self):
        before = self.count()
        self.send(0, self.content[:PART])
        for uploads in (self.file, str(uuid.uuid4()), "x", "' OR 1=1 --"):
            with self.subTest(uploads):
                reply = self.submit(key=self.key, uploads=uploads)
                self.assertEqual(reply.status_code, 422)
                said = 'id="error_files" class="invalid-feedback d-block"'
                self.assertIn(said, reply.text)
        self.assertEqual(self.count(), before)
        self.assertEqual(self.ask(), PART, "it can still be completed")

    def test_a_refused_form_keeps_its_files(self):
        self.send_all()
        reply = self.submit(key=self.key, uploads=self.file, citizen_name="")
        self.assertEqual(reply.status_code, 422)
        self.assertEqual(self.ask(), len(self.content))
        self.submitted(key=self.key, uploads=self.file)

    def test_nobody_takes_the_file_of_another_form(self):
        self.send_all()
        reply = self.submit(key=str(uuid.uuid4()), uploads=self.file)
        self.assertEqual(reply.status_code, 422)
        self.assertEqual(self.ask(), len(self.content))

    def test_what_would_be_refused_is_refused_at_its_first_part(self):
        heic = b"\0\0\0\x18ftypheic" + bytes(100)
        for content, size in (
            (b"<svg onload=alert(1)>", None),
            (b"MZ" + bytes(100), None),
            (heic, None),
            (b"", 100),
            (b"%PDF-", 2),  # longer than it was announced
            (b"%PDF-", 11 * 2**20),  # larger than a file may be
            (b"%PDF-" + bytes(PART), 2 * PART),  # a part too long
        ):
            with self.subTest(content[:8], size=size):
                size = len(content) if size is None else size
                reply = self.send(0, content, size=size)
                self.assertEqual(reply.status_code, 422)
                self.assertTrue(reply.json()["error"])
        self.assertFalse(self.count_parts())

    @mute_logger("odoo.http")
    def test_hostile_parts(self):
        for values in (
            {"key": "x"},
            {"file": "../../etc/passwd"},
            {"file": ""},
            {"csrf_token": ""},
            {"csrf_token": "0" * 40 + "o1"},
        ):
            with self.subTest(values):
                reply = self.send(0, self.content[:PART], **values)
                self.assertIn(reply.status_code, (400, 404))
        for values in ({"position": "-1"}, {"size": "nan"}, {"size": "9" * 30}):
            with self.subTest(values):
                data = {"csrf_token": self.csrf, "key": self.key, "file": self.file}
                data |= {"position": "0", "size": "9", **values}
                parts = {"part": ("part", io.BytesIO(b"%PDF-1.4\n"))}
                reply = self.url_open("/phan-anh/tep", data=data, files=parts)
                self.assertIn(reply.status_code, (200, 422))
        for query in ("", "?key=x&file=y", f"?key={self.key}"):
            self.assertEqual(self.get(f"/phan-anh/tep{query}").status_code, 404)
        # Without a part it is no part
        data = {"csrf_token": self.csrf, "key": self.key, "file": self.file}
        self.assertEqual(self.url_open("/phan-anh/tep", data=data).status_code, 404)

    def test_the_server_keeps_no_more_than_it_has_room_for(self):
        size = len(self.content)
        with patch.object(pakn_upload, "MOST_BYTES", size - 1):
            reply = self.send(0, self.content[:PART])
        self.assertEqual((reply.status_code, reply.json()), (503, {}))
        with patch.object(pakn_upload, "MOST_FILES", 1):
            self.assertEqual(self.send(0, self.content[:PART]).status_code, 200)
            reply = self.send(0, self.content[:PART], file=str(uuid.uuid4()))
            self.assertEqual(reply.status_code, 503)
        with patch.object(controller, "PER_ADDRESS", 1):
            reply = self.send(0, self.content[:PART], file=str(uuid.uuid4()))
            self.assertEqual(reply.status_code, 503)
            # What has begun goes on
            reply = self.send(PART, self.content[PART:][:PART])
            self.assertEqual(reply.status_code, 200)

    def test_nobody_takes_all_room_by_announcing_files(self):
        with patch.object(pakn_upload, "MOST_BYTES", 4 * len(self.content)):
            for _number in range(6):
                reply = self.send(0, b"%PDF-", file=str(uuid.uuid4()))
                self.assertEqual(reply.status_code, 200)
            self.assertEqual(self.send_all(), len(self.content))
            # … and what was begun goes on only as long as there is room
            self.key = str(uuid.uuid4())
            self.file_key = str(uuid.uuid4())
            self.send(0, self.content[:PART])
            with patch.object(pakn_upload, "MOST_BYTES", PART):
                reply = self.send(PART, self.content[PART:][:PART])
            self.assertEqual((reply.status_code, reply.json()), (503, {}))

    def test_what_no_form_asks_for_is_forgotten_after_a_day(self):
        self.send_all()
        other = str(uuid.uuid4())
        self.send(0, self.content[:PART], file=other)
        self.env.cr.execute(
            SQL(
                """UPDATE pakn_upload SET create_date = %s
                    WHERE file_key = %s OR position = 0""",
                fields.Datetime.now() - timedelta(hours=25),
                other,
            )
        )
        self.uploads._gc_uploads()
        self.assertEqual(self.ask(other), 0)
        self.assertEqual(self.ask(), len(self.content), "its last part is of today")

    def test_art14_files_of_a_message_go_up_in_parts_too(self):
        ticket = self.submitted()
        self.content = make_photo((1200, 900))
        self.send_all(size=len(self.content))
        self.post(
            f"{ticket.access_url}/tra-loi",
            {
                "access_token": ticket.access_token,
                "text": "Ảnh chụp sáng nay",
                "key": self.key,
                "uploads": self.file,
            },
        )
        self.assertEqual(ticket.site_attachment_ids.mimetype, "image/jpeg")
        self.assertFalse(self.count_parts())

    def test_count_of_files_holds_for_both_ways_together(self):
        self.send_all()
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_website.max_files", "1")
        files = [("files", ("a.pdf", b"%PDF-1.4"))]
        reply = self.submit(files, key=self.key, uploads=self.file)
        self.assertEqual(reply.status_code, 422)
