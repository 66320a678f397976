from odoo.tests import tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from .common import SmsCase


@tagged(*TAGS)
class TestHeld(SmsCase):
    """Law 91/2025/QH15: the SMS to a person are told to who asks what is held."""

    def test_sms_of_a_phone_and_of_no_other(self):
        messages = self.env["sms.sms"].create(
            [
                {"number": number, "body": body}
                for number, body in (
                    ("+84905000777", "Một"),
                    ("+84905000778", "Của người khác"),
                    ("+84905000777", "Hai"),
                )
            ]
        )
        held = self.env["pakn.held"]._get_held("+84905000777")
        [part] = [part for part in held if part["key"] == "sms"]
        self.assertEqual([row["text"] for row in part["rows"]], ["Một", "Hai"])
        self.assertEqual(part["rows"][0]["when"], messages[0].create_date)
