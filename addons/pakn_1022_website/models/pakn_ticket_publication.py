from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.image import ImageProcess

from odoo.addons.pakn_1022.tools.masking import mask_name
from odoo.addons.pakn_1022.tools.redaction import (
    find,
    find_doubtful,
    html_to_text,
    plain_html,
    redact,
    redact_html,
)

from ..tools.text import fold

DIGITS = 3
# Pixels of the longer side of a published photo
PHOTO_SIZE = 1600
# What is read of a request on a list of results, and on its page
CARD_FIELDS = (
    "name",
    "public_title",
    "public_description",
    "category_id",
    "area_id",
    "unit_id",
    "date_received",
    "date_published",
    "date_shown",
    "is_published",
    "state",
    "is_overdue",
    "is_instant",
    "rating_last_value",
    "supporter_count",
)
_NOTHING = {
    "public_title": False,
    "public_description": False,
    "public_result": False,
    "public_name": False,
    "public_search": False,
    "public_latitude": False,
    "public_longitude": False,
    "is_public_edited": False,
    "is_shown": False,
    "date_shown": False,
    "public_file_ids": [fields.Command.clear()],
}


class PaknTicketPublication(models.AbstractModel):
    """What the public reads of a request (Art. 13.1).

    Part of ``pakn.ticket``, whose ``write`` and ``_publish`` it extends; it needs the
    core's fields and what is known of the citizen there. The texts are made when the
    request is published, from what was said, without what is personal (the core's
    ``tools/redaction.py``); the operator sees them before and may change them. They go
    when the publication is withdrawn. The site reads these fields and no others, of
    requests in :meth:`_get_published_domain` and no others.
    """

    _name = "pakn.ticket.publication"
    _description = "Request as it is published"
    _inherit = "pakn.act.mixin"

    public_title = fields.Char(
        string="Published title",
        readonly=True,
        copy=False,
        procedure=True,
    )
    public_description = fields.Text(
        string="Published content",
        readonly=True,
        copy=False,
        prefetch="pakn_public",
        procedure=True,
    )
    public_result = fields.Html(
        string="Published result",
        readonly=True,
        copy=False,
        prefetch="pakn_public",
        sanitize_style=True,
        procedure=True,
    )
    public_name = fields.Char(
        string="Published name",
        readonly=True,
        copy=False,
        procedure=True,
    )
    # Folded, as the words searched are: PostgreSQL takes 0.1 ms to fold one text
    public_search = fields.Text(
        string="Words it is found by",
        readonly=True,
        copy=False,
        prefetch="pakn_public",
        procedure=True,
    )
    public_latitude = fields.Float(
        digits=(10, 7),
        readonly=True,
        copy=False,
        aggregator=None,
        procedure=True,
    )
    public_longitude = fields.Float(
        digits=(10, 7),
        readonly=True,
        copy=False,
        aggregator=None,
        procedure=True,
    )
    public_file_ids = fields.Many2many(
        "ir.attachment",
        "pakn_ticket_public_attachment_rel",
        string="Published photos",
        readonly=True,
        copy=False,
        procedure=True,
    )
    is_public_edited = fields.Boolean(
        string="Published texts changed by hand",
        readonly=True,
        copy=False,
        procedure=True,
    )

    _public_search_idx = models.Index(
        lambda registry: (
            "USING gin (public_search gin_trgm_ops) WHERE public_search IS NOT NULL"
            if registry.has_trigram
            else ""
        )
    )
    _published_idx = models.Index(
        "(date_published DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_category_idx = models.Index(
        "(category_id, date_published DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_area_idx = models.Index(
        "(area_id, date_published DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_unit_idx = models.Index(
        "(unit_id, date_published DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_place_idx = models.Index(
        "USING gist (point(public_longitude, public_latitude))"
        " WHERE is_published IS TRUE"
    )

    @api.model
    def _get_published_domain(self):
        """Return which requests the public may read of."""
        return fields.Domain("is_published", "=", True) & fields.Domain(
            "secrecy", "=", "public"
        )

    def write(self, vals):
        """Keep the published texts in step with what they are made of."""
        vals = dict(vals)
        if "is_published" in vals and not vals["is_published"]:
            vals = _NOTHING | vals
        sources = {
            *self._get_content_fields(),
            "result",
            *("private_name", "private_phone", "private_address", "private_email"),
        }
        if not sources & vals.keys():
            return super().write(vals)
        # sudo: texts of ours; only these can have some
        with_texts = self.sudo().filtered(
            lambda ticket: (
                ticket.is_published or ticket.is_shown or ticket.state == "answered"
            )
        )
        result = super().write(vals)
        stale = with_texts.filtered("public_title")
        published = stale.filtered(lambda t: t.is_published or t.is_shown)
        if stale - published:
            (stale - published)._acting().write(_NOTHING)
        if published:
            published._renew_public()
        return result

    # ------------------------------------------------------------
    # OPERATIONS
    # ------------------------------------------------------------

    def set_publication(self, title, description, result, attachment_ids=None):
        """Say what the public shall read, before it is published or afterwards.

        :param str title: of the request
        :param str description: plain text
        :param str result: HTML, of which plain formatting is kept
        :param list attachment_ids: ids of those photos of the request and its result
            that shall be published; a copy without data of place and camera is
        :raise ValidationError: a text is empty, or a file is no photo of the request
        """
        self.ensure_one()
        self._check_operator()
        self._lock()
        if self.state not in ("answered", "done"):
            raise UserError(self._say_why_not(None, "state", self))
        if self.secrecy != "public":
            raise UserError(
                self.env._(
                    "%(codes)s is confidential or secret and is not published "
                    "(Art. 13.1).",
                    codes=self._get_codes(),
                )
            )
        title = " ".join((title or "").split())
        description = (description or "").strip()
        if not title or not description or not self._has_text(result):
            raise ValidationError(
                self.env._("The public needs a title, a content and a result to read.")
            )
        values = self._prepare_public(self._get_office_numbers())
        values |= {
            "public_title": title,
            "public_description": description,
            "public_result": plain_html(result),
            "is_public_edited": True,
        }
        values["public_search"] = self._prepare_public_search(values)
        files_sudo = self._copy_photos(attachment_ids or [])
        if self.is_published:
            self._log_event(
                "published",
                payload={"texts": [title, description], "files": len(files_sudo)},
            )
        self._acting().write(
            values | {"public_file_ids": [fields.Command.set(files_sudo.ids)]}
        )
        return True

    def _filter_published_unseen(self):
        """Leave to the operator what says something personal, or may."""
        chosen = super()._filter_published_unseen()
        allowed = self._get_office_numbers() if chosen else ()

        def is_clean(ticket_sudo):
            known = ticket_sudo._get_known()
            texts = (
                ticket_sudo.title or "",
                html_to_text(ticket_sudo.description),
                html_to_text(ticket_sudo.result),
            )
            return not any(
                find(text, known, allowed) or find_doubtful(text, ()) for text in texts
            )

        return chosen.filtered(lambda ticket: is_clean(ticket.sudo()))

    def _publish(self):
        """Hide what is personal where the operator has not seen to it (Art. 13.1)."""
        # With a result it is no open matter any more; the words seen to are kept
        self.filtered("is_shown")._acting().write(
            {"is_shown": False, "date_shown": False}
        )
        self._acting().filtered(
            lambda t: not t.public_title or not t.public_result
        )._renew_public()
        return super()._publish()

    # ------------------------------------------------------------
    # THE TEXTS
    # ------------------------------------------------------------

    def _renew_public(self):
        """Make the published texts anew; of those changed by hand, keep the words."""
        allowed = self._get_office_numbers()
        for ticket_sudo in self._acting():
            ticket_sudo.write(ticket_sudo._prepare_public(allowed))

    def _prepare_public(self, allowed, is_open=None):
        """Return what may be published of a request, as field values.

        :param tuple allowed: phone numbers and addresses of offices
        :param bool is_open: without the result; by default where it is shown as an
            open matter
        """
        self.ensure_one()
        if is_open is None:
            is_open = self.is_shown and not self.is_published
        ticket_sudo = self.sudo()  # sudo: what is known of the citizen is hidden here
        known = ticket_sudo._get_known()
        digits = self._get_coordinate_digits()
        edited = self.is_public_edited
        title = self.public_title if edited else self.title
        text = self.public_description if edited else html_to_text(self.description)
        result = (edited and self.public_result) or self.result
        values = {
            "public_title": redact(title, known, allowed)[0],
            "public_description": redact(text, known, allowed)[0],
            "public_result": False if is_open else redact_html(result, known, allowed),
            "public_name": mask_name(ticket_sudo.private_name),
            "public_latitude": round(self.latitude, digits),
            "public_longitude": round(self.longitude, digits),
        }
        values["public_search"] = self._prepare_public_search(values)
        return values

    def _prepare_public_search(self, values):
        parts = (
            self.name,
            values["public_title"],
            values["public_description"],
            html_to_text(values["public_result"]),
            self.area_id.name,
            self.unit_id.name,
            self.category_id.name,
        )
        return fold("\n".join(part for part in parts if part))

    @api.model
    def _get_coordinate_digits(self):
        """Return how exact places are published: decimal digits, 3 is about 100 m."""
        digits = self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_website.coordinate_digits", DIGITS
        )
        return min(max(digits, 1), 5)

    # ------------------------------------------------------------
    # THE PHOTOS
    # ------------------------------------------------------------

    def _get_photos(self, is_open=False):
        """Return the photos of a request and its result, in sudo.

        :param bool is_open: without those of a result that nobody has sent yet
        """
        ticket_sudo = self.sudo()  # sudo: of a request the caller may read
        files_sudo = ticket_sudo.attachment_ids
        if not is_open:
            files_sudo |= ticket_sudo.result_attachment_ids
        return files_sudo.filtered(
            lambda file: file.mimetype in ("image/jpeg", "image/png", "image/webp")
        )

    def _copy_photos(self, attachment_ids, is_open=False):
        """Return copies of photos that tell nothing but the picture, in sudo."""
        photos_sudo = self._get_photos(is_open)
        chosen_sudo = photos_sudo.filtered(lambda f: f.id in attachment_ids)
        if len(chosen_sudo) != len(set(attachment_ids)):
            raise ValidationError(
                self.env._("Only photos of the request and its result are published.")
            )
        vals_list = []
        for number, file_sudo in enumerate(chosen_sudo, 1):
            image = ImageProcess(file_sudo.raw)
            image.resize(PHOTO_SIZE, PHOTO_SIZE)
            vals_list.append(
                {
                    "name": f"{self.name}-{number}.jpg",
                    "raw": image.image_quality(quality=80, output_format="JPEG"),
                    "mimetype": "image/jpeg",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        return chosen_sudo.create(vals_list)
