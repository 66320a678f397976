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
    is_many = fields.Boolean(string="Several requests", compute="_compute_is_many")
    by_proposal = fields.Boolean(
        string="Each to its proposed unit",
        compute="_compute_by_proposal",
        store=True,
        readonly=False,
        precompute=True,
    )
    plan_count = fields.Integer(string="Can be transferred", compute="_compute_plan")
    plan_text = fields.Text(string="Where they go", compute="_compute_plan")
    refused_text = fields.Text(string="Cannot be transferred", compute="_compute_plan")
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

    @api.onchange("date_due", "unit_id")
    def _onchange_date_due(self):
        """Take a day that is typed without an hour as people mean it."""
        if self.date_due and self.unit_id:
            self.date_due = self.unit_id._get_end_of_day(self.date_due)

    @api.depends("ticket_ids")
    def _compute_by_office(self):
        for wizard in self:
            wizard.by_office = wizard.ticket_ids._is_act_of_provincial_office()

    @api.depends("ticket_ids", "is_support")
    def _compute_is_many(self):
        for wizard in self:
            wizard.is_many = len(wizard.ticket_ids) > 1 and not wizard.is_support

    @api.depends("ticket_ids", "is_support")
    def _compute_by_proposal(self):
        """Offer each its own unit where many have different ones."""
        for wizard in self:
            tickets = wizard.ticket_ids
            wizard.by_proposal = (
                len(tickets) > 1
                and not wizard.is_support
                and len(tickets.suggested_unit_id) > 1
            )

    @api.depends("ticket_ids", "by_proposal", "unit_id", "is_support")
    def _compute_plan(self):
        """Say before it is done where each goes, and which cannot go and why."""
        for wizard in self:
            plan, refused = [], {}
            if wizard.is_many:
                for ticket, (unit, reason) in wizard._get_plan().items():
                    if reason:
                        refused[ticket] = reason
                    elif unit:
                        plan.append(f"{ticket.name} → {unit.name}")
            wizard.plan_count = len(plan)
            wizard.plan_text = "\n".join(plan) or False
            lines = wizard.ticket_ids._name_refused(refused)
            wizard.refused_text = "\n".join(lines) or False

    def _get_plan(self):
        """Return ``{request: (pakn.unit, why it cannot be transferred or None)}``."""
        self.ensure_one()
        tickets = self.ticket_ids._origin
        may = tickets.get_acts()
        plan = {}
        for ticket in tickets:
            unit = ticket.suggested_unit_id if self.by_proposal else self.unit_id
            reason = None
            if may[ticket.id]["transfer"] is not True:
                reason = may[ticket.id]["transfer"]
            elif ticket.state == "new" and ticket._get_missing():
                missing = ", ".join(ticket._get_missing())
                reason = self.env._("still missing: %s", missing)
            elif self.by_proposal and not unit:
                reason = self.env._("no unit is proposed for its field and area")
            elif self.by_proposal and not unit.has_people:
                reason = self.env._("“%s” has nobody to receive it", unit.name)
            plan[ticket] = (unit, reason)
        return plan

    def _transfer_many(self, support):
        """Transfer those that can be, and say which could not and why."""
        by_unit, refused = {}, {}
        for ticket, (unit, reason) in self._get_plan().items():
            if reason:
                refused[ticket] = reason
            else:
                by_unit[unit] = by_unit.get(unit, ticket.browse()) | ticket
        date_due = fields.Datetime.to_string(self.date_due) if self.date_due else None
        files = self.attachment_ids.ids
        jobs = [
            (
                tickets,
                [
                    [
                        "transfer",
                        [[unit.id, *(support - unit).ids], self.note or None, date_due],
                    ]
                ],
            )
            for unit, tickets in by_unit.items()
        ]
        # A file is of one matter: not given to units of different ones; and it is
        # uploaded once, so all get it at once
        if files and not self.by_proposal and jobs:
            [(tickets, [[_transfer, arguments]])] = jobs
            tickets.transfer(*arguments, attachment_ids=files)
            return tickets._say_done("transferred", tickets._prepare_recall())
        return self.ticket_ids._act_on_many("transferred", jobs, refused)

    def action_confirm(self):
        self.ensure_one()
        support = self.support_unit_ids - self.unit_id
        if self.is_support:
            return self.ticket_ids.add_units(self.support_unit_ids.ids, self.note)
        if self.is_many:
            return self._transfer_many(support)
        self.ticket_ids.transfer(
            [self.unit_id.id, *support.ids],
            note=self.note,
            date_due=self.date_due,
            attachment_ids=self.attachment_ids.ids,
        )
        return self.ticket_ids._say_transferred(self.unit_id | support)
