from odoo import api, fields, models


class PaknUnitEnd(models.TransientModel):
    """Asks until when units exist and which one follows them."""

    _name = "pakn.unit.end"
    _description = "End units"
    _inherit = "pakn.dialog"

    unit_ids = fields.Many2many("pakn.unit", string="Units", required=True)
    date_to = fields.Date(
        string="Last day", required=True, default=fields.Date.context_today
    )
    successor_id = fields.Many2one("pakn.unit", domain="[('id', 'not in', unit_ids)]")
    open_count = fields.Integer(compute="_compute_open_count")

    @api.depends("unit_ids")
    def _compute_open_count(self):
        for wizard in self:
            wizard.open_count = sum(wizard.unit_ids.mapped("open_transfer_count"))

    def action_confirm(self):
        """End the units."""
        self.unit_ids.end(self.date_to, self.successor_id.id)
        return {"type": "ir.actions.act_window_close"}
