from odoo import api, fields, models
from odoo.tools import html2plaintext

from .pakn_chat_account import KINDS

DOORS = tuple(kind for kind, _label in KINDS)
RESULT_LENGTH = 1500


class PaknNotice(models.Model):
    """Chat as a door of the outbox: the one the citizen came in by (Art. 10.1).

    When it is shut the next one is used, once, and the notice says which and why.
    """

    _inherit = "pakn.notice"

    detour = fields.Char(
        string="Why not by chat",
        readonly=True,
        groups="pakn_1022.group_operator",
        help="Why the door by which the citizen came was not used.",
    )

    @api.model
    def _get_doors(self):
        doors = [kind for kind, _label in KINDS if kind in self._get_chat_kinds()]
        return [*doors, *super()._get_doors()]

    @api.model
    def _get_chat_kinds(self):
        return self.env["pakn.chat.account"]._get_gateways()

    @api.model
    def _get_text_doors(self, act, audience):
        doors = super()._get_text_doors(act, audience)
        if audience == "citizen" and self._has_chat_text(act):
            doors = (*doors, *self._get_chat_kinds())
        return doors

    @api.model
    def _has_chat_text(self, act):
        """Return whether chat can tell of an act, asked once for a batch."""
        known = self.env.cr.cache.setdefault("pakn_chat_texts", {})
        if act not in known:
            # sudo: whoever acts; which accounts there are, not their keys
            accounts = self.env["pakn.chat.account"].sudo()
            known[act] = bool(
                accounts.search_count([], limit=1)
                and self.env["pakn.chat.text"]._has(f"notice_{act}")
            )
        return known[act]

    def _deliver(self):
        self.env.cr.cache.pop("pakn_chat_texts", None)
        return super()._deliver()

    def _get_address(self, door):
        """Return the conversation the request came by, while its door is open."""
        if door not in DOORS:
            return super()._get_address(door)
        channel = self._get_conversation(door)
        return channel if channel and channel._pakn_is_open() else False

    def _get_conversation(self, door):
        self.ensure_one()
        if self.user_id:
            return self.env["discuss.channel"]
        # sudo: where the citizen is reached
        channel = self.ticket_id.sudo().pakn_conversation_id
        return channel if channel.pakn_kind == door else channel.browse()

    def _choose_door(self):
        told = super()._choose_door()
        for notice in told:
            channel = notice.ticket_id.sudo().pakn_conversation_id
            if channel and notice.door not in DOORS and not notice.detour:
                door = dict(KINDS)[channel.pakn_kind]
                if channel.pakn_kind in (notice.tried or "").split():
                    reason = notice.reason or "-"
                elif not channel._pakn_is_open():
                    reason = channel._pakn_get_shut_reason()
                else:
                    continue
                notice.detour = f"{door}: {reason}"
        return told

    def _hand_over_zalo(self):
        self._hand_over_chat()

    def _hand_over_facebook(self):
        self._hand_over_chat()

    def _hand_over_livechat(self):
        self._hand_over_chat()

    def _hand_over_chat(self):
        """Say these notices in the conversations of their requests."""
        for notice in self:
            channel = notice._get_address(notice.door)
            text = self.env["pakn.chat.text"]._render(
                f"notice_{notice.act}", notice.ticket_id.sudo()._get_chat_values()
            )
            channel._pakn_say(text, notice)
            # No act is recorded: what is told of which act, the outbox holds


def shorten(html, length=RESULT_LENGTH):
    """Return HTML as plain text of at most ``length`` characters."""
    text = html2plaintext(html or "", include_references=False).strip()
    return text if len(text) <= length else text[:length].rstrip() + "…"
