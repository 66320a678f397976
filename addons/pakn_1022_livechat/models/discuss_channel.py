from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.tools.province import to_local

from ..tools import box

# Minutes without a sign of the page after which nobody sits before it
PRESENT = 3
# Messages that a visitor is shown at most
SHOWN = 200


class DiscussChannel(models.Model):
    """The conversation of a visitor of the site, who comes and goes."""

    _inherit = "discuss.channel"

    def _pakn_is_open(self, is_person=False):
        if not super()._pakn_is_open(is_person):
            return False
        # sudo: asked by the outbox
        return self.pakn_kind != "livechat" or not self.sudo()._pakn_is_away()

    def _pakn_is_away(self):
        """Return whether the visitor has left and can be reached another way.

        For one who gave neither phone nor mail what is said lies in the box.
        """
        self.ensure_one()
        ticket = self.pakn_ticket_id
        if not (ticket.private_phone or ticket.private_email):
            return False
        seen = self.pakn_guest_id.presence_ids[:1].last_poll
        now = fields.Datetime.now()
        return not seen or seen < now - timedelta(minutes=PRESENT)

    def _pakn_get_shut_reason(self):
        if (
            self.pakn_kind == "livechat"
            and not self.pakn_shut_reason
            and self.sudo()._pakn_is_away()  # sudo: asked by the outbox
        ):
            return self.env._("The citizen has left the chat.")
        return super()._pakn_get_shut_reason()

    # ------------------------------------------------------------
    # THE BOX
    # ------------------------------------------------------------

    @api.model
    def _pakn_find_box(self, identity):
        """Return the conversation of a visitor, in sudo, or empty.

        :param str identity: of ``tools/box.py``
        """
        account = self.env["pakn.chat.account"]._get_livechat()
        if not identity or not account:
            return self.sudo().browse()
        # sudo: whoever has the token is its citizen
        return self.sudo().search(
            [("pakn_account_id", "=", account.id), ("pakn_outside_id", "=", identity)]
        )

    @api.model
    def _pakn_is_begun(self, identity):
        """Return whether anything was written here by a visitor before."""
        return bool(self._pakn_find_box(identity) or self._pakn_get_unheard(identity))

    def _pakn_get_box(self, identity, after=0):
        """Return what the visitor is shown, oldest first; in sudo.

        :param int after: number of the last message that is known already
        :return: ``{"messages": [{"id", "key", "who", "parts", "file", "time"}],
            "status"}``; ``who`` is ``citizen``, ``person`` or ``helper``, ``file`` the
            address of a file that the hotline sent
        """
        domain = [("channel_id", "=", self.id), ("id", ">", after)]
        found = self.env["pakn.chat.message"].search_fetch(
            domain, order="id desc", limit=SHOWN
        )[::-1]
        found.message_id.fetch(["body"])
        messages = [
            {
                "id": message.id,
                "key": box.read_key(message.outside_id),
                "who": "citizen"
                if message.direction == "in"
                else ("person" if message.is_person else "helper"),
                "parts": box.split_links(
                    html2plaintext(message.message_id.body or "").strip()
                    if message.direction == "in"
                    else message.text
                ),
                "file": f"/tro-chuyen/tep/{message.id}"
                if message.attachment_id
                else "",
                "time": f"{to_local(message.create_date):%H:%M %d/%m}",
            }
            for message in found
        ]
        waiting = self._pakn_get_unheard(identity) if not after else []
        return {"messages": messages + waiting, "status": self._pakn_describe_box()}

    @api.model
    def _pakn_get_unheard(self, identity):
        """Return what the visitor wrote that no job has taken in yet."""
        account = self.env["pakn.chat.account"]._get_livechat()
        events = self.env["pakn.chat.event"].sudo()  # sudo: the visitor's own words
        found = events.search(
            [
                ("account_id", "=", account.id),
                ("identity", "=", identity),
                ("state", "=", "new"),
            ],
            order="id",
            limit=SHOWN,
        )
        return [
            {
                "id": 0,
                "key": box.read_key(event.key),
                "who": "citizen",
                "file": "",
                "parts": box.split_links(event._get_words()),
                "time": f"{to_local(event.create_date):%H:%M %d/%m}",
            }
            for event in found
        ]

    def _pakn_get_box_file(self, message_id):
        """Return the file of a message that the hotline sent here; in sudo."""
        self.ensure_one()
        message = self.env["pakn.chat.message"].search(
            [
                ("id", "=", message_id),
                ("channel_id", "=", self.id),
                ("direction", "=", "out"),
            ]
        )
        return message.attachment_id

    def _pakn_describe_box(self):
        """Return in one sentence who answers."""
        if not self:
            return ""
        if self.pakn_user_id and self.pakn_with_person:
            return self.env._("A person of 1022 answers you here.")
        if self.pakn_waiting_since:
            return self.env._("You are waiting for a person of 1022.")
        return self.env._("The automatic helper answers: a programme, not a person.")

    def _pakn_note_looked(self, last=0):
        """Note that the visitor is there and has seen what was said; in sudo.

        :param int last: number of the last message on the screen
        """
        self.ensure_one()
        self.env["mail.presence"]._update_presence(self.pakn_guest_id)
        found = self.env["pakn.chat.message"].search(
            [
                ("channel_id", "=", self.id),
                ("direction", "=", "out"),
                ("state", "in", ("waiting", "sent", "delivered")),
                ("id", "<=", last),
            ]
        )
        found.state = "read"
        found.notice_id._settle("read")

    def _pakn_leave_box(self):
        """The visitor has ended the conversation on this device; in sudo."""
        self.ensure_one()
        reason = self.env._("The citizen has ended the chat.")
        self._pakn_shut(reason)
        self._pakn_as_helper()._pakn_note(reason)
