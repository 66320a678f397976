from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.pakn_1022.tools import acts


class PaknTicketShown(models.AbstractModel):
    """An open matter that the public reads of while it is handled (Art. 13.1).

    Part of ``pakn.ticket``; its texts and photos are those of
    ``pakn.ticket.publication``, without a result. It is shown where the setting is on,
    its field is marked, it is no secret of the state or of the citizen, and an operator
    has looked at the texts; with its result it is published as any other.
    """

    _name = "pakn.ticket.shown"
    _description = "Request shown while it is handled"
    _inherit = "pakn.act.mixin"

    is_shown = fields.Boolean(
        string="Shown while it is handled",
        readonly=True,
        copy=False,
        procedure=True,
    )
    date_shown = fields.Datetime(
        string="Shown since",
        readonly=True,
        copy=False,
        procedure=True,
    )
    can_show_open = fields.Boolean(
        string="May be shown while it is handled", compute="_compute_can_show_open"
    )

    _shown_idx = models.Index("(date_shown DESC, id DESC) WHERE is_shown IS TRUE")

    @api.depends("state", "secrecy", "category_id.site_open")
    def _compute_can_show_open(self):
        is_on = self._is_open_public()
        for ticket in self:
            ticket.can_show_open = (
                is_on
                and ticket.secrecy == "public"
                and ticket.state in acts.OPEN
                and ticket.category_id.site_open
            )

    @api.model
    def _is_open_public(self):
        """Return whether the setting lets the public read of open matters."""
        return self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_website.show_open", False
        )

    @api.model
    def _get_shown_domain(self):
        """Return which open requests the public may read of, searched in sudo."""
        if not self._is_open_public():
            return Domain.FALSE
        return (
            Domain("is_shown", "=", True)
            & Domain("secrecy", "=", "public")
            & Domain("state", "in", acts.OPEN)
            & Domain("category_id.site_open", "=", True)
        )

    # ------------------------------------------------------------
    # OPERATIONS
    # ------------------------------------------------------------

    def show_open(self, title, description, attachment_ids=None):
        """Let the public read of an open request, or change what it reads.

        :param str title: without what is personal
        :param str description: plain text, likewise
        :param list attachment_ids: ids of the photos of the request to be shown; a
            copy without data of place and camera is
        :raise UserError: the setting, its field, state or secrecy forbids it
        :raise ValidationError: a text is empty, or a file is no photo of the request
        """
        self.ensure_one()
        self._check_operator()
        self._lock()
        if not self.can_show_open:
            raise UserError(
                self.env._(
                    "%s cannot be shown to the public while it is handled: the "
                    "setting or its field does not allow it, it is confidential or "
                    "secret, or it is not open any more.",
                    self.name,
                )
            )
        title = " ".join((title or "").split())
        description = (description or "").strip()
        if not title or not description:
            raise ValidationError(
                self.env._("The public needs a title and a content to read.")
            )
        values = self._prepare_public(self._get_office_numbers(), is_open=True)
        values |= {
            "public_title": title,
            "public_description": description,
            "is_public_edited": True,
            "is_shown": True,
            "date_shown": self.date_shown or fields.Datetime.now(),
        }
        values["public_search"] = self._prepare_public_search(values)
        files_sudo = self._copy_photos(attachment_ids or [], is_open=True)
        self._log_event(
            "published",
            payload={
                "open": True,
                "texts": [title, description],
                "files": len(files_sudo),
            },
        )
        self._acting().write(
            values | {"public_file_ids": [fields.Command.set(files_sudo.ids)]}
        )
        return True

    def hide_open(self):
        """Withdraw open requests from the public."""
        self._check_operator()
        self._lock()
        shown = self.filtered("is_shown")
        shown._log_event("unpublished", payload={"open": True})
        shown._acting().write({"is_published": False})
        return True

    def action_show_open(self):
        """Open the dialog in which the operator sees what the public will read."""
        self.ensure_one()
        return self._open_publish_dialogs("open")

    def action_hide_open(self):
        return self.hide_open()

    # ------------------------------------------------------------
    # WHAT IS SHOWN
    # ------------------------------------------------------------

    def _get_public_state(self):
        """Return where an open request stands, in a few words for everybody."""
        self.ensure_one()
        if self.is_overdue and self.state != "answered":
            return self.env._("Late, reported to the level above")
        return {
            "new": self.env._("The hotline checks it"),
            "scheduled": self.env._("Being handled, the result is promised"),
            "answered": self.env._("Settled, the result is checked"),
        }.get(self.state, self.env._("Being handled"))
