from odoo import models
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.tools.province import ZONE

from ..tools.georeport import format_moment


class PaknArticle(models.Model):
    """An article of the knowledge base as the REST API tells of it, in sudo."""

    _inherit = "pakn.article"

    def _get_rest_card(self, base):
        """Return what a list says of a public article."""
        self.ensure_one()
        field = self.category_id
        return {
            "id": self.id,
            "question": self.name,
            "excerpt": self._get_site_excerpt(),
            "field": {"code": field.code or None, "name": field.name}
            if field
            else None,
            "date_changed": format_moment(self.write_date, ZONE),
            "url": base + self.site_url,
        }

    def _get_rest_article(self, base):
        """Return a public article, whole; the answer as text and as HTML."""
        address = f"{base}/hoi-dap/{self.id}/tep"
        return self._get_rest_card(base) | {
            "answer": html2plaintext(self.answer or ""),
            "answer_html": str(self.answer or ""),
            "reference": self.reference or None,
            "files": [
                {"name": file.name, "url": f"{address}/{file.id}"}
                for file in self._get_public_files()
            ],
        }
