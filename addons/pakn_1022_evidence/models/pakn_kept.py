from datetime import timedelta

from odoo import fields, models

from ..tools.tables import DELAY, TABLES


class PaknKept(models.AbstractModel):
    """What is kept as on paper and sealed by a job: later changes at once (Art. 9.1).

    For addons that this one does not know: calls and their recordings.
    """

    _inherit = "pakn.kept"

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        kind = {"pakn.call": "call", "pakn.call.recording": "recording"}.get(self._name)
        if kind:
            limit = fields.Datetime.now() - timedelta(days=DELAY)
            # sudo: whose they are, whoever writes
            moment = TABLES[kind].swept
            late_sudo = self.sudo().filtered(
                lambda row: row[moment] and row[moment] < limit
            )
            calls = "ticket_ids" if kind == "call" else "call_ids.ticket_ids"
            self.env["pakn.seal"]._touch_swept(
                kind,
                [
                    (ticket.id, row.id)
                    for row in late_sudo
                    for ticket in row.mapped(calls)
                ],
            )
        return result
