import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import (
    consteq,
    email_normalize,
    hmac,
    html2plaintext,
    plaintext2html,
)
from odoo.tools.mail import generate_tracking_message_id

from ..tools.phone import format_phone
from ..tools.quotation import split_answer

# Who got a mail on a slip, told by an answer to it: slip, user, and our sign
_REPLY = re.compile(r"-slip-(\d+)-(\d+)-([0-9a-f]{40})@")


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
                " ".join(filter(None, (user.name, format_phone(user.phone))))
                for user in people
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

    def _describe_messages(self):
        """Return what was written on these slips, see ``pakn.ticket.get_talks``."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("message_type", "=", "comment"),
                ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
                ("is_internal", "=", False),
            ],
            order="id",
        )
        slips = {slip.id: slip for slip in self}
        said = []
        for message in messages:
            unit = slips[message.res_id].unit_id
            # sudo: who answers for a unit is no secret to who reads its slip
            people = unit.sudo().access_user_ids.partner_id
            said.append(
                {
                    "key": f"message-{message.id}",
                    "is_ours": message.author_id not in people,
                    "who": message.author_id.name or message.email_from or "",
                    "label": unit.name,
                    "date": message.date,
                    "text": html2plaintext(message.body or "").strip(),
                    "door": "",
                    "state": "",
                    "state_label": "",
                    "reason": "",
                }
            )
        return said

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Who reads a slip without working on it, as a monitor does, writes nothing."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        is_operator = self.env.user.has_group("pakn_1022.group_operator")
        if message_operation == "create" and not is_operator:
            watched = self.filtered(lambda slip: not slip.is_mine)
            operations.update(dict.fromkeys(watched, "write"))  # which acts alone do
        return operations

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
        """Take a unit's mail for a message, not for its result (Art. 9, 10.2).

        A mail proves nobody: the operator looks at it, and whoever answers for the unit
        is told that it is no result, with the link to give one. Only where the setting
        says so, the answer to a mail of ours by the one who got it is the result.
        """
        if not self.env.su:
            raise AccessError(self.env._("Mail is put to a slip by the mail gateway."))
        result = super().message_update(msg_dict, update_vals)
        sender = email_normalize(msg_dict.get("email_from") or "")
        slips = self.filtered(lambda slip: not slip._take_mail_for_result(msg_dict))
        if not slips:
            return result
        text = html2plaintext(str(msg_dict.get("body") or "")).strip()
        slips._log_slip_event(
            "unit_wrote", payload={"from": sender, "text": text[:5000]}
        )
        slips._tell("unit_wrote")
        for slip in slips:
            people = slip._get_recipients() | slip.unit_id.access_user_ids
            if sender and sender in people.mapped("email_normalized"):
                slip._say_not_recorded(sender)
        return result

    def _sign_reply(self, user):
        return hmac(self.env(su=True), self._name, (self.id, user.id))[:40]

    def _make_message_id(self, user):
        """Return the Message-ID of a mail to one person, which an answer names."""
        self.ensure_one()
        sign = self._sign_reply(user)
        # The last part before the host is what Odoo takes for the record's name
        return generate_tracking_message_id(f"slip-{self.id}-{user.id}-{sign}")

    def _get_proved_writer(self, msg_dict):
        """Return the user whose mail of ours a mail answers, from the own address.

        What a mail says of its sender proves nobody; what it answers does, for its name
        is known to the one who got it alone.
        """
        self.ensure_one()
        sender = email_normalize(msg_dict.get("email_from") or "")
        named = (
            f"{msg_dict.get('in_reply_to') or ''} {msg_dict.get('references') or ''}"
        )
        for slip_id, user_id, sign in _REPLY.findall(named):
            user = self.env["res.users"].browse(int(user_id)).exists()
            if (
                int(slip_id) == self.id
                and consteq(sign, self._sign_reply(user))
                and user.active
                and sender
                and sender == user.email_normalized
            ):
                return user
        return self.env["res.users"]

    def _take_mail_for_result(self, msg_dict):
        """Give a unit's mail as its result, where the setting allows it (Art. 10.2).

        :return: whether it was; its files are the result's then
        """
        self.ensure_one()
        settings = self.env["ir.config_parameter"]
        if not settings._get_typed("pakn_1022.unit_mail_is_result", False):
            return False
        user = self._get_proved_writer(msg_dict)
        if not user:
            return False
        slip = self.with_user(user).with_context(lang=user.lang)
        text = self.ticket_id._get_mail_text(msg_dict)
        answer = split_answer(text, html2plaintext(str(self.ticket_id.description)))
        try:
            with self.env.cr.savepoint():
                files = slip.env["ir.attachment"].create(
                    [
                        {
                            "name": name,
                            "raw": data.encode() if isinstance(data, str) else data,
                            "res_model": slip._name,
                            "res_id": 0,
                        }
                        for name, data, *_info in msg_dict.get("attachments") or ()
                    ]
                )
                if files:
                    slip.add_files(files.ids)
                slip.answer(plaintext2html(answer.text))
        except UserError:
            # Refused, empty, or too late: the unit is told that it is no result
            return False
        msg_dict["attachments"] = []
        return True

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
