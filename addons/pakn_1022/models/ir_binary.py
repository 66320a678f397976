from odoo import models
from odoo.tools.misc import verify_limited_field_access_token

from .mail_message import KEPT_MODELS


class IrBinary(models.AbstractModel):
    """A file of a request is opened by rights, and not by its address (Art. 13.1).

    Odoo gives whoever reads a file an address with a key that opens it to everybody for
    six weeks: also to one who was locked out since, or to whom the request is a secret
    now. Who reads it is signed in, and needs none.
    """

    _inherit = "ir.binary"

    def _find_record(
        self,
        xmlid=None,
        res_model="ir.attachment",
        res_id=None,
        access_token=None,
        field=None,
    ):
        if access_token and res_model == "ir.attachment" and res_id and not xmlid:
            file = self.env["ir.attachment"].browse(res_id).exists()
            # sudo: whether it is a file of a request, whoever asks for it
            is_kept = file.sudo().res_model in KEPT_MODELS
            if is_kept and verify_limited_field_access_token(
                file, field, access_token, scope="binary"
            ):
                access_token = None
        return super()._find_record(xmlid, res_model, res_id, access_token, field)
