from odoo import api, models


class IrSequence(models.Model):
    """Numbers are drawn by what is numbered (Art. 9): not by whoever calls for one.

    Every account could use up the numbers of requests and documents.
    """

    _inherit = "ir.sequence"

    @api.private
    def next_by_id(self, sequence_date=None):
        return super().next_by_id(sequence_date=sequence_date)

    @api.private
    @api.model
    def next_by_code(self, sequence_code, sequence_date=None):
        return super().next_by_code(sequence_code, sequence_date=sequence_date)
