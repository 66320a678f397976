import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.tools.phone import normalize_phone
from odoo.addons.pakn_1022.tools.ticket_code import find_codes

from ..tools.segments import count_segments

# "1", "2", "3 lý do": the grades in the order they are offered
GRADES = {"1": 5, "2": 3, "3": 1}
_GRADE = re.compile(r"\s*([123])(?:[\s.,:;-]+(.*))?$", re.DOTALL)
# Characters of the result that an SMS tells
RESULT_LENGTH = 250
# SMS that a message of an operator may take
LONGEST = 5


class PaknTicket(models.Model):
    """What texts by SMS say of a request, and a grade that comes back (Art. 14)."""

    _inherit = "pakn.ticket"

    pakn_sms_count = fields.Integer(
        string="Number of SMS",
        compute="_compute_pakn_sms_count",
        groups="pakn_1022.group_operator",
    )

    def _get_due_words(self):
        """Return until when the unit answers as people read it, for templates.

        A text that waited for the morning may be written when the slip is answered.
        """
        self.ensure_one()
        lead = self.transfer_ids.filtered(lambda slip: slip.role == "lead")
        return (self.open_transfer_id or lead.sorted("id")[-1:])._get_due_words()

    def _compute_pakn_sms_count(self):
        # sudo: sms.sms is the administrator's; the operator sees how many
        counts = dict(
            self.env["sms.sms"]
            .sudo()
            ._read_group(
                [("pakn_ticket_id", "in", self.ids)], ["pakn_ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.pakn_sms_count = counts.get(ticket.sudo(), 0)

    def action_view_sms(self):
        """Open the messages of this request: to whom, what, and what became of it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pakn_1022_sms.sms_action"
        )
        action["domain"] = [("pakn_ticket_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def _get_shut_doors(self):
        # sudo: whether there is a number, and an account
        phone = self.sudo().private_phone
        accounts = self.env["pakn.sms.account"].sudo().search_count([], limit=1)
        shut = None
        if not phone:
            shut = self.env._("The request has no telephone number.")
        elif not accounts:
            shut = self.env._("No SMS account has been set up.")
        return {"sms": shut, **super()._get_shut_doors()}

    def _write_by_sms(self, text):
        """Write an SMS to the citizen: by the outbox, which says whether it arrived.

        :raise ValidationError: it would be more than :data:`LONGEST` SMS
        """
        if count_segments(text) > LONGEST:
            raise ValidationError(
                self.env._(
                    "It would be %(count)s SMS; at most %(most)s are sent.",
                    count=count_segments(text),
                    most=LONGEST,
                )
            )
        notices = self.env["pakn.notice"].sudo()  # sudo: operators make none by hand
        notice = notices.create(
            {
                "ticket_id": self.id,
                "act": "wrote",
                "audience": "citizen",
                "partner_id": self.citizen_id.id,
                "note": text,
                # The operator chose SMS; where it fails, the operator calls
                "tried": "zalo facebook livechat push mail",
            }
        )
        notices._wake()
        payload = {"text": text, "door": "sms", "notice": notice.id}
        self._log_event("wrote", payload=payload)

    def _get_result_words(self):
        """Return the result as plain text of at most 250 characters, for templates.

        Of a state secret nothing (Art. 13.1).
        """
        self.ensure_one()
        if self.secrecy == "secret":
            return self.env._("please call (0269) 1022 to learn it.")
        words = " ".join(html2plaintext(self.result or "").split())
        return words if len(words) <= RESULT_LENGTH else words[:RESULT_LENGTH] + "…"

    def _get_short_citizen_url(self):
        """Return the short address of the citizen's page of the request, for templates.

        Empty while there is no citizens' site.
        """
        self.ensure_one()
        if not (self.access_url or "").startswith("/"):
            return ""
        if not self.env.su:  # a preview, which nobody else's key stands in
            return f"{self.get_base_url()}/s"
        return self.env["pakn.short.link"]._shorten(self.get_portal_url())

    def _get_short_rating_url(self):
        """Return the short address of the citizen's page to rate, for templates."""
        self.ensure_one()
        if not self.env.su:
            return f"{self.get_base_url()}/s"
        path = f"/rate/{self._rating_get_access_token()}/5"
        return self.env["pakn.short.link"]._shorten(path)

    @api.model
    def _read_sms_number(self, number):
        """Return the E.164 number that a gateway means, or ``None``."""
        try:
            return normalize_phone(number if number[:1] in "+0" else f"+{number}")
        except ValueError:
            return None

    @api.model
    def _reply_by_sms(self, number, text):
        """Put a citizen's SMS to the request of that number: that it names, or is open.

        :return: the request, empty if there is none
        """
        codes, phone = find_codes(text), self._read_sms_number(number)
        if not phone:
            return self.browse()
        domain = Domain("private_phone", "=", phone)
        if codes:
            domain &= Domain("name", "in", codes)
        else:
            domain &= Domain("date_closed", "=", False)
        # sudo: a gateway brings it, nobody is signed in
        ticket = self.sudo().search(domain, order="id desc", limit=1)
        if ticket:
            ticket._note_reply(text, {"door": "sms"})
        return ticket

    @api.model
    def _rate_by_sms(self, number, text):
        """Take a citizen's grade by SMS for the last result sent to the number.

        :param str number: as the gateway writes it
        :param str text: ``1``, ``2`` or ``3 reason``
        :return: the request that was rated, empty if it was no grade
        """
        match = _GRADE.match(text)
        phone = self._read_sms_number(number)
        if not match or not phone:
            return self.browse()
        # sudo: a gateway brings it, nobody is signed in
        ticket = self.sudo().search(
            [("private_phone", "=", phone), ("state", "=", "done")],
            order="date_done desc, id desc",
            limit=1,
        )
        if not ticket:
            return ticket
        try:
            with self.env.cr.savepoint():
                ticket._rating_get_access_token()
                ticket.rating_apply(
                    GRADES[match[1]],
                    rating=ticket._get_round_rating(),
                    feedback=(match[2] or "").strip(),
                )
        except UserError:
            # Rated already, or the reason is missing: an operator reads it
            return self.browse()
        return ticket
