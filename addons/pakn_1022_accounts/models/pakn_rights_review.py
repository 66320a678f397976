from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .pakn_role_grant import MANAGER

# Twice a year, and so many days to do it
PERIOD, DAYS = 182, 14


class PaknRightsReview(models.Model):
    """The review of rights twice a year: who still needs which role (Art. 18.4).

    Opened by the program, a to-do of each administrator; done by looking through the
    list of roles, ending those that nobody needs, and saying so. What was looked
    through stands on it afterwards; who did it and when is written by the button alone.
    """

    _name = "pakn.rights.review"
    _description = "Review of rights"
    _inherit = "pakn.thread"
    _order = "id desc"
    _rec_name = "date"

    date = fields.Date(
        string="Opened on",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    state = fields.Selection(
        [("open", "To be done"), ("done", "Done")],
        required=True,
        readonly=True,
        default="open",
    )
    date_done = fields.Datetime(string="Done on", readonly=True)
    user_id = fields.Many2one("res.users", string="Done by", readonly=True)
    count = fields.Integer(
        string="Roles looked through", readonly=True, help="Those that were left."
    )
    grant_ids = fields.Many2many("pakn.role.grant", compute="_compute_grant_ids")

    @api.depends("date")
    def _compute_display_name(self):
        for review in self:
            review.display_name = review.date and review.date.strftime("%d/%m/%Y")

    @api.depends("state")
    def _compute_grant_ids(self):
        """Show who has which role: now, or when it was looked through."""
        grants = self.env["pakn.role.grant"]
        for review in self:
            moment = review.date_done
            domain = fields.Domain("date_to", "=", False)
            if review.state == "done" and moment:
                domain |= fields.Domain("date_to", ">", moment)
                domain &= fields.Domain("date_from", "<=", moment)
            review.grant_ids = grants.search(domain)

    @api.model_create_multi
    def create(self, vals_list):
        """Open a review, one at a time.

        :raise UserError: one is open already
        """
        self.check_access("create")
        if not self.env.su:
            # Only its button says that it was done, by whom and when
            vals_list = [{} for _vals in vals_list]
            if vals_list[1:] or self.search_count([("state", "=", "open")], limit=1):
                raise UserError(
                    self.env._("A review is open already: please do that one first.")
                )
        return super().create(vals_list)

    def action_done(self):
        """Say that each role was looked at and is still needed.

        :raise AccessError: no administrator of the hotline
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator reviews rights."))
        grants = self.env["pakn.role.grant"]
        self.filtered(lambda one: one.state == "open").sudo().write(
            {  # sudo: the right is checked above
                "state": "done",
                "date_done": fields.Datetime.now(),
                "user_id": self.env.uid,
                "count": grants.search_count([("date_to", "=", False)]),
            }
        )
        self.sudo().activity_ids.unlink()  # sudo: the to-dos of the others too
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _get_last_done(self):
        return self.search([("state", "=", "done")], order="date_done desc", limit=1)

    @api.model
    def _is_due(self):
        """Return whether the last review is half a year ago, or there was none."""
        last = self._get_last_done()
        limit = fields.Datetime.now() - timedelta(days=PERIOD)
        return not last or last.date_done < limit

    @api.model
    def _cron_open(self):
        """Open a review when one is due, and put it before the administrators."""
        if not self._is_due() or self.search_count([("state", "=", "open")], limit=1):
            return
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        review = quiet.create({}).with_env(self.env)
        notices = self.env["pakn.notice"]
        due = fields.Datetime.now() + timedelta(days=DAYS)
        text = self.env._("Review of rights: who still needs which role?")
        notices._add_todos(
            [(review, manager, due, text) for manager in notices._get_managers()]
        )
