from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class PaknLookupAsk(models.TransientModel):
    """The dialog in which an operator looks up a code while the citizen waits."""

    _name = "pakn.lookup.ask"
    _description = "Look up a code"
    _inherit = "pakn.dialog"

    ticket_id = fields.Many2one("pakn.ticket", string="Request", ondelete="cascade")
    lookup_id = fields.Many2one("pakn.lookup", string="Where", ondelete="cascade")
    lookup_count = fields.Integer(compute="_compute_lookup_count")
    code_label = fields.Char(related="lookup_id.code_label")
    code = fields.Char()
    state = fields.Selection(
        [
            ("found", "Found"),
            ("missing", "No such code"),
            ("down", "Down"),
            ("busy", "Busy"),
            ("wrong", "No code"),
        ],
        readonly=True,
    )
    answer = fields.Html(readonly=True, sanitize=True)
    can_answer = fields.Boolean(compute="_compute_can_answer")

    def _compute_lookup_count(self):
        self.lookup_count = self.env["pakn.lookup"].search_count([])

    @api.depends("ticket_id", "state")
    def _compute_can_answer(self):
        for dialog in self:
            dialog.can_answer = dialog.state == "found" and "answer" in (
                dialog.ticket_id.acts or []
            )

    def action_ask(self):
        """Ask the source, and show in this dialog what it answers."""
        self.check_access("write")
        self.ensure_one()
        if not self.lookup_id:
            raise UserError(self.env._("Please choose where to look it up."))
        if not (self.code or "").strip():
            raise UserError(self.env._("Please type the code."))
        outcome = self.lookup_id._ask(self.code, "desk", self.ticket_id)
        self.write({"state": outcome.state, "answer": self._make_table(outcome.lines)})
        return self._reopen()

    @api.model
    def _make_table(self, lines):
        rows = Markup().join(
            Markup("<tr><th>%s</th><td>%s</td></tr>") % line for line in lines
        )
        return rows and Markup('<table class="table table-sm mb-0">%s</table>') % rows

    def action_answer(self):
        """Open "answer now" with what was found, to be worded (Art. 10.1.2 b1)."""
        self.check_access("write")
        self.ensure_one()
        action = self.ticket_id.action_answer()
        text = Markup("<p>%s %s</p>%s") % (
            f"{self.code_label}:",
            self.code,
            self.answer or "",
        )
        context = {**action.get("context", {}), "default_result": text}
        return action | {"context": context}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Look up"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
