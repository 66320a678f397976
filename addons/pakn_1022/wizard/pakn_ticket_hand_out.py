from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.pakn_ticket_many import LISTED


class PaknTicketHandOut(models.TransientModel):
    """The dialog of ``pakn.ticket.hand_out``: many requests to one, or evenly to some.

    A shift leader's (Art. 15.2). What can be handed out is, what cannot is listed with
    the reason, and each receiver gets one message, whatever the number.
    """

    _name = "pakn.ticket.hand.out"
    _description = "Hand out requests"
    _inherit = "pakn.dialog"

    ticket_ids = fields.Many2many("pakn.ticket", required=True)
    user_ids = fields.Many2many(
        "res.users",
        string="To",
        domain=lambda self: self._get_user_domain(),
        help="One gets all of them; several get equal shares.",
    )
    taken_count = fields.Integer(
        string="Somebody has already", compute="_compute_taken_count"
    )
    is_mixed = fields.Boolean(string="Some are free", compute="_compute_taken_count")
    leave_taken = fields.Boolean(
        string="Leave those that somebody has",
        compute="_compute_leave_taken",
        store=True,
        readonly=False,
        precompute=True,
    )
    plan_count = fields.Integer(string="Can be handed out", compute="_compute_plan")
    plan_text = fields.Text(string="Who gets how many", compute="_compute_plan")
    away_text = fields.Char(string="Who is away", compute="_compute_plan")
    refused_text = fields.Text(string="Cannot be handed out", compute="_compute_plan")

    @api.model
    def _get_user_domain(self):
        """Return whom requests are handed to: operators, and the leader's self."""
        operators = self.env["res.users"]._get_operator_domain()
        return list(operators | Domain("id", "=", self.env.uid))

    @api.depends("ticket_ids")
    def _compute_taken_count(self):
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            wizard.taken_count = len(tickets.filtered("user_id"))
            wizard.is_mixed = 0 < wizard.taken_count < len(tickets)

    @api.depends("ticket_ids")
    def _compute_leave_taken(self):
        for wizard in self:
            wizard.leave_taken = wizard.is_mixed

    @api.depends("ticket_ids", "user_ids", "leave_taken")
    def _compute_plan(self):
        """Say before it is done who gets how many, and which cannot be and why."""
        for wizard in self:
            doable, shares, refused = wizard._get_plan()
            loads = doable._get_loads(wizard.user_ids._origin)
            wizard.plan_count = len(doable)
            lines = [
                wizard._say_share(user, loads[user][0], tickets, doable)
                for user, tickets in shares.items()
                if tickets
            ]
            wizard.plan_text = "\n".join(lines) or False
            away = [f"{user.name} ({day})" for user, (_n, day) in loads.items() if day]
            wizard.away_text = ", ".join(away) or False
            lines = doable._name_refused(refused)
            wizard.refused_text = "\n".join(lines) or False

    def _say_share(self, user, count, share, tickets):
        """Return how many somebody gets, and has then.

        :param int count: of open requests that one has now
        :param tickets: all that are handed out
        """
        had = len(tickets.filtered(lambda ticket: ticket.user_id == user))
        return self.env._(
            "%(name)s: %(count)s requests, then %(open)s open",
            name=user.name,
            count=len(share),
            open=count - had + len(share),
        )

    def _get_plan(self):
        """Return ``(requests, {res.users: requests}, {request: why it cannot be})``."""
        self.ensure_one()
        tickets = self.ticket_ids._origin.sorted(lambda t: (t.date_received, t.id))
        if self.leave_taken and self.is_mixed:
            tickets = tickets.filtered(lambda ticket: not ticket.user_id)
        doable, refused = tickets._split_doable("hand_out")
        users = self.user_ids._origin
        if not users:
            return doable, {}, refused
        loads = doable._get_loads(users)
        shares = doable._share_out(users.sorted(lambda user: (loads[user][0], user.id)))
        given = doable.browse().union(*shares.values())
        for ticket in doable - given:
            refused[ticket] = self.env._("nobody of those chosen may know of it")
        return doable & given, shares, refused

    def action_confirm(self):
        self.ensure_one()
        if not self.user_ids:
            raise UserError(self.env._("Choose to whom they are handed."))
        tickets, shares, refused = self._get_plan()
        lines = tickets._list_refused(refused)
        if not tickets:
            raise UserError(
                self.env._("None of these can be done:\n%s", "\n".join(lines))
            )
        given = []
        for user, share in shares.items():
            if share:
                share.hand_out(user.id)
                given.append(f"{user.name} ({len(share)})")
        message = self.env._(
            "%(count)s handed out: %(names)s. Told: who got them.",
            count=tickets._count_or_name(),
            names=", ".join(given[:LISTED]),
        )
        if self.away_text:
            away = self.env._("Away: %s", self.away_text)
            message = f"{message}\n{away}"
        params = {
            "type": "success",
            "message": message,
            "next": {"type": "ir.actions.act_window_close"},
        }
        if lines:
            params["message"] = "\n".join(
                [message, self.env._("Not handed out:"), *lines]
            )
            params.update(type="warning", sticky=True)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": params,
        }
