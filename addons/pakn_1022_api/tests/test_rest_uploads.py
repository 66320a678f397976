import json
import uuid

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022_website.models.pakn_upload import PART
from odoo.addons.pakn_1022_website.tests.site import make_photo

from .common import TAGS
from .rest import REQUEST, V1, RestCase

MEGABYTES_50 = b"x" * (50 * 2**20)


@tagged(*TAGS)
class TestRestUploads(RestCase):
    """Art. 3.2.5: a large file goes up in parts, and on where a cut has ended it."""

    def setUp(self):
        super().setUp()
        self.texts = self.deliver_codes()
        # Larger than two parts
        self.photo = make_photo((600, 600)) + b"\0" * (2 * PART)
        self.name = str(uuid.uuid4())

    def put(self, position, data, name=None, size=None, key=None, kind=None):
        name, size = name or self.name, size or len(self.photo)
        return self.call(
            "POST",
            f"/uploads/{name}?position={position}&size={size}",
            "/uploads/{name}",
            key=key,
            data=data,
            headers={"Content-Type": kind or "application/octet-stream"},
        )

    def get_received(self, key=None):
        path = f"/uploads/{self.name}"
        return self.get_json(path, "/uploads/{name}", key=key)["received"]

    def put_all(self, key=None):
        received = self.get_received(key)
        while received < len(self.photo):
            part = self.photo[received : received + PART]
            reply = self.put(received, part, key=key)
            self.assertEqual(reply.status_code, 200, reply.text)
            received = reply.json()["received"]

    def test_art3_2_5_a_file_goes_on_where_it_was_cut(self):
        self.assertEqual(self.put(0, self.photo[:PART]).json(), {"received": PART})
        # The answer was lost: the same part again, then one that is too far
        self.assertEqual(self.put(0, self.photo[:PART]).json(), {"received": PART})
        far = self.put(2 * PART, self.photo[2 * PART : 2 * PART + 9])
        self.assertEqual(far.json(), {"received": PART})
        self.assertEqual(self.get_received(), PART)
        # Of another size all at once: refused before, not when it is all here
        other = self.put(PART, self.photo[PART : 2 * PART], size=2 * PART)
        self.assertEqual(other.status_code, 422, other.text)
        self.assertEqual(other.json()["errors"][0]["name"], "size")
        self.assertEqual(self.get_received(), PART)
        half = self.hand_in(uploads=[self.name])
        self.assertEqual(half.status_code, 422)
        self.assertEqual(half.json()["errors"][0]["name"], "files")
        self.put_all()
        ticket, own = self.handed_in(uploads=[self.name])
        self.assertEqual(len(ticket.sudo().site_attachment_ids), 1)
        self.assertEqual(self.get_received(), 0, "its parts are forgotten")
        # With a message as well
        self.put_all()
        said = {"text": "Ảnh đây", "uploads": [self.name]}
        reply = self.act(ticket, "messages", own, said)
        self.assertEqual(reply.status_code, 201, reply.text)
        self.assertEqual(len(reply.json()["files"]), 2)

    def test_handed_in_again_by_its_name_it_is_one(self):
        self.put_all()
        headers = {"Idempotency-Key": "a1"}
        first = self.hand_in(uploads=[self.name], headers=headers)
        again = self.hand_in(uploads=[self.name], headers=headers)
        self.assertEqual((first.status_code, again.status_code), (201, 200))
        self.assertEqual(first.json()["code"], again.json()["code"])

    def test_another_program_does_not_reach_it(self):
        self.put_all()
        other = self.issue(self.other)
        self.assertEqual(self.get_received(other), 0)
        reply = self.hand_in(uploads=[self.name], key=other)
        self.assertEqual(reply.status_code, 422)
        # Nor does a form of the site, nor a program what the site has
        form = str(uuid.uuid4())
        self.env["pakn.upload"]._append(form, self.name, 0, 4, b"\xff\xd8\xff\xe0")
        self.assertEqual(self.get_received(other), 0)
        self.assertEqual(self.env["pakn.upload"]._get_received(form, self.name), 4)

    def test_what_is_no_part_is_refused(self):
        size = len(self.photo)
        for status, reply in (
            (404, self.call("GET", "/uploads/x", "/uploads/{name}")),
            (404, self.put(0, b"x", name="../x")),
            (422, self.put(0, b"MZ" * 50)),
            (422, self.put(0, b"")),
            (422, self.put(size, b"x")),
            (422, self.put(0, self.photo[:9], size=500 * 2**20)),
            (413, self.put(0, self.photo[: PART + 1])),
            (415, self.put(0, b"x", kind="text/plain")),
            (401, self.put(0, b"x", key="pakn_wrong")),
            (422, self.hand_in(uploads="x")),
            (422, self.hand_in(uploads=["x"])),
            (422, self.hand_in(uploads=[str(uuid.uuid4())])),
            (422, self.hand_in(uploads=[str(uuid.uuid4()) for _n in range(9)])),
        ):
            with self.subTest(reply.url):
                self.assertEqual(reply.status_code, status, reply.text)
        self.assertEqual(self.get_received(), 0)

    @mute_logger("odoo.http", "werkzeug")
    def test_bodies_of_50_mb_are_refused(self):
        """As JSON, as a file, as a part, as a form of Open311: no 500, nothing kept."""
        before = self.count()
        photo = ("files", ("a.jpg", MEGABYTES_50, "image/jpeg"))
        form = {"api_key": self.key, "service_code": "TEST", "description": "x"}
        for what, path, options in (
            ("json", f"{V1}/requests", {"data": MEGABYTES_50}),
            (
                "file",
                f"{V1}/requests",
                {"data": {"request": json.dumps(REQUEST)}, "files": [photo]},
            ),
            ("part", f"{V1}/uploads/{self.name}?position=0&size=9", {"data": b""}),
            ("form", "/open311/v2/requests.json", {"data": form | {"a": "x" * 2**24}}),
        ):
            headers = self.bearer(self.key)
            if what == "json":
                headers["Content-Type"] = "application/json"
            if what == "part":
                headers["Content-Type"] = "application/octet-stream"
                options["data"] = MEGABYTES_50
            with self.subTest(what):
                reply = self.url_open(path, method="POST", headers=headers, **options)
                self.assertIn(reply.status_code, (400, 413, 422), reply.text[:300])
        self.assertEqual(self.count(), before)
        self.assertEqual(self.get_received(), 0)
