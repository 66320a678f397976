from odoo import models


class IrHttp(models.AbstractModel):
    """What the web client knows of its user from the first moment."""

    _inherit = "ir.http"

    def session_info(self):
        return super().session_info() | {"pakn_quiet": self.env.user.pakn_quiet}
