from odoo import api, fields, models
from odoo.exceptions import AccessError

MANAGER = "pakn_1022.group_manager"


class PaknTicket(models.Model):
    """Whose data a request holds: removal, and who opened it."""

    _name = "pakn.ticket"
    _inherit = ["pakn.access.noted", "pakn.ticket.removal", "pakn.ticket"]

    date_withheld = fields.Datetime(
        string="Not to be published since",
        readonly=True,
        copy=False,
        procedure=True,
        help="The citizen objects to it, or has withdrawn the consent.",
    )

    def _prepare_desk_rows(self):
        """Note whose state secrets the reader's desk shows, as a list would."""
        result = super()._prepare_desk_rows()
        self._note_access(("title", "citizen_name"), secret_alone=True)
        return result

    # ------------------------------------------------------------
    # WHO OBJECTS TO PUBLICATION
    # ------------------------------------------------------------

    def _withhold(self, reason):
        """Take these off the site and keep them off, also those still handled.

        Whoever calls this has checked the right.

        :param str reason: for the record
        :return: how many the public could read
        """
        public = self.filtered("is_published")
        public._unpublish()
        shown = self.filtered("is_shown")
        shown.hide_open()
        fresh = self.filtered(lambda ticket: not ticket.date_withheld)
        fresh._log_event("updated", note=reason)
        fresh._acting().write({"date_withheld": fields.Datetime.now()})
        return len(public | shown)

    def action_allow_publication(self):
        """Note that the citizen agrees to publication again; it publishes nothing."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator does this."))
        self.check_access("write")
        self._lock()
        withheld = self.filtered("date_withheld")
        withheld._log_event(
            "updated", note=self.env._("The citizen agrees to publication again")
        )
        withheld._acting().write({"date_withheld": False})
        return True

    def _get_act_facts(self):
        """Leave unpublished what a citizen objects to (Law 91/2025/QH15)."""
        result = super()._get_act_facts()
        # sudo: facts that decide, not told to anybody
        for ticket in self.sudo().filtered("date_withheld").sudo(self.env.su):
            result[ticket].holds.discard("public")
        return result

    def _say_why_not(self, act, reason, record):
        if reason == "public" and record.sudo().date_withheld:  # sudo: why not
            return self.env._(
                "The citizen does not want %s to be published.", record._get_codes()
            )
        return super()._say_why_not(act, reason, record)

    def _filter_published_unseen(self):
        return (
            super()
            ._filter_published_unseen()
            .filtered(lambda ticket: not ticket.date_withheld)
        )

    @api.depends("date_withheld")
    def _compute_can_show_open(self):
        result = super()._compute_can_show_open()
        self.filtered("date_withheld").can_show_open = False
        return result

    # ------------------------------------------------------------
    # WHO OPENED IT, AND WHAT IS REMOVED
    # ------------------------------------------------------------

    def _get_access_tickets(self):
        return self

    def action_remove_file(self):
        """Open the dialog that removes a file which was added by mistake."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator removes files."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remove a file for good"),
            "res_model": "pakn.file.removal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _remove_file(self, file, reason):
        """Delete a file of this request for good; its hash stays on record.

        Whoever calls this has checked the right.

        :param file: ``ir.attachment``, of this request, its slips or its messages
        :param str reason: for the record
        """
        self.ensure_one()
        self._lock()
        ticket = self._acting()
        seals = ticket.env["pakn.seal"]
        seals._seal_pending()
        ticket.env.flush_all()
        rows = seals._get_reader().read_rows("file", tickets=self.ids)
        found = rows[self.id, file.id]
        seals._touch("file", file.ids, tickets=self.ids)
        payload = {"file": file.id, "sha256": found.get("sha256", "")}
        ticket.env["ir.attachment"].browse(file.id).unlink()
        ticket.env.invalidate_all()
        ticket._log_event("file_removed", note=reason, payload=payload)
        ticket.env.ref("base.autovacuum_job")._trigger()
