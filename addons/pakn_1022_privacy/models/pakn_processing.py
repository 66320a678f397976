from odoo import fields, models


class PaknProcessing(models.Model):
    """One row of the register of what is done with people's data (Law 91/2025/QH15).

    What is held, why, on what ground, how long, and who gets it. Shipped as a proposal
    that the administrator makes true; all staff read it.
    """

    _name = "pakn.processing"
    _description = "Processing of personal data"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(string="Activity", required=True, translate=True)
    data = fields.Text(string="What is held", required=True, translate=True)
    people = fields.Char(string="Of whom", translate=True)
    purpose = fields.Text(string="What for", required=True, translate=True)
    ground = fields.Text(string="On what ground", required=True, translate=True)
    duration = fields.Char(string="How long", required=True, translate=True)
    recipients = fields.Text(string="Who gets it", required=True, translate=True)
    protection = fields.Text(string="How it is protected", translate=True)
    is_sensitive = fields.Boolean(string="Sensitive data")
    retention_ids = fields.One2many(
        "pakn.retention", "processing_id", string="Removal after its time"
    )
    date_reviewed = fields.Date(string="Looked through on")
