from odoo import fields, models


class PaknAnchorLeaf(models.Model):
    """The end of one request's chain of states, as it was anchored (Art. 9.1).

    The leaves are those of one tree that only grows (``tools/merkle.py``). A leaf names
    its request by number and code and does not hang on it, so that it tells of requests
    that are not there any more. PostgreSQL refuses to change or delete leaves.
    """

    _name = "pakn.anchor.leaf"
    _description = "Anchored end of a record"
    _inherit = "pakn.kept"
    _refused = "UPDATE OR DELETE"
    _order = "number"
    _rec_name = "code"
    _log_access = False

    anchor_id = fields.Many2one(
        "pakn.anchor", required=True, readonly=True, index=True, ondelete="restrict"
    )
    number = fields.Integer(
        required=True, readonly=True, help="Of the leaf in the tree, from 0."
    )
    ticket_id = fields.Integer(string="Number of the request", readonly=True)
    code = fields.Char(required=True, readonly=True)
    seals = fields.Integer(readonly=True, help="How many states were on record.")
    hash = fields.Char(string="Hash of the last seal", readonly=True)
    tile = fields.Char(
        readonly=True, help="Root over the block of leaves that ends with this one."
    )

    _number_unique = models.UniqueIndex("(number)")
    _ticket_unique = models.UniqueIndex("(ticket_id, seals)")
