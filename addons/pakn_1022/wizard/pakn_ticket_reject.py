from odoo import api, fields, models


class PaknTicketReject(models.TransientModel):
    """The dialog of ``pakn.ticket.reject``: reason and guidance (Art. 10.1.2a)."""

    _name = "pakn.ticket.reject"
    _description = "Reject a request"
    _inherit = "pakn.dialog"

    ticket_ids = fields.Many2many("pakn.ticket", required=True)
    reason_id = fields.Many2one("pakn.reject.reason", required=True)
    guidance = fields.Html(
        compute="_compute_guidance",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )

    refused_text = fields.Text(
        string="Cannot be rejected", compute="_compute_refused_text"
    )

    @api.depends("ticket_ids")
    def _compute_refused_text(self):
        for wizard in self:
            wizard.refused_text = wizard.ticket_ids._say_refused("reject")

    @api.depends("reason_id")
    def _compute_guidance(self):
        for wizard in self:
            wizard.guidance = wizard.reason_id.guidance

    def action_confirm(self):
        self.ensure_one()
        calls = [["reject", [self.reason_id.id, self.guidance]]]
        if len(self.ticket_ids) > 1:
            doable, refused = self.ticket_ids._split_doable("reject")
            return self.ticket_ids._act_on_many("rejected", [(doable, calls)], refused)
        return self.ticket_ids._act_by_hand("rejected", calls)
