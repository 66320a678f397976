from odoo import fields, models

# Whose text it is, by the level of the slip
AUDIENCE = {"focal": "focal", "head": "head", "province": "province"}
SAME_AS = {"referred": "transferred"}


class PaknTransfer(models.Model):
    """What units are told by SMS (Art. 10.1 step 1, 10.5): officials work from it."""

    _inherit = "pakn.transfer"

    def _notify_unit(self, event):
        result = super()._notify_unit(event)
        if not self.env["pakn.ticket"]._is_quiet():
            for date, slips in self._group_by_notice_date(event).items():
                slips._send_sms(SAME_AS.get(event, event), date)
        return result

    def _escalate(self, told=None):
        new_slips = super()._escalate(told)
        if not self.env["pakn.ticket"]._is_quiet():
            late = new_slips.previous_id
            for date, slips in late._group_by_notice_date("escalated").items():
                slips._send_sms("overdue", date)
            late._send_sms_to_operator("overdue")
        return new_slips

    def _process_reminders(self, slips, told):
        result = super()._process_reminders(slips, told)
        slips._send_sms_to_operator("reminder")
        return result

    def _send_sms(self, event, date=False):
        """Queue the SMS of an event for the people these slips are addressed to."""
        for level, slips in self.grouped("level").items():
            audience = AUDIENCE[level]
            if event == "delegated":
                audience = "focal"
            template = self.env["sms.template"]._get_pakn_template(event, audience)
            if not template:
                continue
            people = []
            for slip in slips.sudo():  # sudo: whoever acts may tell colleagues
                users = (
                    slip.delegate_user_ids
                    if event == "delegated"
                    else slip._get_recipients()
                )
                people += [
                    (slip, slip.ticket_id, user.phone, user.partner_id)
                    for user in users
                    if user.phone
                ]
            self.env["sms.sms"]._queue(template, people, date)

    def _send_sms_to_operator(self, event):
        if not self:
            return
        template = self.env["sms.template"]._get_pakn_template(event, "operator")
        if template:
            self.env["sms.sms"]._queue(
                template,
                [
                    (slip, slip.ticket_id, user.phone, user.partner_id)
                    for slip in self.sudo()  # sudo: whoever acts may tell colleagues
                    for user in slip.ticket_id.user_id
                    if user.phone
                ],
            )

    def _get_due_words(self):
        """Return the end of the time to answer as people read it, for templates."""
        self.ensure_one()
        local = self.with_context(tz="Asia/Ho_Chi_Minh")
        moment = fields.Datetime.context_timestamp(local, self.date_due)
        return moment.strftime("%H:%M %d/%m/%Y")

    def _get_short_url(self):
        """Return the short address of this slip, for templates."""
        self.ensure_one()
        return self.env["pakn.short.link"]._shorten(self._get_response_path())
