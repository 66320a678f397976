from odoo import models

from odoo.addons.pakn_1022.models.mail_message import KEPT_MODELS


class IrBinary(models.AbstractModel):
    """Who fetches a file or document of a request reads of its citizen too."""

    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        stream = super()._record_to_stream(record, field_name)
        record_sudo = record.sudo()  # sudo: of which request; the record is being sent
        tickets_sudo = self.env["pakn.ticket"].sudo()
        if record._name == "pakn.document":
            tickets_sudo = record_sudo.ticket_id
        elif record._name == "ir.attachment" and record_sudo.res_model in KEPT_MODELS:
            found_sudo = record_sudo.env[record_sudo.res_model].browse(
                record_sudo.res_id
            )
            tickets_sudo = found_sudo.exists()._get_access_tickets()
        if tickets_sudo:
            # Whose right it was may have been lifted to send it
            user_env = self.env(user=self.env.uid, su=False)
            user_env["pakn.access.log"]._note(tickets_sudo.with_env(user_env))
        return stream
