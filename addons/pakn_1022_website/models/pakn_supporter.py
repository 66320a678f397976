import hashlib
import hmac
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 200
# A result that is not published after so many days stays unpublished
DAYS = 3
# States of a request in which nothing more comes
SETTLED = ("done", "rejected", "cancelled")


class PaknSupporter(models.Model):
    """One phone whose owner says of a published request: so do I.

    Of the number only a keyed hash is kept: it counts once, and nobody is told of it.
    Who wants to be told when an open matter is settled leaves the number until then.
    """

    _name = "pakn.supporter"
    _description = "Supporter of a request"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "pakn.ticket", required=True, readonly=True, index=True, ondelete="restrict"
    )
    digest = fields.Char(required=True, readonly=True)
    phone = fields.Char(
        string="To be told",
        readonly=True,
        groups="base.group_system",
        help="E.164; forgotten as soon as the SMS is handed over.",
    )

    _ticket_digest_unique = models.UniqueIndex("(ticket_id, digest)")

    @api.model
    def _support(self, ticket, number, is_to_be_told=False):
        """Count a phone (E.164) that has been proved; return whether it is new.

        :param bool is_to_be_told: whether its owner wants an SMS when the matter is
            settled, and leaves the number for it
        """
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
        phone = number if is_to_be_told and ticket_sudo.state not in SETTLED else False
        known = supporters.search(
            [("ticket_id", "=", ticket.id), ("digest", "=", digest)], limit=1
        )
        if known:
            if phone:
                known.phone = phone
            return False
        supporters.create({"ticket_id": ticket.id, "digest": digest, "phone": phone})
        return True

    @api.model
    def _cron_tell(self):
        """Tell by SMS who waits for it that a matter is settled, each once."""
        domain = Domain("phone", "!=", False) & Domain(
            "ticket_id", "any", self._get_settled_domain()
        )
        remaining = self.search_count(domain)
        while remaining:
            batch = self.search(domain, limit=BATCH, order="id")
            if not batch:
                break
            batch._tell()
            remaining -= len(batch)
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=max(remaining, 0)
            ):
                break

    @api.model
    def _get_settled_domain(self):
        """Return which requests are settled, and published if they will ever be."""
        tickets = self.env["pakn.ticket"]
        waited = fields.Datetime.now() - timedelta(days=DAYS)
        return tickets._get_published_domain() | (
            Domain("state", "in", SETTLED)
            # What can still be taken back is not settled
            & ~Domain("id", "in", self.env["pakn.undo"]._get_held().ids)
            & (Domain("state", "!=", "done") | Domain("date_ended", "<=", waited))
        )

    def _tell(self):
        """Hand over the SMS and forget the numbers, in one transaction."""
        codes = self.env["pakn.phone.code"]
        tickets = self.ticket_id
        published = tickets.filtered_domain(tickets._get_published_domain())
        for supporter in self:
            ticket = supporter.ticket_id
            if ticket in published:
                text = self.env._(
                    "1022 Gia Lai: matter %(code)s, which you joined, has a result: "
                    "%(url)s",
                    code=ticket.name,
                    url=f"{ticket.get_base_url()}/ket-qua/{ticket.name}",
                )
            else:
                text = self.env._(
                    "1022 Gia Lai: matter %s, which you joined, is settled. Its result "
                    "is not public; call (0269) 1022 to ask.",
                    ticket.name,
                )
            codes._deliver(supporter.phone, text)
        self.phone = False
