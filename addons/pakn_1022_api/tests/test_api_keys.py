from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from ..models.pakn_api_key import PREFIX
from .common import TAGS, V2, ApiCase


@tagged(*TAGS)
class TestApiKeys(ApiCase):
    """Keys: shown once, kept as a hash, changed without a break, ended at once."""

    def test_a_key_is_shown_once_and_kept_as_a_hash(self):
        self.assertTrue(self.key.startswith(PREFIX))
        self.assertGreaterEqual(len(self.key), 43)
        self.env.flush_all()
        for table in ("pakn_api_key", "pakn_api_key_issue", "pakn_api_client"):
            self.env.cr.execute(f"SELECT * FROM {table}")
            self.assertNotIn(self.key, str(self.env.cr.fetchall()), table)
        dialog = self.env["pakn.api.key.issue"].search([], order="id desc", limit=1)
        self.assertFalse(dialog.key)
        shown = dialog.with_context(pakn_api_key=self.key)
        self.assertEqual(shown.key, self.key)
        self.assertTrue(self.key.startswith(self.client.key_ids[0].hint))

    def test_who_it_is_and_when_it_was_last_there(self):
        found = self.clients._find_by_key(self.key, "192.0.2.1")
        self.assertEqual(found, self.client)
        self.env.invalidate_all()
        self.assertEqual(self.client.date_used, fields.Datetime.now())
        self.assertTrue(self.client.has_valid_key)

    def test_the_old_key_goes_on_for_the_days_that_were_said(self):
        new = self.issue(self.client, days_kept=7)
        self.assertEqual(self.ask(self.key), 200)
        self.set_clock("2026-03-09 07:59")
        self.assertEqual(self.ask(self.key), 200)
        self.set_clock("2026-03-09 08:01")
        self.assertEqual(self.ask(self.key), 403)
        self.assertEqual(self.ask(new), 200)
        self.assertEqual(self.issue(self.client, days_kept=0)[:5], PREFIX)
        self.assertEqual(self.ask(new), 403)

    def test_an_old_key_lives_no_longer_for_a_new_one(self):
        key = self.issue(self.other, days=2)
        self.issue(self.other, days_kept=30)
        self.set_clock("2026-03-04 08:01")
        self.assertEqual(self.ask(key), 403)

    def ask(self, key):
        """Return the status of an answer to who brings a key."""
        self.forget_limits()
        return self.fetch("services.json", headers=self.bearer(key)).status_code

    def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(self):
        keys = {"unknown": PREFIX + "x" * 43, "accents": "ả" * 9}
        keys["expired"] = self.issue(self.other, days=1)
        self.other.key_ids[0].sudo().date_expires = fields.Datetime.now() - timedelta(
            seconds=1
        )
        keys["revoked"] = self.issue(self.other)
        self.other.key_ids.filtered(
            lambda key: keys["revoked"].startswith(key.hint)
        ).with_user(self.manager).action_revoke()
        archived = self.clients.create({"name": "Đã ngừng", "may_submit": True})
        keys["archived"] = self.issue(archived)
        archived.active = False
        away = self.clients.create(
            {"name": "Nơi khác", "may_submit": True, "networks": "192.0.2.0/24"}
        )
        keys["elsewhere"] = self.issue(away)
        answers = set()
        for name, key in keys.items():
            with self.subTest(name):
                reply = self.send(key=key)
                self.check_error(reply, 403)
                names = sorted(set(reply.headers) - {"Set-Cookie"})
                answers.add((reply.content, *names))
        self.assertEqual(len(answers), 1, answers)
        away.networks = "127.0.0.0/8"
        self.assertEqual(self.ask(keys["elsewhere"]), 200)

    def test_each_scope_opens_what_it_says_and_nothing_else(self):
        calls = {
            "may_read": lambda key: (
                self.fetch("requests.json", headers=self.bearer(key)).status_code
            ),
            "may_submit": lambda key: self.send(key=key).status_code,
            "may_follow": lambda key: (
                self.fetch(
                    "servicerequestupdates.json?service_request_id=GL26-000001-5",
                    headers=self.bearer(key),
                ).status_code
            ),
        }
        for scope in calls:
            client = self.clients.create(
                {"name": scope, **{name: name == scope for name in calls}}
            )
            key = self.issue(client)
            for name, call in calls.items():
                with self.subTest(scope, call=name):
                    may = call(key) in (200, 201)
                    self.assertEqual(may, name == scope)

    def test_no_key_in_an_address(self):
        """Logs keep addresses: a key there is not even looked at."""
        before = self.count()
        reply = self.url_open(
            f"{V2}/requests.json?api_key={self.key}",
            data={"service_code": "TEST", "address_string": "Pleiku"},
            method="POST",
        )
        self.check_error(reply, 403)
        self.assertEqual(self.count(), before)

    def test_a_program_has_its_own_pace(self):
        self.client.limit_minute = 3
        for _number in range(3):
            self.assertEqual(
                self.fetch("services.json", headers=self.bearer()).status_code, 200
            )
        reply = self.fetch("services.json", headers=self.bearer())
        self.check_error(reply, 429)
        self.assertGreater(int(reply.headers["Retry-After"]), 0)
        other = self.issue(self.other)
        self.assertEqual(
            self.fetch("services.json", headers=self.bearer(other)).status_code, 200
        )
        self.assertEqual(self.fetch("services.json").status_code, 200)

    def test_a_program_hands_in_so_many_a_day(self):
        self.client.limit_day = 2
        for number in range(2):
            self.assertEqual(
                self.send(description=f"Hỏng đèn {number}").status_code, 201
            )
        self.check_error(self.send(description="Hỏng đèn 3"), 429)
        again = self.send(description="Hỏng đèn 1")
        self.assertEqual(again.status_code, 200, "what was taken in is known still")

    def test_guessing_keys_is_slowed_down_and_right_ones_go_on(self):
        for number in range(30):
            self.assertEqual(self.send(key=f"pakn_{number}").status_code, 403)
        self.check_error(self.send(key="pakn_x"), 429)
        self.assertEqual(self.send().status_code, 201)

    def test_settings_that_make_no_sense_are_refused(self):
        with self.assertRaises(ValidationError):
            self.client.networks = "hôm nay"
        for days, kept in ((0, 7), (-1, 7), (5000, 7), (30, -1), (30, 365)):
            with self.subTest((days, kept)), self.assertRaises(UserError):
                self.issue(self.client, days, kept)

    def test_in_a_copy_of_the_database_no_key_opens(self):
        self.assertEqual(self.ask(self.key), 200)
        self.env.flush_all()
        with file_open("pakn_1022_api/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertEqual(self.ask(self.key), 403)
