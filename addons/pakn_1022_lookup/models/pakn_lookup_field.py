from odoo import fields, models

from ..tools import reading


class PaknLookupField(models.Model):
    """A value of what a source answers, and the words under which it is shown.

    Administrators write, operators read.
    """

    _name = "pakn.lookup.field"
    _description = "Value of a look-up"
    _rec_name = "label"
    _order = "lookup_id, sequence, id"

    lookup_id = fields.Many2one(
        "pakn.lookup", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    label = fields.Char(string="Shown as", required=True, translate=True)
    path = fields.Char(
        string="Where it stands", required=True, help="In the record, e.g. status.name."
    )
    kind = fields.Selection(
        [
            ("text", "Text"),
            ("date", "Date"),
            ("datetime", "Date and time"),
            ("money", "Amount (VND)"),
        ],
        required=True,
        default="text",
    )
    words = fields.Text(
        string="Words for values",
        translate=True,
        help="One a line: 1 = Being handled.",
    )
    is_shown = fields.Boolean(string="For citizens", default=True)
    is_personal = fields.Boolean(
        string="Personal",
        help="Shown on the site to who has proved the owner's phone alone.",
    )

    def _get_text(self, record):
        """Return this value of a record as people read it."""
        value = reading.find(record, self.path)
        return reading.to_text(value, self.kind, reading.read_words(self.words))
