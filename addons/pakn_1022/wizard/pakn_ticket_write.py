from odoo import api, fields, models


class PaknTicketWrite(models.TransientModel):
    """The dialog in which an operator writes to the citizen, by the door chosen.

    Another addon adds its door to ``door``, and to ``pakn.ticket._get_shut_doors``.
    """

    _name = "pakn.ticket.write"
    _description = "Write to the citizen"
    _inherit = "pakn.dialog"

    ticket_ids = fields.Many2many("pakn.ticket", required=True)
    door = fields.Selection(
        [("mail", "Mail")],
        string="Send by",
        required=True,
        compute="_compute_door",
        store=True,
        readonly=False,
        precompute=True,
    )
    shut_text = fields.Char(string="Cannot be written", compute="_compute_shut_text")
    ready_id = fields.Many2one(
        "mail.canned.response",
        string="Ready text",
        help="The same texts as “::” offers in conversations.",
    )
    text = fields.Text(
        string="Message",
        compute="_compute_text",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("ticket_ids")
    def _compute_door(self):
        for wizard in self:
            ticket = wizard.ticket_ids[:1]._origin
            wizard.door = ticket._propose_door() if ticket else False

    @api.depends("ticket_ids", "door")
    def _compute_shut_text(self):
        for wizard in self:
            ticket = wizard.ticket_ids[:1]._origin
            doors = ticket._get_shut_doors() if ticket else {}
            wizard.shut_text = doors.get(wizard.door)

    @api.depends("ready_id", "door")
    def _compute_text(self):
        for wizard in self:
            ready = wizard.ready_id
            text = ready.substitution if ready else wizard.text
            wizard.text = wizard._shape_text(text or "")

    def _shape_text(self, text):
        """Return a text as the chosen door wants it."""
        return text

    def action_confirm(self):
        self.ensure_one()
        self.ticket_ids._write_to_citizen(self.text, self.door)
        return self.ticket_ids._say_done("wrote")
