from odoo import api, fields, models
from odoo.fields import Domain

NEWS, CHANGED = "pakn_1022.news", "pakn_1022.changed"
# So many are listed under the bell; of more at once than this, one toast tells
LISTED, MANY = 10, 3
# Codes that a message about many requests names, and those of one receiver it looks at
NAMED, HANDED = 20, 2000


class PaknNoticeNews(models.AbstractModel):
    """What arrives is noticed (Art. 20.3): toast, bell, lists that renew themselves.

    A room of ``pakn.notice``: what the program tells its people goes to their browsers
    by Odoo's bus as soon as the job has it.
    """

    _name = "pakn.notice.news"
    _description = "News of notices"

    def _send_news(self):
        """Show these notices to those of staff whom they are for."""
        for user, notices in self.filtered("user_id").grouped("user_id").items():
            local = notices.with_context(lang=user.lang)
            if len(local) > MANY:
                user._bus_send(NEWS, local._describe_many())
                continue
            for notice in local:
                user._bus_send(NEWS, notice._describe_news())
        self._announce_new()
        # What operators look at is renewed, whoever acted
        if self.ticket_id:
            operators = self.env.ref("pakn_1022.group_operator")
            operators._bus_send(CHANGED, {"ids": self.ticket_id.ids})

    @api.model
    def _tell_handed(self, tickets, user, former):
        """Tell an operator of requests that somebody gives to them (Art. 15.2).

        In the program and at once, all of them in one message; who had them before is
        not asked any more to look at what is somebody else's now.

        :param user: ``res.users`` who has them now, or nobody
        :param former: ``res.users`` who had them
        """
        # sudo: pakn.notice - the act has been checked, nobody writes the outbox by hand
        notices_sudo = self.sudo()
        notices_sudo.search(
            [
                ("ticket_id", "in", tickets.ids),
                ("act", "=", "handed"),
                ("state", "=", "sent"),
                ("user_id", "in", former.ids),
            ]
        ).write(
            {
                "state": "withdrawn",
                "reason": self.env._("Handed on before it was read"),
            }
        )
        former._bus_send(CHANGED, {"ids": tickets.ids, "is_bell": True})
        if not user or user == self.env.user or not tickets:
            return
        now = fields.Datetime.now()
        notices_sudo = notices_sudo.create(
            [
                {
                    "ticket_id": ticket.id,
                    "act": "handed",
                    "audience": "operator",
                    "user_id": user.id,
                    "partner_id": user.partner_id.id,
                    "door": "app",
                    "state": "sent",
                    "date": now,
                    "date_sent": now,
                }
                for ticket in tickets
            ]
        )
        user._bus_send(NEWS, notices_sudo.with_context(lang=user.lang)._say_handed())

    def _say_handed(self):
        """Return the one message for what was handed to somebody in one go."""
        tickets = self.ticket_id
        title = self.env._("Handed to you")
        if len(tickets) > 1:
            title = self.env._("%s requests are handed to you", len(tickets))
        # Codes, as in other news: a title may not be for a passer-by
        names = tickets[:NAMED].mapped("name")
        if len(tickets) > NAMED:
            names.append(self.env._("… and %s more", len(tickets) - NAMED))
        return {
            "id": max(self.ids),
            "ids": self.ids,
            "kind": "handed",
            "title": title,
            "text": ", ".join(names),
            "model": "pakn.ticket",
            "res_id": tickets.id if len(tickets) == 1 else False,
            "res_ids": tickets.ids,
            "is_urgent": False,
        }

    def _announce_new(self):
        """Tell all operators of requests that nobody has taken yet."""
        new = self.filtered(lambda notice: notice.act in ("received", "asked"))
        tickets = new.ticket_id.filtered(lambda ticket: not ticket.user_id)
        operators = self.env.ref("pakn_1022.group_operator")
        if len(tickets) > MANY:
            operators._bus_send(NEWS, new._describe_many())
            return
        for ticket in tickets:
            operators._bus_send(
                NEWS,
                {
                    "id": 0,
                    # A title may be secret, and who hears it is not known here
                    "text": ticket.name,
                    "model": "pakn.ticket",
                    "res_id": ticket.id,
                },
            )

    def _describe_many(self):
        """Return one toast for many: after an outage nobody gets a hundred of them."""
        return {
            "id": 0,
            "title": self.env._("Much has arrived"),
            "text": self.env._("%s requests", len(self.ticket_id)),
            "action": "pakn_1022.ticket_action",
        }

    def _describe_news(self):
        """Return what a browser shows of this notice."""
        self.ensure_one()
        record = self.transfer_id or self.ticket_id
        if self.audience in ("operator", "manager"):
            record = self.ticket_id
        labels = dict(self._selection_act())
        return {
            "id": self.id,
            "kind": self.act,
            "title": labels[self.act],
            "text": " · ".join(
                filter(None, (self.ticket_id.name, self.transfer_id.unit_id.name))
            ),
            "model": record._name,
            "res_id": record.id,
            "is_urgent": self.act in ("overdue", "escalated", "complained"),
        }

    @api.model
    def _get_news_domain(self):
        """Return which notices are the caller's own and unread."""
        return [
            ("user_id", "=", self.env.uid),
            ("door", "=", "app"),
            ("state", "=", "sent"),
        ]

    @api.model
    def get_news(self):
        """Return ``{"count", "notices"}`` of the caller, unread, newest first.

        What was handed out in one go is one of them.
        """
        # sudo: pakn.notice - the caller's own alone, by the domain
        notices_sudo = self.sudo()
        domain = Domain(self._get_news_domain())
        handed = Domain("act", "=", "handed")
        given_sudo = notices_sudo.search_fetch(
            domain & handed, ["date"], order="id desc", limit=HANDED
        )
        heaps = list(given_sudo.grouped("date").values())
        domain &= ~handed
        found_sudo = notices_sudo.search(domain, order="id desc", limit=LISTED)
        news = [
            *(notice._describe_news() for notice in found_sudo),
            *(heap.sorted("id")._say_handed() for heap in heaps[:LISTED]),
        ]
        return {
            "count": notices_sudo.search_count(domain, limit=100) + len(heaps),
            "notices": sorted(news, key=lambda one: -one["id"])[:LISTED],
        }

    @api.model
    def mark_read(self, notice_ids=None):
        """Note that the caller has read notices of his or her own.

        :param list notice_ids: all of them when ``None``
        """
        domain = self._get_news_domain()
        if notice_ids is not None:
            given = self.env["pakn.ticket"]._browse_given(self._name, notice_ids)
            domain.append(("id", "in", given.ids))
        # sudo: pakn.notice - the caller's own alone, by the domain
        self.sudo().search(domain)._settle("read")
        return True
