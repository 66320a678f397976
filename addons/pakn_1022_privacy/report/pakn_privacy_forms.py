from odoo import api, fields, models

from odoo.addons.pakn_1022.tools import province
from odoo.addons.pakn_1022_evidence.tools.documents import write_date


class PaknImpactForm(models.AbstractModel):
    """The impact assessment of processing (Law 91/2025/QH15), from the register."""

    _name = "report.pakn_1022_privacy.impact_form"
    _description = "Impact assessment of processing"

    @api.model
    def _get_report_values(self, docids, data=None):
        rows = (
            self.env["pakn.processing"].browse(docids).with_context(lang=province.LANG)
        )
        return {"rows": rows.sorted("sequence"), **get_letter(self.env)}


class PaknBreachForm(models.AbstractModel):
    """The notice of a breach to the authority (Law 91/2025/QH15, Art. 23)."""

    _name = "report.pakn_1022_privacy.breach_form"
    _description = "Notice of a breach"

    @api.model
    def _get_report_values(self, docids, data=None):
        breaches = (
            self.env["pakn.breach"].browse(docids).with_context(lang=province.LANG)
        )
        return {"docs": breaches, **get_letter(self.env)}


def get_letter(env):
    """Return what both forms show besides, in Vietnamese whoever prints them."""
    today = province.to_local(fields.Datetime.now()).date()
    return {
        "letter": {
            "parent_office": province.SUPERIOR.upper(),
            "office": (env.company.name or province.NAME).upper(),
            "number": "Số: ……/1022",
            "place": f"{province.PLACE}, {write_date(today)}",
        },
        "office": env.company.name or province.NAME,
        "contact": province.CONTACT,
        "local": lambda moment: (
            province.to_local(moment).strftime("%H:%M ngày %d/%m/%Y") if moment else ""
        ),
    }
