from datetime import timedelta

from odoo import models

from odoo.addons.pakn_1022_chat.tools import words

# Days in which a person may answer with the tag, from the citizen's last message
HUMAN_DAYS = 7


class DiscussChannel(models.Model):
    """Complaints in public, and people who may answer for some days more."""

    _inherit = "discuss.channel"

    def _pakn_get_open_until(self, is_person=False):
        until = super()._pakn_get_open_until(is_person)
        account = self.pakn_account_id
        if not (
            until
            and is_person
            and account.kind == "facebook"
            and account.facebook_human_agent
        ):
            return until
        last = until - timedelta(hours=account.window_hours)
        return max(until, last + timedelta(days=HUMAN_DAYS))

    def _pakn_receive_public(self, event):
        """A complaint in public becomes a request; the answer asks to go on in private.

        Nothing personal is said in public: the text is the same for everybody, and
        operators cannot write in this conversation.
        """
        result = super()._pakn_receive_public(event)
        is_matter = words.is_complaint(event.text) and words.is_content(event.text)
        if is_matter and not self.pakn_ticket_id:
            self._pakn_give_request(event.text)
            text = self.env["pakn.chat.text"]._render("helper_public", {})
            self._pakn_say(text)
            self._pakn_record(text, helper=True)
        return result
