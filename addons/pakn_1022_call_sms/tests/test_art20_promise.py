from odoo.tests import tagged

from odoo.addons.pakn_1022_call.tests.common import TAGS, CallCase


@tagged(*TAGS)
class TestPromise(CallCase):
    """Art. 20.3: who called in vain is told, once, that somebody will call back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.params = cls.env["ir.config_parameter"]
        cls.params.set_param("pakn_1022_call_sms.is_on", True)

    def setUp(self):
        super().setUp()
        self.set_clock("2026-03-02 10:00")

    def promises(self):
        return self.env["pakn.call.back"].search([]).promise_id.sorted("id")

    def test_art20_3_told_once_for_a_missed_number(self):
        self.lost("a", number="0905000001")
        self.lost("b", number="0905000001", gone=True)
        [message] = self.promises()
        self.assertEqual((message.number, message.state), ("+84905000001", "outgoing"))
        self.assertIn("sẽ gọi lại", message.body)
        self.assertEqual(str(message.pakn_date_next), "2026-03-02 03:02:00")
        # Sent, dealt with and missed again the same day: known already
        message.state = "sent"
        self.env["pakn.call.back"].search([])._close("tried", self.operator)
        self.lost("c", number="0905000001")
        self.assertEqual(self.promises(), message)

    def test_art20_3_who_gets_through_meanwhile_gets_none(self):
        self.lost("a", number="0905000001")
        self.answered("b", number="0905000001")
        self.assertEqual(self.promises().state, "canceled")

    def test_art20_3_a_promise_that_was_taken_back_was_none(self):
        self.lost("a", number="0905000001")
        self.answered("b", number="0905000001")
        # Missed again the same day: now it is told, and once
        self.set_clock("2026-03-02 11:00")
        self.lost("c", number="0905000001")
        self.assertEqual(self.promises().mapped("state"), ["canceled", "outgoing"])
        self.lost("d", number="0905000001")
        self.assertEqual(len(self.promises()), 2)

    def test_not_to_hidden_numbers_landlines_and_nuisance_callers(self):
        call = self.answered("n", number="0905000009")
        call.with_user(self.operator).settle(self.reasons["nuisance"].id)
        for number in ("", "1022", "02693123456", "+4915112345678", "0905000009"):
            self.lost(f"x{number}", number=number)
        self.assertFalse(self.promises())

    def test_off_unless_it_is_set_and_in_the_administrators_words(self):
        self.params.set_param("pakn_1022_call_sms.is_on", False)
        self.lost("a", number="0905000001")
        self.assertFalse(self.promises())
        self.params.set_param("pakn_1022_call_sms.is_on", True)
        self.params.set_param("pakn_1022_call_sms.text", "1022 se goi lai")
        self.lost("b", number="0905000002")
        self.assertEqual(self.promises().body, "1022 se goi lai")

    def test_not_at_night_and_not_past_the_cap(self):
        self.params.set_param("pakn_1022_sms.cap", 0)
        self.lost("a", number="0905000001")
        self.assertEqual(self.promises().state, "canceled")
        self.params.set_param("pakn_1022_sms.cap", 10)
        self.set_clock("2026-03-02 23:00")
        self.lost("b", number="0905000002")
        message = self.promises()[-1]
        self.assertEqual(str(message.pakn_date_next), "2026-03-03 00:00:00")
