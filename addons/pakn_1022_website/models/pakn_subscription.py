import secrets
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Results in one mail
RESULTS = 20
BATCH = 200
# Minutes that what is being published may take until others see it
LAG = 5


class PaknSubscription(models.Model):
    """Somebody who is told by mail of new results (Art. 13.1).

    It counts when the address has been confirmed (double opt-in); the token in the
    mails is the key to confirm and to end it, and is not guessed.
    """

    _name = "pakn.subscription"
    _description = "Subscription to results"
    _rec_name = "email"

    email = fields.Char(required=True, readonly=True, index=True)
    lang = fields.Char(readonly=True)
    ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    area_id = fields.Many2one(
        "pakn.area", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    unit_id = fields.Many2one(
        "pakn.unit", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    category_id = fields.Many2one(
        "pakn.category",
        string="Field",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    token = fields.Char(
        required=True,
        readonly=True,
        groups=fields.NO_ACCESS,
        default=lambda self: secrets.token_urlsafe(24),
    )
    date_confirmed = fields.Datetime(readonly=True)
    date_told = fields.Datetime(
        string="Told of what was published until", readonly=True, index=True
    )
    target_name = fields.Char(compute="_compute_target_name", compute_sudo=True)

    _token_unique = models.UniqueIndex("(token)")
    _target_unique = models.UniqueIndex(
        "(email, COALESCE(ticket_id, 0), COALESCE(area_id, 0), COALESCE(unit_id, 0), "
        "COALESCE(category_id, 0))"
    )
    _one_target = models.Constraint(
        "CHECK(num_nonnulls(ticket_id, area_id, unit_id, category_id) <= 1)",
        "One thing is followed by one subscription.",
    )

    @api.depends("ticket_id", "area_id", "unit_id", "category_id")
    def _compute_target_name(self):
        for subscription in self:
            ticket = subscription.ticket_id
            subscription.target_name = (
                (ticket and f"{ticket.name} {ticket.public_title or ''}".strip())
                or subscription.area_id.name
                or subscription.unit_id.name
                or subscription.category_id.name
                or self.env._("all fields and areas")
            )

    # ------------------------------------------------------------
    # SUBSCRIBING
    # ------------------------------------------------------------

    @api.model
    def _subscribe(self, email, target):
        """Ask the owner of an address whether to tell it of new results.

        Says nothing of whether the address is known: one that follows this already
        is written to as well.

        :param str email: normalized
        :param dict target: at most one of ``ticket_id``, ``area_id``, ``unit_id``,
            ``category_id``
        """
        subscriptions = self.sudo()  # sudo: a visitor, who may read nothing of it
        domain = Domain("email", "=", email)
        for name in ("ticket_id", "area_id", "unit_id", "category_id"):
            domain &= Domain(name, "=", target.get(name, False))
        subscription = subscriptions.search(domain, limit=1)
        if not subscription:
            subscription = subscriptions.create(
                {"email": email, "lang": self.env.lang, **target}
            )
        template = self.env.ref("pakn_1022_website.mail_template_subscription_confirm")
        template.sudo().send_mail(subscription.id)  # sudo: as above
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _find(self, token):
        """Return the subscription of a token, in sudo; none when there is none."""
        # sudo: the token is the right
        subscriptions = self.sudo()
        if not isinstance(token, str) or not 20 <= len(token) <= 64:
            return subscriptions.browse()
        return subscriptions.search([("token", "=", token)], limit=1)

    def _confirm(self):
        """Begin to tell of what is published from now on."""
        now = fields.Datetime.now()
        self.filtered(lambda s: not s.date_confirmed).write(
            {"date_confirmed": now, "date_told": now}
        )

    def _get_address(self, page):
        """Return the address of a page that ends (``huy``) or confirms it."""
        self.ensure_one()
        token = self.sudo().token  # sudo: goes into the mail of its owner
        return f"{self.get_base_url()}/theo-doi-ket-qua/{page}/{token}"

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    @api.model
    def _cron_tell(self):
        """Mail to each subscription what has been published since it was told last."""
        now = fields.Datetime.now() - timedelta(minutes=LAG)
        domain = [("date_confirmed", "!=", False), ("date_told", "<", now)]
        remaining = self.search_count(domain)
        while remaining:
            batch = self.search(domain, limit=BATCH, order="date_told, id")
            if not batch:
                break
            batch._tell(now)
            remaining -= len(batch)
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=max(remaining, 0)
            ):
                break

    def _tell(self, now):
        """Mail what is new and remember that it was told: one query a kind."""
        news = self._get_news(now)
        template = self.env.ref("pakn_1022_website.mail_template_subscription_news")
        for subscription in self:
            tickets = news.get(subscription)
            if not tickets:
                continue
            address = subscription._get_address("huy-ngay")
            template.with_context(
                results=[ticket._get_public_card() for ticket in tickets[:RESULTS]],
                more=max(0, len(tickets) - RESULTS),
            ).send_mail(
                subscription.id,
                email_values={
                    # RFC 8058: mail programs show a button that ends it
                    "headers": repr(
                        {
                            "List-Unsubscribe": f"<{address}>",
                            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                        }
                    )
                },
            )
        self.write({"date_told": now})

    def _get_news(self, now):
        """Return ``{subscription: requests published since it was told}``."""
        since = min(self.mapped("date_told"))
        Ticket = self.env["pakn.ticket"]
        tickets = Ticket.search_fetch(
            Ticket._get_published_domain()
            & Domain("date_published", ">", since)
            & Domain("date_published", "<=", now),
            ["category_id", "area_id", "unit_id", "date_published"],
            order="date_published desc, id desc",
            limit=5000,
        )
        by_target = defaultdict(lambda: Ticket)
        for ticket in tickets:
            category = ticket.category_id
            for target in (ticket, ticket.area_id, ticket.unit_id, category):
                if target:
                    by_target[target] |= ticket
            if category.parent_id:
                by_target[category.parent_id] |= ticket
        news = {}
        for subscription in self:
            target = (
                subscription.ticket_id
                or subscription.area_id
                or subscription.unit_id
                or subscription.category_id
            )
            matching = by_target[target] if target else tickets
            told = subscription.date_told
            news[subscription] = matching.filtered(
                lambda ticket, told=told: ticket.date_published > told
            )
        return news

    @api.autovacuum
    def _gc_unconfirmed(self):
        limit = fields.Datetime.now() - timedelta(days=7)
        self.search(
            [("date_confirmed", "=", False), ("create_date", "<", limit)], limit=10000
        ).unlink()
