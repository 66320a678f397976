from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.pakn_1022.tools.redaction import (
    find,
    find_doubtful,
    html_to_text,
    mark,
)


class PaknTicketPublish(models.TransientModel):
    """The dialog in which the operator sees what the public will read (Art. 13.1)."""

    _name = "pakn.ticket.publish"
    _description = "Publish a request"
    _inherit = "pakn.dialog"

    ticket_id = fields.Many2one("pakn.ticket", required=True, readonly=True)
    operation = fields.Selection(
        [
            ("send", "Send the result"),
            ("publish", "Publish"),
            ("edit", "Change"),
            ("open", "Show while it is handled"),
        ],
        required=True,
        readonly=True,
        default="send",
    )
    next_ids = fields.Json(string="Requests after this one")
    next_count = fields.Integer(compute="_compute_next_count")
    original = fields.Html(
        string="What was said", compute="_compute_original", sanitize=False
    )
    hidden_count = fields.Integer(compute="_compute_original")
    # What may be a name and stays readable
    doubtful_count = fields.Integer(compute="_compute_original")
    title = fields.Char(
        compute="_compute_texts",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    description = fields.Text(
        string="Content",
        compute="_compute_texts",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    # None where the matter is still open
    result = fields.Html(
        compute="_compute_texts",
        store=True,
        readonly=False,
        precompute=True,
    )
    left = fields.Char(string="Still personal, it seems", compute="_compute_left")
    photo_ids = fields.One2many(
        "pakn.ticket.publish.photo",
        "publish_id",
        string="Photos",
        compute="_compute_photo_ids",
        store=True,
        readonly=False,
    )

    @api.depends("next_ids")
    def _compute_next_count(self):
        for wizard in self:
            wizard.next_count = len(wizard.next_ids or ())

    @api.depends("ticket_id", "operation")
    def _compute_original(self):
        allowed = self.env["pakn.ticket"]._get_office_numbers()
        for wizard in self:
            ticket = wizard.ticket_id
            known = ticket.sudo()._get_known()  # sudo: what is hidden is shown here
            texts = [
                ticket.title or "",
                html_to_text(ticket.description),
                "" if wizard.operation == "open" else html_to_text(ticket.result),
            ]
            found = [find(text, known, allowed) for text in texts]
            wizard.hidden_count = sum(map(len, found))
            wizard.doubtful_count = sum(
                len(find_doubtful(text, spans))
                for text, spans in zip(texts, found, strict=True)
            )
            marked = [mark(text, known, allowed) for text in texts]
            wizard.original = Markup(
                "<p><strong>%s</strong></p><p>%s</p><hr/><p>%s</p>"
            ) % tuple(marked)

    @api.depends("ticket_id", "operation")
    def _compute_texts(self):
        allowed = self.env["pakn.ticket"]._get_office_numbers()
        for wizard in self:
            ticket = wizard.ticket_id
            is_open = wizard.operation == "open"
            if ticket.public_title and (is_open or ticket.public_result):
                values = {
                    name: ticket[name]
                    for name in ticket._fields
                    if name.startswith("public_")
                }
            else:
                values = ticket._prepare_public(allowed, is_open)
            wizard.title = values["public_title"]
            wizard.description = values["public_description"]
            wizard.result = not is_open and values["public_result"]

    @api.depends("ticket_id", "operation")
    def _compute_photo_ids(self):
        for wizard in self:
            wizard.photo_ids = [
                fields.Command.create({"attachment_id": photo.id})
                for photo in wizard.ticket_id._get_photos(wizard.operation == "open")
            ]

    @api.depends("title", "description", "result")
    def _compute_left(self):
        allowed = self.env["pakn.ticket"]._get_office_numbers()
        for wizard in self:
            texts = (wizard.title, wizard.description, html_to_text(wizard.result))
            left = [
                text[span.start : span.end]
                for text in filter(None, texts)
                for span in find(text, None, allowed)
                if "***" not in text[span.start : span.end + 4]
            ]
            wizard.left = ", ".join(left)

    def action_confirm(self):
        self.ensure_one()
        ticket = self.ticket_id
        chosen = self.photo_ids.filtered("is_public").attachment_id
        if self.operation == "open":
            ticket.show_open(self.title, self.description, chosen.ids)
            return self._open_next(self._say_public("hide_open"))
        ticket.set_publication(self.title, self.description, self.result, chosen.ids)
        if self.operation == "send":
            ticket.send_result()
        if self.operation == "edit":
            return self._open_next()
        ticket.publish()
        return self._open_next(self._say_public("unpublish"))

    def action_send_only(self):
        """Send the result to its citizen; the public does not read it."""
        self.ensure_one()
        if self.operation != "send":
            return self._open_next()
        return self._open_next(
            self.ticket_id._act_by_hand("sent", [["send_result", []]])
        )

    def _say_public(self, undo):
        """Return the toast that says what the public reads now, and to whom it is told.

        :param str undo: the operation that withdraws it, offered for a moment
        """
        said = self.ticket_id._say_done(
            "sent" if self.operation == "send" else "published",
            {
                "label": self.env._("Withdraw from publication"),
                "method": undo,
                "done": self.env._(
                    "The public does not read %s any more.", self.ticket_id.name
                ),
            },
        )
        said["params"]["message"] += " " + self.env._("The public can read it now.")
        return said

    def _open_next(self, said=None):
        """Go on with the next of those chosen together, one after another.

        :param dict said: action that says what was done, and for a moment takes it back
        """
        waiting = self.env["pakn.ticket"].browse(self.next_ids or ()).exists()
        if not waiting:
            return said or {"type": "ir.actions.act_window_close"}
        following = waiting._open_publish_dialogs(self.operation)
        if said:
            said["params"]["next"] = following
            return said
        return following


class PaknTicketPublishPhoto(models.TransientModel):
    """A photo that may be published, in the dialog."""

    _name = "pakn.ticket.publish.photo"
    _description = "Photo to be published"
    _inherit = "pakn.dialog"

    publish_id = fields.Many2one(
        "pakn.ticket.publish",
        string="Dialog",
        required=True,
        ondelete="cascade",
        index=True,
    )
    attachment_id = fields.Many2one("ir.attachment", required=True, readonly=True)
    name = fields.Char(related="attachment_id.name")
    image = fields.Binary(related="attachment_id.datas")
    is_public = fields.Boolean(string="Publish")
