from odoo import fields, models


class PaknAbuse(models.Model):
    """What a visitor says is wrong with a published request.

    Operators look at it, withdraw or change what is published, and close it.
    """

    _name = "pakn.abuse"
    _description = "Report about a publication"
    _order = "is_closed, create_date desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    reason = fields.Selection(
        [
            ("personal", "It shows somebody's personal data"),
            ("false", "It is not true"),
            ("insult", "It insults somebody"),
            ("other", "Something else"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Text(readonly=True)
    is_closed = fields.Boolean(string="Closed", index=True)
    is_published = fields.Boolean(related="ticket_id.is_published")

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    def action_close(self):
        self.is_closed = True
        return True
