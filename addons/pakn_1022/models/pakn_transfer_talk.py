from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, html2plaintext


class PaknTransferTalk(models.AbstractModel):
    """What hotline and unit say to one another on a slip (Art. 10.1, 15.1).

    A room of ``pakn.transfer``. Each message tells the other side; Odoo shows on it who
    has read it. The citizen never sees it: that conversation stands on the request.
    """

    _name = "pakn.transfer.talk"
    _description = "Conversation on a slip"

    people_text = fields.Char(
        string="Who answers",
        compute="_compute_people_text",
        help="Name and phone of those the slip is addressed to, and of the head.",
    )

    @api.depends("unit_id", "level", "delegate_user_ids")
    def _compute_people_text(self):
        for slip in self:
            # sudo: who is in charge of a unit is no secret to who reads its slip
            slip_sudo = slip.sudo()
            people = slip_sudo._get_recipients() | slip_sudo.unit_id.head_user_id
            slip.people_text = "; ".join(
                " ".join(filter(None, (user.name, user.phone))) for user in people
            )

    def _get_other_side(self):
        """Return the users to whom the caller speaks on this slip."""
        self.ensure_one()
        slip_sudo = self.sudo()  # sudo: whom to tell, whoever writes
        unit = slip_sudo._get_recipients()
        hotline = slip_sudo.ticket_id._get_caretakers()
        user = self.env.user
        is_of_unit = user in unit | slip_sudo.unit_id.access_user_ids
        return (hotline if is_of_unit else unit) - user

    def message_post(self, **kwargs):
        """Tell the other side what is said to it; notes stay within one's own."""
        if len(self) == 1 and (
            kwargs.get("message_type") == "comment"
            and kwargs.get("subtype_xmlid") == "mail.mt_comment"
        ):
            others = self._get_other_side().partner_id.ids
            kwargs["partner_ids"] = [*(kwargs.get("partner_ids") or ()), *others]
        return super().message_post(**kwargs)

    def message_update(self, msg_dict, update_vals=None):
        """Take a unit's mail for a message, never for its result (Art. 9, 10.2).

        A mail proves nobody: the operator looks at it, and whoever answers for the unit
        is told that it is no result, with the link to give one.
        """
        if not self.env.su:
            raise AccessError(self.env._("Mail is put to a slip by the mail gateway."))
        result = super().message_update(msg_dict, update_vals)
        sender = email_normalize(msg_dict.get("email_from") or "")
        text = html2plaintext(str(msg_dict.get("body") or "")).strip()
        self._log_slip_event(
            "unit_wrote", payload={"from": sender, "text": text[:5000]}
        )
        self._tell("unit_wrote")
        for slip in self:
            people = slip._get_recipients() | slip.unit_id.access_user_ids
            if sender and sender in people.mapped("email_normalized"):
                slip._say_not_recorded(sender)
        return result

    def _say_not_recorded(self, address):
        """Tell a unit's person that a mail is no result, and where to give one."""
        self.ensure_one()
        local = self.with_context(lang=self.ticket_id._get_citizen_lang())
        url = f"{self.get_base_url()}{self._get_response_path()}"
        text = local.env._(
            "Your mail has reached the hotline as a message. It is not recorded as the "
            "unit's result of %(code)s, and the time goes on. Please give the result "
            "here:",
            code=self.ticket_id.name,
        )
        self.env["mail.mail"].sudo().create(  # sudo: the gateway answers
            {
                "subject": local.env._("Not recorded yet: %s", self.ticket_id.name),
                "email_from": self.env.company.email_formatted,
                "email_to": address,
                "auto_delete": True,
                "body_html": Markup('<p>%s</p><p><a href="%s">%s</a></p>')
                % (text, url, url),
                # An answer to this one is no loop of ours (RFC 3834)
                "headers": repr({"Auto-Submitted": "auto-replied"}),
            }
        )

    def action_open_talk(self):
        """Open the slip as a page of its own, where its conversation stands."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.transfer",
            "res_id": self.id,
            "view_mode": "form",
        }
