from odoo import fields, models


class PaknExchangeLine(models.Model):
    """A request of one exchange, and what of it differs between the portal and here."""

    _name = "pakn.exchange.line"
    _description = "Request of an exchange"
    _order = "exchange_id desc, id"
    _rec_name = "code"

    exchange_id = fields.Many2one(
        "pakn.exchange", required=True, readonly=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(string="Line", readonly=True)
    code = fields.Char(string="Code on the national portal", readonly=True)
    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    outcome = fields.Selection(
        [
            ("new", "Taken in"),
            ("same", "The same"),
            ("differs", "Different"),
            ("absent", "Not in the file"),
            ("wrong", "Not taken in"),
            ("given", "Given out"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(string="Why", readonly=True)
