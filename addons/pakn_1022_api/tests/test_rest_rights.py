from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TAGS
from .rest import V1, RestCase

CODE, OTHER, NONE = "{code}", "{other}", "GL99-999999-9"
# Route -> what opens it; "any": no key is needed
ROUTES = {
    ("GET", "/fields"): "any",
    ("GET", "/results"): "any",
    ("GET", "/articles"): "any",
    ("GET", "/statistics"): "any",
    ("POST", "/requests"): "submit",
    ("GET", "/uploads/{name}"): "submit",
    ("POST", "/uploads/{name}"): "submit",
    ("GET", "/requests"): "act",
    ("POST", "/sign-in"): "act",
    ("DELETE", "/sign-in"): "act",
    ("GET", "/requests/{code}"): "act",
    ("POST", "/requests/{code}/proof"): "act",
    ("POST", "/requests/{code}/messages"): "act",
    ("POST", "/requests/{code}/rating"): "act",
    ("POST", "/requests/{code}/not-fixed"): "act",
    ("GET", "/requests/{code}/files/{id}"): "act",
}
SCOPES = {"read": "may_read", "submit": "may_submit", "act": "may_act"}
BODIES = {
    "messages": {"text": "x"},
    "rating": {"rating": 5},
    "not-fixed": {"text": "x"},
    "proof": {"phone": "0905000000"},
}


