from odoo import fields, models


class PaknExchange(models.Model):
    """One exchange with the national complaint portal: a file taken in or given out.

    Made by the dialogs alone; operators and administrators read it.
    """

    _name = "pakn.exchange"
    _description = "Exchange with the national portal"
    _order = "id desc"
    _rec_name = "file_name"

    direction = fields.Selection(
        [("in", "Taken in"), ("out", "Given out")], required=True, readonly=True
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    file_name = fields.Char(string="File", readonly=True)
    digest = fields.Char(string="SHA-256 of the file", required=True, readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    same_count = fields.Integer(string="The same", readonly=True)
    differing_count = fields.Integer(string="Different", readonly=True)
    wrong_count = fields.Integer(string="Not taken in", readonly=True)
    line_ids = fields.One2many("pakn.exchange.line", "exchange_id", readonly=True)
