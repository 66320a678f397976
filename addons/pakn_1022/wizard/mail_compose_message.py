from odoo import models


class MailComposeMessage(models.TransientModel):
    """Odoo's composer quotes the message it answers, and names its author."""

    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "pakn.dialog"]

    def _get_record_fields(self):
        """Leave out how a mail is sent, which Odoo works out itself."""
        own = ("mail_server_id", "record_alias_domain_id", "record_company_id")
        return [f for f in super()._get_record_fields() if f.name not in own]