@tagged(*TAGS)
class TestRestRights(RestCase):
    """Client × route × object: who is let in, and what is told of whose request."""

    def ask(self, method, path, key, code=NONE, headers=None):
        """Call a route; return its status."""
        self.forget_limits()
        body = BODIES.get(path.rsplit("/", 1)[-1])
        options = {"json": body or {}} if method == "POST" else {}
        address = path.replace("{code}", code).replace("{id}", "1")
        address = address.replace("{name}", "3f0f1a34-7d8b-4d0e-8a53-111111111111")
        return self.call(
            method, address, path, key=key, headers=headers or {}, **options
        )

    def test_each_right_opens_its_routes_and_no_others(self):
        clients = {
            scope: self.clients.create(
                {
                    "name": scope,
                    **dict.fromkeys(SCOPES.values(), False),
                    field: True,
                    "limit_minute": 1000,
                }
            )
            for scope, field in SCOPES.items()
        }
        keys = {scope: self.issue(client) for scope, client in clients.items()}
        for (method, path), needs in ROUTES.items():
            wanted = "read" if needs == "any" else needs
            for scope, key in keys.items():
                with self.subTest(path, method=method, scope=scope):
                    status = self.ask(method, path, key).status_code
                    if scope == wanted:
                        self.assertNotEqual(status, 403)
                    else:
                        self.assertEqual(status, 403)

    def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(self):
        keys = {"unknown": "pakn_" + "x" * 43, "empty": " "}
        keys["revoked"] = self.issue(self.other)
        self.other.key_ids.with_user(self.manager).action_revoke()
        keys["expired"] = self.issue(self.client, days=1, days_kept=90)
        self.set_clock("2026-03-05 08:00")
        keys["of an archived one"] = self.issue(self.other)
        self.other.active = False
        for (method, path), needs in ROUTES.items():
            texts = set()
            for what, key in keys.items():
                if what == "empty":
                    continue
                reply = self.ask(method, path, key)
                with self.subTest(path, method=method, key=what):
                    self.assertEqual(reply.status_code, 401)
                texts.add(reply.text)
            self.assertEqual(len(texts), 1)
            status = self.ask(method, path, False).status_code
            with self.subTest(path, method=method):
                self.assertEqual(status == 401, needs != "any")

    def test_anothers_request_is_answered_as_one_that_there_is_not(self):
        _mine, own = self.handed_in()
        theirs, _token = self.handed_in(phone="0905 000 001")
        secret, token = self.handed_in(phone="0905 000 002")
        secret.sudo().with_user(self.manager)._acting().write({"secrecy": "secret"})
        self.env.flush_all()
        doors = {"nothing": {}, "mine": own, "nonsense": {"Request-Token": "ả" * 30}}
        doors = {
            name: {k: v.encode().decode("latin-1") for k, v in headers.items()}
            for name, headers in doors.items()
        }
        for (method, path), needs in ROUTES.items():
            if "{code}" not in path or needs != "act":
                continue
            answers = set()
            for headers in doors.values():
                for code in (theirs.name, NONE, "x", "%00", secret.name):
                    if code == "%00":
                        with mute_logger("odoo.http"):
                            reply = self.ask(method, path, self.key, code, headers)
                        self.assertIn(reply.status_code, (400, 404))
                        continue
                    reply = self.ask(method, path, self.key, code, headers)
                    answers.add((reply.status_code, reply.text))
            with self.subTest(path, method=method):
                self.assertEqual({status for status, _text in answers}, {404})
                self.assertEqual(len(answers), 1)
        # Not by its own token either
        reply = self.ask("GET", "/requests/{code}", self.key, secret.name, token)
        self.assertEqual(reply.status_code, 404)

    def test_what_changes_ends_what_a_token_opens(self):
        """The token of a request, and that of a citizen who is signed in."""
        self.texts = self.deliver_codes()
        ticket, own = self.handed_in()
        citizen = self.sign_in()

        def opened(key=None):
            self.env.flush_all()
            return [
                self.follow(ticket, headers, key=key).status_code
                for headers in (own, citizen)
            ]

        self.assertEqual(opened(), [200, 200])
        # The number was somebody else's
        ticket.with_user(self.operator).citizen_phone = "0905 777 777"
        self.assertEqual(opened(), [200, 404])
        self.assertFalse(self.get_json("/requests", headers=citizen)["items"])
        ticket.with_user(self.operator).citizen_phone = "0905 123 456"
        self.assertEqual(opened(), [200, 200])
        ticket.with_user(self.operator).action_renew_link()
        self.assertEqual(opened(), [404, 200])
        own["Request-Token"] = ticket.access_token
        self.assertEqual(opened(), [200, 200])
        self.client.may_act = False
        self.assertEqual(opened(), [403, 403])
        self.client.may_act = True
        self.client.active = False
        self.assertEqual(opened(), [401, 401])
        self.client.active = True
        self.client.key_ids.action_revoke()
        self.assertEqual(opened(), [401, 401])
        # The program goes on with a new key, and with it who is signed in
        key = self.issue(self.client)
        self.assertEqual(opened(key), [200, 200])
        ticket.with_user(self.manager)._acting().secrecy = "secret"
        self.assertEqual(opened(key), [404, 404])
        self.assertFalse(self.get_json("/requests", headers=citizen, key=key)["items"])

    def test_the_same_is_asked_of_the_database_for_both(self):
        theirs, _token = self.handed_in(phone="0905 000 001")

        def count(code):
            headers = {"Request-Token": "x" * 36}
            self.ask("GET", "/requests/{code}", self.key, code, headers)
            before = self.env.cr.sql_log_count
            self.ask("GET", "/requests/{code}", self.key, code, headers)
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(theirs.name), count("GL26-999999-9"))

    def test_bodies_that_are_none(self):
        before = self.count()
        deep = b"[" * 60_000
        for body, statuses in (
            (b"", (400,)),
            (b"[]", (400,)),
            (b'"x"', (400,)),
            (b"{", (400,)),
            (b'{"description": NaN}', (400,)),
            (b"{\xff}", (400,)),
            ('{"name": "x"}'.encode("utf-16"), (400,)),
            (deep, (400,)),
            (b'{"description":' + deep, (400,)),
            (b'{"x": "' + b"y" * 70_000 + b'"}', (413,)),
            (b'{"latitude": 1' + b"0" * 5000 + b"}", (400, 422)),
            (b'{"description": {"a": 1}, "name": [1], "phone": true}', (422,)),
            (b'{"answers": [1]}', (422,)),
            (b'{"description": "a b c \\ud800 \\u0000", "phone": null}', (422,)),
        ):
            for path in ("/requests", "/sign-in"):
                with self.subTest(body[:30], path=path):
                    self.forget_limits()
                    reply = self.call(
                        "POST",
                        path,
                        data=body,
                        headers={"Content-Type": "application/json"},
                    )
                    self.assertIn(reply.status_code, (*statuses, 422))
        reply = self.call("POST", "/requests", data={"description": "x"})
        self.assertEqual(reply.status_code, 415)
        self.assertEqual(self.count(), before)

    def test_too_often(self):
        self.client.with_user(self.manager).limit_minute = 2
        statuses = [self.call("GET", "/fields").status_code for _time in range(4)]
        self.assertEqual(statuses, [200, 200, 429, 429])
        reply = self.call("GET", "/fields")
        self.assertTrue(int(reply.headers["Retry-After"]))
        self.client.with_user(self.manager).write(
            {"limit_minute": 1000, "limit_day": 1}
        )
        self.forget_limits()
        self.assertEqual(self.hand_in().status_code, 201)
        again = self.hand_in(description="Cây đổ chắn ngang đường")
        self.assertEqual(again.status_code, 429)

    def test_nobody_reads_who_is_signed_in(self):
        for model in ("pakn.api.session", "pakn.api.call"):
            for user in (self.manager, self.operator, self.monitor):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_a_key_in_the_address_opens_nothing(self):
        reply = self.url_open(f"{V1}/requests?api_key={self.key}")
        self.assertEqual(reply.status_code, 401)
