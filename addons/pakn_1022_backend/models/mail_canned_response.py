from odoo import api, models

# Odoo's greeting -> ours; what is typed after “::” in a conversation brings it
THEIRS = {"source": "hello", "substitution": "Hello, how may I help you?"}
OURS = {
    "source": "chao",
    "substitution": "Chào ông/bà, Tổng đài 1022 có thể giúp gì cho ông/bà?",
}


class MailCannedResponse(models.Model):
    """Odoo's example of a ready answer greets in Vietnamese."""

    _inherit = "mail.canned.response"

    @api.model
    def _greet_in_vietnamese(self):
        """Word it, at each upgrade; what somebody has written stays."""
        response = self.env.ref(
            "mail.mail_canned_response_data_hello", raise_if_not_found=False
        )
        if response and all(response[name] == text for name, text in THEIRS.items()):
            response.write(OURS)
