from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.mail.tools.discuss import Store

from .pakn_chat_account import KINDS


class PaknChatWindow(models.AbstractModel):
    """Until when a conversation can be answered, and until when that is free.

    A door lets answers through for some hours after the citizen's last message, and
    Zalo lets some messages through without a charge. The moments are stored with the
    message; what is left of the free messages is counted when it is asked for.
    """

    _name = "pakn.chat.window"
    _description = "Window of a conversation"

    pakn_window_state = fields.Selection(
        [("free", "Free"), ("charged", "Charged"), ("shut", "Shut")],
        string="An answer is",
        compute="_compute_pakn_window",
    )
    pakn_free_left = fields.Integer(
        string="Free messages left",
        compute="_compute_pakn_window",
        help="Until the citizen writes again; -1 where they are not counted.",
    )

    @api.depends(
        *("pakn_window_until", "pakn_free_until", "pakn_shut_reason"),
        "pakn_account_id.free_messages",
    )
    def _compute_pakn_window(self):
        now = fields.Datetime.now()
        sent = self._pakn_count_sent()
        for channel in self:
            free = channel.pakn_account_id.free_messages
            left = max(free - sent.get(channel.id, 0), 0) if free else -1
            channel.pakn_free_left = left
            if not channel.pakn_account_id:
                channel.pakn_window_state = False
            elif not channel._pakn_is_open(is_person=True):
                channel.pakn_window_state = "shut"
            elif free and (not left or channel.pakn_free_until <= now):
                channel.pakn_window_state = "charged"
            else:
                channel.pakn_window_state = "free"

    def _pakn_count_sent(self):
        """Return ``{channel id: messages sent since the citizen last wrote}``.

        Of doors alone that count them; in one query for each of their accounts.
        """
        counts, messages = {}, self.env["pakn.chat.message"]
        counted = self.filtered("pakn_account_id.free_messages")
        for account, channels in counted.grouped("pakn_account_id").items():
            hours = timedelta(hours=account.window_hours)
            since = {
                channel: channel.pakn_window_until - hours
                for channel in channels
                if channel.pakn_window_until
            }
            if not since:
                continue
            domain = Domain.OR(
                Domain("channel_id", "=", channel.id)
                & Domain("date_sent", ">=", moment)
                for channel, moment in since.items()
            ) & Domain(messages._get_counted_domain())
            # sudo: how many there are
            rows = messages.sudo()._read_group(domain, ["channel_id"], ["__count"])
            counts |= {channel.id: count for channel, count in rows}
        return counts

    def _pakn_get_open_until(self, is_person=False):
        """Return until when the door lets an answer through, or nothing; in sudo.

        :param bool is_person: a person writes it, whom some doors give more time
        """
        self.ensure_one()
        if not self.pakn_outside_id or self.pakn_shut_reason:
            return False
        return self.pakn_window_until

    def _pakn_is_open(self, is_person=False):
        """Return whether the door lets an answer through now."""
        until = self.sudo()._pakn_get_open_until(is_person)  # sudo: the outbox asks
        return bool(until) and until > fields.Datetime.now()

    def _pakn_get_shut_reason(self):
        """Return in one sentence why the door is shut."""
        self.ensure_one()
        return self.pakn_shut_reason or self.env._(
            "%(hours)s hours have passed since the citizen's last message, so %(door)s "
            "is shut.",
            hours=self.pakn_account_id.window_hours,
            door=dict(KINDS).get(self.pakn_kind, ""),
        )

    def _pakn_shut(self, reason):
        self.sudo().pakn_shut_reason = reason  # sudo: the door says so
        self._pakn_show_window()

    # ------------------------------------------------------------
    # SHOWN IN DISCUSS
    # ------------------------------------------------------------

    def _pakn_describe_window(self):
        """Return what Discuss shows above the field in which an answer is written.

        :return: ``{"is_counted", "left", "free_until", "open_until", "reason"}``, times
            in UTC as of the database; None where no window is
        """
        self.ensure_one()
        channel = self.sudo()  # sudo: who may read the conversation may know this
        if channel.channel_type != "pakn_chat":
            return None
        is_open = channel._pakn_is_open(is_person=True)
        until = channel._pakn_get_open_until(is_person=True)
        return {
            "is_counted": channel.pakn_free_left >= 0,
            "left": channel.pakn_free_left,
            "free_until": fields.Datetime.to_string(channel.pakn_free_until),
            "open_until": fields.Datetime.to_string(until),
            "reason": "" if is_open else channel._pakn_get_shut_reason(),
        }

    def _pakn_show_window(self):
        """Show who has this conversation open what has changed of its window."""
        for channel in self.sudo():  # sudo: whoever's transaction it is
            if not channel.pakn_user_id:
                continue
            lang = channel.pakn_user_id.lang
            window = channel.with_context(lang=lang)._pakn_describe_window()
            Store(bus_channel=channel.pakn_user_id).add(
                channel, {"pakn_window": window}
            ).bus_send()
