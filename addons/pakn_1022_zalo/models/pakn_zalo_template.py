import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import client


class PaknZaloTemplate(models.Model):
    """A ZNS template: what is told of an act by phone number, as Zalo approved it."""

    _name = "pakn.zalo.template"
    _description = "ZNS template"
    _order = "act"
    _rec_name = "template_id"

    account_id = fields.Many2one(
        "pakn.chat.account", required=True, index=True, ondelete="cascade"
    )
    act = fields.Selection(
        selection=lambda self: self.env["pakn.notice"]._selection_act(), required=True
    )
    template_id = fields.Char(string="Template number", required=True)
    params = fields.Text(
        required=True,
        default='{"code": "code"}',
        help='Name at Zalo: what stands there, e.g. {"ma_phan_anh": "code"}. It may be '
        "code, title, state, unit, due, reason or link.",
    )
    state = fields.Selection(
        [
            ("draft", "To be registered"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        default="draft",
        required=True,
    )
    reason = fields.Char(readonly=True)

    _act_unique = models.UniqueIndex(
        "(account_id, act)", "This act has a template already."
    )

    @api.constrains("params")
    def _check_params(self):
        known = set(self.env["pakn.ticket"]._get_chat_blanks())
        for template in self:
            try:
                params = json.loads(template.params or "")
            except ValueError:
                params = None
            if (
                not isinstance(params, dict)
                or not all(isinstance(value, str) for value in params.values())
                or set(params.values()) - known
            ):
                raise ValidationError(
                    self.env._(
                        'Write names and what stands there, e.g. {"ma": "code"}. It '
                        "may be: %s",
                        ", ".join(sorted(known)),
                    )
                )

    def _fill(self, ticket):
        """Return what stands in the template for a request, in sudo."""
        values = ticket._get_chat_values()
        # Zalo takes 30 to 200 characters by kind of parameter; refuses an empty one
        return {
            name: (values.get(blank) or "-")[:100]
            for name, blank in json.loads(self.params).items()
        }

    def action_check(self):
        """Ask Zalo for the state and the parameters of these templates."""
        self.account_id._check_manager()
        for template in self:
            account = template.account_id.sudo()  # sudo: the token, read by nobody
            token = account._get_zalo_token()
            if not token:
                raise UserError(account.problem or self.env._("Connect Zalo first."))
            urls = account._get_zalo_urls()
            try:
                found = client.call(
                    f"{urls.business}/template/info/v2",
                    token,
                    template_id=template.template_id,
                )
            except client.RefusedError as error:
                template.reason = str(error)
                continue
            template._note_info(found.get("data"))
        return True

    def _note_info(self, data):
        """Take over what Zalo says of a template; approve it if all names fit."""
        data = data if isinstance(data, dict) else {}
        states = {"ENABLE": "approved", "PENDING_REVIEW": "submitted"}
        state = states.get(data.get("status"), "rejected")
        rows = data.get("listParams")
        names = {
            row.get("name")
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, dict) and row.get("require", True)
        }
        missing = names - set(json.loads(self.params))
        self.reason = False
        if state == "approved" and missing:
            state = "draft"
            self.reason = self.env._(
                "Zalo also wants: %s", ", ".join(sorted(map(str, missing)))
            )
        self.state = state
