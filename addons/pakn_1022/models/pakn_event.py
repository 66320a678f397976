from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context


class PaknEvent(models.Model):
    """One act on a request, kept as on paper (Art. 9, 12): appended, never changed."""

    _name = "pakn.event"
    _description = "Record of an act"
    _order = "date, id"

    ticket_id = fields.Many2one(
        "pakn.ticket", required=True, index=True, ondelete="restrict", readonly=True
    )
    transfer_id = fields.Many2one(
        "pakn.transfer",
        string="Slip",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    unit_id = fields.Many2one("pakn.unit", ondelete="restrict", readonly=True)
    kind = fields.Selection(
        [
            ("received", "Received"),
            ("updated", "Corrected"),
            ("rejected", "Rejected"),
            ("answered", "Answered by the operator"),
            ("transferred", "Slip sent"),
            ("referred", "Referred to the provincial office"),
            ("acknowledged", "Slip acknowledged"),
            ("responded", "Result of the unit"),
            ("scheduled", "Appointment given"),
            ("extended", "Extended"),
            ("returned", "Slip returned"),
            ("delegated", "Delegated"),
            ("escalated", "Escalated"),
            ("reminded", "Reminded"),
            ("recounted", "Deadline counted anew"),
            ("sent", "Result sent to the citizen"),
            ("published", "Published"),
            ("unpublished", "Withdrawn from publication"),
            ("rated", "Rated by the citizen"),
            ("reopened", "Reopened"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="Done by",
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(readonly=True)
    note = fields.Text(readonly=True)
    payload = fields.Json(readonly=True)

    _ticket_date_idx = models.Index("(ticket_id, date, id)")

    @api.depends("kind", "ticket_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = f"{event.ticket_id.name} · {labels.get(event.kind)}"

    @api.model
    def _append(self, vals_list):
        """Append acts to the record, whoever acts: nobody may write it by hand."""
        # No default from a dialog's context gets into the record.
        events = self.with_context(clean_context(self.env.context))
        return events.sudo().create(vals_list)  # sudo: see docstring

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The record of acts cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The record of acts cannot be deleted."))
