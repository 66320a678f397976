import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers import pakn_1022_call as controller
from .common import TAGS, CallCase


@tagged(*TAGS)
class TestArt20Announcement(CallCase, HttpCase):
    """Art. 20: who only asks about an outage need not wait for an operator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = new_test_user(
            cls.env, "test_supervisor", groups="pakn_1022.group_supervisor"
        )
        cls.texts = cls.env["pakn.call.announcement"].with_user(cls.supervisor)
        cls.texts.sudo().search([("kind", "=", "incident")]).active = False

    def issue(self):
        """Return the path that the exchange reads."""
        action = self.account.with_user(self.manager).action_issue_text_key()
        shown = self.account.with_user(self.manager).with_context(**action["context"])
        self.env.flush_all()
        return shown.text_url[shown.text_url.index("/pakn_call_text") :]

    def ask(self, path):
        answer = self.url_open(path)
        return answer.status_code, answer.text

    def test_art20_the_exchange_reads_what_holds_now(self):
        path = self.issue()
        self.assertEqual(self.ask(path), (200, ""))
        values = {"name": "Mất điện", "text": " Phường Pleiku mất điện\n đến 17 giờ. "}
        # Real time: the server answers in it
        self.run_clock()
        [one] = self.texts.create([values])
        self.env.flush_all()
        said = "Phường Pleiku mất điện đến 17 giờ."
        self.assertEqual(self.ask(path), (200, said))
        self.assertTrue(one.is_now)
        self.assertIn(one, self.texts.search([("is_now", "=", True)]))
        one.active = False
        self.env.flush_all()
        self.assertEqual(self.ask(path), (200, ""))
        one.write(
            {
                "active": True,
                "date_to": "2026-03-02 00:00:00",
                "date_from": "2026-03-01 00:00:00",
            }
        )
        self.env.flush_all()
        self.assertEqual(self.ask(path), (200, ""))
        self.assertNotIn(one, self.texts.search([("is_now", "=", True)]))
        self.assertIn(one, self.texts.search([("is_now", "=", False)]))
        status, text = self.ask(f"{path}?what=consent")
        self.assertEqual(status, 200)
        self.assertIn("ghi âm", text)
        # By another text, as the province words it; each stays on record
        consent = {
            "name": "Mới",
            "kind": "consent",
            "text": "Được ghi âm.",
            "date_to": False,
        }
        self.texts.create(consent)
        self.env.flush_all()
        self.assertEqual(self.ask(f"{path}?what=consent"), (200, "Được ghi âm."))
        self.assertEqual(self.ask(f"{path}?what=else")[0], 400)

    def test_art6_incidents_are_told_to_those_who_read_too(self):
        incidents = self.env["pakn.incident"].with_user(
            self.env.ref("base.public_user")
        )
        self.assertEqual(incidents._get_now(), [])
        area = self.env["pakn.area"].search([("kind", "=", "ward")], limit=1)
        power, water, road = self.texts.create(
            [
                {"name": "Mất điện", "text": " Đang sửa. ", "area_id": area.id},
                {"name": "Mất nước", "text": "Đang sửa ống.", "is_shown": False},
                {"name": "Sạt lở", "text": "Đường 19 bị chặn.", "active": False},
            ]
        )
        [told] = incidents._get_now()
        self.assertEqual((told.name, told.text), ("Mất điện", "Đang sửa."))
        self.assertEqual((told.area, told.date_to), (area, power.date_to))
        water.is_shown = road.active = True
        self.assertEqual(len(incidents._get_now()), 3)
        (power + water + road).date_from = "2026-01-01"
        (power + water + road).date_to = "2026-01-02"
        self.assertEqual(incidents._get_now(), [])

    def test_the_key_is_kept_as_a_hash_and_shown_once(self):
        path = self.issue()
        key = path.rpartition("/")[2]
        digest = self.account.sudo().text_digest
        self.assertEqual(digest, hashlib.sha256(key.encode()).hexdigest())
        account = self.account.with_user(self.manager)
        self.assertTrue(account.has_text_key)
        self.assertFalse(account.text_url)
        with self.assertRaises(AccessError):
            account.read(["text_digest"])
        with self.assertRaises(AccessError):
            self.account.with_user(self.supervisor).action_issue_text_key()
        self.assertEqual(self.ask(path)[0], 200)
        new = self.issue()
        self.assertEqual(self.ask(path)[0], 404)
        self.assertEqual(self.ask(new)[0], 200)

    def test_who_has_no_key_finds_nothing_and_may_not_try_for_long(self):
        path = self.issue()
        for wrong in (
            "/pakn_call_text/other/x",
            f"{path}x",
            "/pakn_call_text/test_pbx/%C3%A9",
            "/pakn_call_text/test_pbx/%00",
            "/pakn_call_text/%00/x",
            "/pakn_call/%00/x",
        ):
            self.assertEqual(self.ask(wrong)[0], 404)
        self.account.networks = "203.0.113.0/24"
        self.env.flush_all()
        self.assertEqual(self.ask(path)[0], 404)
        self.account.networks = False
        self.patch(controller, "READ", 2)
        self.patch(controller, "WRONG", 2)
        self.env.flush_all()
        statuses = [self.ask(path)[0] for _turn in range(4)]
        self.assertEqual(statuses[-1], 429)
        self.assertEqual(self.ask(f"{path}x")[0], 429)

    def test_who_writes_them(self):
        values = {"name": "Mất nước", "text": "Đang sửa."}
        for user in (self.operator, self.monitor, self.focal):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                self.texts.with_user(user).create(values)
        one = self.texts.create(values)
        self.assertTrue(one.date_to, "an incident ends by itself")
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
        ):
            one.unlink()

    def test_what_makes_no_sense_is_refused(self):
        values = {"name": "Mất nước", "text": "Đang sửa."}
        for wrong in (
            {"text": "x" * 1001},
            {"text": "  "},
            {"text": "a\u200bb"},
            {"date_to": False},
            {"date_to": "2020-01-01 00:00:00"},
        ):
            with self.subTest(str(wrong)[:40]), self.assertRaises(UserError):
                self.texts.create(values | wrong)

    def test_what_was_said_stays_on_record(self):
        one = self.texts.create({"name": "Mất nước", "text": "Đang sửa."})
        self.env.cr.precommit.run()
        one.text = "Đã sửa xong."
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = one.message_ids.sudo().tracking_value_ids
        self.assertIn("Đang sửa.", values.mapped("old_value_text"))
