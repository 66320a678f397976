import base64
import inspect
import json
import re
import threading
from html import unescape
from unittest.mock import patch

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase

# Odoo's routes of files, some of which write as superuser -> what is sent there
FILE_ROUTES = {
    "/mail/attachment/delete": {"attachment_id": "{file}", "access_token": "{key}"},
    "/mail/attachment/update_thumbnail": {
        "attachment_id": "{file}",
        "access_token": "{key}",
        "thumbnail": "{picture}",
    },
    "/html_editor/attachment/remove": {"ids": ["{file}"]},
    '/html_editor/modify_image/<model("ir.attachment"):attachment>': {
        "name": "khac.pdf",
        "data": "{picture}",
        "mimetype": "image/png",
    },
    # The same under its old name
    '/web_editor/modify_image/<model("ir.attachment"):attachment>': {
        "name": "khac.pdf",
        "data": "{picture}",
        "mimetype": "image/png",
    },
    "/portal/attachment/remove": {"attachment_id": "{file}", "access_token": "{key}"},
    # These read, or make a new file
    "/discuss/channel/attachments": None,
    "/html_editor/attachment/add_data": None,
    "/html_editor/attachment/add_url": None,
    "/mail/attachment/pdf_first_page/<int:attachment_id>": None,
    "/mail/attachment/upload": None,
    "/mail/attachment/zip": None,
    "/web/binary/upload_attachment": None,
    "/web_editor/attachment/add_data": None,
    "/web_editor/attachment/add_url": None,
    "/web_unsplash/attachment/add": None,
}
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAA"
    "SUVORK5CYII="
)
OTHER_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
# What those of the program's own places look like
COURSE = r"Traceback|\.py\b"


