from collections import defaultdict
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.pakn_1022.tools.phone import OldLandline, format_phone, normalize_phone

from ..tools.call_facts import (
    SUMMARY,
    TOLD,
    CallEvent,
    CallFacts,
    describe,
    get_not_reached,
)

OPERATOR = "pakn_1022.group_operator"
CHANGED = "pakn_1022_call.changed"
# What the supervisors' walls hear, and who they are
WALL = "pakn_1022_call.wall"
WATCHERS = ("pakn_1022.group_supervisor", "pakn_1022.group_monitor")
# Calls that a screen looks at, earlier requests that a card shows
OPEN_LIMIT, SHOWN = 300, 5
# Minutes for which a call that is over stays on its operator's screen
AFTER = 30
# Days for which a nuisance caller is warned of
NUISANCE_DAYS = 90
# So many requests of one field and place within so many hours are told on the card
CROWD, CROWD_HOURS = 5, 2


class PaknCallDesk(models.AbstractModel):
    """The operators' screens: who rings, who speaks, what to do with it.

    A room of ``pakn.call``. The bus says that something changed, and a screen then asks
    :meth:`get_desk`: so it is right after a lost connection and in each of several
    tabs, and each operator sees what the own rights allow.
    """

    _name = "pakn.call.desk"
    _description = "Call desk"

    @api.model
    def get_desk(self):
        """Return what the caller's screen shows now.

        :return: ``{"presence", "extension", "waiting", "cards", "reasons"}``; ``None``
            for who is no operator. ``waiting`` is how many callers wait; a card is as
            of :meth:`_make_cards`
        """
        if not self.env.user.has_group(OPERATOR):
            return None
        seat = self.env["pakn.call.seat"]._get_own()
        calls, waiting = self._find_desk_calls(seat)
        return {
            "presence": seat._get_presence() if seat else False,
            "extension": seat.extension,
            "can_dial": bool(seat.account_id) and seat.account_id._can_dial(),
            "waiting": waiting,
            "cards": calls._make_cards(),
            "reasons": [
                {"id": reason.id, "name": reason.name}
                for reason in self.env["pakn.call.reason"].search([], limit=20)
            ],
        }

    @api.model
    def _find_desk_calls(self, seat):
        """Return the calls on the screen of who sits here, and how many wait.

        Those that ring at the telephone or at none, those the operator speaks with,
        and those just ended that are not settled.
        """
        now = fields.Datetime.now()
        calls = self.search(
            [
                "|",
                ("state", "in", ("ringing", "talking")),
                "&",
                "&",
                ("user_id", "=", self.env.uid),
                ("is_unsettled", "=", True),
                ("date_end", ">=", now - timedelta(minutes=AFTER)),
            ],
            order="date_ring, id",
            limit=OPEN_LIMIT,
        )
        mine, waiting = self.browse(), 0
        is_ready = seat and seat._get_presence() != "break"
        for call in calls:
            if call.user_id == self.env.user or (
                call.user_id and call._is_handed_to(seat)
            ):
                mine |= call
            if call.user_id:
                continue
            if call.state != "ringing" or call.direction == "out":
                continue
            waiting += 1
            # sudo: pakn.call - which telephones ring, which nobody reads
            ringing = describe(CallFacts.from_dict(call.sudo().facts)).ringing
            if seat.extension in ringing or (not ringing and is_ready):
                mine |= call
        return mine, waiting

    def _is_handed_to(self, seat):
        """Return whether this call, handed on by a colleague, rings at a telephone."""
        self.ensure_one()
        if self.state != "talking" or not seat:
            return False
        # sudo: pakn.call - which telephones ring, which nobody reads
        return (
            seat.extension in describe(CallFacts.from_dict(self.sudo().facts)).ringing
        )

    def _has_spoken(self):
        """Return whether the caller's telephone has answered this call.

        Who hands it on still writes down what was said (Art. 12.1).
        """
        self.ensure_one()
        seat = self.env["pakn.call.seat"]._get_own()
        # sudo: pakn.call - what the exchange told, which nobody reads
        return seat.extension in CallFacts.from_dict(self.sudo().facts).answered

    def _get_waiting_users(self):
        """Return whose screens show calls that ring at no telephone in particular."""
        # sudo: the exchange tells, whoever is signed in
        seats = self.env["pakn.call.seat"].sudo().search([("presence", "!=", "break")])
        return seats.user_id

    def _tell_desks(self):
        """Have the screens that show these calls ask anew."""
        for call in self:
            ringing = describe(CallFacts.from_dict(call.facts)).ringing
            users = self.env["res.users"].union(
                *self.env["pakn.call.seat"]._find(ringing).values()
            )
            if call.state == "ringing":
                users |= call._get_waiting_users()
            for user in users | call.user_id:
                user._bus_send(CHANGED, {})
        self._tell_walls()

    @api.model
    def _tell_walls(self):
        """Have the supervisors' walls ask anew; the news itself says nothing."""
        for name in WATCHERS:
            self.env.ref(name)._bus_send(WALL, {})

    @api.model
    def _is_talking(self, user):
        """Return whether an operator speaks with somebody now."""
        # sudo: the operator's own calls
        return bool(
            self.sudo().search_count(
                [("state", "=", "talking"), ("user_id", "=", user.id)], limit=1
            )
        )

    # ------------------------------------------------------------
    # CARDS
    # ------------------------------------------------------------

    def _make_cards(self):
        """Return the cards of these calls; queries do not grow with their number.

        :return: list of ``{"id", "state", "direction", "not_reached", "number",
            "number_text", "name", "is_name_told", "place", "queue", "since",
            "is_mine", "is_hidden", "nuisance", "earlier", "in_vain", "waits_since",
            "tickets", "linked", "crowds", "announced"}``; ``since`` and
            ``waits_since`` are UTC, ``in_vain``
            how often they called and reached nobody, ``not_reached`` why who is
            called does not answer (:func:`get_not_reached`), ``crowds`` as of
            :meth:`_find_crowds`, ``announced`` what the exchange tells callers now
        """
        numbers = {call.private_number for call in self if call.private_number}
        tickets = self._find_tickets(numbers)
        counts, nuisances = self._count_earlier(numbers)
        waiting = self._find_waiting(numbers)
        crowds = self._find_crowds() if self else []
        announced = self._find_announced() if self else []
        cards = []
        seat = self.env["pakn.call.seat"]._get_own()
        for call in self.with_prefetch(self.ids):
            entry = waiting.get(call.private_number, waiting[False])
            known = tickets[call.private_number]
            latest = known.sorted("id")[-1:]
            name = latest.private_name or call.private_name
            opened = known.filtered(lambda ticket: not ticket.date_closed)
            shown = (opened | known)[:SHOWN]
            cards.append(
                {
                    "id": call.id,
                    "state": (
                        "ringing"
                        if call.user_id != self.env.user and call._is_handed_to(seat)
                        else call.state
                    ),
                    "direction": call.direction,
                    "not_reached": call._get_not_reached(),
                    "number": call.private_number or False,
                    "number_text": format_phone(call.private_number),
                    "name": name or False,
                    # By the exchange, so that nobody takes it for a person's word
                    "is_name_told": bool(name and not latest.private_name),
                    "place": ", ".join(
                        filter(None, (latest.private_address, latest.area_id.name))
                    ),
                    "queue": call.queue or False,
                    "since": fields.Datetime.to_string(
                        call.date_answer or call.date_ring
                    ),
                    "is_mine": call.user_id == self.env.user,
                    "is_hidden": call.is_hidden,
                    "nuisance": nuisances.get(call.private_number, 0),
                    "earlier": max(counts.get(call.private_number, 1) - 1, 0),
                    "in_vain": entry.call_count,
                    "waits_since": fields.Datetime.to_string(entry.date_first),
                    "tickets": [_describe_ticket(ticket) for ticket in shown],
                    "linked": [_describe_ticket(t) for t in call.ticket_ids],
                    "crowds": crowds,
                    "announced": announced,
                }
            )
        return cards

    def _get_not_reached(self):
        """Return why who is called by this call does not answer; empty where one may.

        A busy tone is no call that still rings.
        """
        self.ensure_one()
        if self.direction != "out" or self.state != "ringing":
            return ""
        # sudo: pakn.call - what the exchange told, which nobody reads
        return get_not_reached(CallFacts.from_dict(self.sudo().facts))

    @api.model
    def _find_tickets(self, numbers):
        """Return ``{number: requests}``, the open ones first, then the newest."""
        found = defaultdict(self.env["pakn.ticket"].browse)
        if not numbers:
            return found
        tickets = self.env["pakn.ticket"].search_fetch(
            [("private_phone", "in", list(numbers))],
            [
                *("private_phone", "private_name", "private_address", "area_id"),
                *("name", "title", "state", "date_closed"),
            ],
            order="date_closed DESC NULLS FIRST, id DESC",
            limit=20 * len(numbers),
        )
        for ticket in tickets:
            found[ticket.private_phone] |= ticket
        for number, known in found.items():
            found[number] = known.with_prefetch(tickets.ids)
        return found

    @api.model
    def _count_earlier(self, numbers):
        """Return ``({number: calls}, {number: nuisance calls})`` of recent times."""
        if not numbers:
            return {}, {}
        since = fields.Datetime.now() - timedelta(days=NUISANCE_DAYS)
        domain = [
            ("private_number", "in", list(numbers)),
            ("date_ring", ">=", since),
        ]
        counts = dict(self._read_group(domain, ["private_number"], ["__count"]))
        nuisances = dict(
            self._read_group(
                [*domain, ("reason_id.is_nuisance", "=", True)],
                ["private_number"],
                ["__count"],
            )
        )
        return counts, nuisances

    @api.model
    def _find_waiting(self, numbers):
        """Return ``{number: entry}`` of who waits to be called back; empty at False."""
        entries = self.env["pakn.call.back"]
        if numbers:
            entries = entries.search_fetch(
                [("private_number", "in", list(numbers)), ("state", "=", "open")],
                ["private_number", "call_count", "date_first"],
            )
        found = {entry.private_number: entry for entry in entries}
        return {False: entries.browse(), **found}

    @api.model
    def _find_crowds(self):
        """Return what many ask about now, each with the answer that is ready for it.

        :return: ``[{"text": "field, place: count", "article": {id, name} or False}]``
        """
        since = fields.Datetime.now() - timedelta(hours=CROWD_HOURS)
        groups = self.env["pakn.ticket"]._read_group(
            [("date_received", ">=", since), ("category_id", "!=", False)],
            ["category_id", "area_id"],
            ["__count"],
            having=[("__count", ">=", CROWD)],
            order="__count DESC",
            limit=3,
        )
        if not groups:
            return []
        categories = self.env["pakn.category"].union(*(group[0] for group in groups))
        articles = self.env["pakn.article"]
        articles = articles.search(
            articles._get_valid_domain()
            & Domain("is_proposed", "=", False)
            & Domain("category_id", "in", categories.ids),
            limit=50,
        )
        crowds = []
        for category, area, count in groups:
            article = articles.filtered(lambda a, own=category: a.category_id == own)[
                :1
            ]
            crowds.append(
                {
                    "text": self.env._(
                        "%(what)s: %(count)s requests in %(hours)s hours",
                        what=", ".join(filter(None, (category.name, area.name))),
                        count=count,
                        hours=CROWD_HOURS,
                    ),
                    "article": article
                    and {"id": article.id, "name": article.name}
                    or False,
                }
            )
        return crowds

    @api.model
    def _find_announced(self):
        """Return the names of incidents that the exchange tells callers of now."""
        return (
            self.env["pakn.call.announcement"]
            .search([("kind", "=", "incident"), ("is_now", "=", True)], limit=3)
            .mapped("name")
        )

    # ------------------------------------------------------------
    # WHAT AN OPERATOR DOES
    # ------------------------------------------------------------

    def take(self):
        """Take a call that rings: of several who try one gets it.

        :raise UserError: another operator has it, or it is over
        """
        self.ensure_one()
        self._check_operator()
        self._lock_calls()
        if not self._is_handed_to(self.env["pakn.call.seat"]._get_own()):
            self._check_not_anothers()
        if self.state not in ("ringing", "talking"):
            raise UserError(self.env._("This call is over."))
        if self.user_id != self.env.user:
            self.sudo().user_id = self.env.user  # sudo: calls have no other writers
            self.sudo()._tell_desks()
        return True

    @api.model
    def dial(self, number):
        """Have the exchange ring the caller's telephone, then a number outside.

        :param str number: a phone number that can be called
        :raise AccessError: no operator
        :raise UserError: the operator has no telephone, or the exchange refuses
        """
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Calls are the operators' to deal with."))
        seat = self.env["pakn.call.seat"]._get_own()
        if not seat.account_id:
            raise UserError(
                self.env._(
                    "You have no telephone yet: ask the administrator for an extension."
                )
            )
        if not seat.account_id._can_dial():
            raise UserError(
                self.env._("This exchange takes no calls from here. Please dial.")
            )
        try:
            number = normalize_phone(number if isinstance(number, str) else "")
        except OldLandline as landline:
            number = landline.number
        except ValueError:
            raise UserError(
                self.env._("“%s” is not a phone number that can be called.", number)
            ) from None
        call_id = seat.account_id._dial(seat.extension, number)
        if not call_id:
            # The exchange names the call by its first event, with the telephone
            return True
        now = datetime.now(timezone.utc)
        texts = (("direction", "out"), ("called", number))
        self._intake(
            seat.account_id,
            [CallEvent(call_id, TOLD, now, texts=texts, rank=SUMMARY)],
        )
        call = self.sudo().search(  # sudo: the one that was just made
            [("provider", "=", seat.account_id.code), ("call_id", "=", call_id)]
        )
        call.user_id = self.env.user
        return True

    def get_request_context(self):
        """Return the context in which a new request of this call begins."""
        self.ensure_one()
        self._check_operator()
        context = {
            "pakn_call_id": self.id,
            "default_channel_id": self.env["pakn.channel"]._get_own("channel_phone").id,
        }
        try:
            context["default_citizen_phone"] = normalize_phone(self.private_number)
        except ValueError:
            # Hidden, or no number that can be called back: the operator asks
            context["default_citizen_phone"] = False
        return context


def _describe_ticket(ticket):
    """Return what a card shows of a request."""
    labels = dict(ticket._fields["state"]._description_selection(ticket.env))
    return {
        "id": ticket.id,
        "code": ticket.name,
        "title": ticket.title,
        "state": ticket.state,
        "label": labels[ticket.state],
        "is_open": not ticket.date_closed,
    }
