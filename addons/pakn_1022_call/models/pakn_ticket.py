from odoo import api, fields, models
from odoo.exceptions import AccessError


class PaknTicket(models.Model):
    """The calls of a request (Art. 12.1)."""

    _inherit = "pakn.ticket"

    call_ids = fields.Many2many(
        "pakn.call",
        "pakn_call_ticket_rel",
        "ticket_id",
        "call_id",
        string="Calls",
        readonly=True,
        copy=False,
        procedure=True,
    )
    call_count = fields.Integer(string="Number of calls", compute="_compute_call_count")

    def _compute_call_count(self):
        counts = {}
        if self.ids:
            self.env.cr.execute(
                """SELECT ticket_id, count(*) FROM pakn_call_ticket_rel
                    WHERE ticket_id IN %s GROUP BY ticket_id""",
                [tuple(self.ids)],
            )
            counts = dict(self.env.cr.fetchall())
        for ticket in self:
            ticket.call_count = counts.get(ticket.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Put the call that an operator takes a request from to the new request."""
        tickets = super().create(vals_list)
        call_id = self.env.context.get("pakn_call_id")
        if isinstance(call_id, int) and not self.env.su and len(tickets) == 1:
            call = self.env["pakn.call"].browse(call_id).exists()
            if not call:
                raise AccessError(self.env._("There is no such call."))
            call.link(tickets.id)
        return tickets

    @api.model
    def _get_more_desk_sections(self, now, clock):
        """Put who called in vain on the desk, before all else (Art. 20.3)."""
        waiting = self.env["pakn.call.back"]._get_desk_section(now, clock)
        return [*waiting, *super()._get_more_desk_sections(now, clock)]

    def action_view_calls(self):
        """Open the calls of this request, each with its recording."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calls of %s", self.name),
            "res_model": "pakn.call",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("ticket_ids", "in", self.ids)],
        }
