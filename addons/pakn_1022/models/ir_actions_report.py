from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _build_wkhtmltopdf_args(self, paperformat_id, *args, **kwargs):
        """Wait for no script on the pages of our documents, which have none.

        Odoo has every page wait a second for its scripts.
        """
        command = super()._build_wkhtmltopdf_args(paperformat_id, *args, **kwargs)
        if paperformat_id == self.env.ref("pakn_1022.paperformat_document"):
            command += ["--disable-javascript", "--javascript-delay", "0"]
        return command
