"""Calls of the REST API, each answer compared with the description."""

import json

import jsonschema_rs

from ..tools import openapi
from .common import ApiCase

V1 = "/api/v1"
# A request as an app hands it in, all of it right
REQUEST = {
    "field": "TEST",
    "description": "Đèn đường hỏng đã ba ngày.\n\nTối lắm.",
    "address": "Trước số 12 Hùng Vương, Pleiku",
    "latitude": 13.98765,
    "longitude": 108.01234,
    "name": "Nguyễn Văn A",
    "phone": "0905 123 456",
    "home_address": "12 Hùng Vương, Pleiku",
    "email": "nguyenvana@example.com",
}
PHONE = "+84905123456"


class RestCase(ApiCase):
    """An app of the citizens, and a program of a unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.may_act = True

    def call(self, method, path, operation=None, key=None, **options):
        """Call an address; check the answer against its description; return it.

        :param str operation: its path in the description, where it differs
        :param key: of the program; False for none
        """
        headers = options.pop("headers", {})
        if key is not False:
            headers = self.bearer(key) | headers
        if "json" in options:
            options["data"] = json.dumps(options.pop("json"))
            headers = {"Content-Type": "application/json", **headers}
        reply = self.url_open(
            V1 + path,
            method=method,
            headers=headers,
            allow_redirects=False,
            **options,
        )
        known = openapi.PATHS[operation or path.partition("?")[0]][method.lower()]
        self.check_described(reply, known)
        if key is False and reply.status_code < 300:
            self.assertIn({}, known["security"], "described as open to anybody")
        if key is False and reply.status_code == 401:
            self.assertNotIn({}, known["security"], "described as needing a key")
        return reply

    def check_described(self, reply, operation):
        """Check that a description tells of an answer."""
        status = str(reply.status_code)
        described = operation["responses"].get(status)
        if not described:
            self.assertEqual(status[0], "4", reply.text[:500])
            described = operation["responses"]["4XX"]
        self.assertNotIn("Set-Cookie", reply.headers)
        if reply.ok:
            self.assertLessEqual({*described.get("headers", ())}, {*reply.headers})
        for kind, content in described.get("content", {}).items():
            self.assertEqual(reply.headers["Content-Type"], kind)
            schema = content["schema"] | {"components": {"schemas": openapi.SCHEMAS}}
            jsonschema_rs.validate(schema, reply.json())

    def get_json(self, path, operation=None, **options):
        reply = self.call("GET", path, operation, **options)
        self.assertEqual(reply.status_code, 200, reply.text[:500])
        return reply.json()

    def hand_in(self, files=None, headers=None, key=None, **values):
        """Hand in a request; a value of None leaves it out."""
        content = {
            name: value
            for name, value in {**REQUEST, **values}.items()
            if value is not None
        }
        options = {"json": content}
        if files:
            options = {"data": {"request": json.dumps(content)}, "files": files}
        return self.call("POST", "/requests", headers=headers or {}, key=key, **options)

    def handed_in(self, **options):
        """Hand in a request; return it, in sudo, and the header of its citizen."""
        reply = self.hand_in(**options)
        self.assertEqual(reply.status_code, 201, reply.text)
        return self.find(reply.json()["code"]), {"Request-Token": reply.json()["token"]}

    def act(self, ticket, what, headers, content=None, **options):
        """Do something with a request in its citizen's place."""
        if content is not None:
            options["json"] = content
        path = f"/requests/{ticket.name}/{what}"
        operation = f"/requests/{{code}}/{what}"
        return self.call("POST", path, operation, headers=headers, **options)

    def follow(self, ticket, headers, **options):
        return self.call(
            "GET",
            f"/requests/{ticket.name}",
            "/requests/{code}",
            headers=headers,
            **options,
        )

    def sign_in(self, phone="0905 123 456", key=None):
        """Sign a citizen in by the code that is sent; return the header."""
        reply = self.call("POST", "/sign-in", key=key, json={"phone": phone})
        self.assertEqual(reply.status_code, 202, reply.text)
        code = self.texts[-1].split(":")[1].split()[0]
        reply = self.call(
            "POST", "/sign-in", key=key, json={"phone": phone, "one_time_code": code}
        )
        self.assertEqual(reply.status_code, 201, reply.text)
        return {"Citizen-Token": reply.json()["token"]}
