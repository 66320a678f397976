from odoo import api, fields, models


class PaknTicketTransfer(models.TransientModel):
    """The dialog of ``pakn.ticket.transfer``: lead unit, supporting units, note."""

    _name = "pakn.ticket.transfer"
    _description = "Transfer a request"
    _inherit = "pakn.dialog"

    ticket_ids = fields.Many2many("pakn.ticket", required=True)
    unit_id = fields.Many2one(
        "pakn.unit",
        string="Lead unit",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    is_support = fields.Boolean(string="Supporting units only")
    support_unit_ids = fields.Many2many(
        "pakn.unit", string="Supporting units", domain="[('id', '!=', unit_id)]"
    )
    note = fields.Text(string="Message to the units")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    unmet_text = fields.Text(string="Not met of Art. 8", compute="_compute_unmet_text")
    by_office = fields.Boolean(compute="_compute_by_office")
    date_due = fields.Datetime(
        string="Answer by", help="Empty: the usual working hours."
    )

    @api.depends("ticket_ids", "is_support")
    def _compute_unit_id(self):
        for wizard in self:
            units = wizard.ticket_ids.suggested_unit_id
            if wizard.is_support:
                units = wizard.ticket_ids.unit_id
            wizard.unit_id = units if len(units) == 1 else False

    @api.depends("ticket_ids", "is_support")
    def _compute_unmet_text(self):
        """Say what of Art. 8 is not met: the operator decides, and it is recorded."""
        for wizard in self:
            lines = []
            for ticket in wizard.ticket_ids:
                unmet = [] if ticket.state != "new" else ticket._get_unmet()
                if unmet and not wizard.is_support:
                    lines.append(f"{ticket.name}: {', '.join(unmet)}")
            wizard.unmet_text = "\n".join(lines) or False

    @api.depends("ticket_ids")
    def _compute_by_office(self):
        for wizard in self:
            wizard.by_office = wizard.ticket_ids._is_act_of_provincial_office()

    def action_confirm(self):
        self.ensure_one()
        support = self.support_unit_ids - self.unit_id
        if self.is_support:
            return self.ticket_ids.add_units(self.support_unit_ids.ids, self.note)
        return self.ticket_ids.transfer(
            [self.unit_id.id, *support.ids],
            note=self.note,
            date_due=self.date_due,
            attachment_ids=self.attachment_ids.ids,
        )
