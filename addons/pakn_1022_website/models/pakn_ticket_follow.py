from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import consteq, formataddr
from odoo.tools.misc import format_datetime

from odoo.addons.pakn_1022.models.pakn_ticket_mail import REPLY_LENGTH
from odoo.addons.pakn_1022.tools import acts
from odoo.addons.pakn_1022.tools.province import PHONE, TIMEZONE

# Acts that the citizen sees; the others are between hotline and units
FOLLOWED = frozenset(act.recorded for act in acts.ACTS if act.followed)

# Within this time the same words and files are the same message, sent twice
SAME_MESSAGE = timedelta(minutes=5)
# Of those that need but a sentence
ICONS = {
    "received": "fa-check",
    "asked": "fa-question",
    "answered": "fa-pencil",
    "referred": "fa-share",
    "acknowledged": "fa-check",
    "returned": "fa-undo",
    "escalated": "fa-exclamation",
    "overdue": "fa-exclamation",
    "moved": "fa-share",
    "recalled": "fa-undo",
    "result_returned": "fa-repeat",
    "called": "fa-phone",
    "published": "fa-globe",
    "reopened": "fa-repeat",
    "cancelled": "fa-times",
}


class PaknTicketFollow(models.AbstractModel):
    """What the citizen follows on the site (Art. 10.1, 14), in plain words.

    Part of ``pakn.ticket``, of which it needs fields, record of acts, messages and the
    files of :class:`PaknTicketSubmission`. It says who may follow a request, where it
    stands and what happened, and takes the citizen's messages. Units and hours are
    told; operators' names, notes and what units and hotline say to one another never
    are.
    """

    _name = "pakn.ticket.follow"
    _description = "Request as its citizen follows it"

    def _compute_access_url(self):
        for ticket in self:
            ticket.access_url = f"/tra-cuu/{ticket.name}" if ticket.id else "#"

    # ------------------------------------------------------------
    # WHO MAY
    # ------------------------------------------------------------

    def _is_token(self, token):
        """Return whether ``token`` opens this request to whoever brings it."""
        self.ensure_one()
        known = self.access_token
        return bool(
            known
            and isinstance(token, str)
            and token.isascii()
            and consteq(known, token)
        )

    @api.model
    def _get_account_domain(self, user):
        """Return which requests an account on the site may see, searched in sudo.

        Those sent from it, and those of the phone that its owner has proved to have. A
        contact's own phone and email prove nothing: who has an account writes there
        what he or she likes.
        """
        if not user._is_portal():
            return Domain.FALSE
        partner_sudo = user.sudo().partner_id  # sudo: the user's own contact
        domain = Domain("account_id", "=", partner_sudo.id)
        if partner_sudo.pakn_verified_phone:
            domain |= Domain("private_phone", "=", partner_sudo.pakn_verified_phone)
        return domain & Domain("secrecy", "!=", "secret")

    def _is_of_account(self, user):
        """Return whether this request is one of the user's account; in sudo."""
        self.ensure_one()
        return bool(self.filtered_domain(self._get_account_domain(user)))

    @api.model
    def _get_of_phone(self, number, limit, offset=0, after=None):
        """Return the requests of a phone (E.164) that has been proved, newest first.

        In sudo; state secrets never leave through the site.

        :param after: moment (UTC) and id of the last one seen: what was handed in since
            moves none of those that follow
        """
        domain = Domain("private_phone", "=", number)
        domain &= Domain("secrecy", "!=", "secret")
        if after:
            moment, last = after
            domain &= Domain("date_received", "<", moment) | (
                Domain("date_received", "=", moment) & Domain("id", "<", last)
            )
        # sudo: the phone was proved to be the visitor's
        return self.sudo().search(
            domain,
            order="date_received desc, id desc",
            limit=limit,
            offset=offset,
        )

    @api.model
    def _give_keys_to_phone(self, number):
        """Give those requests of a proved phone a key that have none: phoned in."""
        # sudo: as in _get_of_phone
        tickets_sudo = self.sudo().search(
            [
                ("private_phone", "=", number),
                ("secrecy", "!=", "secret"),
                ("access_token", "=", False),
            ],
            limit=1000,
        )
        for ticket_sudo in tickets_sudo:
            ticket_sudo._portal_ensure_token()

    # ------------------------------------------------------------
    # WHERE IT STANDS
    # ------------------------------------------------------------

    def _format_moment(self, moment):
        """Return a moment (UTC) as people say it: ``16:30 thứ Hai, 02/03/2026``."""
        text = format_datetime(
            self.env, moment, tz=TIMEZONE, dt_format="HH:mm EEEE, dd/MM/yyyy"
        )
        # In Vietnamese a day has a small letter within a sentence.
        return text.replace("Thứ", "thứ").replace("Chủ", "chủ")

    def _get_site_status(self):
        """Return where the request stands: ``{"label", "text", "color", "icon"}``."""
        self.ensure_one()
        unit, due = self.unit_id.name, self.date_due
        label = dict(self._fields["state"]._description_selection(self.env))
        status = {"label": label[self.state], "color": "info"}
        if self.state == "new":
            text = self.env._("The hotline checks your request.")
            if self.round > 1:
                text = self.env._("The hotline has taken up your request again.")
        elif self.state in acts.OPEN and self.state != "answered" and due:
            if due < fields.Datetime.now():
                status["color"] = "warning"
                text = self.env._(
                    "%(unit)s should have answered by %(moment)s. The delay is "
                    "reported to the level above.",
                    unit=unit,
                    moment=self._format_moment(due),
                )
            elif self.state == "scheduled":
                text = self.env._(
                    "%(unit)s promises the result by %(moment)s.",
                    unit=unit,
                    moment=self._format_moment(due),
                )
            else:
                text = self.env._(
                    "%(unit)s handles it and has to respond by %(moment)s.",
                    unit=unit,
                    moment=self._format_moment(due),
                )
        elif self.state == "answered":
            text = self.env._("There is a result; the hotline checks it for you.")
        elif self.state == "done":
            status["color"] = "success"
            text = self.env._("The result has been sent to you.")
        elif self.state == "rejected":
            status["color"] = "secondary"
            text = self.env._("The hotline cannot take it in; the reason is below.")
        elif self.state == "cancelled":
            status["color"] = "secondary"
            text = self.env._(
                "It is not handled any further: it was withdrawn, was a trial, or "
                "doubles another one. If you still need it settled, call %(phone)s and "
                "say the code.",
                phone=PHONE,
            )
        else:
            text = self.env._("%s handles it.", unit)
        icons = {
            "success": "fa-check-circle",
            "warning": "fa-clock-o",
            "secondary": "fa-minus-circle",
        }
        return status | {
            "text": text,
            "icon": icons.get(status["color"], "fa-hourglass-half"),
        }

    def _get_timeline(self):
        """Return what happened as a list of steps, the oldest first.

        Each is ``{"kind", "date" (UTC), "icon", "title"}`` and, if there is one,
        ``"text"`` (plain), ``"html"``, ``"files"`` (``ir.attachment``) and ``"mine"``.
        """
        self.ensure_one()
        steps = [
            step
            for event in self.event_ids._filter_standing().sorted("sequence")
            if event.kind in FOLLOWED and (step := self._get_step(event))
        ]
        for message in self._get_citizen_messages():
            steps.append(
                {
                    "kind": "message",
                    "date": message.date,
                    "icon": "fa-commenting-o",
                    "title": self.env._("The hotline writes to you"),
                    "html": message.body,
                    "files": message.attachment_ids,
                }
            )
        return sorted(steps, key=lambda step: step["date"])

    def _get_citizen_messages(self):
        """Return what the hotline wrote to the citizen, without notes among itself."""
        return self.message_ids.filtered(self._is_to_citizen)

    def _get_step(self, event):
        """Return one act of the record as a step of the timeline, or ``None``."""
        method = getattr(self, f"_get_step_{event.kind}", None)
        step = method(event) if method else self._get_plain_step(event)
        return step and {"kind": event.kind, "date": event.date, **step}

    def _get_plain_step(self, event):
        """Return the step of an act that needs but a sentence."""
        _ = self.env._
        unit = event.unit_id.name or ""
        titles = {
            "received": self.env._("The hotline has received your request"),
            "asked": self.env._("The hotline asked for your name, address and phone"),
            "answered": self.env._("The hotline has an answer and checks it"),
            "referred": self.env._(
                "Handed to the provincial office to decide who is in charge"
            ),
            "acknowledged": self.env._("%s has got it", unit),
            "returned": self.env._(
                "%s is not in charge; the hotline hands it on", unit
            ),
            "escalated": self.env._("%s did not answer in time", unit),
            "overdue": self.env._("%s did not answer in time", unit),
            "moved": self.env._("Handed to the unit's successor"),
            "recalled": self.env._("The hotline hands it to another unit"),
            "result_returned": self.env._(
                "The hotline has asked the unit to complete its result"
            ),
            "called": self.env._("The hotline told you on the telephone"),
            "published": self.env._("The result is published, without your name"),
            "reopened": self.env._("Your request is taken up again"),
            "cancelled": self.env._("Your request was ended"),
        }
        return {"icon": ICONS[event.kind], "title": titles[event.kind]}

    def _get_step_transferred(self, event):
        slip, payload = event.transfer_id, event.payload or {}
        if payload.get("level", "focal") == "focal" and slip.role == "support":
            return {
                "icon": "fa-plus",
                "title": self.env._("%s helps with it", slip.unit_id.name),
            }
        moment = fields.Datetime.to_datetime(payload.get("date_deadline"))
        words = {
            "unit": slip.unit_id.name,
            "moment": self._format_moment(moment or slip.date_deadline),
        }
        if slip.level == "head":
            title = self.env._(
                "Reported to the head of %(unit)s, who has to respond by %(moment)s",
                **words,
            )
        elif slip.level == "province":
            title = self.env._(
                "Reported to the Provincial People's Committee, which has to respond "
                "by %(moment)s",
                moment=words["moment"],
            )
        else:
            title = self.env._(
                "Handed to %(unit)s, which has to respond by %(moment)s", **words
            )
        return {"icon": "fa-share", "title": title}

    def _get_step_responded(self, event):
        if event.transfer_id.role == "support":
            return {
                "icon": "fa-check",
                "title": self.env._("%s has done its part", event.unit_id.name),
            }
        return {
            "icon": "fa-pencil",
            "title": self.env._(
                "%s has given its result; the hotline checks it", event.unit_id.name
            ),
        }

    def _get_step_scheduled(self, event):
        if event.transfer_id.role == "support":
            return None
        moment = fields.Datetime.to_datetime((event.payload or {}).get("date_promised"))
        return {
            "icon": "fa-calendar",
            "title": self.env._(
                "%(unit)s promises the result by %(moment)s",
                unit=event.unit_id.name,
                moment=self._format_moment(moment or event.transfer_id.date_due),
            ),
        }

    def _get_step_extended(self, event):
        if event.transfer_id.role == "support":
            return None
        moment = fields.Datetime.to_datetime((event.payload or {}).get("date_extended"))
        return {
            "icon": "fa-calendar",
            "title": self.env._(
                "%(unit)s needs more time, until %(moment)s",
                unit=event.unit_id.name,
                moment=self._format_moment(moment or event.transfer_id.date_due),
            ),
            # The reason of an extension is told to the citizen by mail too.
            "text": event.note,
        }

    def _get_step_published(self, event):
        step = self._get_plain_step(event)
        if (event.payload or {}).get("open"):
            step["title"] = self.env._(
                "Everybody can follow it on the site, without your name"
            )
        return step

    def _get_step_rejected(self, event):
        step = {
            "icon": "fa-times",
            "title": self.env._("Not taken in: %s", event.note or ""),
        }
        if self.state == "rejected":
            step["html"] = self.reject_guidance
        return step

    def _get_step_sent(self, event):
        """The result of an earlier round stays readable (Art. 14)."""
        step = {"icon": "fa-flag", "title": self.env._("The result was sent to you")}
        reopened = self.event_ids.filtered(
            lambda other: other.kind == "reopened" and other.sequence > event.sequence
        ).sorted("sequence")[:1]
        if reopened:
            payload = reopened.payload or {}
            number = (payload.get("round") or 2) - 1
            step["title"] = self.env._("Result no. %s, sent to you", number)
            step["html"] = Markup(payload.get("result") or "")
        return step

    def _get_step_rated(self, event):
        grades = {
            5: self.env._("You are satisfied"),
            3: self.env._("You find it acceptable"),
            1: self.env._("You are not satisfied"),
        }
        return {
            "icon": "fa-star",
            "title": grades.get((event.payload or {}).get("rating"), ""),
            "text": event.note,
            "mine": True,
        }

    def _get_step_replied(self, event):
        payload = event.payload or {}
        if not payload.get("is_citizen", True):
            return None  # somebody else's words, which the operator looks at
        # Of what came by another door than the site, only name and checksum are told
        numbers = [one for one in payload.get("files") or () if isinstance(one, int)]
        files = self.env["ir.attachment"].browse(numbers)
        return {
            "icon": "fa-commenting-o",
            "title": self.env._("You wrote"),
            "text": payload.get("text"),
            "files": files & self.site_attachment_ids,
            "mine": True,
        }

    def _get_citizen_files(self):
        """Return the files that the citizen may open: own, and those of the result."""
        self.ensure_one()
        files = self.site_attachment_ids | self._get_citizen_messages().attachment_ids
        if self.state == "done":
            files |= self.result_attachment_ids
        return files

    def _get_before_and_after(self):
        """Return the citizen's photos and those of the result, to stand side by side.

        :return: two sets of ``ir.attachment``, both empty where either has none
        """
        self.ensure_one()
        both = [
            files.filtered(lambda file: (file.mimetype or "").startswith("image/"))
            for files in (self.site_attachment_ids, self.result_attachment_ids)
        ]
        return both if all(both) else [files.browse() for files in both]

    def _has_just_replied(self, text, uploads):
        """Return whether the citizen's last message is this one, come a second time.

        As of two taps on a button, or a page sent again after a cut.

        :param str text: plain
        :param uploads: :class:`~..tools.uploads.Upload`
        """
        self.ensure_one()
        self._lock()
        last = self.event_ids.filtered(lambda event: event.kind == "replied").sorted(
            "sequence"
        )[-1:]
        if not last or fields.Datetime.now() - last.date > SAME_MESSAGE:
            return False
        payload = last.payload or {}
        numbers = [one for one in payload.get("files") or () if isinstance(one, int)]
        files = self.env["ir.attachment"].browse(numbers).exists()
        return payload.get("text") == text[:REPLY_LENGTH] and sorted(
            files.mapped("checksum")
        ) == sorted(files._compute_checksum(upload.data) for upload in uploads)

    def _reply_from_site(self, text, uploads=()):
        """Take another message of the citizen (Art. 14); in sudo.

        :param str text: plain
        :param uploads: :class:`~..tools.uploads.Upload`
        """
        self.ensure_one()
        files = self._add_site_files(uploads)
        name = self.private_name or self.env._("Citizen")
        message = self.message_post(
            body=self._text_to_html(text or self.env._("(Files only.)")),
            author_id=self.citizen_id.id or False,
            # Whose name stands over it, where the request has no contact
            email_from=formataddr((name, self.private_email))
            if self.private_email
            else name,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        message.attachment_ids = files
        self._note_reply(text, {"files": files.ids} if files else None)