@tagged(*TAGS)
class TestPapers(PaknCase, HttpCase):
    """Art. 18.4: by Odoo's own address of papers nobody gets more than by ours."""

    def papers(self):
        """Return our papers, as the addons that are installed have them."""
        return self.env["ir.actions.report"].search([("model", "=like", "pakn.%")])

    def fetch(self, *path):
        return self.url_open("/".join(("/report", *map(str, path))), timeout=120)

    def test_art18_4_papers_of_others_and_of_nothing_are_refused(self):
        """Each paper, way and kind of account; not a failure of the program."""
        papers = self.papers()
        ids = {paper: self.env[paper.model].search([], limit=1).id for paper in papers}
        for user in (self.employee, self.focal, self.operator, self.monitor):
            self.authenticate(user.login, user.login)
            for paper in papers:
                for way in ("html", "pdf", "text"):
                    for number in {
                        ids[paper] or 1,
                        2**31 - 1,
                        10**30,
                        "",
                        "x",
                        "1,x,2",
                    }:
                        muted = mute_logger("odoo.http", "odoo.models")
                        told = self.subTest(user.login, paper=paper.name, id=number)
                        with told, muted:
                            reply = self.fetch(way, paper.report_name, number)
                            self.assertIn(reply.status_code, (403, 404), way)
                            self.assertNotRegex(reply.text, COURSE)

    def test_a_paper_that_there_is_not_is_no_failure(self):
        """A name, a way or words of an address that are none: said, not failed of."""
        name = self.papers()[0].report_name
        for user in (self.focal, self.manager):
            self.authenticate(user.login, user.login)
            for path, status in (
                ("pdf/khong.co/1", 404),
                ("html/khong/1", 404),
                ("text/web.external_layout/1", 404),
                (f"docx/{name}/1", 404),
                (f"html/{name}/1?options=x", 400),
                (f"html/{name}/1?context=x", 400),
            ):
                with self.subTest(user.login, path=path), mute_logger("odoo.http"):
                    reply = self.fetch(path)
                    self.assertEqual(reply.status_code, status)
                    self.assertNotRegex(reply.text, COURSE)

    def test_the_administrator_prints_what_there_is(self):
        """And is told that there is nothing where there is nothing."""
        self.authenticate("test_manager", "test_manager")
        for paper in self.papers():
            is_filled = f"report.{paper.report_name}" in self.env
            record = self.env[paper.model].search([], limit=1)
            for number in (record.id or 1, 2**31 - 1):
                expected = 200 if is_filled and number == record.id else 404
                with self.subTest(paper.name, id=number), mute_logger("odoo.http"):
                    reply = self.fetch("html", paper.report_name, number)
                    self.assertEqual(reply.status_code, expected)

    def test_art18_4_a_download_that_fails_does_not_tell_how(self):
        self.operator.group_ids += self.env.ref("base.group_allow_export")
        self.authenticate("test_operator", "test_operator")
        wrong = {
            "model": "pakn.ticket",
            "fields": [{"name": "x", "label": "x"}],
            "ids": [1],
            "domain": [],
            "import_compat": False,
        }
        papers = [f"/report/pdf/{one.report_name}/1" for one in self.papers()]
        papers.append("/report/pdf/web.nothing/1")
        for address, data in (
            ("/web/export/csv", wrong),
            ("/web/export/xlsx", wrong),
            *(("/report/download", [paper, "qweb-pdf"]) for paper in papers),
        ):
            form = {
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            }
            muted = mute_logger(
                "odoo.http",
                "odoo.addons.web.controllers.export",
                "odoo.addons.web.controllers.report",
            )
            with self.subTest(address, data=data), muted:
                reply = self.url_open(address, data=form, timeout=120)
                self.assertEqual(reply.status_code, 500)
                text = unescape(reply.text)
                self.assertNotRegex(text, COURSE)
                # The web client finds the error and says it
                told = json.loads(text.split("<p>")[1].split("</p>")[0])
                self.assertEqual(told["data"]["debug"], "")
                self.assertTrue(told["data"]["message"])

    def test_art18_4_a_field_of_an_odd_name_is_a_mistake_of_who_sends_it(self):
        """Not one of the program: it was handed to the controller as itself."""
        self.authenticate("test_manager", "test_manager")
        with mute_logger("odoo.http"):
            for address in ("/web/login?self=1", "/web/image/1?self=1"):
                self.assertEqual(self.url_open(address).status_code, 400, address)
            body = json.dumps({"jsonrpc": "2.0", "params": {"self": 1}})
            kind = {"Content-Type": "application/json"}
            reply = self.url_open("/web/session/modules", data=body, headers=kind)
        self.assertEqual(
            reply.json()["error"]["data"]["name"], "werkzeug.exceptions.BadRequest"
        )

    def test_art18_4_half_of_a_pair_of_surrogates_is_answered(self):
        """It is no text: the answer cannot quote it, nor the database keep it."""
        self.authenticate("test_manager", "test_manager")
        kind = {"Content-Type": "application/json"}
        search = {
            "model": "res.partner",
            "method": "search_count",
            "args": [[["name", "=", "\ud800"]]],
            "kwargs": {},
        }
        for number, params in (("\ud800", {}), (["\ud800"], {}), (1, search)):
            address = "/web/dataset/call_kw" if params else "/web/session/get_lang_list"
            body = json.dumps({"jsonrpc": "2.0", "id": number, "params": params})
            with self.subTest(body), mute_logger("odoo.http"):
                reply = self.url_open(address, data=body, headers=kind)
                self.assertEqual(reply.status_code, 200)
                self.assertEqual(reply.json()["id"], number if params else None)
                error = reply.json().get("error", {}).get("data", {}).get("name")
                wrong = "werkzeug.exceptions.BadRequest" if params else None
                self.assertEqual(error, wrong)


@tagged(*TAGS)
class TestKeys(PaknCase, HttpCase):
    """Art. 13.1, 18.4: an address that staff were given opens nothing by itself."""

    def setUp(self):
        super().setUp()
        self.run_clock()
        picture = base64.b64decode(PICTURE)
        self.ticket = self.transferred(
            attachment_ids=[Command.create({"name": "anh.png", "raw": picture})]
        )
        self.file = self.ticket.attachment_ids
        # sudo: the keys that the page of each of its readers is given
        file_sudo = self.file.sudo()
        key, small = file_sudo._get_raw_access_token(), file_sudo._get_thumbnail_token()
        self.addresses = [
            f"/web/content/{self.file.id}?access_token={key}",
            f"/web/image/{self.file.id}?access_token={key}",
            f"/web/image/ir.attachment/{self.file.id}/thumbnail?access_token={small}",
        ]

    def opens(self):
        """Return what each address answers, for who is signed in."""
        return [self.url_open(address).status_code for address in self.addresses]

    def test_art13_1_files_of_requests_are_opened_by_rights_alone(self):
        self.authenticate("test_operator", "test_operator")
        self.assertEqual(self.opens(), [200, 200, 200])
        self.authenticate("test_focal", "test_focal")
        self.assertEqual(self.opens(), [200, 200, 200])
        muted = mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
        self.enterContext(muted)
        for login in (None, "test_employee", "test_other_focal"):
            self.authenticate(login, login)
            with self.subTest(login):
                self.assertEqual(self.opens()[0], 404)
                for address in self.addresses:  # a picture instead of it at most
                    self.assertNotEqual(self.url_open(address).content, self.file.raw)
        self.ticket.sudo().secrecy = "secret"
        self.env.flush_all()
        self.authenticate("test_operator", "test_operator")
        self.assertEqual(self.url_open(self.addresses[0]).status_code, 404)

    def test_files_of_others_keep_their_keys(self):
        """As of pictures of a talk, which guests see by their key alone."""
        file = self.env["ir.attachment"].create(
            {"name": "x.txt", "raw": b"x", "res_model": "res.partner", "res_id": 1}
        )
        self.authenticate(None, None)
        key = file._get_raw_access_token()
        reply = self.url_open(f"/web/content/{file.id}?access_token={key}")
        self.assertEqual(reply.content, b"x")


