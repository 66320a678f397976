from odoo import api, models


class PaknNotice(models.Model):
    """SMS as a door of the outbox (Art. 2, 10.1): before mail, where both are open."""

    _inherit = "pakn.notice"

    @api.model
    def _get_doors(self):
        doors = super()._get_doors()
        doors.insert(doors.index("mail"), "sms")
        return doors

    @api.model
    def _get_text_doors(self, act, audience):
        """SMS is open while there is an account and the text is not switched off."""
        doors = super()._get_text_doors(act, audience)
        if self._has_sms_text(act, audience):
            doors += ("sms",)
        return doors

    @api.model
    def _has_sms_text(self, act, audience):
        """Return whether SMS can tell this, asked once for a batch or an act.

        A cache of the registry would be filled by another thread between the making
        of an account and its commit, and say for good that there is none.
        """
        known = self.env.cr.cache.setdefault("pakn_sms_texts", {})
        if (act, audience) not in known:
            # sudo: whoever acts; which accounts there are, not their keys
            accounts = self.env["pakn.sms.account"].sudo()
            texts = self.env["sms.template"]
            known[act, audience] = bool(
                accounts.search_count([], limit=1)
                and texts._get_pakn_template(act, audience)
            )
        return known[act, audience]

    def _deliver(self):
        # The job goes on over many commits, between which an account may be made, and
        # over rollbacks, after which a short address is not there any more
        for name in ("pakn_sms_texts", "pakn_short_links"):
            self.env.cr.cache.pop(name, None)
        return super()._deliver()

    def _get_address(self, door):
        if door != "sms":
            return super()._get_address(door)
        if self.user_id:
            return self.user_id.phone
        return self.ticket_id.private_phone

    def _hand_over_sms(self):
        """Make the SMS of these notices; the queue of SMS sends them."""
        queue = self.env["sms.sms"]
        single, folded = self._split_folded()
        for (user, act), notices in folded.grouped(
            lambda notice: (notice.user_id, notice.act)
        ).items():
            queue._queue_digest(user, act, notices)
        single._shorten_links()
        for (act, audience), notices in single.grouped(
            lambda notice: (notice.act, notice.audience)
        ).items():
            template = self.env["sms.template"]._get_pakn_template(act, audience)
            queue._queue_notices(template, notices)
        self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger()

    def _shorten_links(self):
        """Make the short addresses of all texts at once, not one by one."""
        links = self.env["pakn.short.link"]
        slips = self.filtered(lambda notice: notice.audience != "citizen").transfer_id
        links._shorten_all([slip._get_response_path() for slip in slips])
