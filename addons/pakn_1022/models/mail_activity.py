from odoo import fields, models


class MailActivity(models.Model):
    """A to-do to call a citizen whom no message reaches ends with the call."""

    _inherit = "mail.activity"

    pakn_is_call = fields.Boolean(string="Call the citizen", readonly=True)
