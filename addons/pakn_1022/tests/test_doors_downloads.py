import base64
import json
from html import unescape

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TAGS, PaknCase

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
        picture = base64.b64decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YA"
            "AAAASUVORK5CYII="
        )
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
