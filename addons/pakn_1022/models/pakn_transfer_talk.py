from odoo import api, fields, models


class PaknTransferTalk(models.AbstractModel):
    """What hotline and unit say to one another on a slip (Art. 10.1, 15.1).

    A room of ``pakn.transfer``. Each message tells the other side; Odoo shows on it who
    has read it. The citizen never sees it: that conversation stands on the request.
    """

    _name = "pakn.transfer.talk"
    _description = "Conversation on a slip"

    talk_count = fields.Integer(string="Talk", compute="_compute_talk_count")
    people_text = fields.Char(
        string="Who answers",
        compute="_compute_people_text",
        help="Name and phone of those the slip is addressed to, and of the head.",
    )

    def _compute_talk_count(self):
        counts = dict(
            self.env["mail.message"]
            .sudo()  # sudo: how many, to who reads the slip
            ._read_group(
                [
                    ("model", "=", "pakn.transfer"),
                    ("res_id", "in", self.ids),
                    ("message_type", "in", ("comment", "email")),
                    ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
                ],
                ["res_id"],
                ["__count"],
            )
        )
        for slip in self:
            slip.talk_count = counts.get(slip.id, 0)

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

    def action_open_talk(self):
        """Open the slip as a page of its own, where its conversation stands."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pakn.transfer",
            "res_id": self.id,
            "view_mode": "form",
        }
