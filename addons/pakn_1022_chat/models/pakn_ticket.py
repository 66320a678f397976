from odoo import api, fields, models
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.tools.province import to_local

from .discuss_channel import QUEUED
from .pakn_notice import shorten


class PaknTicket(models.Model):
    """The conversation a request came by, and what is said of it there."""

    _inherit = "pakn.ticket"

    pakn_conversation_id = fields.Many2one(
        "discuss.channel",
        string="Conversation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="pakn_1022.group_operator",
        procedure=True,
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("secrecy") == "secret":
            self._part_uncleared()
        return result

    def _part_uncleared(self):
        """Leave none in the conversations of these secrets who may not know of them."""
        # sudo: conversations of these, whoever says that they are secrets
        channels_sudo = self.env["discuss.channel"].sudo()
        channels_sudo.search(
            [
                "|",
                ("pakn_ticket_id", "in", self.ids),
                ("pakn_ticket_ids", "in", self.ids),
            ]
        )._pakn_part_uncleared()

    def action_view_conversation(self):
        """Open in Discuss what was said with the citizen."""
        self.ensure_one()
        self._check_operator()
        return self.pakn_conversation_id.action_pakn_open()

    @api.model
    def _get_chat_blanks(self):
        """Return the names of what texts in chats may say of a request."""
        return (
            ("code", "title", "state", "unit", "due", "result", "reason")
            + ("guidance", "link")
        )  # fmt: skip

    def _get_chat_values(self):
        """Return what texts in chats may say of a request; in sudo.

        Of a state secret no words of it (Art. 13.1).
        """
        self.ensure_one()
        lang = self._get_citizen_lang()
        ticket = self.with_context(lang=lang)
        states = dict(self._fields["state"]._description_selection(ticket.env))
        slip = ticket.open_transfer_id
        link = ""
        if (ticket.access_url or "").startswith("/"):
            # Without the citizen's key: operators read along, and nobody reads keys
            link = ticket.get_base_url() + ticket.access_url
        is_secret = ticket.secrecy == "secret"
        result = shorten(ticket.result) if ticket.state == "done" else ""
        if is_secret and result:
            result = ticket.env._("please call (0269) 1022 to learn it.")
        return {
            "code": ticket.name,
            "title": "" if is_secret else ticket.title,
            "state": states[ticket.state],
            "unit": ticket.unit_id.name or "",
            "due": to_local(slip.date_due).strftime("%H:%M %d/%m/%Y")
            if slip.date_due
            else "",
            "result": result,
            "reason": ticket.reject_reason_id.name or "",
            "guidance": "" if is_secret else shorten(ticket.reject_guidance),
            "link": link,
        }

    def _get_open_conversation(self):
        """Return the conversation by which the citizen can be told now, in sudo."""
        self.ensure_one()
        channel = self.sudo().pakn_conversation_id  # sudo: whoever writes
        return channel if channel and channel._pakn_is_open() else channel.browse()

    def _get_shut_doors(self):
        """Where the citizen is in a conversation, it is the door (Art. 10.1)."""
        doors = super()._get_shut_doors()
        if not self._get_open_conversation():
            return doors
        by_chat = self.env._("The citizen is in a conversation; write there.")
        return {"chat": None, **doors, "mail": by_chat}

    def _write_by_chat(self, text):
        return self._write_by_mail(text)  # which goes into the open conversation

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """What goes out by chat goes out by chat alone (Art. 10.1)."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if (
            len(self) == 1
            and self._is_to_citizen(message)
            and self._get_open_conversation()
        ):
            recipients = [one for one in recipients if one["type"] != "customer"]
        return recipients

    def _note_written(self, message):
        """Say in the conversation what an operator writes on the request."""
        channel = self._get_open_conversation()
        if not channel:
            return super()._note_written(message)
        text = html2plaintext(message.body or "").strip()
        # A copy of each: what is of the request has the rights of the request
        files = self.env["ir.attachment"].sudo()
        for file in message.sudo().attachment_ids:  # sudo: just written by the caller
            place = {"res_model": channel._name, "res_id": channel.id}
            files |= file.copy(place)
        channel.pakn_account_id._check_files(files)
        payload = {
            "text": text[:5000],
            "message": message.id,
            "door": channel.pakn_kind,
        }
        if files:
            payload["files"] = files._describe_files()
        self._log_event("wrote", payload=payload)
        posted = channel.with_context(pakn_queued=QUEUED).message_post(
            body=message.body,
            author_id=message.author_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=files.ids,
        )
        channel.write({"pakn_waiting_since": False, "pakn_last_text": text[:120]})
        self.env["pakn.chat.message"].sudo()._queue(
            channel, text, message=posted, is_person=True, files=files
        )
        return None
