from markupsafe import Markup
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, html2plaintext

from odoo.addons.pakn_1022.models.pakn_ticket import OPEN_STATES
from odoo.addons.pakn_1022.models.pakn_ticket import PaknTicket as Core

# A request of the same matter: so near, and not older than this
NEAR_METRES, NEAR_DAYS = 150, 60


class PaknTicket(models.Model):
    """Requests that come through the citizens' site (Art. 3.2.1, 8)."""

    _inherit = "pakn.ticket"

    _PROCEDURE_FIELDS = Core._PROCEDURE_FIELDS | {
        "is_phone_verified",
        "account_id",
        "site_key",
        "site_attachment_ids",
        "answer_ids",
    }

    is_phone_verified = fields.Boolean(
        string="Phone verified",
        readonly=True,
        copy=False,
        help="The citizen has entered the code sent to this number.",
    )
    account_id = fields.Many2one(
        "res.partner",
        string="Sent from the account of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="pakn_1022.group_operator",
    )
    site_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Of the form, so that one sent twice is one request.",
    )
    site_attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_ticket_site_attachment_rel",
        string="Files the citizen sent through the site",
        readonly=True,
        copy=False,
    )
    answer_ids = fields.One2many(
        "pakn.question.answer", "ticket_id", string="Answers", readonly=True
    )

    _site_key_unique = models.UniqueIndex("(site_key) WHERE site_key IS NOT NULL")
    _site_place_idx = models.Index("(latitude, longitude) WHERE latitude != 0")
    _account_idx = models.Index(
        "(account_id, date_received DESC) WHERE account_id IS NOT NULL"
    )

    def _compute_access_url(self):
        for ticket in self:
            ticket.access_url = f"/tra-cuu/{ticket.name}" if ticket.id else "#"

    # ------------------------------------------------------------
    # TAKING IN
    # ------------------------------------------------------------

    @api.model
    def _find_by_site_key(self, key):
        """Return the request that the form with this key has become, in sudo."""
        # sudo: whoever knows the key (122 random bits) has sent it
        return self.sudo().search([("site_key", "=", key)], limit=1)

    @api.model
    def _submit_from_site(self, key, vals, answers=(), uploads=()):
        """Take in a request of the site, once for each form.

        :param str key: of the form
        :param dict vals: of the fields named below, checked by the caller
        :param answers: values of ``pakn.question.answer`` without the request
        :param uploads: :class:`~..tools.uploads.Upload` of the files
        :return: the request, in sudo
        :raise ConcurrencyError: the same form is being taken in right now; Odoo does
            this one over and then finds it
        """
        allowed = {
            "title",
            "description",
            "category_id",
            "area_id",
            "address",
            "latitude",
            "longitude",
            "secrecy",
            "citizen_name",
            "citizen_phone",
            "citizen_address",
            "citizen_email",
            "is_phone_verified",
        }
        vals = {name: value for name, value in vals.items() if name in allowed}
        if vals.get("secrecy") != "confidential":
            vals["secrecy"] = "public"
        user = self.env.user
        if user._is_portal():
            vals["account_id"] = vals["citizen_id"] = user.partner_id.id
        # sudo: anybody may submit; what may be set stands above
        tickets_sudo = self.sudo().with_context(lang=self._get_citizen_lang())
        try:
            with self.env.cr.savepoint():
                ticket_sudo = tickets_sudo.create(
                    vals
                    | {
                        "channel_id": self.env.ref("pakn_1022.channel_web").id,
                        "user_id": False,
                        "site_key": key,
                        "answer_ids": [fields.Command.create(a) for a in answers],
                    }
                )
                ticket_sudo._portal_ensure_token()
                ticket_sudo._add_site_files(uploads)
                ticket_sudo.flush_recordset()
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
        return ticket_sudo

    def _add_site_files(self, uploads):
        """Keep files the citizen sent through the site; in sudo.

        Their names are ours: a name can hold personal data, and a lie about the type.

        :param uploads: :class:`~..tools.uploads.Upload`
        :return: ``ir.attachment``
        """
        self.ensure_one()
        names = {
            "photo": self.env._("Photo"),
            "document": self.env._("Document"),
            "video": self.env._("Video"),
        }
        count = len(self.site_attachment_ids)
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{names[upload.kind]} {number}.{upload.extension}",
                    "raw": upload.data,
                    "mimetype": upload.mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for number, upload in enumerate(uploads, count + 1)
            ]
        )
        if files:
            self.site_attachment_ids |= files
            self.attachment_ids |= files
        return files

    @api.model
    def _text_to_html(self, text):
        """Return a citizen's plain text as HTML: escaped, lines kept."""
        paragraphs = [part for part in text.split("\n\n") if part.strip()]
        return Markup().join(
            Markup("<p>%s</p>") % Markup("<br/>").join(part.strip().split("\n"))
            for part in paragraphs
        )

    # ------------------------------------------------------------
    # WHAT OTHERS HAVE ASKED ALREADY
    # ------------------------------------------------------------

    @api.model
    def _find_answered(self, text, limit=3):
        """Return published requests that say what a citizen says, in sudo.

        :param str text: the first sentence as typed so far
        """
        # sudo: what is published may be read by everybody
        tickets_sudo = self.sudo()
        if not text:
            return tickets_sudo.browse()
        unaccent = self.env.registry.unaccent
        said, words = unaccent(SQL("public_search")), unaccent(SQL("%s", text))
        # The operator uses the trigram index; its threshold is for this transaction.
        self.env.cr.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.45")
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM pakn_ticket
                    WHERE is_published AND secrecy = 'public'
                      AND %(said)s %%> %(words)s
                    ORDER BY word_similarity(%(words)s, %(said)s) DESC, id DESC
                    LIMIT %(limit)s""",
                said=said,
                words=words,
                limit=limit,
            )
        )
        return tickets_sudo.browse([ticket_id for [ticket_id] in rows])

    @api.model
    def _find_nearby(self, category, latitude, longitude, limit=3):
        """Return open requests of a field near a place, the nearest first, in sudo.

        :return: list of ``(request, metres)``
        """
        if not latitude or not category:
            return []
        # One degree of latitude is 111 km; in Gia Lai, 14° north, one of longitude 108
        lat, lon = NEAR_METRES / 111_000, NEAR_METRES / 108_000
        since = fields.Datetime.subtract(fields.Datetime.now(), days=NEAR_DAYS)
        # sudo: only field, unit and distance are told of them
        found_sudo = self.sudo().search(
            [
                ("latitude", ">", latitude - lat),
                ("latitude", "<", latitude + lat),
                ("longitude", ">", longitude - lon),
                ("longitude", "<", longitude + lon),
                ("category_id", "=", category.id),
                ("state", "in", OPEN_STATES),
                ("secrecy", "=", "public"),
                ("date_received", ">", since),
            ],
            order="id desc",
            limit=20,
        )
        measured = sorted(
            (
                (
                    ticket,
                    (
                        ((ticket.latitude - latitude) * 111_000) ** 2
                        + ((ticket.longitude - longitude) * 108_000) ** 2
                    )
                    ** 0.5,
                )
                for ticket in found_sudo
            ),
            key=lambda pair: pair[1],
        )
        return [pair for pair in measured if pair[1] <= NEAR_METRES][:limit]

    def _get_plain_description(self):
        self.ensure_one()
        return html2plaintext(self.description or "").strip()
