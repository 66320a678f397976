from odoo import api, fields, models


class PaknTicket(models.Model):
    """A request on the citizens' site (Art. 3.2.1, 8, 10.1, 13.1, 14).

    Each part stands in a mixin of its own, which says what it needs and what it gives;
    here are the ties to other models of the site, and what the parts have in common.
    The mixins come before the core's class, so that they can extend its methods.
    """

    _name = "pakn.ticket"
    _inherit = [
        "pakn.ticket.dialogs",
        "pakn.ticket.submission",
        "pakn.ticket.follow",
        "pakn.ticket.shown",
        "pakn.ticket.publication",
        "pakn.ticket.map",
        "pakn.ticket.results",
        "pakn.ticket",
    ]

    answer_ids = fields.One2many(
        "pakn.question.answer",
        "ticket_id",
        string="Answers",
        readonly=True,
        procedure=True,
    )
    supporter_ids = fields.One2many(
        "pakn.supporter",
        "ticket_id",
        readonly=True,
        copy=False,
        groups="base.group_no_one",
        procedure=True,
    )
    supporter_count = fields.Integer(
        string="Supporters",
        compute="_compute_supporter_count",
        compute_sudo=True,
        store=True,
        precompute=True,
        help="Verified phones whose owners say: so do I.",
        procedure=True,
    )

    @api.depends("supporter_ids")
    def _compute_supporter_count(self):
        counts = dict(
            self.env["pakn.supporter"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.supporter_count = counts.get(ticket._origin, 0)
