import random
import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022.tests.common import TAGS
from odoo.addons.pakn_1022_chat.tests.test_fetch import PNG
from odoo.addons.pakn_1022_chat.tests.test_files_out import PDF
from odoo.addons.pakn_1022_website.tests.site import SiteCase, make_photo
from odoo.addons.pakn_1022_website.tools.rate_limit import RateLimit

from ..controllers.chat import COOKIE
from ..tools import box

JSON = {"Accept": "application/json"}
PATHS = ("/tro-chuyen", "/tro-chuyen/tin", "/tro-chuyen/da-xem", "/tro-chuyen/ket-thuc")
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
# All that is asked for, in the order of the helper
WHOLE = ("đèn đường trước nhà tôi hỏng đã 3 ngày", "hẻm 5", "bỏ qua", "Nguyễn An")
WHOLE += ("5 Hùng Vương", "0905 123 456")


@tagged(*TAGS)
class TestChat(SiteCase):
    """Citizens write on the site (Art. 3.2.1), and are answered there (Art. 10.1)."""

    def setUp(self):
        super().setUp()
        self.switch_on()
        self.account = self.env["pakn.chat.account"]._get_livechat()
        self.start_patch()

    def switch_on(self):
        values = {"pakn_livechat": True, "pakn_require_verified": False}
        self.env["res.config.settings"].create(values).set_values()

    def start_patch(self):
        """Have jobs not commit within a test."""
        patcher = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
        )
        patcher.start()
        self.addCleanup(patcher.stop)

    def say(self, text="", files=None, key=None, headers=None, **values):
        data = {"text": text, "key": key or str(uuid.uuid4()), **values}
        parts = files or [("files", ("", b"", "application/octet-stream"))]
        headers = JSON if headers is None else headers
        return self.post("/tro-chuyen", data, parts, headers=headers)

    def get_identity(self):
        return box.get_identity(self.opener.cookies.get(COOKIE))

    def set_token(self, token):
        """Have the browser know a conversation, or none."""
        for cookie in [one for one in self.opener.cookies if one.name == COOKIE]:
            self.opener.cookies.clear(cookie.domain, cookie.path, cookie.name)
        if token is not None:
            self.opener.cookies.set(COOKIE, token, domain="127.0.0.1")

    def work(self):
        """Do what the jobs do; return the conversation of this visitor."""
        identity = self.get_identity()
        self.env["pakn.chat.event"]._take_in_identity(self.account.id, identity)
        self.env.flush_all()
        for file in self.env["pakn.chat.file"].search([("state", "=", "waiting")]):
            file._fetch()
        self.send()
        return self.env["discuss.channel"]._pakn_find_box(identity)

    def send(self):
        self.env["pakn.chat.message"]._send_all(self.account)
        self.env.flush_all()
        self.env.invalidate_all()

    def whole_request(self):
        for text in WHOLE:
            self.say(text)
            channel = self.work()
        return channel

    def news(self, after=0):
        return self.get(f"/tro-chuyen/tin?sau={after}").json()

    def said(self):
        """Return what the visitor reads, all of it."""
        return "\n".join(
            "".join(part for part, _is_address in message["parts"])
            for message in self.news()["messages"]
        )

    def look(self, last=None):
        if last is None:
            last = max(one["id"] for one in self.news()["messages"])
        return self.post("/tro-chuyen/da-xem", {"sau": last}, headers=JSON)

    # ------------------------------------------------------------
    # THE BOX
    # ------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_off_until_switched_on(self):
        self.env["ir.config_parameter"].set_param("pakn_1022_livechat.is_on", False)
        for path in PATHS[:2]:
            self.assertEqual(self.get(path).status_code, 404, path)
        for path in (PATHS[0], *PATHS[2:]):
            self.assertEqual(self.post(path, {"text": "alo"}).status_code, 404, path)
        for path in ("/", "/phan-anh"):
            self.assertNotIn("/tro-chuyen", self.url_open(path).text)
        self.assertFalse(self.env["pakn.chat.event"].search([]))

    def test_pages_lead_there_once_it_is_on(self):
        for path in ("/", "/phan-anh", "/ket-qua"):
            self.assertIn('href="/tro-chuyen"', self.url_open(path).text, path)
        accounts = self.env["pakn.chat.account"]
        self.switch_on()
        self.assertEqual(accounts.search_count([("kind", "=", "livechat")]), 1)

    def test_what_is_written_becomes_a_request_as_at_other_chat_doors(self):
        reply = self.say("đèn đường trước cổng chợ hỏng đã 3 ngày, tối om")
        self.assertEqual(reply.status_code, 200, reply.text)
        channel = self.work()
        ticket = channel.pakn_ticket_id
        self.assertEqual(ticket.state, "new")
        self.assertEqual(ticket.channel_id.code, "livechat")
        first, *answers = self.news()["messages"]
        self.assertEqual(first["who"], "citizen")
        self.assertEqual(first["parts"][0][0][:9], "đèn đường")
        self.assertEqual({one["who"] for one in answers}, {"helper"})
        self.assertIn("/tro-chuyen", self.get("/tro-chuyen").text)
        # With what is known already nothing comes twice
        self.assertFalse(self.news(answers[-1]["id"])["messages"])

    def test_without_scripts_the_forms_do_the_same(self):
        reply = self.say("cây đổ ở đường Lê Lợi", headers={})
        self.assertEqual(reply.status_code, 303)
        text = self.url_open("/tro-chuyen").text
        self.assertIn("cây đổ ở đường Lê Lợi", text, "though no job has run yet")
        self.work()
        text = self.url_open("/tro-chuyen").text
        self.assertEqual(text.count("cây đổ ở đường Lê Lợi"), 1)
        self.assertIn("/tro-chuyen/da-xem", text)
        reply = self.post("/tro-chuyen/da-xem", {"sau": "x"})
        self.assertEqual(reply.status_code, 303)

    def test_a_file_lies_with_the_message_until_it_is_taken_in(self):
        """Of one that is never taken in it goes when that goes, and by nothing else."""
        self.say("đèn đường hỏng ở thôn 3", files=self.photo())
        event = self.env["pakn.chat.event"].search([], order="id desc", limit=1)
        files = self.env["ir.attachment"]
        came = files.search(
            [("res_model", "=", event._name), ("res_id", "=", event.id)]
        )
        self.assertTrue(came)
        event.unlink()
        self.assertFalse(came.exists())

    def test_sent_twice_counts_once(self):
        key = str(uuid.uuid4())
        for _time in range(3):
            self.say("đèn đường hỏng ở thôn 3", key=key, files=self.photo())
        self.assertEqual(
            self.env["pakn.chat.event"].search_count(
                [("identity", "=", self.get_identity())]
            ),
            1,
        )
        files = self.env["ir.attachment"].search_count(
            [("res_model", "=", "pakn.chat.event")]
        )
        self.assertEqual(files, 1)

    def photo(self):
        return [("files", ("a.jpg", make_photo(place=(13.98, 108.0)), "image/jpeg"))]

    def test_photos_go_to_the_request_without_where_they_were_taken(self):
        self.say("ổ gà lớn trên đường Hùng Vương rất nguy hiểm", self.photo())
        channel = self.work()
        self.assertEqual(len(channel.message_ids.attachment_ids), 1)
        [file] = channel.pakn_ticket_id.attachment_ids
        self.assertEqual(file.mimetype, "image/jpeg")
        self.assertNotIn(b"Secret Camera", file.raw)

    @mute_logger("odoo.http")
    def test_what_is_no_photo_is_refused_with_a_sentence(self):
        for content in (b"<html><script>alert(1)</script>", b"MZ\x90\x00", b""):
            files = [("files", ("a.jpg", content or b"\0", "image/jpeg"))]
            reply = self.say("ảnh đây", files)
            self.assertEqual(reply.status_code, 422)
            self.assertIn("files", reply.json()["errors"])
        self.assertEqual(self.say("  ").status_code, 422)
        self.assertEqual(self.say(" ", headers={}).status_code, 422)
        self.assertFalse(self.env["pakn.chat.event"].search([]))

    def test_only_who_has_the_token_reads_on(self):
        self.say("alo, nhà tôi mất nước")
        channel = self.work()
        token = self.opener.cookies[COOKIE]
        self.assertNotIn(token, str(channel.read(["pakn_outside_id", "name"])))
        cookie = next(one for one in self.opener.cookies if one.name == COOKIE)
        self.assertTrue(cookie.has_nonstandard_attr("HttpOnly"))
        self.assertEqual(cookie.get_nonstandard_attr("SameSite"), "Lax")
        for wrong in ("", box.make_token(), channel.pakn_outside_id, token[:-1] + "?"):
            self.set_token(wrong)
            self.assertEqual(self.news(), {"messages": [], "status": ""})
            self.assertNotIn("mất nước", self.url_open("/tro-chuyen").text)

    def test_notes_of_operators_stay_theirs(self):
        self.say("alo")
        channel = self.work()
        channel._pakn_note("Người này hay gọi")
        self.assertNotIn("hay gọi", self.said())

    def test_script_is_shown_as_text(self):
        self.say(f"đèn hỏng {SCRIPT}")
        self.work()
        text = self.url_open("/tro-chuyen").text
        self.assertNotIn("<script>alert", text)
        self.assertNotIn("<img src=x", text)
        self.assertNotIn("{49}", text)

    @mute_logger("odoo.http")
    def test_forms_from_elsewhere_are_refused(self):
        for path in (PATHS[0], *PATHS[2:]):
            reply = self.url_open(path, data={"text": "x"}, allow_redirects=False)
            self.assertIn(reply.status_code, (303, 400, 422), path)
        self.assertFalse(self.env["pakn.chat.event"].search([]))

    def test_what_was_typed_on_an_old_page_is_there_again(self):
        reply = self.say("mất điện", headers={}, csrf_token="0o1")
        self.assertEqual((reply.request.method, reply.status_code), ("GET", 422))
        for text in ("quá lâu", ">mất điện</textarea>"):
            self.assertIn(text, reply.text)
        reply = self.say("mất điện", csrf_token="0o1")
        self.assertEqual(reply.status_code, 400, "the script fetches another token")
        self.say("mất điện")
        channel = self.work()
        self.post("/tro-chuyen/ket-thuc", {"csrf_token": "0o1"})
        self.env.invalidate_all()
        self.assertTrue(channel._pakn_is_open(), "of another site, perhaps")

    def test_reading_changes_nothing(self):
        self.say("alo")
        channel = self.work()
        before = channel.write_date, self.states(channel)
        for path in ("/tro-chuyen", "/tro-chuyen/tin?sau=0"):
            reply = self.get(path)
            self.assertIn("no-store", reply.headers["Cache-Control"])
        self.env.invalidate_all()
        self.assertEqual((channel.write_date, self.states(channel)), before)

    def states(self, channel):
        return (
            self.env["pakn.chat.message"]
            .search([("channel_id", "=", channel.id)])
            .mapped("state")
        )

    @mute_logger("odoo.http")
    def test_who_writes_too_often_is_asked_to_wait(self):
        with patch.object(
            type(self.env["pakn.rate.limit"]), "_hit", lambda self, name, *_a: 600
        ):
            reply = self.say("alo")
            self.assertEqual(reply.status_code, 429)
            self.assertIn("10", reply.json()["errors"]["text"])
            plain = self.say("alo", headers={})
            self.assertEqual((plain.request.method, plain.status_code), ("GET", 422))
            for text in ("chờ 10 phút", ">alo</textarea>"):
                self.assertIn(text, plain.text)
        for name, count in (("SAID", 2), ("BEGUN", 0)):
            self.forget_limits()
            self.set_token(None)
            with patch(
                f"odoo.addons.pakn_1022_livechat.controllers.chat.{name}", count
            ):
                codes = [self.say("alo").status_code for _time in range(3)]
            self.assertEqual(codes, [200] * count + [429] * (3 - count), name)

    @mute_logger("odoo.http")
    def test_who_makes_tokens_begins_conversations(self):
        with patch("odoo.addons.pakn_1022_livechat.controllers.chat.BEGUN", 1):
            for number, codes in ((1, [200, 200]), (2, [429, 429])):
                self.set_token(f"{number:043d}")
                said = [self.say("alo").status_code for _time in codes]
                self.assertEqual(said, codes, number)
            self.set_token(f"{1:043d}")
            self.work()
            self.assertEqual(self.say("alo").status_code, 200, "it goes on")

    def test_asking_for_news_costs_few_queries(self):
        self.say("alo")
        channel = self.whole_request()
        for number in range(30):
            channel._pakn_say(f"tin {number}")
        self.env.flush_all()
        self.env.invalidate_all()
        box_ = self.env["discuss.channel"]
        with self.assertQueryCount(10):
            found = box_._pakn_find_box(self.get_identity())
            said = found._pakn_get_box(self.get_identity())
        self.assertGreater(len(said["messages"]), 40)

    # ------------------------------------------------------------
    # PEOPLE AND NOTICES
    # ------------------------------------------------------------

    def test_an_operator_answers_in_discuss(self):
        self.say("gặp nhân viên")
        channel = self.work()
        channel.with_user(self.operator).message_post(
            body="Chào anh, tôi nghe đây.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        news = self.news()
        self.assertEqual(news["messages"][-1]["who"], "person")
        self.assertIn("tôi nghe đây", self.said())
        self.assertIn("1022", news["status"])
        self.send()
        self.look()
        self.env.invalidate_all()
        [message] = self.env["pakn.chat.message"].search(
            [("channel_id", "=", channel.id), ("is_person", "=", True)]
        )
        self.assertEqual(message.state, "read")

    def test_files_of_an_operator_are_the_visitors_alone(self):
        self.say("alo")
        channel = self.work()
        channel.with_user(self.operator).message_post(
            body="",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("Ảnh.png", PNG), ("Giấy hẹn.pdf", PDF)],
        )
        picture, document = self.news()["messages"][-2:]
        self.assertEqual(document["parts"][0][0], "📎 Giấy hẹn.pdf")
        self.assertIn(f'href="{document["file"]}"', self.url_open("/tro-chuyen").text)
        got = self.url_open(document["file"])
        self.assertEqual(got.content, PDF)
        self.assertIn("attachment", got.headers["Content-Disposition"])
        self.assertEqual(got.headers["X-Content-Type-Options"], "nosniff")
        got = self.url_open(picture["file"])
        self.assertEqual((got.content, got.headers["Content-Type"]), (PNG, "image/png"))
        self.set_token(box.make_token())
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(picture["file"]).status_code, 404)

    @mute_logger("odoo.http")
    def test_a_photo_by_chat_does_not_break_the_page_of_the_request(self):
        for text in WHOLE:
            self.say(text)
            channel = self.work()
        self.say("", self.photo())
        self.work()
        ticket = channel.pakn_ticket_id
        self.assertIn("You wrote", [one["title"] for one in ticket._get_timeline()])

    def notice(self, ticket, act):
        self.deliver()
        return self.env["pakn.notice"].search(
            [
                ("ticket_id", "=", ticket.id),
                ("act", "=", act),
                ("audience", "=", "citizen"),
            ]
        )

    def test_art10_1_told_in_the_box_while_the_citizen_is_there(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        self.look()
        self.env.invalidate_all()
        ticket.with_user(self.operator).reject(self.reason.id)
        notice = self.notice(ticket, "rejected")
        self.assertEqual(notice.door, "livechat")
        self.send()
        self.look()
        self.env.invalidate_all()
        self.assertEqual(notice.state, "read")
        self.env["pakn.chat.message"]._cron_tell_unread()
        self.assertEqual(notice.state, "read")

    def test_art10_1_told_by_the_next_door_when_the_citizen_has_left(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).citizen_email = "nguyenan@example.com"
        self.deliver()
        self.assertTrue(channel._pakn_is_away())
        ticket.with_user(self.operator).reject(self.reason.id)
        notice = self.notice(ticket, "rejected")
        self.assertEqual(notice.door, "mail")
        self.assertIn("left", notice.detour)
        with self.assertRaisesRegex(UserError, "left the chat"):
            channel.with_user(self.operator).message_post(
                body="Anh còn đó không?",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def test_art10_1_left_unread_it_goes_by_the_next_door_once(self):
        channel = self.whole_request()
        ticket = channel.pakn_ticket_id
        ticket.with_user(self.operator).citizen_email = "nguyenan@example.com"
        self.look()
        self.env.invalidate_all()
        self.deliver()
        self.send()
        self.look()
        self.env.invalidate_all()
        ticket.with_user(self.operator).reject(self.reason.id)
        notice = self.notice(ticket, "rejected")
        self.assertEqual(notice.door, "livechat")
        self.send()
        self.env["pakn.chat.message"]._cron_tell_unread()
        self.assertEqual(notice.state, "sent", "there is time yet")
        self.let_lie()
        for _time in range(2):
            self.env["pakn.chat.message"]._cron_tell_unread()
            self.deliver()
        self.env.invalidate_all()
        self.assertEqual(notice.door, "mail")
        self.assertIn("without reading", notice.detour)
        self.assertEqual(len(self.mails_to("nguyenan@example.com")), 1)

    def let_lie(self):
        """Have what is in the box lie there for twenty minutes already."""
        for message in self.env["pakn.chat.message"].search(
            [("date_sent", "!=", False)]
        ):
            message.date_sent -= timedelta(minutes=20)
        self.env.flush_all()

    def test_an_answer_left_unread_is_put_before_the_operators(self):
        self.say("gặp nhân viên")
        channel = self.work()
        channel.with_user(self.operator).message_post(
            body="Chào anh", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.send()
        self.let_lie()
        self.env["pakn.chat.message"]._cron_tell_unread()
        said = " ".join(channel.message_ids.mapped("body"))
        self.assertIn("did not arrive", said)

    def test_who_ends_it_leaves_nothing_on_the_device(self):
        self.say("alo, xóm tôi mất điện")
        channel = self.work()
        reply = self.post("/tro-chuyen/ket-thuc")
        self.assertEqual(reply.status_code, 303)
        self.assertFalse(self.opener.cookies.get(COOKIE))
        self.assertNotIn("mất điện", self.url_open("/tro-chuyen").text)
        self.env.invalidate_all()
        self.assertFalse(channel._pakn_is_open())
        self.assertTrue(channel.pakn_shut_reason)
        self.assertIn(channel.pakn_shut_reason, channel.message_ids[0].body)
        self.assertTrue(channel.message_ids.filtered("author_guest_id"), "it is kept")

    # ------------------------------------------------------------
    # WHAT NO BROWSER SENDS
    # ------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_random_inputs(self):
        chance = random.Random(1022)
        values = ("", "1", "-1", "9" * 30, "1e999", SCRIPT, "x" * 5000, "\ud7ff\u202e")
        values += ("alo", "đèn đường hỏng", "../../etc", "' OR 1=1 --", "%s%d{0}")
        values += (str(uuid.uuid4()), "0905 123 456", "GL26-000001-5")
        names = ("text", "key", "sau", "files", "id", "token", "channel_id", "action")
        csrf = self.get_csrf()
        events = self.env["pakn.chat.event"]
        stored = 0
        with (
            patch.object(RateLimit, "hit", return_value=0),
            patch.object(type(self.env["pakn.rate.limit"]), "_hit", return_value=0),
        ):
            for number in range(400):
                path = PATHS[number % 4]
                data = {name: chance.choice(values) for name in chance.sample(names, 4)}
                if chance.random() < 0.5:
                    self.set_token(None)
                if chance.random() < 0.3:
                    self.set_token(chance.choice(values)[:60].encode().hex())
                if path == PATHS[1]:
                    reply = self.get(f"{path}?sau={data.get('sau', '')[:50]}")
                else:
                    data["csrf_token"] = csrf if chance.random() < 0.9 else "x"
                    reply = self.url_open(path, data=data, allow_redirects=False)
                said = f"{number} {path} {data} {reply.status_code}"
                self.assertLess(reply.status_code, 500, said)
                is_taken = path == PATHS[0] and reply.status_code == 303
                is_taken &= "lai=" not in reply.headers.get("Location", "")
                stored += is_taken
        self.assertEqual(
            events.search_count([("account_id", "=", self.account.id)]), stored
        )
        self.assertGreater(stored, 20)
