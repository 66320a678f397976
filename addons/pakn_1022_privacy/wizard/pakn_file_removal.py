from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.pakn_ticket import MANAGER


class PaknFileRemoval(models.TransientModel):
    """Remove a file that was added by mistake, with a reason (Art. 9.1).

    The file goes for good, from the file store too; that it was there, who removed it
    and why, and its SHA-256 stay on record.
    """

    _name = "pakn.file.removal"
    _description = "Remove a file of a request"
    _inherit = "pakn.dialog"

    ticket_id = fields.Many2one("pakn.ticket", required=True, readonly=True)
    file_ids = fields.Many2many(
        "ir.attachment", string="Its files", compute="_compute_file_ids"
    )
    file_id = fields.Many2one(
        "ir.attachment",
        string="Which file",
        required=True,
        domain="[('id', 'in', file_ids)]",
    )
    reason = fields.Char(
        required=True, help="It stays on record: write no name and no number here."
    )

    @api.depends("ticket_id")
    def _compute_file_ids(self):
        for dialog in self:
            dialog.file_ids = dialog._get_files()

    def _get_files(self):
        self.check_access("read")
        rows = (
            self.env["pakn.seal"]
            ._get_reader()
            .read_rows("file", tickets=self.ticket_id.ids)
        )
        return self.env["ir.attachment"].browse(sorted({row for _t, row in rows}))

    def action_confirm(self):
        """Remove the file.

        :raise UserError: it is not of this request, or there is no reason
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator removes files."))
        self.ticket_id.check_access("read")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Please give the reason."))
        if self.file_id not in self._get_files():
            raise UserError(self.env._("This file is not of this request."))
        self.ticket_id._remove_file(self.file_id, self.reason.strip())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The file is removed; its hash and your reason are on record."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
