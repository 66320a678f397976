from odoo import api, fields, models


class PaknReportRecipient(models.Model):
    """Who gets the confirmed reports, and stands on them under “Nơi nhận” (Art. 21).

    Set up by the manager.
    """

    _name = "pakn.report.recipient"
    _description = "Recipient of reports"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    unit_id = fields.Many2one("pakn.unit", index="btree_not_null", ondelete="set null")
    email = fields.Char(
        compute="_compute_email",
        store=True,
        readonly=False,
        help="Several are separated by commas. Empty: named on the paper only.",
    )
    active = fields.Boolean(default=True)

    @api.depends("unit_id.email")
    def _compute_email(self):
        for recipient in self:
            recipient.email = recipient.email or recipient.unit_id.email
