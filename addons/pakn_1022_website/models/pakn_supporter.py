import hashlib
import hmac

from odoo import api, fields, models


class PaknSupporter(models.Model):
    """One phone whose owner says of a published request: so do I.

    Of the number only a keyed hash is kept: it counts once, and nobody is told of it.
    """

    _name = "pakn.supporter"
    _description = "Supporter of a request"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "pakn.ticket", required=True, readonly=True, index=True, ondelete="restrict"
    )
    digest = fields.Char(required=True, readonly=True)

    _ticket_digest_unique = models.UniqueIndex("(ticket_id, digest)")

    @api.model
    def _support(self, ticket, number):
        """Count a phone (E.164) that has been proved; return whether it is new."""
        # Kept for good, so in a form of our own: that of odoo.tools.hmac is Odoo's to
        # change, and a phone would count again.
        # sudo: ir.config_parameter - the key is used, not shown
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        digest = hmac.new(
            secret.encode(), f"pakn_supporter:{number}".encode(), hashlib.sha256
        ).hexdigest()
        supporters = self.sudo()  # sudo: a visitor, who may read nothing of it
        ticket_sudo = ticket.sudo()
        ticket_sudo._lock()
        if supporters.search_count(
            [("ticket_id", "=", ticket.id), ("digest", "=", digest)], limit=1
        ):
            return False
        supporters.create({"ticket_id": ticket.id, "digest": digest})
        return True
