from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import html2plaintext, plaintext2html

from odoo.addons.mail.tools.discuss import Store

from .pakn_chat_account import KINDS

OPERATOR = "pakn_1022.group_operator"
# In the context of what is said here after it was queued elsewhere; over RPC nobody can
# send it
QUEUED = object()


class DiscussChannel(models.Model):
    """A conversation with a citizen: a channel of our own type.

    Operators read all of them and write in any; the one who takes care of it is a
    member, with Discuss's counters and sounds. What is said goes out by the queue of
    ``pakn.chat.message``; what came in and went out stands in the record of the request
    it is about (Art. 9). Who it is for the door proves no phone: the citizen is linked
    when a one-time code did, or by an operator's word.
    """

    _name = "discuss.channel"
    _inherit = [
        "discuss.channel",
        "pakn.chat.care",
        "pakn.chat.desk",
        "pakn.chat.window",
    ]

    channel_type = fields.Selection(
        selection_add=[("pakn_chat", "Conversation with a citizen")],
        ondelete={"pakn_chat": "cascade"},
    )
    pakn_account_id = fields.Many2one(
        "pakn.chat.account",
        string="Account",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    pakn_kind = fields.Selection(
        KINDS, string="Door", compute="_compute_pakn_kind", store=True
    )
    pakn_outside_id = fields.Char(string="Number at the door", readonly=True)
    pakn_guest_id = fields.Many2one("mail.guest", readonly=True, ondelete="restrict")
    pakn_citizen_id = fields.Many2one(
        "res.partner",
        string="Citizen",
        readonly=True,
        index="btree_not_null",
        groups=OPERATOR,
        help="By a phone that was proved, or by an operator's word.",
    )
    pakn_phone = fields.Char(string="Proved phone", readonly=True, groups=OPERATOR)
    pakn_ticket_id = fields.Many2one(
        "pakn.ticket",
        string="Request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    pakn_ticket_ids = fields.One2many(
        "pakn.ticket",
        "pakn_conversation_id",
        string="All requests",
        readonly=True,
        groups=OPERATOR,
    )
    pakn_user_id = fields.Many2one(
        "res.users", string="Operator", readonly=True, index="btree_not_null"
    )
    pakn_date_assigned = fields.Datetime(string="Given to the operator", readonly=True)
    pakn_window_until = fields.Datetime(
        string="Can be answered until",
        readonly=True,
        help="Then the door is shut until the citizen writes again.",
    )
    pakn_free_until = fields.Datetime(string="Free of charge until", readonly=True)
    pakn_shut_reason = fields.Char(string="Why it is shut", readonly=True)
    pakn_waiting_since = fields.Datetime(
        string="Waits since",
        readonly=True,
        help="The citizen has written, or asked for a person, and no person answered.",
    )
    pakn_with_person = fields.Boolean(string="With a person", readonly=True)
    pakn_helper = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    pakn_last_text = fields.Char(string="Last words", readonly=True)

    _pakn_identity_unique = models.UniqueIndex(
        "(pakn_account_id, pakn_outside_id) WHERE pakn_outside_id IS NOT NULL"
    )
    _pakn_waiting_idx = models.Index(
        "(pakn_waiting_since) WHERE pakn_waiting_since IS NOT NULL"
    )

    @api.depends("pakn_account_id")
    def _compute_pakn_kind(self):
        for channel in self:
            channel.pakn_kind = channel.pakn_account_id.kind

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._pakn_check_writable(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._pakn_check_writable(vals)
        return super().write(vals)

    def _pakn_check_writable(self, vals):
        """Whose conversation it is and where it stands is nobody's to write by hand."""
        if self.env.su:
            return
        if vals.get("channel_type") == "pakn_chat" or any(
            name.startswith("pakn_") for name in vals
        ):
            raise AccessError(
                self.env._("Conversations with citizens are made by their doors alone.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_conversation(self):
        if any(channel.channel_type == "pakn_chat" for channel in self):
            raise ValidationError(
                self.env._("A conversation with a citizen is kept (Art. 9).")
            )

    def unlink(self):
        # Odoo would delete the messages first
        self._unlink_except_conversation()
        return super().unlink()

    def _check_can_update_message_content(self, message):
        if self.channel_type == "pakn_chat":
            raise UserError(
                self.env._("What was said to a citizen stays as it was said (Art. 9).")
            )
        return super()._check_can_update_message_content(message)

    def _pakn_check_operator(self):
        """Check that the caller is an operator who may read these conversations."""
        self.check_access("read")
        if not self.env.user.has_group(OPERATOR) or any(
            channel.channel_type != "pakn_chat" for channel in self
        ):
            raise AccessError(
                self.env._("Only an operator of the hotline may do this.")
            )

    # ------------------------------------------------------------
    # WHAT CAME
    # ------------------------------------------------------------

    @api.model
    def _pakn_take_in(self, account, events):
        """Take in what a door told of one identity, in the order it came.

        :param account: ``pakn.chat.account``
        :param events: of :class:`~..tools.gateway.Event`
        """
        self = self._pakn_as_helper()  # noqa: PLW0642 - for all below
        account = account.with_env(self.env)
        channel, heard, waits = self.browse(), [], {}
        for event in events:
            if event.kind in ("delivered", "read"):
                self.env["pakn.chat.message"]._note_seen(
                    account, event.about, event.kind
                )
                continue
            if event.kind == "ignored" or not event.identity:
                continue
            channel = self._pakn_get(account, event)
            waits.setdefault(channel, channel.pakn_waiting_since)
            if event.kind == "unfollow":
                channel._pakn_shut(
                    self.env._("The citizen has unfollowed the account.")
                )
            elif event.kind == "follow":
                channel.pakn_shut_reason = False
            elif not self.env["pakn.chat.message"]._claim(channel, event.key):
                continue
            elif event.kind == "public":
                channel._pakn_receive_public(event)
            elif event.kind == "edit":
                if channel._pakn_receive_edit(event):
                    heard.append(event)
            else:
                channel._pakn_receive(event)
                heard.append(event)
        if heard:
            channel._pakn_hear(heard, waits[channel])

    def _pakn_as_helper(self):
        """Return these conversations as the helper's account has them, in sudo.

        Not the public user's: what that one has written everybody may read.
        """
        # sudo: a door tells it, nobody is signed in
        return self.with_user(self.env.ref("pakn_1022_chat.user_helper")).sudo()

    @api.model
    def _pakn_get(self, account, event):
        """Return the conversation of an identity, made with its first word.

        Under the lock of the identity: see ``pakn.chat.event``.
        """
        channel = self.search(
            [
                ("pakn_account_id", "=", account.id),
                ("pakn_outside_id", "=", event.identity),
            ]
        )
        if channel:
            return channel
        name = " ".join((event.name or "").split())[:60]
        if not name:
            lang = self.env["pakn.ticket"]._get_citizen_lang()
            local = self.with_context(lang=lang).env
            label = dict(account._fields["kind"]._description_selection(local))
            name = f"{label[account.kind]} …{event.identity[-4:]}"
        guest = self.env["mail.guest"].create({"name": name})
        return self.create(
            {
                "name": name,
                "channel_type": "pakn_chat",
                "pakn_account_id": account.id,
                "pakn_outside_id": event.identity,
                "pakn_guest_id": guest.id,
                "channel_member_ids": [fields.Command.create({"guest_id": guest.id})],
            }
        )

    def _pakn_receive(self, event):
        """Put one message into the conversation; its files are fetched by a job."""
        self.ensure_one()
        now = fields.Datetime.now()
        account = self.pakn_account_id
        self.write(
            {
                "pakn_window_until": now + timedelta(hours=account.window_hours),
                "pakn_free_until": now + timedelta(hours=account.free_hours),
                "pakn_shut_reason": False,
            }
        )
        body = plaintext2html(event.text) if event.text else Markup()
        if event.place:
            latitude, longitude, name = event.place
            body += Markup("<p>📍 %s (%.5f, %.5f)</p>") % (name, latitude, longitude)
        if event.files:
            lang = self.env["pakn.ticket"]._get_citizen_lang()
            words = self.with_context(lang=lang).env._("%s files", len(event.files))
            body += Markup("<p>📎 %s</p>") % words
            self.env["pakn.chat.file"].create(
                [
                    {"channel_id": self.id, "url": file.url[:2000], "name": file.name}
                    for file in event.files
                ]
            )
            self.env["pakn.chat.file"]._wake()
        if not body:
            lang = self.env["pakn.ticket"]._get_citizen_lang()
            local = self.with_context(lang=lang).env
            body = plaintext2html(local._("(A sticker, or what cannot be shown here)"))
        message = self._pakn_post_as_citizen(body)
        self.pakn_last_text = (event.text or html2plaintext(body))[:120]
        sent = self.env["pakn.chat.message"].search(
            [("account_id", "=", account.id), ("outside_id", "=", event.key[:200])]
        )
        sent.message_id = message
        if self.pakn_with_person and not self.pakn_waiting_since:
            self.pakn_waiting_since = now
        self._pakn_show_window()

    def _pakn_receive_edit(self, event):
        """Put beside a message what the citizen has made of it; what was said stays.

        :return: whether the helper is to hear it, as what is no word to a request
        """
        self.ensure_one()
        messages = self.env["pakn.chat.message"]
        domain = [
            ("account_id", "=", self.pakn_account_id.id),
            ("direction", "=", "in"),
        ]
        former = messages.search(
            [*domain, ("outside_id", "in", [key[:200] for key in event.about])]
        )
        before = html2plaintext(former.message_id.body or "").strip()
        if not event.text.strip() or before == event.text.strip():
            return False
        lang = self.env["pakn.ticket"]._get_citizen_lang()
        words = self.with_context(lang=lang).env._("Changed to: %s", event.text)
        message = self._pakn_post_as_citizen(plaintext2html(words))
        messages.search(
            [*domain, ("outside_id", "=", event.key[:200])]
        ).message_id = message
        self.pakn_last_text = words[:120]
        if self.pakn_with_person and not self.pakn_waiting_since:
            self.pakn_waiting_since = fields.Datetime.now()
        ticket = self.pakn_ticket_id
        if not ticket or ticket.date_closed:
            return True
        ticket._note_reply(words, {"door": self.pakn_kind})
        return False

    def _pakn_receive_public(self, event):
        """Put what was said in public before the operators, who cannot answer there."""
        self.ensure_one()
        self.pakn_shut_reason = self.env._("It was written in public.")
        message = self._pakn_post_as_citizen(plaintext2html(event.text))
        self.pakn_last_text = event.text[:120]
        self.env["pakn.chat.message"].search(
            [
                ("account_id", "=", self.pakn_account_id.id),
                ("outside_id", "=", event.key[:200]),
            ]
        ).message_id = message

    def _pakn_post_as_citizen(self, body, files=()):
        """Post what the citizen said; return the message.

        :param files: ``(name, bytes)``; of files that are there already Odoo takes none
            from who is no member of staff
        """
        self.ensure_one()
        channel = self._pakn_as_helper()
        guest = channel.pakn_guest_id
        return channel.with_context(guest=guest).message_post(
            body=body,
            attachments=list(files),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _pakn_note(self, text):
        """Put a word of the program before the operators, not before the citizen."""
        self.ensure_one()
        # sudo: whoever's transaction it is
        self.sudo().message_post(
            body=text,
            author_id=self.env.ref("base.partner_root").id,
            message_type="notification",
            subtype_xmlid="mail.mt_comment",
        )

    # ------------------------------------------------------------
    # WHAT GOES OUT
    # ------------------------------------------------------------

    def message_post(self, **kwargs):
        """Refuse at once what cannot go out, with the way that is open instead."""
        if self._pakn_is_outgoing(kwargs.get("message_type")):
            if not self._pakn_is_open(is_person=True):
                raise UserError(
                    self.env._(
                        "%s Please call, or write on the request: it goes out by SMS "
                        "or mail.",
                        self._pakn_get_shut_reason(),
                    )
                )
            if self.pakn_guest_id and not self.pakn_user_id:
                self.sudo()._pakn_assign(self.env.user)  # sudo: who answers takes it
        return super().message_post(**kwargs)

    def _pakn_is_outgoing(self, message_type):
        """Return whether a person of the hotline says this to the citizen.

        Discuss posts in sudo for the user who is signed in.
        """
        return (
            len(self) == 1
            and self.sudo().channel_type == "pakn_chat"
            and message_type == "comment"
            and self.env.user._is_internal()
            and self.env.context.get("pakn_queued") is not QUEUED
        )

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self._pakn_is_outgoing(message.message_type):
            channel = self.sudo()  # sudo: operators write by acts alone
            text = html2plaintext(message.body or "").strip()
            files = channel._pakn_get_files_out(message.sudo())
            channel.write(
                {
                    "pakn_waiting_since": False,
                    "pakn_with_person": True,
                    "pakn_last_text": (text or f"📎 {files[:1].name or ''}")[:120],
                }
            )
            self.env["pakn.chat.message"].sudo()._queue(
                channel, text, message=message, is_person=True, files=files
            )
            more = {"files": files._describe_files()} if files else {}
            channel._pakn_record(text, message=message.id, user_id=self.env.uid, **more)
        return result

    def _pakn_get_files_out(self, message):
        """Return the files of a message that go out with it, checked; in sudo.

        Those alone that who writes has put to this very message: what lies on a request
        or elsewhere does not leave the hotline because its number was named.
        """
        self.ensure_one()
        files = message.attachment_ids
        if files.filtered(
            lambda file: (
                (file.res_model, file.res_id) != (self._name, self.id)
                or file.create_uid.id != self.env.uid
                or file.res_field
                or file.type != "binary"
                or file.pakn_chat_message_ids
            )
        ):
            raise AccessError(
                self.env._("Only files that you add to the message itself are sent.")
            )
        self.pakn_account_id._check_files(files)
        return files.sorted("id")

    def _pakn_say(self, text, notice=None):
        """Have the helper or the outbox say something; it is shown in Discuss too."""
        self.ensure_one()
        channel = self._pakn_as_helper()
        message = channel.message_post(
            body=plaintext2html(text),
            author_id=channel.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return channel.env["pakn.chat.message"]._queue(
            channel, text, message=message, notice=notice
        )

    def _pakn_record(self, text, user_id=None, **payload):
        """Put on the record of the request what was said to the citizen (Art. 9)."""
        ticket = self.pakn_ticket_id
        if ticket:
            values = {"user_id": user_id} if user_id else {}
            ticket._log_event(
                "wrote",
                payload={"text": text[:5000], "door": self.pakn_kind, **payload},
                **values,
            )

    def _to_store_defaults(self, target):
        defaults = super()._to_store_defaults(target)
        if target.is_internal(self.env):
            defaults.append(
                Store.Attr(
                    "pakn_window",
                    lambda channel: channel._pakn_describe_window(),
                    predicate=lambda channel: channel.channel_type == "pakn_chat",
                )
            )
        return defaults

    # ------------------------------------------------------------
    # WHAT IT IS ABOUT
    # ------------------------------------------------------------

    def action_pakn_open(self):
        """Open the conversation in Discuss."""
        self._pakn_check_operator()
        return {
            "type": "ir.actions.client",
            "tag": "mail.action_discuss",
            "params": {"active_id": f"discuss.channel_{self[:1].id}"},
            "context": {"active_id": f"discuss.channel_{self[:1].id}"},
        }

    def action_pakn_open_ticket(self):
        """Open the request the conversation is about."""
        self._pakn_check_operator()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.ticket",
            "res_id": self.pakn_ticket_id.id,
            "view_mode": "form",
        }

    def pakn_link_ticket(self, ticket_id):
        """Say that this conversation is about a request: an operator's word.

        Its citizen is that of the conversation from here on.
        """
        self.ensure_one()
        self._pakn_check_operator()
        tickets = self.env["pakn.ticket"]
        ticket = tickets._browse_given("pakn.ticket", ticket_id)[:1].exists()
        if not ticket:
            raise UserError(self.env._("There is no such request."))
        ticket.check_access("write")
        channel = self.sudo()  # sudo: the right was checked
        channel._pakn_set_ticket(ticket.sudo())
        channel.write(
            {
                "pakn_citizen_id": ticket.sudo().citizen_id.id,
                "pakn_phone": ticket.sudo().private_phone,
            }
        )
        ticket._log_event(
            "updated", payload={"conversation": ["", channel.display_name]}
        )
        return True

    def _pakn_set_ticket(self, ticket):
        """Tie a request and this conversation together."""
        self.ensure_one()
        self.pakn_ticket_id = ticket
        ticket._acting().pakn_conversation_id = self
        self._pakn_part_uncleared()
        if self.pakn_user_id and not ticket.user_id:
            ticket._acting().user_id = self.pakn_user_id

    def _pakn_give_files(self):
        """Put fetched files that no request has yet to the open one."""
        self.ensure_one()
        ticket = self.pakn_ticket_id
        if not ticket or ticket.date_closed:
            return
        files = self.env["pakn.chat.file"].search(
            [
                ("channel_id", "=", self.id),
                ("state", "=", "fetched"),
                ("ticket_id", "=", False),
            ]
        )
        if not files:
            return
        # A copy: what is of the request has the rights of the request
        copies = self.env["ir.attachment"]
        for file in files:
            copies |= file.attachment_id.copy(
                {"res_model": "pakn.ticket", "res_id": ticket.id}
            )
        ticket.attachment_ids |= copies
        ticket._log_event(
            "replied",
            payload={"files": copies._describe_files(), "door": self.pakn_kind},
        )
        files.ticket_id = ticket
