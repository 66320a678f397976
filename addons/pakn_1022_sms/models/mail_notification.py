from odoo import fields, models

FAILURES = [
    ("brandname_template", "Text not registered with the gateway"),
    ("brandname_unknown", "Unclear whether it was sent"),
    ("brandname_cap", "Daily limit of the number reached"),
    ("brandname_no_account", "No SMS account is set up"),
]


class MailNotification(models.Model):
    _inherit = "mail.notification"

    failure_type = fields.Selection(selection_add=FAILURES)
