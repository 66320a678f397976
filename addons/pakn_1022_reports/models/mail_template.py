from odoo import fields, models


class MailTemplate(models.Model):
    """The letter with a report is a text of the outbox as well."""

    _inherit = "mail.template"

    pakn_audience = fields.Selection(
        selection_add=[("recipient", "Recipient")],
        ondelete={"recipient": "set null"},
    )
