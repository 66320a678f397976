from odoo import api, models

from ..tools.redaction import redact


class PaknTicket(models.Model):
    """What people have written about a request, fit for those who may not know them."""

    _inherit = "pakn.ticket"

    def _redact(self, texts):
        """Return texts on these requests with what is personal hidden (Art. 13.1).

        :param texts: one for each of these requests, in their order
        :return: list of plain texts; queries do not grow with their number
        """
        allowed = self._get_office_numbers()
        tickets_sudo = self.sudo()  # sudo: what is known is hidden here, not shown
        tickets_sudo.fetch(
            ["private_name", "private_phone", "private_address", "private_email"]
        )
        return [
            redact(text, ticket_sudo._get_known(), allowed)[0]
            for ticket_sudo, text in zip(tickets_sudo, texts, strict=True)
        ]

    def _get_known(self):
        """Return what is known of the citizen, for ``tools/redaction.py``."""
        return {
            "name": self.private_name,
            "phone": self.private_phone,
            "address": self.private_address,
            "email": self.private_email,
        }

    @api.model
    def _get_office_numbers(self):
        """Return phone numbers and addresses of offices, which anybody may know."""
        company = self.env.company
        units = (
            self.env["pakn.unit"]
            .sudo()  # sudo: pakn.unit - numbers of offices
            .search_fetch(
                ["|", ("phone", "!=", False), ("email", "!=", False)],
                ["phone", "email"],
                limit=1000,
            )
        )
        numbers = [company.phone, company.email, *units.mapped("phone")]
        numbers += units.mapped("email")
        return tuple(number for number in numbers if number)
