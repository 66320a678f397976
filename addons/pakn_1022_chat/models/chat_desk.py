from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, plaintext2html

from odoo.addons.pakn_1022.tools.province import to_local

from ..tools import helper
from ..tools.match import find_fitting

# One-time codes that a conversation gets in an hour
CODES = 5
# Articles that are looked at
ARTICLES = 1000
# Places of the grades, as the citizen is offered them
GRADES = {1: 5, 2: 3, 3: 1}
# What is said where a grade was given
GRADE_REPLIES = ("rated", "rated_before", "ask_reason")
DETAILS = {
    "place": "address",
    "name": "citizen_name",
    "address": "citizen_address",
    "phone": "citizen_phone",
}
TITLE_LENGTH = 80
# After so many days without a word the helper begins anew
DAYS_OF_MEMORY = 7


class PaknChatDesk(models.AbstractModel):
    """The helper's desk: what it may know of the hotline, and do.

    See ``tools/helper.py``. All of it runs as the program for nobody signed in; what a
    citizen merely says fills in the request, never a contact.
    """

    _name = "pakn.chat.desk"
    _description = "Desk of the helper"

    def _pakn_hear(self, events, waited_since=False):
        """Let the helper answer to what came; without one, a person is waited for.

        :param waited_since: since when a person was waited for before these words
        """
        self.ensure_one()
        heard = helper.Heard(
            "\n".join(event.text for event in events if event.text.strip()),
            sum(not file.is_voice for event in events for file in event.files),
            any(file.is_voice for event in events for file in event.files),
            next(
                (helper.Place(*one.place) for one in reversed(events) if one.place),
                None,
            ),
        )
        state = helper.State.from_json(self.pakn_helper)
        if self._pakn_is_back(state):
            heard = heard._replace(is_back=True)
            self.pakn_with_person = False
            since = fields.Datetime.now() - timedelta(days=DAYS_OF_MEMORY)
            if self.pakn_waiting_since and self.pakn_waiting_since > since:
                # By these words alone, which the helper answers
                self.pakn_waiting_since = False
        state.date_heard = fields.Datetime.to_string(fields.Datetime.now())
        if not self.pakn_account_id.has_helper:
            state.with_person, state.has_greeted = True, True
            self.pakn_with_person = True
        state.with_person = self.pakn_with_person
        replies = helper.hear(state, heard, _Desk(self))
        self.pakn_helper = state.to_json()
        is_grade = any(reply.key in GRADE_REPLIES for reply in replies)
        if is_grade:
            # It was thanked for: nobody has to answer a grade beside a person
            self.pakn_waiting_since = waited_since
        if not self.pakn_account_id.has_helper and not is_grade:
            self._pakn_without_helper(heard)
        texts = [
            self.env["pakn.chat.text"]._render(f"helper_{reply.key}", reply.values)
            for reply in replies
        ]
        text = "\n\n".join(filter(None, texts))
        if text:
            self._pakn_say(text)
            self._pakn_record(text, helper=True)

    def _pakn_is_back(self, state):
        """Return whether they return after days: nobody remembers where it stood."""
        if not state.date_heard or not self.pakn_account_id.has_helper:
            return False
        limit = fields.Datetime.now() - timedelta(days=DAYS_OF_MEMORY)
        if fields.Datetime.to_datetime(state.date_heard) >= limit:
            return False
        return not self.env["pakn.chat.message"].search_count(
            [
                ("channel_id", "=", self.id),
                ("is_person", "=", True),
                ("message_id.date", ">=", limit),
            ],
            limit=1,
        )

    def _pakn_without_helper(self, heard):
        """Take in what was written for the operators, who do the rest."""
        desk = _Desk(self)
        request = desk.get_request()
        if heard.text and not (request and request.is_open):
            desk.open_request(heard.text)
        self._pakn_call_person()

    def _pakn_give_request(self, text):
        """Make the request of this conversation of what was written (Art. 10.1.1)."""
        self.ensure_one()
        tickets = self.env["pakn.ticket"]
        tickets = tickets.with_context(lang=tickets._get_citizen_lang())
        channel = self.env["pakn.channel"].search(
            [("code", "=", self.pakn_kind)], limit=1
        ) or self.env["pakn.channel"]._get_own("channel_other")
        title = " ".join(text.split())
        if len(title) > TITLE_LENGTH:
            title = title[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
        ticket = (
            tickets.with_context(lang=tickets._get_citizen_lang())
            ._acting()
            .create(
                {
                    "title": title,
                    "description": plaintext2html(text),
                    "channel_id": channel.id,
                    "citizen_phone": self.pakn_phone,
                    "citizen_name": self.pakn_citizen_id.name,
                    "citizen_address": self.pakn_citizen_id.street,
                    "citizen_id": self.pakn_citizen_id.id,
                    "user_id": self.pakn_user_id.id,
                    "pakn_conversation_id": self.id,
                }
            )
        )
        ticket = ticket.with_env(tickets.env)
        self._pakn_set_ticket(ticket)
        self._pakn_give_files()
        return ticket

    def _pakn_find_source(self, text):
        """Return the :class:`~..tools.helper.Source` whose code a message names.

        None here: an addon that looks up in databases of others says which there are.
        """

    def _pakn_look_up(self, key, code, phone):
        """Look a code up: see ``look_up`` of :class:`~..tools.helper.Desk`.

        Given by the addon that has found it.
        """

    def _pakn_prove(self, phone):
        """A phone was proved by a one-time code: link its citizen."""
        self.ensure_one()
        ticket = self.pakn_ticket_id
        key = phone, None
        citizens = self.env["res.partner"]._find_or_create_citizens(
            [(*key, ticket.private_name or self.name, ticket.private_address)]
        )
        citizen = citizens.get(key)
        self.write({"pakn_phone": phone, "pakn_citizen_id": citizen and citizen.id})
        if ticket.private_phone == phone and citizen:
            ticket._acting().citizen_id = citizen


class _Desk:
    """:class:`~..tools.helper.Desk` of one conversation, in sudo."""

    def __init__(self, channel):
        self.channel, self.env = channel, channel.env

    @property
    def ticket(self):
        return self.channel.pakn_ticket_id

    def get_request(self):
        ticket = self.ticket
        if not ticket:
            return None
        can_be_rated = (
            ticket.state == "done" and not ticket._get_round_rating().consumed
        )
        return helper.Request(ticket.name, not ticket.date_closed, can_be_rated)

    def open_request(self, text):
        self.channel._pakn_give_request(text)
        return self.get_request()

    def add_words(self, text):
        self.ticket._note_reply(text, {"door": self.channel.pakn_kind})

    def set_detail(self, name, value):
        ticket, field = self.ticket, DETAILS[name]
        if ticket.state != "new":
            self.add_words(value)
            return
        value = " ".join(value.split())[:200]
        before = ticket[field] or ""
        ticket._acting().write({field: value})
        ticket._log_event(
            "updated",
            payload={field: [before, value], "door": self.channel.pakn_kind},
        )

    def set_place(self, place):
        ticket = self.ticket
        if ticket.state != "new":
            return
        vals = {"latitude": place.latitude, "longitude": place.longitude}
        if place.name and not ticket.address:
            vals["address"] = place.name[:200]
        payload = {name: [ticket[name] or "", value] for name, value in vals.items()}
        ticket._acting().write(vals)
        ticket._log_event(
            "updated", payload={**payload, "door": self.channel.pakn_kind}
        )

    def _find(self, code):
        # State secrets are as what does not exist: chats go through machines of others
        return self.env["pakn.ticket"].search(
            [("name", "=", code), ("secrecy", "!=", "secret")], limit=1
        )

    def is_own(self, code):
        ticket = self._find(code)
        return bool(ticket) and ticket.pakn_conversation_id == self.channel

    def describe_state(self, code):
        return self._find(code)._get_chat_values()

    def send_code(self, phone, code):
        codes, limits = self.env["pakn.phone.code"], self.env["pakn.rate.limit"]
        if not codes._can_deliver():
            return None
        if limits._hit("chat_code", str(self.channel.id), CODES, 3600):
            return False
        if code and self._find(code).private_phone != phone:
            return True  # whose number it is stays unknown
        try:
            codes._send(phone)
        except UserError:
            return False
        return True

    def check_code(self, phone, digits, code):
        if code and self._find(code).private_phone != phone:
            return False
        if not self.env["pakn.phone.code"]._check(phone, digits):
            return False
        self.channel._pakn_prove(phone)
        return True

    def check_phone(self, phone, digits):
        return self.env["pakn.phone.code"]._check(phone, digits)

    def find_source(self, text):
        return self.channel._pakn_find_source(text)

    def look_up(self, key, code, phone):
        return self.channel._pakn_look_up(key, code, phone)

    def find_articles(self, text):
        articles = self.env["pakn.article"]
        domain = articles._get_valid_domain() & fields.Domain("is_published", "=", True)
        found = articles.search_fetch(domain, ["name"], limit=ARTICLES)
        places = find_fitting(text, found.mapped("name"))
        return [
            helper.Article(
                found[place].name, html2plaintext(found[place].answer or "").strip()
            )
            for place in places
        ]

    def call_person(self):
        return self.channel._pakn_call_person()

    def is_there(self):
        return self.channel.pakn_user_id in self.channel._pakn_get_present()

    def when_open(self):
        clock = self.env["pakn.unit"]._get_default_calendar()._get_working_time()
        now = fields.Datetime.now()
        opening = clock.add(now, 0)
        if opening <= now:
            return ""
        return to_local(opening).strftime("%H:%M %d/%m/%Y")

    def rate(self, grade, reason):
        ticket = self.ticket
        try:
            with self.env.cr.savepoint():
                ticket._rating_get_access_token()
                ticket.rating_apply(
                    GRADES[grade], rating=ticket._get_round_rating(), feedback=reason
                )
        except UserError:
            self.add_words(f"{grade} {reason}".strip())
            return False
        return True