@tagged(*TAGS)
class TestFileRoutes(PaknCase, HttpCase):
    """Art. 9: a kept file is what it was, by whatever route of Odoo's one comes."""

    def setUp(self):
        super().setUp()
        self.run_clock()
        pdf = {"name": "don.pdf", "raw": b"%PDF-1.4 x"}
        self.ticket = self.transferred(attachment_ids=[Command.create(pdf)])
        # sudo: looked at, whoever acts
        self.file = self.ticket.sudo().attachment_ids
        self.assertEqual(self.file.mimetype, "application/pdf")
        self.enterContext(mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"))

    def rules(self):
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            return list(self.env["ir.http"].routing_map().iter_rules())

    def fill(self, value, file, picture):
        """Return what is sent to a route, with this file's number and key."""
        if isinstance(value, dict):
            return {name: self.fill(one, file, picture) for name, one in value.items()}
        if isinstance(value, list):
            return [self.fill(one, file, picture) for one in value]
        names = {
            "{file}": file.id,
            "{key}": file._get_ownership_token(),
            "{picture}": picture,
        }
        return names.get(value, value)

    def call(self, route, file, picture=OTHER_PICTURE):
        """Call a route; return whether it took what was sent."""
        self.env.flush_all()
        body = {
            "jsonrpc": "2.0",
            "params": self.fill(FILE_ROUTES[route], file, picture),
        }
        address = re.sub(r"<[^>]*>", str(file.id), route)
        kind = {"Content-Type": "application/json"}
        reply = self.url_open(address, data=json.dumps(body), headers=kind)
        self.env.invalidate_all()
        return reply.status_code == 200 and "error" not in reply.json()

    def look(self):
        file = self.file
        return file.raw, file.thumbnail, file.name, file.res_id, file.mimetype

    def test_each_route_of_files_has_a_row(self):
        found = set()
        for rule in self.rules():
            names = inspect.signature(inspect.unwrap(rule.endpoint)).parameters
            if "attachment" in " ".join((rule.rule, *names)) or "ufile" in names:
                found.add(rule.rule)
        self.assertIn("/mail/attachment/delete", found)
        self.assertLessEqual(found, FILE_ROUTES.keys())

    def test_art9_no_route_changes_a_kept_file(self):
        """With the right to write on its request, and with the uploader's key."""
        there = {rule.rule for rule in self.rules()}
        self.file.thumbnail = PICTURE
        before = self.look()
        self.assertTrue(before[1])
        for login in ("operator", "manager", "focal", "employee", "public"):
            name = None if login == "public" else f"test_{login}"
            self.authenticate(name, name)
            for route, sent in FILE_ROUTES.items():
                if not sent or route not in there:
                    continue
                with self.subTest(login, route=route):
                    self.call(route, self.file)
                    self.assertTrue(self.file.exists())
                    self.assertEqual(self.look(), before)

    def test_art9_the_web_client_makes_the_first_preview(self):
        """Of a file before it is sent, which is still the operator's, and of a kept."""
        route = "/mail/attachment/update_thumbnail"
        self.authenticate("test_operator", "test_operator")
        self.assertTrue(self.call(route, self.file, PICTURE))
        before = self.look()
        self.assertTrue(before[1])
        self.assertFalse(self.call(route, self.file))
        self.assertEqual(self.look(), before)
        own = self.env["ir.attachment"].with_user(self.operator)
        own = own.create(
            {
                "name": "don.pdf",
                "raw": b"%PDF-1.4 x",
                "res_model": "mail.compose.message",
            }
        ).sudo()  # sudo: for its key
        for picture in (PICTURE, OTHER_PICTURE):
            self.assertTrue(self.call(route, own, picture))
        self.assertTrue(self.call("/mail/attachment/delete", own))
        self.assertFalse(own.exists())
