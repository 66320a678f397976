from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..tools.phone import format_phone
from ..tools.province import to_local

# Characters of what stood there and stands there now; all of it is on record
SHOWN = 300

# State of a mail's notification -> state of a notice
STATE_OF_MAIL = {
    "ready": "waiting",
    "process": "waiting",
    "pending": "sent",
    "sent": "sent",
    "bounce": "failed",
    "exception": "failed",
    "canceled": "failed",
}


class PaknEventTalk(models.AbstractModel):
    """How an act reads: what was said, what was corrected. A room of ``pakn.event``."""

    _name = "pakn.event.talk"
    _description = "What was said by an act"

    changes = fields.Text(
        string="What was corrected",
        compute="_compute_changes",
        groups="pakn_1022.group_operator",
    )

    @api.depends("kind", "payload")
    @api.depends_context("lang")
    def _compute_changes(self):
        for event in self:
            event.changes = "\n".join(event._describe_changes())

    def _describe_changes(self, with_citizen=True):
        """Return what a correction changed (Art. 9.1): a line for each field.

        :param bool with_citizen: whether who sent the request may be named
        """
        self.ensure_one()
        if self.kind != "updated":
            return []
        env, lines = self.env, []
        names = env["pakn.ticket"]._fields
        for name, values in (self.payload or {}).items():
            field = names.get(name)
            # Beside the fields there is by which door, and what hides the old words
            if not field or not isinstance(values, list) or len(values) != 2:
                continue
            is_hidden = name.startswith("citizen_") and not with_citizen
            before, after = (
                env._("(kept secret)") if is_hidden else self._to_words(field, value)
                for value in values
            )
            lines.append(
                env._(
                    "%(field)s: %(before)s → %(after)s",
                    field=field._description_string(env),
                    before=before,
                    after=after,
                )
            )
        return lines

    def _to_words(self, field, value):
        """Return in words what the record of acts holds of a field."""
        env = self.env
        if field.type == "boolean":
            return env._("yes") if value else env._("no")
        if value in ("", None, False, []):
            return env._("(empty)")
        if field.type == "selection":
            return dict(field._description_selection(env)).get(value, value)
        if field.type == "datetime":
            moment = to_local(fields.Datetime.to_datetime(value))
            return moment.strftime("%d/%m/%Y %H:%M")
        if field.name == "citizen_phone":
            return format_phone(value)
        if isinstance(value, list):
            # Files: names and digests
            value = ", ".join(str(one[0]) for one in value)
        words = " ".join(str(value).split())
        return words if len(words) <= SHOWN else f"{words[:SHOWN].rstrip()}…"

    def _describe_said(self, ours, results=None):
        """Return what the screen shows of these acts, see ``pakn.ticket.get_talks``.

        Acts by which nothing was said are left out.

        :param ours: kinds of acts by which the hotline speaks
        :param dict results: ``{act: HTML}`` of acts by which a result was sent
        """
        labels = dict(self._fields["kind"]._description_selection(self.env))
        notices = self.env["pakn.notice"]._fields
        doors = dict(notices["door"]._description_selection(self.env))
        states = dict(notices["state"]._description_selection(self.env))
        arrivals = self._get_arrivals()
        said = []
        for event in self:
            text = event._get_said_text((results or {}).get(event))
            if not text:
                continue
            payload = event.payload or {}
            is_ours = event.kind in ours
            state, reason = arrivals.get(event, (False, False))
            door = payload.get("door") or ("mail" if "message" in payload else "")
            writer = event.unit_id.name or payload.get("from")
            said.append(
                {
                    "key": f"act-{event.id}",
                    "is_ours": is_ours,
                    "who": event.user_id.name
                    if is_ours
                    else writer or event.ticket_id.citizen_name or "",
                    "label": event._get_said_label(labels),
                    "date": event.date,
                    "text": text,
                    "door": doors.get(door, ""),
                    "state": state or "",
                    "state_label": states.get(state, ""),
                    "reason": reason or "",
                }
            )
        return said

    def _get_said_label(self, labels):
        """Return how it is called, with the request that it was joined from."""
        joined = (self.payload or {}).get("joined")
        if joined:
            return self.env._(
                "%(what)s, joined from %(code)s", what=labels[self.kind], code=joined
            )
        return labels[self.kind]

    def _get_said_text(self, result=None):
        """Return the plain words of the act, empty where nothing was said."""
        self.ensure_one()
        if self.kind == "responded":
            result = self.transfer_id.result
        elif self.kind == "rejected":
            result = self.ticket_id.reject_guidance
        words = (self.payload or {}).get("text") or self.note or ""
        return "\n".join(filter(None, (words, html2plaintext(result or "")))).strip()

    def _get_arrivals(self):
        """Return ``{act: (state of a notice, reason)}`` of what is known of them."""
        by_notice, by_message = {}, {}
        for event in self:
            payload = event.payload or {}
            if payload.get("notice"):
                by_notice[payload["notice"]] = event
            elif payload.get("message"):
                by_message[payload["message"]] = event
        arrivals = {}
        for notice in self.env["pakn.notice"].browse(by_notice).exists():
            arrivals[by_notice[notice.id]] = (notice.state, notice.reason)
        # sudo: whether a mail to the citizen of a readable request has arrived
        notifications = self.env["mail.notification"].sudo()
        for notification in notifications.search(
            [
                ("mail_message_id", "in", list(by_message)),
                ("mail_email_address", "!=", False),
            ],
            limit=len(by_message),
        ):
            state = STATE_OF_MAIL.get(notification.notification_status)
            if state:
                event = by_message[notification.mail_message_id.id]
                arrivals[event] = (state, notification.failure_reason)
        return arrivals
