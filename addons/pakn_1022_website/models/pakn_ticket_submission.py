from markupsafe import Markup
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools import acts

from ..tools.submit_form import QUESTION
from ..tools.text import fold

# A request of the same matter: so near, and not older than this
NEAR_METRES, NEAR_DAYS = 150, 60


class PaknTicketSubmission(models.AbstractModel):
    """Requests that come through the citizens' site (Art. 3.2.1, 8).

    Part of ``pakn.ticket``, of which it needs the core's fields and ``answer_ids``. It
    takes in what a checked form says, once for each form, keeps the files that came
    with it, and finds what others have asked already.
    """

    _name = "pakn.ticket.submission"
    _description = "Request sent through the site"
    _inherit = "pakn.act.mixin"

    is_phone_verified = fields.Boolean(
        string="Phone verified",
        readonly=True,
        copy=False,
        help="The citizen has entered the code sent to this number.",
        procedure=True,
    )
    account_id = fields.Many2one(
        "res.partner",
        string="Sent from the account of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",  # the account may be erased, the request stays
        groups="pakn_1022.group_operator",
        procedure=True,
    )
    site_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Of the form, so that one sent twice is one request.",
        procedure=True,
    )
    site_attachment_ids = fields.Many2many(
        "ir.attachment",
        "pakn_ticket_site_attachment_rel",
        string="Files the citizen sent through the site",
        readonly=True,
        copy=False,
        procedure=True,
    )
    _site_key_unique = models.UniqueIndex("(site_key) WHERE site_key IS NOT NULL")
    _site_place_idx = models.Index("(latitude, longitude) WHERE latitude != 0")
    _account_idx = models.Index(
        "(account_id, date_received DESC) WHERE account_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # TAKING IN
    # ------------------------------------------------------------

    @api.model
    def _find_by_site_key(self, key):
        """Return the request that the form with this key has become, in sudo."""
        # sudo: whoever knows the key (122 random bits) has sent it
        return self.sudo().search([("site_key", "=", key)], limit=1)

    @api.model
    def _check_submission(self, form):
        """Check what a form says.

        :param form: :class:`~..tools.submit_form.SubmitForm`
        :return: ``({field: sentence on what is wrong}, values for the request, values
            of its answers)``; what is wrong is missing among the values
        """
        sentences = self._get_submission_sentences()
        errors = {name: sentences[wrong] for name, wrong in form.check().items()}
        email = False
        if form.citizen_email:
            partners = self.env["res.partner"]
            email = partners._normalize_citizen_email(form.citizen_email)
            if not email:
                errors["citizen_email"] = self.env._("This is no email address.")
        category_sudo = self.env["pakn.category"]._get_offered(form.category_id)
        if form.category_id and not category_sudo:
            errors["category_id"] = self.env._("Please choose a field from the list.")
        elif category_sudo.site_stop:
            errors["category_id"] = self.env._(
                "Such matters are not handled here; please call the number shown."
            )
        # sudo: pakn.area - the wards of the province are public
        areas_sudo = self.env["pakn.area"].sudo()
        area_sudo = areas_sudo.search(
            areas_sudo._get_offered_domain() & Domain("id", "=", form.area_id)
        )
        if form.area_id and not area_sudo:
            errors["area_id"] = self.env._(
                "Please choose a commune or ward from the list."
            )
        wrong, answers = category_sudo.question_ids._parse_answers(form.answers)
        errors |= {QUESTION + code: sentence for code, sentence in wrong.items()}
        latitude, longitude = form.place or (0, 0)
        vals = {
            "title": form.title,
            "description": self._text_to_html(form.description),
            "category_id": category_sudo.id,
            "area_id": area_sudo.id,
            "address": form.address,
            "latitude": latitude,
            "longitude": longitude,
            "secrecy": "confidential" if form.confidential else "public",
            "citizen_name": form.citizen_name,
            "citizen_phone": form.phone or False,
            "citizen_address": form.citizen_address,
            "citizen_email": email,
        }
        return errors, vals, answers

    @api.model
    def _get_submission_sentences(self):
        """Return a sentence for each thing that ``SubmitForm.check`` finds wrong."""
        return {
            "short": self.env._("Please say what happened, in a few words."),
            "no_name": self.env._("Please give your full name."),
            "no_address": self.env._("Please give your address."),
            "no_phone": self.env._(
                "This is no phone number we can call back. Please check it."
            ),
            "old_phone": self.env._(
                "This is a landline's number of before 2017: 059 is 0269 now. Please "
                "check it; a mobile number that begins alike is typed with +84."
            ),
            "outside": self.env._(
                "This place is not in Gia Lai. Please choose it on the map again, or "
                "leave it out."
            ),
        }

    @api.model
    def _get_proved(self, vals):
        phone, email = super()._get_proved(vals)
        if vals.get("is_phone_verified"):
            phone = vals.get("citizen_phone") or None
        return phone, email

    @api.model
    def _submit_from_site(
        self,
        key,
        vals,
        answers=(),
        uploads=(),
        channel=None,
        further=None,
        is_of_account=False,
    ):
        """Take in a request of the site, once for each form.

        :param str key: of the form
        :param dict vals: of the fields named below, checked by the caller
        :param answers: values of ``pakn.question.answer`` without the request
        :param uploads: :class:`~..tools.uploads.Upload` of the files
        :param channel: ``pakn.channel`` that it came by; by default the site
        :param bool is_of_account: the form was opened for the account signed in now
        :param dict further: values that the program itself sets, nobody outside
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
        channel = channel or self.env["pakn.channel"]._get_own("channel_web")
        user = self.env.user
        if is_of_account and user._is_portal():
            vals["account_id"] = vals["citizen_id"] = user.partner_id.id
        self._lock_site_key(key)
        # sudo: anybody may submit; what may be set stands above
        tickets_sudo = self.sudo().with_context(lang=self._get_citizen_lang())
        try:
            with self.env.cr.savepoint():
                ticket = tickets_sudo._acting().create(
                    vals
                    | (further or {})
                    | {
                        "channel_id": channel.id,
                        "user_id": False,
                        "site_key": key,
                        "answer_ids": [fields.Command.create(a) for a in answers],
                    }
                )
                ticket_sudo = ticket.with_env(tickets_sudo.env)
                ticket_sudo._portal_ensure_token()
                ticket_sudo._add_site_files(uploads)
                ticket_sudo.flush_recordset()
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
        return ticket_sudo

    @api.model
    def _lock_site_key(self, key):
        """Keep others from taking in the same form at this moment.

        The unique index would refuse the second one too, but the database's error tells
        the log whatever the citizen said.

        :param str key: of the form
        :raise ConcurrencyError: somebody takes it in, or has done so since this
            transaction began; Odoo does this one over and then finds the request
        """
        [[is_ours]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 1022))", key)
        )
        if is_ours:
            # What was committed meanwhile, only a new transaction sees
            with self.env.registry.cursor() as cr:
                cr.execute("SELECT 1 FROM pakn_ticket WHERE site_key = %s", [key])
                is_ours = not cr.rowcount
        if not is_ours:
            raise ConcurrencyError(key)

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
            self._acting().site_attachment_ids |= files
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
        # The operator uses the trigram index; its threshold is for this transaction.
        self.env.cr.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.45")
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM pakn_ticket
                    WHERE is_published IS TRUE AND secrecy = 'public'
                      AND public_search %%> %(words)s
                    ORDER BY word_similarity(%(words)s, public_search) DESC, id DESC
                    LIMIT %(limit)s""",
                words=fold(text),
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
                ("state", "in", acts.OPEN),
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
