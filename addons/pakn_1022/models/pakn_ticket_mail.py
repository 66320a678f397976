from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, html2plaintext, html_sanitize, plaintext2html
from odoo.tools.mail import email_split_tuples

from ..tools.html_text import read_html
from ..tools.incoming_mail import strip_subject
from ..tools.phone import find_phones, format_phone
from ..tools.quotation import hide_keys, split_answer

TITLE_LENGTH = 120
# Characters of a message on record
REPLY_LENGTH = 20_000
# Of how many messages a quotation is known
KNOWN_MESSAGES = 50
# Working hours after which an unread message becomes a to-do
UNREAD_HOURS = 1
# Marks the mail that a request is made of; over RPC nobody can send it in a context
_FIRST_MAIL = object()


class PaknTicketMail(models.AbstractModel):
    """Requests that come by mail, and citizens' answers to ours (Art. 3.2.2, 14).

    A room of ``pakn.ticket``, on Odoo's mail gateway and chatter.
    """

    _name = "pakn.ticket.mail"
    _description = "Mail of a request"
    _inherit = "pakn.act.mixin"

    has_new_reply = fields.Boolean(
        string="New message from the citizen",
        readonly=True,
        copy=False,
        procedure=True,
    )

    date_new_reply = fields.Datetime(
        string="Waiting to be read since", readonly=True, copy=False, procedure=True
    )
    mentioned_id = fields.Many2one(
        "pakn.ticket",
        string="Mentions",
        readonly=True,
        copy=False,
        index="btree_not_null",
        procedure=True,
        groups="pakn_1022.group_operator",
        help="The mail named the code of this request, but came from another address.",
    )
    phone_hint = fields.Char(
        string="Phone in the mail",
        compute="_compute_phone_hint",
        groups="pakn_1022.group_operator",
        help="A number in the text; whose it is, only the operator can tell.",
    )
    mail_count = fields.Integer(
        string="Original mails",
        compute="_compute_mail_count",
        groups="pakn_1022.group_operator",
    )

    _new_reply_idx = models.Index("(id) WHERE has_new_reply IS TRUE")

    def _compute_mail_count(self):
        counts = dict(
            self.env["pakn.mail"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.mail_count = counts.get(ticket._origin, 0)

    def action_view_mails(self):
        """Open the originals of the mails of this request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pakn_1022.mail_action")
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Take in a request by mail: its sender, and what it says.

        A number in the text may be anybody's, that of the accused among them: it is put
        before the operator, and nobody is told anything there.
        """
        self = self.with_context(lang=self._get_citizen_lang())
        self._forget_claimed_author(msg_dict)
        names = email_split_tuples(msg_dict.get("email_from") or "")
        name, address = names[0] if names else ("", "")
        text = self._get_mail_text(msg_dict)
        subject = strip_subject(msg_dict.get("subject"))
        custom_values = dict(custom_values or {})
        mentioned = custom_values.pop("mentioned_id", None)
        ticket = self.create(
            {
                "title": (subject or text or self.env._("Mail without a subject"))[
                    :TITLE_LENGTH
                ],
                "description": self._get_mail_content(msg_dict.get("body")),
                "citizen_name": name,
                "citizen_email": self.env["res.partner"]._normalize_citizen_email(
                    address
                ),
                "channel_id": self.env["pakn.channel"]._get_own("channel_email").id,
                "user_id": False,
                **self._filter_mail_values(custom_values),
            }
        )
        if mentioned:
            ticket._acting().mentioned_id = mentioned
        return ticket.with_context(pakn_first_mail=_FIRST_MAIL)

    @api.model
    def _filter_mail_values(self, values):
        """Return what an alias may set on a request: single values of its content."""
        return {
            name: value
            for name, value in (values or {}).items()
            if name in self._get_content_fields()
            and self._fields[name].type not in ("one2many", "many2many")
        }

    def message_update(self, msg_dict, update_vals=None):
        """Note that somebody wrote again (Art. 14), and who.

        What the mail quotes of earlier ones is left out, for it stands here already and
        holds the citizen's key; the original mail has it.
        """
        self._check_operator()
        self._forget_claimed_author(msg_dict)
        text = self._get_mail_text(msg_dict)
        answer = split_answer(text, self._get_known_text())
        if answer.left_out:
            msg_dict["body"] = plaintext2html(answer.text)
        else:
            msg_dict["body"] = self._get_mail_content(msg_dict.get("body"))
        result = super().message_update(msg_dict, update_vals)
        payload = {
            "from": email_normalize(msg_dict.get("email_from") or "") or "?",
            "is_citizen": self._is_of_sender(),
        }
        if answer.left_out:
            payload["left_out"] = len(answer.left_out)
        self._note_reply(answer.text, payload)
        return result

    @api.model
    def _forget_claimed_author(self, msg_dict):
        """Show no mail as somebody's of whom it merely says that it is.

        One that claims to be an operator's, or whose address is read from a header in
        two ways, or is where answers are to go to.
        """
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        sender = self.env.context.get("pakn_mail_from")
        claimed = email_normalize(msg_dict.get("email_from") or "")
        is_doubtful = sender is not None and email_normalize(sender) != claimed
        # sudo: whoever runs the gateway
        if is_doubtful or author.sudo().with_context(active_test=False).user_ids:
            msg_dict["author_id"] = False

    def _is_of_sender(self):
        """Return whether the mail at hand comes from the address of this request.

        Beyond doubt (:func:`~..tools.mail_headers.get_proved`): what is read from a
        header in two ways, or where answers are to go to, may be anybody's word.
        """
        self.ensure_one()
        sender = email_normalize(self.env.context.get("pakn_mail_from") or "")
        # sudo: compared alone
        return bool(sender) and sender == self.sudo().private_email

    @api.depends("description", "citizen_phone", "channel_id")
    def _compute_phone_hint(self):
        by_mail = self.env["pakn.channel"]._get_own("channel_email")
        for ticket in self:
            phones = ()
            if ticket.channel_id == by_mail and not ticket.citizen_phone:
                phones = find_phones(html2plaintext(ticket.description or ""))
            ticket.phone_hint = ", ".join(map(format_phone, phones[:3]))

    def action_take_phone(self):
        """Take the only number in the mail for the citizen's: the operator's word."""
        self.ensure_one()
        self._check_operator()
        phones = find_phones(html2plaintext(self.description or ""))
        if len(phones) != 1:
            raise UserError(
                self.env._("There is not one number; write the citizen's down.")
            )
        self.citizen_phone = phones[0]
        return True

    def action_join_mentioned(self):
        """Join this request to the one its mail named: the operator's word.

        What it says and its files stand there as a message of its sender; this one is
        ended, both records say so, and the sender is told (Art. 10.1).

        :raise UserError: this one is better protected than the other, or the other
            is closed to the caller
        """
        self.ensure_one()
        self._check_operator()
        target = self.mentioned_id
        if not target:
            raise UserError(self.env._("This request names no other one."))
        self._check_join(target)
        text = html2plaintext(self.description or "").strip()
        sender = self.citizen_email or "?"
        target._note_reply(
            text,
            {
                "from": sender,
                "is_citizen": sender == target.citizen_email,
                "joined": self.name,
            },
        )
        # sudo: files of a request the operator works on; its rights are not theirs
        self.sudo().attachment_ids.copy(
            {"res_id": target.id, "pakn_ticket_ids": [Command.set(target.ids)]}
        )
        target.sudo().message_post(
            body=plaintext2html(text), email_from=sender, author_id=False
        )
        self.cancel(self.env._("Joined to %s.", target.name))
        words = {"code": self.name, "other": target.name}
        if self._tell_joined(target):
            said = self.env._(
                "%(code)s is joined to %(other)s, and the sender is told by mail.",
                **words,
            )
        else:
            said = self.env._("%(code)s is joined to %(other)s.", **words)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": said,
                "next": {
                    "type": "ir.actions.act_window",
                    "res_model": "pakn.ticket",
                    "res_id": target.id,
                    "views": [[False, "form"]],
                },
            },
        }

    def _check_join(self, target):
        """Check that joining shows nobody what is not for them (Art. 13.1)."""
        self.ensure_one()
        self.check_access("write")
        if not target.has_access("write"):
            # sudo: its code stands in the mail
            code = target.sudo().name
            raise UserError(
                self.env._(
                    "%s is a state secret: only who is cleared for those can join "
                    "this mail to it. Please ask the shift leader.",
                    code,
                )
            )
        levels = list(dict(self._fields["secrecy"].selection))
        if levels.index(self.secrecy) > levels.index(target.secrecy):
            names = dict(self._fields["secrecy"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(code)s is more protected (“%(level)s”) than %(other)s: more "
                    "people would read it there. Handle it by itself, or protect "
                    "%(other)s as well first.",
                    code=self.name,
                    level=names[self.secrecy],
                    other=target.name,
                )
            )

    def _tell_joined(self, target):
        """Tell the sender of a mail where it is handled now (Art. 10.1).

        :return: whether there is an address
        """
        if self._get_shut_doors()["mail"]:
            return False
        local = self.with_context(lang=self._get_citizen_lang())
        local._write_to_citizen(
            local.env._(
                "Your message is joined to request %(code)s, which it names, and "
                "is handled with it. Who sent that request is told of the result.",
                code=target.name,
            ),
            "mail",
        )
        return True

    @api.model
    def _get_mail_text(self, msg_dict):
        """Return the words of a mail by lines, as the gateway found them."""
        text = self.env.context.get("pakn_mail_text")
        if text is None:
            text = hide_keys(read_html(str(msg_dict.get("body") or ""))[0])
        return text.strip()

    def _get_known_text(self):
        """Return what was written on this request before, of both sides."""
        # sudo: compared alone, and shown to nobody
        ticket = self.sudo()
        pages = ticket.message_ids[:KNOWN_MESSAGES].mapped("body")
        pages += [ticket.description, ticket.result]
        return "\n".join(read_html(str(page or ""))[0] for page in pages)

    def _note_reply(self, text, payload=None):
        """Put before the operator, and on record, that the citizen wrote again.

        :param str text: plain
        :param dict payload: further particulars for the record
        """
        payload = {"text": text[:REPLY_LENGTH], **(payload or {})}
        if len(text) > REPLY_LENGTH:
            payload["length"] = len(text)
        self._log_event("replied", payload=payload)
        self._acting().has_new_reply = True
        waiting = self.filtered("date_new_reply")
        (self - waiting)._acting().date_new_reply = fields.Datetime.now()
        self._tell("replied")

    @api.model
    def _cron_urge_replies(self):
        """What a citizen wrote and nobody has read for a working hour is a to-do."""
        tickets = self.search(
            [("has_new_reply", "=", True), ("date_new_reply", "!=", False)],
            order="date_new_reply, id",
            limit=1000,
        )
        clock = self.env["pakn.unit"]._get_default_calendar()._get_working_time()
        now = fields.Datetime.now()
        late = tickets.filtered(
            lambda ticket: clock.between(ticket.date_new_reply, now) >= UNREAD_HOURS
        )
        summary = self.env._("The citizen has written, and nobody has read it yet")
        self.env["pakn.notice"]._add_todos(
            [
                (ticket, user, now, summary)
                for ticket in late
                for user in ticket._get_caretakers()
            ]
        )
        # Once for each message that waits
        late._acting().date_new_reply = False

    def _message_post_after_hook(self, message, msg_vals):
        """Show the files of a citizen's mail, and pictures in it, on the request."""
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == "email":
            # sudo: what came with the mail is of the request
            ticket, message = self.sudo(), message.sudo()
            if message.attachment_ids:
                ticket.attachment_ids += message.attachment_ids
            if self.env.context.get("pakn_first_mail") is _FIRST_MAIL:
                ticket.description = self._get_mail_content(message.body)
        elif message.message_type == "comment":
            if self.has_new_reply:
                self._note_read()
            if self._is_to_citizen(message):
                self._note_written(message)
        elif message.message_type == "sms":
            text = html2plaintext(message.body or "").strip()
            self._log_event("wrote", payload={"text": text[:5000], "door": "sms"})
        return result

    # ------------------------------------------------------------
    # WHAT IS WRITTEN TO THE CITIZEN
    # ------------------------------------------------------------

    def _is_to_citizen(self, message):
        """Return whether the hotline says this to the citizen, not among itself."""
        return (
            message.message_type == "comment"
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and not message.is_internal
            and self._is_staff(message)
        )

    def _is_staff(self, message):
        """Return whether somebody who has or had an account here wrote a message."""
        # sudo: whoever posts
        author_sudo = message.sudo().author_id.with_context(active_test=False)
        return any(not user.share for user in author_sudo.user_ids)

    def _note_written(self, message):
        """Put on record what was written; tell by another door where no mail goes."""
        text = html2plaintext(message.body or "").strip()
        self._log_event("wrote", payload={"text": text[:5000], "message": message.id})
        if not self.sudo().private_email:  # sudo: whoever posts
            self._tell("wrote")

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Staff, and the citizen at the address of this request (Art. 13.1).

        A contact is no address: people share a phone, and anybody may have written
        anything into a form before.
        """
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self:
            return recipients
        staff = [one for one in recipients if one["uid"] and not one["ushare"]]
        email = self.sudo().private_email  # sudo: whoever posts
        if not email or not self._is_to_citizen(message):
            return staff
        citizen = {
            "active": True,
            "email_normalized": email,
            "id": False,
            "is_follower": False,
            "name": self.sudo().private_name or email,  # sudo: the same
            "lang": self._get_citizen_lang(),
            "groups": [],
            "notif": "email",
            "share": True,
            "type": "customer",
            "uid": False,
            "ushare": False,
        }
        return [*staff, citizen]

    def _message_get_suggested_recipients_batch(
        self,
        reply_discussion=False,
        reply_message=None,
        no_create=True,
        primary_email=False,
        additional_partners=None,
    ):
        """Propose nobody: who writes here writes to the citizen of the request."""
        return {ticket.id: [] for ticket in self}

    def action_reply_read(self):
        """Say that what the citizen wrote has been read."""
        self._check_operator()
        self._note_read()
        return True

    def _note_read(self):
        self._acting().write({"has_new_reply": False, "date_new_reply": False})

    def _message_receive_bounce(self, email, partner):
        """Tell the operator that the citizen does not get our mail."""
        result = super()._message_receive_bounce(email, partner)
        # sudo: whoever runs the gateway
        self.env["pakn.notice"].sudo()._note_bounce(self, email)
        return result

    @api.model
    def _get_mail_content(self, body):
        """Return the text of a mail, and a word on it where a person should look."""
        body = self._get_whole_body(body)
        text = html2plaintext(str(body or ""), include_references=False).strip()
        if not text and "<img" not in str(body or ""):
            return Markup("<p>%s</p>") % self.env._(
                "(The mail has no text; see its files.)"
            )
        if self.env.context.get("pakn_mail_unsure"):
            body = Markup("%s<p>%s</p>") % (
                Markup(body or ""),  # noqa: S704 - cleaned by the field it goes to
                self.env._(
                    "(This mail was not in order: parts may be missing or misread. "
                    "See the original among the files.)"
                ),
            )
        return body

    @api.model
    def _get_whole_body(self, body):
        """Return a page as it is, or its words if cleaning it would drop some."""
        text = self.env.context.get("pakn_mail_text")
        if not text:
            return body
        shown = read_html(str(html_sanitize(str(body or ""), sanitize_tags=False)))[0]
        whole = len(shown.split()) * 10 >= len(text.split()) * 9
        return body if whole else plaintext2html(text)

    @api.model
    def _get_citizen_lang(self):
        """Return the language in which citizens are spoken to."""
        return self._get_company_lang(self.env.company.id) or self.env.lang

    @api.model
    @tools.ormcache("company_id")
    def _get_company_lang(self, company_id):
        # sudo: whoever takes in a request
        return self.env["res.company"].sudo().browse(company_id).partner_id.lang

    def _filter_contact_to_be_asked(self):
        """Return those whose contact data (Art. 8.3) are missing and can be asked."""
        by_mail = self.env["pakn.channel"]._get_own("channel_email")
        return self.filtered(
            lambda ticket: (
                ticket.channel_id == by_mail
                and ticket.citizen_email
                and not (
                    ticket.citizen_name
                    and ticket.citizen_phone
                    and ticket.citizen_address
                )
            )
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What is said to the citizen names the citizen: operators alone read it.

        Units and the hotline talk on the slip.
        """
        return dict.fromkeys(self, "write")

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        return []  # a contact is no address

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("citizen_email", "=", email_from_normalized)]

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Answers to our mail come to the hotline's own address."""
        reply_to = super()._notify_get_reply_to_batch(defaults, author_ids)
        alias = self.env["pakn.mail"]._get_aliases().filtered("alias_domain_id")[:1]
        if alias:
            address = self._notify_get_reply_to_formatted_email(alias.alias_full_name)
            reply_to.update(dict.fromkeys(reply_to, address))
        return reply_to
