import io
import json
import logging
import random
import threading
import time
from unittest.mock import patch

from werkzeug.test import Client, EnvironBuilder

import odoo.http
from odoo.tests import tagged
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME
from odoo.tools import mute_logger

from odoo.addons.pakn_1022_website.tests.site import make_photo
from odoo.addons.pakn_1022_website.tools.rate_limit import RateLimit

from .common import FORM, TAGS, V2, ApiCase

_logger = logging.getLogger(__name__)

ADDRESSES = (
    ("GET", "discovery"),
    ("GET", "services"),
    ("GET", "services/{}"),
    ("GET", "requests"),
    ("GET", "requests/{}"),
    ("GET", "tokens/{}"),
    ("GET", "servicerequestupdates"),
    ("POST", "requests"),
)
NAMES = (
    *FORM,
    *("jurisdiction_id", "api_key", "service_request_id", "start_date", "end_date"),
    *("status", "address_id", "media_url", "attribute", "attribute[q]", "self", "ext"),
    *("attribute[q][]", "attribute[", "attribute[]", "code", "token", "args", "kwargs"),
)
# Random calls of each address
COUNT = 200


@tagged(*TAGS)
class TestOpen311Hostile(ApiCase):
    """Whatever comes: an answer in the form of GeoReport, and nothing half done."""

    def make_client(self):
        self.url_open("/open311/discovery.json")
        # In this thread Odoo notes the address; later tests would take it for theirs
        self.addCleanup(lambda: vars(threading.current_thread()).pop("url", None))
        client = Client(odoo.http.root, use_cookies=True)
        client.set_cookie(
            TEST_CURSOR_COOKIE_NAME, self.http_request_key, domain="127.0.0.1"
        )
        return client

    def make_values(self, random_):
        published = self.published().name
        return [
            *("", " ", "0", "-1", "1e400", "nan", "inf", "9" * 400, "x" * 5000),
            *("\0", "\x1b[2J", "\ud7ff", "\u202e", "🌧", "ả̉̉" * 50, "%", "%%s", "'", '"'),
            *("'; DROP TABLE pakn_ticket; --", "<script>", "{{7*7}}", "../..", "..%2f"),
            *("[" * 900, '{"a":' * 300, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
            *("2026-01-01T00:00:00Z", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z"),
            *("9999-12-31T23:59:59-23:59", "2026-03-02T08:00:00+07:00", "١٢"),
            *(
                "13.98",
                "108.01",
                "open",
                "closed",
                "open,closed",
                "TEST",
                "1.1",
                "TEST,",
            ),
            *(published, f"{published},x", ",".join(map(str, range(1200))), self.key),
            *("GL26-000001-5", "javascript:1", "https://example.com/a.jpg", "http://["),
            "".join(chr(random_.randrange(1, 0xD7FF)) for _number in range(60)),
        ]

    def test_random_calls(self):
        random_ = random.Random(1022)
        values, client = self.make_values(random_), self.make_client()
        files = [make_photo(), make_photo()[:200], b"<svg/>", b"%PDF-1.4", b""]
        self.env["pakn.category.question"].create(
            {"category_id": self.category.id, "code": "q", "name": "Hỏi"}
        )
        before, created, statuses = self.count(), set(), set()
        begin, limits = time.monotonic(), self.env["pakn.rate.limit"]
        with (
            patch.object(RateLimit, "hit", return_value=0),
            patch.object(type(limits), "_hit", return_value=0),
            mute_logger("odoo.http"),
        ):
            for number in range(COUNT * len(ADDRESSES)):
                method, path = ADDRESSES[number % len(ADDRESSES)]
                name = random_.choice(values).replace("/", "-") or "x"
                fields = {
                    random_.choice(NAMES): random_.choice(values)
                    for _number in range(random_.randint(0, 6))
                }
                options = {"headers": {}}
                if random_.random() < 0.4:
                    key = random_.choice((self.key, random_.choice(values)))
                    key = "".join(c for c in key if " " <= c <= "~")
                    options["headers"]["Authorization"] = f"Bearer {key}"
                if method == "GET":
                    options["query_string"] = fields
                else:
                    if random_.random() < 0.6:
                        fields = {**FORM, "api_key": self.key, **fields}
                    if random_.random() < 0.2:
                        file = io.BytesIO(random_.choice(files))
                        fields["media"] = [(file, "a.jpg")]
                    options["data"] = fields
                ext = random_.choice(("xml", "json", "json", "xml", "csv"))
                builder = EnvironBuilder(
                    path=f"{V2}/{path.format(name)}.{ext}",
                    method=method,
                    base_url=self.base_url(),
                    **options,
                )
                reply = client.open(builder)
                said = f"{number} {method} {builder.path[:80]} {reply.status}"
                self.assertIn(
                    reply.status_code, (200, 201, 304, 400, 403, 404, 405), said
                )
                self.check_form(reply, said)
                statuses.add((method, path, reply.status_code))
                if reply.status_code == 201:
                    found = reply.get_data(as_text=True)
                    created.add(found[found.index("GL26") :][:13])
                reply.close()
        self.env.invalidate_all()
        self.assertEqual(self.count() - before, len(created), "nothing half")
        self.assertGreater(len(created), 5)
        for method, path in ADDRESSES:
            seen = {
                status for way, at, status in statuses if (way, at) == (method, path)
            }
            self.assertGreater(len(seen), 1, f"{path} answers always alike: {seen}")
        _logger.info("%s calls in %.0f s", number + 1, time.monotonic() - begin)

    def check_form(self, reply, said):
        """Check that an answer is of GeoReport and no failure of ours."""
        text = reply.get_data(as_text=True)
        if reply.mimetype == "application/json":
            content = json.loads(text)
            failed = reply.status_code >= 400 and any(
                error["code"] == 500 for error in content
            )
        elif reply.mimetype == "text/plain":
            # What the server does not even look up, see the core's ``ir.http``
            self.assertEqual((reply.status_code, text), (404, "Not Found"), said)
            failed = False
        else:
            self.assertEqual(reply.mimetype, "text/xml", said)
            failed = "<code>500</code>" in text
        self.assertFalse(failed, said)

    def test_bodies_that_are_too_big(self):
        before = self.env["ir.attachment"].search_count([])
        large = b"%PDF-" + bytes(50 * 2**20)
        reply = self.send(files=[("media", ("a.pdf", large, "application/pdf"))])
        self.check_error(reply, 400, "MB")
        reply = self.send(description="x" * 50 * 2**20)
        self.assertIn(reply.status_code, (400, 413))
        self.check_error(reply, reply.status_code)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_deep_json_and_xml_bombs_are_not_even_read(self):
        bomb = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
            f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
        )
        for kind, body in (
            ("application/json", "[" * 100_000),
            ("application/json", '{"a":' * 50_000),
            ("text/xml", bomb + "]><l>&m;</l>"),
            ("application/xml", bomb + "]><l>&m;</l>"),
            ("multipart/form-data", "x"),
            ("multipart/form-data; boundary=x", "--x\r\n\r\n" * 2000),
            ("application/x-www-form-urlencoded", "a[" * 50_000),
            ("application/x-www-form-urlencoded", "a=1&" * 50_000),
        ):
            with self.subTest(kind, body=body[:20]):
                begin = time.monotonic()
                reply = self.url_open(
                    f"{V2}/requests.json",
                    data=body,
                    headers={"Content-Type": kind, **self.bearer()},
                    method="POST",
                )
                self.assertIn(reply.status_code, (400, 413))
                self.check_error(reply, reply.status_code)
                self.assertLess(time.monotonic() - begin, 5)

    def test_wrong_encodings(self):
        key = f"api_key={self.key}&service_code=TEST&address_string=Pleiku&".encode()
        for body in (
            key + "description=\xd0\xe8n".encode("latin-1"),
            key + b"description=%FF%FE%00%D8",
            key + b"description=%ED%A0%80",
            key + b"lat=%00&long=%00",
            key.decode().encode("utf-16"),
        ):
            for charset in ("utf-8", "utf-16", "x-unknown"):
                kind = f"application/x-www-form-urlencoded; charset={charset}"
                with self.subTest(body[-20:], charset=charset):
                    reply = self.url_open(
                        f"{V2}/requests.json",
                        data=body,
                        headers={"Content-Type": kind},
                        method="POST",
                    )
                    self.assertIn(reply.status_code, (200, 201, 400, 403), reply.text)

    def test_addresses_that_are_none(self):
        for path in (
            "requests/%00.json",
            "requests/%ff%fe.xml",
            "requests/..%2f..%2fetc.json",
            "services/%252e.json",
            "requests.json?service_request_id=%00",
            "requests.json?self=1",
            "requests.json?ext=csv&code=1&args=2",
        ):
            with self.subTest(path):
                self.assertIn(self.fetch(path).status_code, (200, 400, 404))
