from odoo import api, fields, models

from ..tools import province


class PaknTransferRespond(models.TransientModel):
    """The dialog in which a unit responds to its slips."""

    _name = "pakn.transfer.respond"
    _description = "Respond to a slip"
    _inherit = "pakn.answering"

    transfer_ids = fields.Many2many("pakn.transfer", required=True)
    operation = fields.Selection(
        [
            ("answer", "Result"),
            ("schedule", "Appointment"),
            ("extend", "Extension"),
            ("give_back", "Return the slip"),
            ("delegate", "Delegate"),
        ],
        required=True,
    )
    unit_id = fields.Many2one("pakn.unit", compute="_compute_unit_id")
    focal_user_ids = fields.Many2many(related="unit_id.focal_user_ids")
    date = fields.Datetime(string="Result until")
    moved_text = fields.Char(compute="_compute_moved_text")
    reason = fields.Text()
    user_ids = fields.Many2many("res.users", string="Delegate to")

    @api.depends("transfer_ids")
    def _compute_unit_id(self):
        for wizard in self:
            wizard.unit_id = wizard.transfer_ids[:1].unit_id

    @api.depends("date", "transfer_ids")
    def _compute_moved_text(self):
        """Say so before an appointment is moved into working hours (Art. 10.2.2)."""
        for wizard in self:
            wizard.moved_text = False
            slip = wizard.transfer_ids[:1]
            if not wizard.date or not slip:
                continue
            moment = slip._get_working_moment(wizard.date)
            if moment != wizard.date:
                wizard.moved_text = self.env._(
                    "Outside of working hours: it will be %s.",
                    province.to_local(moment).strftime("%H:%M %d/%m/%Y"),
                )

    @api.onchange("date")
    def _onchange_date(self):
        """Take a day that is typed without an hour as people mean it."""
        if self.date and self.unit_id:
            self.date = self.unit_id._get_end_of_day(self.date)

    def _get_tickets(self):
        return self.transfer_ids.ticket_id

    @api.depends("transfer_ids")
    def _compute_category_id(self):
        return super()._compute_category_id()

    def action_confirm(self):
        self.ensure_one()
        slips = self.transfer_ids
        slips.add_files(self.attachment_ids.ids)
        if self.operation == "answer":
            slips.answer(self.result)
        elif self.operation == "schedule":
            slips.schedule(self.date, self.reason)
        elif self.operation == "extend":
            slips.extend(self.date, self.reason)
        elif self.operation == "give_back":
            slips.give_back(self.reason)
        else:
            slips.delegate(self.user_ids.ids)
        return slips._say_done(
            {
                "answer": "responded",
                "schedule": "scheduled",
                "extend": "extended",
                "give_back": "returned",
                "delegate": "delegated",
            }[self.operation]
        )
