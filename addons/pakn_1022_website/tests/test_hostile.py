import io
import json
import logging
import os
import random
import threading
import time
import uuid
from unittest.mock import patch

from werkzeug.test import Client, EnvironBuilder

import odoo.http
from odoo.tests import new_test_user, tagged
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools.rate_limit import RateLimit
from .site import FORM, SiteCase, make_photo

_logger = logging.getLogger(__name__)

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}${7*7}"


@tagged(*TAGS)
class TestHostileForms(SiteCase):
    def test_script_in_every_field_is_shown_as_text(self):
        category = self.category.id
        self.env["pakn.category.question"].create(
            {"category_id": category, "code": "q", "name": "Hỏi", "datatype": "text"}
        )
        ticket = self.submitted(
            description=f"Ba chữ đầu {SCRIPT}",
            citizen_name=f"A {SCRIPT}",
            citizen_address=SCRIPT,
            address=SCRIPT,
            category_id=category,
            q_q=SCRIPT,
        )
        data = {"access_token": ticket.access_token, "text": SCRIPT}
        self.post(f"{ticket.access_url}/tra-loi", data)
        for url in (
            self.follow_url(ticket),
            f"/phan-anh/da-gui/{ticket.name}?access_token={ticket.access_token}",
            f"/phan-anh?description={SCRIPT}&address={SCRIPT}&citizen_name={SCRIPT}",
            f"/tra-cuu?code={SCRIPT}",
            f"/tra-cuu/{SCRIPT}",
        ):
            with self.subTest(url[:40]):
                text = self.url_open(url).text
                self.assertNotIn("<script>alert", text)
                self.assertNotIn("<img src=x", text)
                self.assertNotIn("{49}", text)
        self.assertNotIn("<script", ticket.description)
        self.assertNotIn("<img", ticket.description)

    def test_nobody_sets_more_than_the_form_asks(self):
        ticket = self.submitted(
            state="done",
            unit_id=str(self.unit.id),
            stage_id="1",
            secrecy="secret",
            is_published="1",
            user_id=str(self.operator.id),
            citizen_id="1",
            account_id="1",
            result="<p>Xong</p>",
            name="GL26-000001-5",
            date_received="2020-01-01 00:00:00",
            is_phone_verified="1",
            channel_id="1",
            access_token="x",
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "new",
                    "unit_id": False,
                    "secrecy": "public",
                    "is_published": False,
                    "user_id": False,
                    "account_id": False,
                    "is_phone_verified": False,
                    "channel_id": self.env.ref("pakn_1022.channel_web").id,
                }
            ],
        )
        self.assertFalse(ticket.result)
        self.assertEqual(ticket.date_received.year, 2026)
        self.assertNotEqual(ticket.citizen_id.id, 1)
        self.assertNotEqual(ticket.access_token, "x")

    @mute_logger("odoo.http")
    def test_forms_from_elsewhere_are_refused(self):
        ticket = self.submitted()
        token = {"access_token": ticket.access_token}
        before = self.count()
        for path, data in (
            ("/phan-anh", {**FORM, "key": str(uuid.uuid4())}),
            ("/tra-cuu", {"code": ticket.name, "phone": "0905 123 456"}),
            (f"{ticket.access_url}/tra-loi", {**token, "text": "Khác"}),
            (f"{ticket.access_url}/danh-gia", {**token, "rate": "5"}),
            ("/my/requests/phone", {"phone": "0905 123 456"}),
        ):
            for csrf in ("", "0" * 40 + "o1"):
                with self.subTest(path, csrf=csrf):
                    data["csrf_token"] = csrf
                    reply = self.url_open(path, data=data, allow_redirects=False)
                    self.assertIn(reply.status_code, (303, 400, 422))
                    # It leads nowhere that its sender could not open before
                    if "access_token" not in data:
                        way = reply.headers.get("Location", "")
                        self.assertNotIn("access_token", way)
        self.assertEqual(self.count(), before)
        self.assertEqual(self.kinds(ticket), ["received"])

    @mute_logger("odoo.http")
    def test_reading_changes_nothing(self):
        before = self.count()
        query = "&".join(f"{name}={value}" for name, value in FORM.items())
        self.get(f"/phan-anh?{query}")
        ticket = self.submitted()
        for suffix in ("tra-loi", "danh-gia"):
            url = self.follow_url(ticket, f"/{suffix}") + "&text=x&rate=5"
            # Shown again, as to who reloads it
            self.assertEqual(self.get(url).status_code, 303)
        self.assertEqual(self.count(), before + 1)
        self.assertEqual(self.kinds(ticket), ["received"])

    def test_no_answer_leads_elsewhere(self):
        evil = "https://evil.example"
        fields = dict.fromkeys(("redirect", "next", "url", "r", "return_url"), evil)
        reply = self.submit(**fields)
        self.assertTrue(reply.headers["Location"].startswith("/phan-anh/da-gui/"))
        ticket = self.ticket_of(reply.headers["Location"])
        right = {"code": ticket.name, "phone": "0905 123 456", **fields}
        reply = self.post("/tra-cuu", right)
        self.assertTrue(reply.headers["Location"].startswith("/tra-cuu/GL26-"))

    def test_a_file_of_fifty_megabytes_is_refused_with_a_sentence(self):
        before = self.env["ir.attachment"].search_count([])
        large = b"%PDF-" + bytes(50 * 2**20)
        reply = self.submit([("files", ("a.pdf", large))])
        self.assertEqual(reply.status_code, 422)
        self.assertIn('id="error_files" class="invalid-feedback d-block"', reply.text)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    @mute_logger("odoo.http")
    def test_wrong_encodings_are_no_error(self):
        token = self.get_csrf()
        for body in (
            "description=\xd0\xe8n \xf0\xfd\xf6ng h\xf4ng".encode("latin-1"),
            b"description=%FF%FE%00%D8&citizen_name=%C3%28",
            b"description=%ED%A0%80 a b c",
            "description=Đèn".encode("utf-16"),
        ):
            for kind in ("utf-8", "utf-16", "x-unknown"):
                with self.subTest(body[:20], kind=kind):
                    reply = self.url_open(
                        "/phan-anh",
                        data=body + f"&csrf_token={token}".encode(),
                        headers={
                            "Content-Type": "application/x-www-form-urlencoded; "
                            f"charset={kind}"
                        },
                    )
                    self.assertIn(reply.status_code, range(400, 500))

    @mute_logger("odoo.http")
    def test_a_broken_multipart_body_is_no_error(self):
        for body in (b"", b"--x", b"--x\r\n\r\n", b"\xff" * 1000):
            reply = self.url_open(
                "/phan-anh",
                data=body,
                headers={"Content-Type": "multipart/form-data; boundary=x"},
                method="POST",
            )
            self.assertIn(reply.status_code, range(400, 500))

    @mute_logger("odoo.http")
    def test_what_no_form_sends_is_a_bad_request(self):
        for query in ("?code=a%00b", "?self=1"):
            self.assertEqual(self.get(f"/tra-cuu{query}").status_code, 400)
        self.assertEqual(self.get("/tra-cuu%00").status_code, 404)
        self.assertEqual(self.submit(citizen_name="A\0B").status_code, 400)

    def test_decomposed_letters_and_controls_are_put_right(self):
        ticket = self.submitted(
            description="De\u0300n đươ\u0300ng ho\u0309ng\x1b \u202erồi",
            citizen_name="A\tB\nC",
        )
        self.assertIn("Dèn đường hỏng rồi", ticket.description)
        self.assertEqual(ticket.citizen_name, "A B C")


