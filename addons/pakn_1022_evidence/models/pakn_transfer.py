from odoo import api, models


class PaknTransfer(models.Model):
    """Whatever the program writes on a slip is sealed (Art. 9.1): ``pakn.seal``."""

    _name = "pakn.transfer"
    _inherit = ["pakn.sealed", "pakn.transfer"]

    @api.model_create_multi
    def create(self, vals_list):
        slips = super().create(vals_list)
        self.env["pakn.seal"]._touch("slip", slips.ids)
        slips._touch_files()
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
        return result

    def _touch_files(self):
        seals = self.env["pakn.seal"]
        for slip in self.sudo():  # sudo: which files, whoever writes
            files = slip.result_attachment_ids
            seals._touch("file", files.ids, tickets=slip.ticket_id.ids)
