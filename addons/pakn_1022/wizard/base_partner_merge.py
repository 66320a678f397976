from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Two contacts of one person become one, whichever of them stays."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Move by what the hotline knows a contact, which no two may have."""
        known = {
            name: dst_partner[name]
            or next(filter(None, src_partners.mapped(name)), False)
            for name in ("pakn_phone", "pakn_email")
        }
        src_partners.write(dict.fromkeys(known, False))
        src_partners.flush_recordset(known)
        result = super()._update_values(src_partners, dst_partner)
        dst_partner.write(known)
        return result
