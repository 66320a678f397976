from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.pakn_1022_sms.tools.telco import get_telco

OPERATOR = "pakn_1022.group_operator"
# Minutes before it is sent: many call again at once and get through
PAUSE = 2
# Hours in which a number gets it once, however often it is missed
ONCE = 24


class PaknCallBack(models.Model):
    """Who called in vain is told that somebody will call back, by setting.

    Once for an entry and for a number in a day; mobiles of the country alone, never
    nuisance callers, and not in the hours of rest. Hidden numbers have no entry.
    """

    _inherit = "pakn.call.back"

    promise_id = fields.Many2one(
        "sms.sms",
        string="SMS “we will call back”",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=OPERATOR,
    )
    promise_state = fields.Selection(
        related="promise_id.state", string="SMS", related_sudo=True, groups=OPERATOR
    )

    def _promise(self):
        super()._promise()
        params = self.env["ir.config_parameter"]
        if not params._get_typed("pakn_1022_call_sms.is_on", False):
            return
        entries = self._filter_promised()
        if not entries:
            return
        # sudo: the system tells, whoever told of the call
        messages = self.env["sms.sms"].sudo()
        lang = self.env["pakn.ticket"]._get_citizen_lang()
        text = entries.with_context(lang=lang)._get_promise()
        soon = fields.Datetime.now() + timedelta(minutes=PAUSE)
        vals_list = [
            {
                "number": entry.private_number,
                "body": text,
                "pakn_audience": "citizen",
                "pakn_telco": get_telco(entry.private_number),
                "pakn_date_next": messages._get_end_of_rest() or soon,
            }
            for entry in entries
        ]
        messages._apply_cap(vals_list)
        for entry, message in zip(entries, messages.create(vals_list), strict=True):
            entry.promise_id = message
        messages._trigger_next()

    def _filter_promised(self):
        """Return those of these entries whose numbers are told."""
        numbers = set(self.mapped("private_number"))
        _counts, nuisances = self.env["pakn.call"]._count_earlier(numbers)
        since = fields.Datetime.now() - timedelta(hours=ONCE)
        told = self.search(
            [
                ("private_number", "in", list(numbers)),
                ("promise_id", "!=", False),
                # Taken back before it was sent: nobody was told
                ("promise_id.state", "!=", "canceled"),
                ("create_date", ">=", since),
            ]
        )
        left_out = set(nuisances) | set(told.mapped("private_number"))
        return self.filtered(
            lambda entry: (
                entry.private_number not in left_out
                and get_telco(entry.private_number) != "other"
            )
        )

    @api.model
    def _get_promise(self):
        """Return the words of the SMS: the administrator's, or the program's."""
        params = self.env["ir.config_parameter"]
        return params._get_typed("pakn_1022_call_sms.text", "") or self.env._(
            "1022 Gia Lai: you have called us and nobody could answer. We will call "
            "you back."
        )

    def _close(self, state, user, **values):
        """Take back a promise that has not been sent: it is kept already, or void."""
        result = super()._close(state, user, **values)
        # sudo: whoever closes it
        waiting = self.sudo().promise_id.filtered(lambda sms: sms.state == "outgoing")
        waiting.action_set_canceled()
        return result
