from odoo import models


class PaknEvent(models.Model):
    """The acts that the reports look for by their day."""

    _inherit = "pakn.event"

    _report_idx = models.Index("(date) WHERE kind IN ('extended', 'referred')")
