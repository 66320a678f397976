from odoo import fields, models


class PaknQuestionAnswer(models.Model):
    """What a citizen answered to a question of the field, as it was asked then.

    Read by who reads the request; written by the site when it is submitted.
    """

    _name = "pakn.question.answer"
    _description = "Answer to a question of the field"
    _order = "sequence, id"

    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    question_id = fields.Many2one(
        "pakn.category.question",
        string="As it stands now",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char(string="Question", required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    keys = fields.Char(readonly=True, help="Keys of the choices, separated by commas.")
    value = fields.Text(string="Answer", required=True, readonly=True)
