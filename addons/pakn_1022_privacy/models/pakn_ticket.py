from odoo import models
from odoo.exceptions import AccessError

from ..models.pakn_access_log import PERSONAL

MANAGER = "pakn_1022.group_manager"


class PaknTicket(models.Model):
    """Whose data a request holds: removal, and who opened it."""

    _name = "pakn.ticket"
    _inherit = ["pakn.ticket.removal", "pakn.ticket"]

    def web_read(self, specification):
        """Note who opens a request in which the citizen is named, once an hour."""
        result = super().web_read(specification)
        # Lists show many; a form opens one
        if len(self) == 1 and not PERSONAL.isdisjoint(specification):
            self.env["pakn.access.log"]._note(self)
        return result

    def action_remove_file(self):
        """Open the dialog that removes a file which was added by mistake."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator removes files."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remove a file for good"),
            "res_model": "pakn.file.removal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _remove_file(self, file, reason):
        """Delete a file of this request for good; its hash stays on record.

        Whoever calls this has checked the right.

        :param file: ``ir.attachment``, of this request, its slips or its messages
        :param str reason: for the record
        """
        self.ensure_one()
        self._lock()
        ticket = self._acting()
        seals = ticket.env["pakn.seal"]
        seals._seal_pending()
        ticket.env.flush_all()
        rows = seals._get_reader().read_rows("file", tickets=self.ids)
        found = rows[self.id, file.id]
        seals._touch("file", file.ids, tickets=self.ids)
        payload = {"file": file.id, "sha256": found.get("sha256", "")}
        ticket.env["ir.attachment"].browse(file.id).unlink()
        ticket.env.invalidate_all()
        ticket._log_event("file_removed", note=reason, payload=payload)
        ticket.env.ref("base.autovacuum_job")._trigger()
