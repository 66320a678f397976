from odoo import api, fields, models


class PaknTransferRecount(models.TransientModel):
    """Shows which open deadlines would move by the working hours of now, and asks."""

    _name = "pakn.transfer.recount"
    _description = "Count the open deadlines anew"
    _inherit = "pakn.dialog"

    count = fields.Integer(readonly=True, default=lambda self: len(self._get_changes()))
    line_ids = fields.One2many(
        "pakn.transfer.recount.line",
        "recount_id",
        readonly=True,
        default=lambda self: self._default_line_ids(),
        help="The first hundred.",
    )

    @api.model
    def _get_changes(self):
        # sudo: every open deadline is counted; only managers may open the dialog
        return self.env["pakn.transfer"].sudo()._get_recount()

    @api.model
    def _default_line_ids(self):
        return [
            fields.Command.create(
                {
                    "transfer_id": slip.id,
                    "date_old": slip.date_deadline,
                    "date_new": deadline,
                }
            )
            for slip, deadline in list(self._get_changes().items())[:100]
        ]

    def action_recount(self):
        """Count anew; the record of each request says from when to when.

        :raise AccessError: no administrator of the hotline
        """
        self.check_access("write")
        self.ensure_one()
        # sudo: as in _get_changes; the record names the manager
        count = self.env["pakn.transfer"].sudo()._recount_deadlines()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s deadlines were counted anew.", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_keep(self):
        """Leave the open deadlines as they are."""
        self.check_access("write")
        self.env["pakn.transfer"]._forget_recount()
        return {"type": "ir.actions.act_window_close"}


class PaknTransferRecountLine(models.TransientModel):
    _name = "pakn.transfer.recount.line"
    _description = "Deadline that would move"
    _inherit = "pakn.dialog"

    recount_id = fields.Many2one(
        "pakn.transfer.recount", required=True, ondelete="cascade"
    )
    transfer_id = fields.Many2one(
        "pakn.transfer", string="Slip", required=True, ondelete="cascade"
    )
    date_old = fields.Datetime(string="Due until now", required=True)
    date_new = fields.Datetime(string="Due then", required=True)
