from datetime import timedelta

from odoo import fields, models

from ..tools.tables import DELAY


class PaknNotice(models.Model):
    """What becomes of a notice later than a day is sealed at once (Art. 9.1).

    Of notices on requests: what is told of a report is under no request's record.
    """

    _inherit = "pakn.notice"

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        limit = fields.Datetime.now() - timedelta(days=DELAY)
        self.filtered(lambda notice: notice.date < limit)._touch_seals()
        return result

    def unlink(self):
        self._touch_seals()
        return super().unlink()

    def _touch_seals(self):
        self.env["pakn.seal"]._touch_swept(
            "notice",
            [(notice.ticket_id.id, notice.id) for notice in self if notice.ticket_id],
        )
