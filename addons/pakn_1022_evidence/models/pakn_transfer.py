from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PaknTransfer(models.Model):
    """Whatever the program writes on a slip is sealed (Art. 9.1): ``pakn.seal``."""

    _name = "pakn.transfer"
    _inherit = ["pakn.sealed", "pakn.transfer"]

    signature_ids = fields.One2many(
        "pakn.signature",
        "transfer_id",
        string="Signatures on files",
        readonly=True,
        procedure=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        slips = super().create(vals_list)
        self.env["pakn.seal"]._touch("slip", slips.ids)
        slips._touch_files()
        self.env["pakn.signature"]._note(slips.ticket_id.browse(), slips)
        return slips

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        self._touch_written("slip", vals_list)
        return result

    def write(self, vals):
        with_files = "result_attachment_ids" in vals
        if with_files:
            self._touch_files()
        result = super().write(vals)
        if with_files:
            self._touch_files()
            self.env["pakn.signature"]._note(self.ticket_id.browse(), self)
        if "delegate_user_ids" in vals:
            self.env["pakn.seal"]._touch("slip", self.ids, ["delegate_user_ids"])
        return result

    def _touch_files(self):
        seals = self.env["pakn.seal"]
        for slip in self.sudo():  # sudo: which files, whoever writes
            files = slip.result_attachment_ids
            seals._touch("file", files.ids, tickets=slip.ticket_id.ids)

    def action_make_slip(self):
        """Open the slip as a document for its unit (phiếu chuyển, Art. 10.1)."""
        self.ensure_one()
        self._check_document_access()
        return self.env["pakn.document"]._make_of_slip("slip", self).action_open()

    def action_make_reply(self):
        """Open what the unit replied as a document of the unit (Art. 10.2).

        :raise UserError: there is no result yet
        """
        self.ensure_one()
        self._check_document_access()
        if not self.result:
            raise UserError(self.env._("The unit has given no result yet."))
        return self.env["pakn.document"]._make_of_slip("reply", self).action_open()

    def _check_document_access(self):
        """Check that the caller may have the slip on paper, with the citizen's name.

        :raise AccessError: neither of the hotline nor of the unit
        """
        self.check_access("read")
        if not (self.is_mine or self.env.user.has_group("pakn_1022.group_operator")):
            raise AccessError(
                self.env._("Only the unit of the slip and the hotline print it.")
            )
