import io
import re
import uuid
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from odoo.tests import HttpCase

from odoo.addons.pakn_1022.tests.common import PaknCase

from ..controllers import common

# What a citizen fills in, all of it right
FORM = {
    "description": "Đèn đường trước số 12 Hùng Vương hỏng đã ba ngày.\n\nTối lắm.",
    "citizen_phone": "0905 123 456",
    "citizen_name": "Nguyễn Văn A",
    "citizen_address": "12 Hùng Vương, Pleiku",
    "citizen_email": "nguyenvana@example.com",
    "action": "send",
}


def make_photo(size=(400, 300), place=None, kind="JPEG", mode="RGB"):
    """Return the bytes of a photo, taken at ``(latitude, longitude)`` if given."""
    image = Image.new(mode, size, "#3a7")
    options = {}
    if place:
        exif = Image.Exif()
        gps = exif.get_ifd(0x8825)
        for tag, value, letters in ((1, place[0], "NS"), (3, place[1], "EW")):
            degrees = abs(value)
            minutes = degrees % 1 * 60
            gps[tag] = letters[value < 0]
            gps[tag + 1] = (int(degrees), int(minutes), round(minutes % 1 * 60, 4))
        exif[0x010F] = "Secret Camera"
        options["exif"] = exif
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def go_on(case, reply):
    """Return the page that shows a form again; else the answer itself."""
    url = urlsplit(reply.headers.get("Location", ""))
    if "lai" in parse_qs(url.query):
        url = url._replace(scheme="", netloc="", fragment="").geturl()
        return case.url_open(url, allow_redirects=False)
    return reply


class SiteCase(PaknCase, HttpCase):
    """A visitor of the site, without an account and with cookies of his or her own."""

    def setUp(self):
        super().setUp()
        self.forget_limits()
        params = self.env["ir.config_parameter"]
        params.set_param("pakn_1022_website.require_verified", "False")
        params.set_param("pakn_1022_website.max_files", "5")
        params.set_param("pakn_1022_website.max_file_mb", "10")

    def forget_limits(self):
        """Begin anew to count what this address asks."""
        self.env["pakn.rate.limit"].search([]).unlink()
        for limit in common.LIMITS:
            limit.clear()

    def deliver_codes(self):
        """Let codes be delivered; return the list that their texts go to."""
        texts, model = [], type(self.env["pakn.phone.code"])
        for name, method in (
            ("_can_deliver", lambda self: True),
            ("_deliver", lambda self, number, text: texts.append(text)),
        ):
            patcher = patch.object(model, name, method)
            patcher.start()
            self.addCleanup(patcher.stop)
        return texts

    def get(self, path, **options):
        return self.url_open(path, allow_redirects=False, **options)

    def get_csrf(self, path="/tra-cuu"):
        text = self.url_open(path).text
        return re.search(r'name="csrf_token" value="([^"]+)"', text)[1]

    def post(self, path, data=None, files=None, **options):
        """Post a form as the site's own page does."""
        data = {"csrf_token": self.get_csrf(), **(data or {})}
        reply = self.url_open(
            path,
            data=data,
            files=files,
            method="POST",
            allow_redirects=False,
            **options,
        )
        return go_on(self, reply)

    def get_account(self):
        """Return for which account the page of the form was opened, in its words."""
        text = self.url_open("/phan-anh").text
        return re.search(r'name="account" value="(\w*)"', text)[1]

    def submit(self, files=None, **values):
        """Submit the form; return the answer."""
        data = {**FORM, "key": str(uuid.uuid4()), **values}
        # A form with files is sent as multipart; so is one without.
        parts = files or [("files", ("", b"", "application/octet-stream"))]
        return self.post("/phan-anh", data, parts)

    def submitted(self, files=None, **values):
        """Submit the form and return the request, in sudo."""
        reply = self.submit(files, **values)
        self.assertEqual(reply.status_code, 303, reply.text[:2000])
        return self.ticket_of(reply.headers["Location"])

    def ticket_of(self, url):
        code = urlsplit(url).path.rsplit("/", 1)[1]
        return self.env["pakn.ticket"].search([("name", "=", code)])

    def count(self):
        """Return how many requests there are."""
        return self.env["pakn.ticket"].search_count([])

    def follow_url(self, ticket, suffix=""):
        return f"{ticket.access_url}{suffix}?access_token={ticket.access_token}"