@tagged(*TAGS)
class TestRandomInput(SiteCase):
    """Random inputs on every public route: no error, and nothing half done.

    ``PAKN_RANDOM_INPUTS=10000 bin/test`` this file tries as many as one likes.
    """

    COUNT = int(os.environ.get("PAKN_RANDOM_INPUTS") or 4_000)
    WORDS = (
        "",
        " ",
        "0",
        "1",
        "-1",
        "9" * 12,
        "1e999",
        "nan",
        "true",
        "[]",
        "Đèn đường hỏng ba hôm nay",
        "0905 123 456",
        "nguyenvana@example.com",
        "GL26-000001-5",
        "GL26-999999-8",
        "' OR 1=1 --",
        "%' AND %",
        "\\",
        "%s%d%(x)s{0}",
        SCRIPT,
        "../../etc/passwd",
        "\u202e\u0000x",
        "\ufffd\U0001f600",
        "x" * 5000,
        "2026-02-30",
        "2026-03",
        "date_received desc; DROP TABLE pakn_ticket",
    )
    NAMES = (
        *FORM,
        *("category_id", "area_id", "unit_id", "state", "latitude", "longitude"),
        *("address", "confidential", "code", "phone", "text", "rate", "feedback"),
        *("access_token", "page", "search", "sortby", "filterby", "search_in", "date"),
        *("email", "reason", "bbox", "zoom", "year", "month", "format", "lang", "q"),
        *("key", "q_light_fault", "use_photo_place", "id", "ids", "token", "kind"),
    )

    def setUp(self):
        super().setUp()
        self.random = random.Random(1022)
        self.user = new_test_user(
            self.env,
            login="site_random",
            password="site_random_1022",
            groups="base.group_portal",
            lang="vi_VN",
        )
        self.ticket = self.submitted()
        self.values = [*self.WORDS, self.ticket.name, self.ticket.access_token]
        self.values.append(str(self.category.id))
        self.files = [
            make_photo((16, 16)),
            b"%PDF-1.4",
            b"<svg/>",
            b"\xff\xd8\xff",
            b"",
        ]

    def get_rules(self):
        """Return the routes of this addon: ``(rule, methods, type)``."""
        rules = []
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            routes = self.env["ir.http"].routing_map()
        for rule in routes.iter_rules():
            module = rule.endpoint.func.__module__
            if module.startswith("odoo.addons.pakn_1022_website."):
                methods = (rule.methods or {"GET", "POST"}) & {"GET", "POST"}
                rules.append((rule, sorted(methods), rule.endpoint.routing["type"]))
        return rules

    def make_path(self, rule):
        """Return an address that fits a rule, more or less."""
        parts = []
        for dynamic, text in rule._trace:
            if not dynamic:
                parts.append(text.replace("|", ""))
            elif type(rule._converters[text]).__name__ == "IntegerConverter":
                parts.append(str(self.random.choice((0, 1, 7, 2**31, 2**63, 10**30))))
            else:
                value = self.random.choice(self.values).replace("/", "-")
                parts.append(value or "x")
        return "".join(parts)

    def make_fields(self, names):
        count = self.random.randint(0, 8)
        fields = {
            self.random.choice(names): self.random.choice(self.values)
            for _number in range(count)
        }
        if self.random.random() < 0.2:
            fields |= {**FORM, "key": str(uuid.uuid4())} | fields
        return fields

    def make_json(self, depth=0):
        kind = self.random.randint(0, 5 if depth < 2 else 3)
        if kind < 2:
            return self.random.choice(self.values)
        if kind == 2:
            return self.random.choice((None, True, -1, 10**30, 1.5, 13.98, 108.0))
        if kind == 3:
            return "\ud800"
        if kind == 4:
            return [self.make_json(depth + 1) for _number in range(3)]
        return {
            name: self.make_json(depth + 1)
            for name in self.random.sample(self.NAMES, 3)
        }

    def make_client(self):
        # In this thread Odoo notes the address; later tests would take it for theirs
        self.addCleanup(lambda: vars(threading.current_thread()).pop("url", None))
        client = Client(odoo.http.root, use_cookies=True)
        domain = "127.0.0.1"
        session = self.opener.cookies["session_id"]
        client.set_cookie("session_id", session, domain=domain)
        client.set_cookie(TEST_CURSOR_COOKIE_NAME, self.http_request_key, domain=domain)
        return client

    def make_request(self, rule, methods, kind, csrf):
        names = [*self.NAMES, *rule.endpoint.func.__code__.co_varnames[:12]]
        options = {"path": self.make_path(rule), "base_url": self.base_url()}
        method = self.random.choice(methods)
        if kind == "jsonrpc":
            params = {name: self.make_json() for name in self.random.sample(names, 3)}
            options |= {
                "method": "POST",
                "data": json.dumps({"jsonrpc": "2.0", "params": params}),
                "content_type": "application/json",
            }
        elif method == "GET":
            options["query_string"] = self.make_fields(names)
        else:
            data = self.make_fields(names)
            if self.random.random() < 0.95:
                data["csrf_token"] = csrf
            if self.random.random() < 0.2:
                data["files"] = [
                    (io.BytesIO(self.random.choice(self.files)), "a.jpg")
                    for _number in range(self.random.randint(1, 3))
                ]
            options |= {"method": "POST", "data": data}
        return EnvironBuilder(**options)

    def test_random_inputs(self):
        self.authenticate("site_random", "site_random_1022")
        csrf = self.get_csrf()
        client, rules = self.make_client(), self.get_rules()
        self.assertGreater(len(rules), 10)
        before, events = self.count(), self.count_events()
        created, begin = 0, time.monotonic()
        limits = self.env["pakn.rate.limit"]
        with (
            patch.object(RateLimit, "hit", return_value=0),
            patch.object(type(limits), "_hit", return_value=0),
            mute_logger("odoo.http"),
        ):
            for number in range(self.COUNT):
                rule, methods, kind = rules[number % len(rules)]
                builder = self.make_request(rule, methods, kind, csrf)
                reply = client.open(builder)
                said = f"{number} {builder.method} {builder.path} {reply.status}"
                self.assertLess(reply.status_code, 500, said)
                if kind == "jsonrpc" and reply.status_code == 200:
                    error = reply.json.get("error") or {"data": {"name": "werkzeug."}}
                    name = error["data"]["name"]
                    self.assertTrue(name.startswith(("werkzeug.", "odoo.")), said)
                if "/phan-anh/da-gui/" in reply.headers.get("Location", ""):
                    created += 1
                reply.close()
        self.env.invalidate_all()
        tickets = self.env["pakn.ticket"].search([], order="id desc", limit=created)
        self.assertEqual(self.count() - before, created, "nothing half")
        self.assertGreater(created, 0)
        for ticket in tickets:
            self.assertTrue(ticket.name and ticket.citizen_phone and ticket.description)
            self.assertEqual((ticket.state, ticket.unit_id.id), ("new", False))
            self.assertEqual(ticket.event_ids[:1].kind, "received")
        self.assertFalse((tickets | self.ticket)._verify_records())
        self.assertGreaterEqual(self.count_events() - events, created)
        lost = self.env["ir.attachment"].search_count(
            [("res_model", "=", "pakn.ticket"), ("pakn_ticket_ids", "=", False)]
        )
        self.assertFalse(lost)
        seconds = time.monotonic() - begin
        _logger.info("%s inputs in %.0f s, %s requests", self.COUNT, seconds, created)

    def count_events(self):
        return self.env["pakn.event"].search_count([])
