import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pakn_1022_chat.tests.common import ChatCase
from odoo.addons.pakn_1022_lookup.tests.common import CODE, TAGS, LookupCase
from odoo.addons.pakn_1022_website.tests.site import SiteCase

from ..models.chat_desk import LOOKUPS

PHONE, STRANGER = "0905 123 456", "0914 222 333"


@tagged(*TAGS)
class TestChatLookup(LookupCase, ChatCase, SiteCase):
    """Art. 6.2: how far a dossier is, told in a chat, by a real source on loopback."""

    def setUp(self):
        super().setUp()
        self.env["pakn.lookup"].search([("id", "!=", self.lookup.id)]).active = False
        self.lookup.write({"site_access": "owner", "is_in_chat": True})
        self.texts = self.deliver_codes()

    def turn(self, *texts):
        """Have the citizen write; return what the helper says to it."""
        channel = self.env["discuss.channel"].search(
            [("pakn_account_id", "=", self.account.id), ("pakn_outside_id", "=", "u1")]
        )
        before = self.out(channel)
        channel = self.writes(*texts)
        return "\n".join((self.out(channel) - before).mapped("text"))

    def prove(self, phone=PHONE):
        self.turn(CODE)
        self.turn(phone)
        return self.turn(re.search(r"\d{6}", self.texts[-1])[0])

    def test_off_until_it_is_ticked(self):
        self.lookup.is_in_chat = False
        self.turn(f"hồ sơ {CODE} tới đâu rồi ạ")
        self.assertEqual(self.peer.seen, [])
        self.assertFalse(self.env["pakn.lookup"].create({
            "name": "x", "url": "https://example.com"}).is_in_chat)  # fmt: skip

    def test_art6_2_the_owner_proves_the_phone_turn_by_turn(self):
        said = self.turn(f"hồ sơ {CODE.lower()} tới đâu rồi ạ")
        self.assertIn("Số điện thoại", said)
        self.assertEqual(self.peer.seen, [], "nothing is asked before the proof")
        said = self.turn(PHONE)
        self.assertIn("…456", said)
        self.assertIn("chưa đúng", self.turn("000000"))
        self.assertEqual(self.peer.seen, [])
        said = self.turn(re.search(r"\d{6}", self.texts[-1])[0])
        for text in (CODE, "Trạng thái: Đang xử lý", "Sở Xây dựng", "03/12/2026"):
            self.assertIn(text, said)
        self.assertNotIn("Nguyễn Văn A", said, "what is personal stays on the site")
        log = self.logs.search([("lookup_id", "=", self.lookup.id)])
        self.assertEqual((log.place, log.state, log.code), ("chat", "found", CODE))
        self.assertNotIn("905123", log.phone)
        channel = self.writes("cảm ơn")
        self.assertFalse(channel.pakn_ticket_id, "a question is no request")
        self.assertFalse(channel.pakn_citizen_id, "a proof for one answer, no more")

    def test_another_phone_learns_nothing(self):
        theirs = self.prove(STRANGER)
        self.assertIn("Không tìm thấy", theirs)
        self.peer.dossiers.clear()
        self.env["pakn.lookup"].browse(self.lookup.id).cache_minutes = 0
        self.assertEqual(self.prove(STRANGER), theirs)

    def test_where_no_code_can_be_sent_the_link_is_given(self):
        codes = type(self.env["pakn.phone.code"])
        self.patch(codes, "_can_deliver", lambda self: False)
        said = self.turn(CODE)
        self.assertIn(f"/tra-cuu-ho-so?ma={CODE}", said)
        self.assertEqual(self.peer.seen, [])

    def test_without_a_phone_where_nothing_is_personal(self):
        self.lookup.field_ids.filtered("is_personal").is_shown = False
        self.lookup.site_access = "anybody"
        self.assertIn("Đang xử lý", self.turn(CODE))
        self.assertIn("Không có", self.turn("000.00.16.H21-251126-0009"))
        self.assertEqual(
            self.get_logs(), [("found", False), ("missing", False)], "each is logged"
        )

    def test_a_source_that_is_down_says_so_and_the_talk_goes_on(self):
        self.lookup.field_ids.filtered("is_personal").is_shown = False
        self.lookup.site_access = "anybody"
        self.peer.said = 503
        with mute_logger("odoo.addons.pakn_1022_lookup.models.pakn_lookup"):
            said = self.turn(CODE)
        self.assertIn("chưa trả lời", said)
        self.assertEqual(self.get_logs(), [("down", "status")])
        self.turn("đèn đường trước nhà tôi hỏng đã 3 ngày nay")
        self.assertTrue(self.writes("hẻm 5").pakn_ticket_id)

    def test_the_webhook_asks_nobody(self):
        events = self.env["pakn.chat.event"]
        self.assertTrue(events._store(self.account, {"text": CODE}, "k1", "u1"))
        self.assertEqual(self.peer.seen, [])

    def test_who_asks_often_waits(self):
        self.lookup.field_ids.filtered("is_personal").is_shown = False
        self.lookup.site_access = "anybody"
        channel = self.writes("alo")
        limits = self.env["pakn.rate.limit"]
        for _time in range(LOOKUPS):
            limits._hit("chat_lookup", str(channel.id), LOOKUPS, 3600)
        self.assertIn("ít phút", self.turn(CODE))
        self.assertEqual(self.peer.seen, [])

    def test_what_is_not_on_the_site_is_not_in_chats(self):
        self.lookup.site_access = "none"
        self.turn(CODE)
        self.assertEqual(self.peer.seen, [])
