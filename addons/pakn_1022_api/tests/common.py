from datetime import timedelta

from lxml import etree

from odoo import fields

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022_website.tests.site import SiteCase

__all__ = ["FORM", "TAGS", "V2", "ApiCase"]

V2 = "/open311/v2"
# A request as a program hands it in, all of it right
FORM = {
    "service_code": "TEST",
    "lat": "13.98765",
    "long": "108.01234",
    "address_string": "Trước số 12 Hùng Vương, Pleiku",
    "email": "nguyenvana@example.com",
    "first_name": "Văn A",
    "last_name": "Nguyễn",
    "phone": "0905 123 456",
    "description": "Đèn đường hỏng đã ba ngày.\n\nTối lắm.",
}


class ApiCase(SiteCase):
    """A program of others with a key, and requests that it reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.area = cls.env["pakn.area"].create(
            {"name": "Phường Thử", "code": "TESTAREA", "kind": "ward"}
        )
        cls.clients = cls.env["pakn.api.client"].with_user(cls.manager)
        cls.client = cls.clients.create(
            {
                "name": "Ứng dụng thử",
                "may_submit": True,
                "may_follow": True,
                "limit_minute": 1000,
            }
        )
        cls.other = cls.clients.create(
            {"name": "Ứng dụng khác", "may_submit": True, "may_follow": True}
        )

    def setUp(self):
        super().setUp()
        self.key = self.issue(self.client)

    def issue(self, client, days=30, days_kept=7):
        """Make a key as the administrator does; return it."""
        dialog = (
            self.env["pakn.api.key.issue"]
            .with_user(self.manager)
            .create(
                {
                    "client_id": client.id,
                    "date_expires": fields.Datetime.now() + timedelta(days=days),
                    "days_kept": days_kept,
                }
            )
        )
        return dialog.action_issue()["context"]["pakn_api_key"]

    def published(self, **values):
        return self.done(
            **{
                "title": "Đèn đường trước nhà ông Nguyễn Văn A hỏng",
                "area_id": self.area.id,
                "latitude": 13.98765,
                "longitude": 108.01234,
                **values,
            }
        )

    def bearer(self, key=None):
        return {"Authorization": f"Bearer {key or self.key}"}

    def fetch(self, path, **options):
        """Read an address of version 2; return the answer."""
        return self.get(f"{V2}/{path}", **options)

    def fetch_json(self, path, **options):
        reply = self.fetch(path, **options)
        self.assertEqual(reply.status_code, 200, reply.text)
        return reply.json()

    def send(self, ext="json", key=None, files=None, headers=None, **values):
        """Hand in a request; a value of None leaves it out."""
        data = {"api_key": key or self.key, **FORM, **values}
        return self.url_open(
            f"{V2}/requests.{ext}",
            data={name: value for name, value in data.items() if value is not None},
            files=files,
            headers=headers,
            method="POST",
            allow_redirects=False,
        )

    def sent(self, **values):
        """Hand in a request; return it, in sudo."""
        reply = self.send(**values)
        self.assertEqual(reply.status_code, 201, reply.text)
        return self.find(reply.json()[0]["service_request_id"])

    def find(self, code):
        return self.env["pakn.ticket"].search([("name", "=", code)])

    def check_error(self, reply, status, *words):
        """Check that an answer is an error of GeoReport; return its sentences."""
        self.assertEqual(reply.status_code, status, reply.text[:500])
        kind = reply.headers["Content-Type"]
        if kind == "application/json; charset=utf-8":
            errors = reply.json()
            self.assertIsInstance(errors, list)
        else:
            self.assertEqual(kind, "text/xml; charset=utf-8")
            root = etree.fromstring(reply.content)
            self.assertEqual(root.tag, "errors")
            errors = [{field.tag: field.text for field in error} for error in root]
        self.assertTrue(errors)
        for error in errors:
            self.assertEqual(set(error), {"code", "description"})
            self.assertEqual(int(error["code"]), status)
            self.assertTrue(error["description"])
        text = " ".join(error["description"] for error in errors)
        for word in words:
            self.assertIn(word, text)
        return text
