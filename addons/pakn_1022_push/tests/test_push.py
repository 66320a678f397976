import json
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022.tools import acts
from odoo.addons.pakn_1022_website.tests.site import SiteCase

from ..models import pakn_push_device
from .service import Browser, Service, check_vapid

REAL = "https://fcm.googleapis.com/fcm/send/abc:def"


@tagged(*TAGS)
class TestPush(SiteCase):
    """Art. 10.1: the citizen's device is told of each step, or the next door opens."""

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(fields.Datetime.now()))
        self.service = self.enterContext(Service())
        messages = type(self.env["pakn.push.message"])
        self.startPatcher(
            patch.object(messages, "_is_allowed", lambda self, ip: ip == "127.0.0.1")
        )
        # What the job commits, the test takes back
        crons = type(self.env["ir.cron"])
        self.startPatcher(
            patch.object(crons, "_commit_progress", lambda self, *a, **k: 100)
        )
        self.browser = Browser()
        self.ticket = self.new_ticket(citizen_email="a@example.com").sudo()
        self.ticket._portal_ensure_token()
        self.deliver()  # that it was received, by mail

    def switch_on(self, browser=None, name="a", topics=()):
        """Have a device told of the request, by the stand-in of its service."""
        self.env["pakn.push.device"]._switch_on(
            self.ticket,
            f"{self.service.url}/{name}",
            **(browser or self.browser).keys,
            topics=topics,
        )

    def tell(self):
        """Do something that the citizen is told of; return the notice."""
        self.ticket.with_user(self.operator).transfer(self.unit.ids)
        self.deliver()
        self.run_job()
        return self.env["pakn.notice"].search(
            [
                ("ticket_id", "=", self.ticket.id),
                ("audience", "=", "citizen"),
                ("act", "=", "transferred"),
            ]
        )

    def run_job(self):
        self.env["pakn.push.message"]._cron_send()
        self.env.flush_all()

    def test_art10_1_the_device_is_told_and_says_that_it_has_shown_it(self):
        self.switch_on()
        notice = self.tell()
        [(path, headers, body)] = self.service.taken
        self.assertEqual(path, "/a")
        self.assertEqual(headers["Content-Encoding"], "aes128gcm")
        key = self.env["pakn.push.key"]._get()
        claims = check_vapid(headers["Authorization"], key.public)
        self.assertEqual(claims["aud"], self.service.url)
        now = fields.Datetime.now().timestamp()
        self.assertLess(claims["exp"] - now, 24 * 3600)
        content = json.loads(self.browser.decrypt(body))
        self.assertIn(self.unit.name, content["body"])
        self.assertIn(self.ticket.access_token, content["url"])
        self.assertNotIn("Nguyễn", str(content))
        self.assertRecordValues(notice, [{"door": "push", "state": "sent"}])
        reply = self.url_open("/1022-push/da-hien", data={"token": content["seen"]})
        self.assertEqual(reply.status_code, 204)
        self.env.invalidate_all()
        self.assertEqual(notice.state, "delivered")

    def test_a_message_that_no_device_shows_goes_by_the_next_door(self):
        self.switch_on()
        notice = self.tell()
        self.clock.tick(timedelta(hours=23))
        self.run_job()
        self.assertEqual(notice.state, "sent")
        self.clock.tick(timedelta(hours=2))
        self.run_job()
        self.deliver()
        self.assertEqual((notice.door, notice.tried), ("mail", "push"))
        self.assertEqual(len(self.service.taken), 1)

    def test_a_device_that_is_no_more_is_forgotten(self):
        self.switch_on()
        self.service.status = 410
        notice = self.tell()
        self.assertFalse(self.ticket.push_device_ids)
        self.deliver()
        self.assertEqual(notice.door, "mail")

    def test_art13_a_device_let_in_by_an_older_link_is_told_no_more(self):
        """The next message would have brought it the new one."""
        self.switch_on()
        self.ticket.with_user(self.operator).renew_link()
        self.assertFalse(self.ticket.push_device_ids)
        self.assertEqual(self.tell().door, "mail")
        self.assertEqual(self.service.taken, [])

    def test_art13_1_no_device_is_told_of_a_state_secret(self):
        """Nor of what was on its way; its page, where it is switched off, is closed."""
        self.switch_on()
        self.service.status = 503
        notice = self.tell()
        self.assertEqual(notice.door, "push")
        self.service.status = 201
        self.service.taken.clear()
        self.ticket.with_user(self.manager).secrecy = "secret"
        self.clock.tick(timedelta(hours=1))
        self.run_job()
        self.deliver()
        self.assertEqual(self.service.taken, [])
        self.assertFalse(self.ticket.push_device_ids)
        self.assertEqual((notice.door, notice.tried), ("mail", "push"))
        self.ticket.with_user(self.manager).secrecy = "public"
        self.ticket.open_transfer_id.with_user(self.focal).answer("<p>Xong rồi</p>")
        self.ticket.with_user(self.operator).send_result()
        self.deliver()
        self.run_job()
        self.assertEqual(self.service.taken, [], "it is switched on anew")

    def test_what_is_wrong_with_us_loses_no_device(self):
        """A wrong clock or key is refused for every browser of every citizen."""
        self.switch_on()
        for status in (400, 401, 403, 413):
            self.service.status = status
            ticket = self.submitted(category_id=self.category.id)
            device = self.ticket.push_device_ids.sudo().copy({"ticket_id": ticket.id})
            ticket.with_user(self.operator).transfer(self.unit.ids)
            self.deliver()
            self.run_job()
            self.assertTrue(device.exists(), status)
            notice = ticket.sudo().notice_ids.filtered(
                lambda one: one.audience == "citizen" and one.act == "transferred"
            )
            self.assertFalse(notice.filtered(lambda one: one.state == "sent"))
            self.deliver()
            self.assertEqual(notice.tried, "push", status)

    def test_one_of_two_devices_is_enough(self):
        other = Browser()
        self.switch_on()
        self.switch_on(other, "b")
        notice = self.tell()
        read = {path: body for path, _headers, body in self.service.taken}
        self.assertEqual(
            self.browser.decrypt(read["/a"])[:2], other.decrypt(read["/b"])[:2]
        )
        self.assertEqual(notice.door, "push")

    def test_a_service_that_is_down_is_tried_again(self):
        self.switch_on()
        self.service.status = 503
        notice = self.tell()
        self.assertEqual(notice.state, "waiting")
        self.clock.tick(timedelta(minutes=2))
        self.service.status = 201
        self.run_job()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(len(self.service.taken), 2)

    def test_a_service_says_itself_when_it_wants_to_be_asked_again(self):
        """RFC 8030, 5: who sends too much is told for how long to stop."""
        self.switch_on()
        self.service.status, self.service.headers = 429, {"Retry-After": "7200"}
        notice = self.tell()
        self.clock.tick(timedelta(minutes=110))
        self.run_job()
        self.assertEqual(len(self.service.taken), 1)
        self.service.status = 201
        self.clock.tick(timedelta(minutes=15))
        self.run_job()
        self.assertEqual(notice.state, "sent")

    def test_a_service_that_never_comes_back(self):
        self.switch_on()
        self.service.status = 500
        notice = self.tell()
        for _time in range(8):
            self.clock.tick(timedelta(hours=1))
            self.run_job()
        self.deliver()
        self.assertEqual(notice.door, "mail")
        self.assertEqual(len(self.service.taken), 6)

    def test_what_was_not_chosen_goes_by_the_next_door(self):
        self.switch_on(topics=["result", "rating"])
        notice = self.tell()
        self.assertEqual((notice.door, notice.tried), ("mail", False))
        self.assertEqual(self.service.taken, [])
        self.switch_on(topics=["handed"])
        self.assertEqual(len(self.ticket.push_device_ids), 1)
        self.lead_slip(self.ticket, self.focal).schedule(
            fields.Datetime.now() + timedelta(days=5), "Chờ vật tư"
        )
        self.deliver()
        self.run_job()
        self.assertEqual(self.service.taken, [])

    def test_of_two_devices_the_one_that_wants_it_is_told(self):
        self.switch_on(topics=["result"])
        self.switch_on(Browser(), "b", topics=["handed"])
        self.assertEqual(self.tell().door, "push")
        self.assertEqual([path for path, *_rest in self.service.taken], ["/b"])

    def test_each_act_that_citizens_are_told_of_is_offered_once(self):
        offered = [act for some in pakn_push_device.TOPICS.values() for act in some]
        told = {act.key for act in acts.ACTS if "citizen" in act.told}
        self.assertEqual(sorted(offered), sorted(told))
        self.assertLessEqual(len(pakn_push_device.TOPICS), 6)
        # One that another addon brings is told, whatever is ticked
        self.switch_on(topics=["rating"])
        self.assertTrue(self.ticket.push_device_ids._wanting("of_another_addon"))

    def test_switched_off_meanwhile_the_next_door_tells(self):
        self.switch_on()
        self.ticket.with_user(self.operator).transfer(self.unit.ids)
        self.deliver()
        notice = self.env["pakn.notice"].search(
            [("ticket_id", "=", self.ticket.id), ("door", "=", "push")]
        )
        self.env["pakn.push.device"]._switch_off(self.ticket, f"{self.service.url}/a")
        self.run_job()
        self.deliver()
        self.assertEqual((notice.door, notice.tried), ("mail", "push"))
        self.assertEqual(self.service.taken, [])

    def test_changing_the_choice_loses_nothing_that_is_on_its_way(self):
        self.switch_on()
        self.ticket.with_user(self.operator).transfer(self.unit.ids)
        self.deliver()
        self.switch_on(topics=["result"])
        self.run_job()
        self.assertEqual(len(self.service.taken), 1)

    def test_two_requests_are_two_messages(self):
        self.env["mail.template"].create(
            {
                "name": "Escalated",
                "model_id": self.env["ir.model"]._get_id("pakn.ticket"),
                "pakn_act": "escalated",
                "pakn_audience": "citizen",
            }
        )
        tickets = self.ticket | self.new_ticket(citizen_email="b@example.com").sudo()
        devices = self.env["pakn.push.device"]
        for ticket in tickets:
            devices._switch_on(ticket, f"{self.service.url}/a", **self.browser.keys)
        self.env["pakn.notice"]._queue(
            "escalated", "citizen", [(ticket, None, None) for ticket in tickets]
        )
        self.deliver()
        self.run_job()
        said = [
            json.loads(self.browser.decrypt(body)) for *_x, body in self.service.taken
        ]
        self.assertLessEqual(set(tickets.mapped("name")), {one["tag"] for one in said})

    def test_who_may_follow_switches_the_device_on_and_off(self):
        url = f"{self.ticket.access_url}/thiet-bi"
        given = {
            "access_token": self.ticket.access_token,
            "endpoint": REAL,
            **self.browser.keys,
        }
        reply = self.post(url, given)
        self.assertEqual(reply.json(), {"is_on": True})
        self.post(url, given)
        self.env.invalidate_all()
        self.assertEqual(len(self.ticket.push_device_ids), 1)
        self.post(url, given | {"topic": ["result", "nothing", "message"]})
        self.env.invalidate_all()
        self.assertEqual(
            self.ticket.push_device_ids.unwanted, "received handed dated rating"
        )
        reply = self.post(url, given | {"action": "off"})
        self.assertEqual(reply.json(), {"is_on": False})
        self.env.invalidate_all()
        self.assertFalse(self.ticket.push_device_ids)
        for values in ({"access_token": "x"}, {"access_token": ""}):
            self.assertEqual(self.post(url, given | values).status_code, 404)

    def test_the_server_is_sent_nowhere(self):
        url = f"{self.ticket.access_url}/thiet-bi"
        for values in (
            {"endpoint": "https://127.0.0.1/x"},
            {"endpoint": "http://fcm.googleapis.com/x"},
            {"endpoint": "https://fcm.googleapis.com:22/x"},
            {"endpoint": "https://fcm.googleapis.com@evil.example/x"},
            {"endpoint": "https://evil.example/fcm.googleapis.com"},
            {"endpoint": "https://evilnotify.windows.com/x"},
            {"endpoint": "https://fcm.googleapis.com.evil.example/x"},
            {"endpoint": "https://[/"},
            {"endpoint": REAL + "x" * 1000},
            {"endpoint": ""},
            {"p256dh": "x"},
            {"auth": ""},
        ):
            given = {
                "access_token": self.ticket.access_token,
                "endpoint": REAL,
                **self.browser.keys,
                **values,
            }
            with self.subTest(str(values)[:60]):
                self.assertEqual(self.post(url, given).status_code, 422)
        right = self.env["pakn.push.device"]._is_right
        self.assertTrue(
            right("https://wns2.notify.windows.com/w", *self.browser.keys.values())
        )

    def test_a_sixth_device_takes_the_place_of_the_first(self):
        for number in range(pakn_push_device.MOST + 2):
            self.switch_on(name=str(number))
        ends = self.ticket.push_device_ids.sorted("id").mapped("endpoint")
        self.assertEqual(len(ends), pakn_push_device.MOST)
        self.assertTrue(ends[0].endswith("/2"))

    def test_only_who_was_told_says_that_it_was_shown(self):
        self.switch_on()
        notice = self.tell()
        for token in ("", "x", f"{notice.id}.", f"{notice.id}.{'0' * 64}", "1" * 90):
            self.url_open("/1022-push/da-hien", data={"token": token})
        self.env.invalidate_all()
        self.assertEqual(notice.state, "sent")

    def test_nobody_reads_the_key_and_the_devices(self):
        self.check_rights(
            "pakn_1022_push",
            {"pakn.push.key": {}, "pakn.push.device": {}, "pakn.push.message": {}},
        )
        for user in (self.manager, self.operator):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).read(["push_device_ids"])
        key = self.env["pakn.push.key"]._get()
        self.env["pakn.push.key"]._make()
        self.assertEqual(self.env["pakn.push.key"].search([]), key)
        self.assertNotIn(key.private, self.url_open(self.follow_url(self.ticket)).text)
