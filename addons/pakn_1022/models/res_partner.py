from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.email_address import normalize_email


class ResPartner(models.Model):
    """A citizen or organisation is a contact, known by one phone and one email.

    A contact groups requests and is never an address: what goes to the citizen of a
    request goes to the phone and email of that request. Known are numbers and addresses
    that are proved: by a code or a message from there, or by an operator's word.
    """

    _inherit = "res.partner"

    pakn_phone = fields.Char(
        string="Known to the hotline by phone", readonly=True, copy=False
    )
    pakn_email = fields.Char(
        string="Known to the hotline by email", readonly=True, copy=False
    )

    _pakn_phone_unique = models.UniqueIndex(
        "(pakn_phone) WHERE pakn_phone IS NOT NULL",
        "The hotline knows another contact by this phone number.",
    )
    _pakn_email_unique = models.UniqueIndex(
        "(pakn_email) WHERE pakn_email IS NOT NULL",
        "The hotline knows another contact by this email address.",
    )
    # Contacts from elsewhere are looked for by Odoo's own fields at each new request.
    _phone_sanitized_idx = models.Index(
        "(phone_sanitized) WHERE phone_sanitized IS NOT NULL"
    )
    _email_normalized_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    def write(self, vals):
        """Forget by what an archived contact was known: it may be known anew."""
        # The language citizens are spoken to in is the company's
        companies_sudo = self.env["res.company"].sudo()
        if "lang" in vals and companies_sudo.search_count(
            [("partner_id", "in", self.ids)], limit=1
        ):  # sudo: whose contact it is
            self.env.registry.clear_cache()
        if vals.get("active") is False:
            vals = vals | {"pakn_phone": False, "pakn_email": False}
        return super().write(vals)

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Name no citizen, with address or without, to who may not read the contact.

        Wherever a record points to a contact, Odoo tells its name as superuser.
        """
        hidden = self._filter_hidden()
        # The very records where none is hidden: others would be fetched anew
        shown = self - hidden if hidden else self
        result = super(ResPartner, shown)._compute_display_name()
        hidden.display_name = self.env._("Citizen")
        return result

    def _filter_hidden(self):
        """Return those of these contacts that the user may not read as superuser.

        For staff alone: the site shows visitors nothing by its name.
        """
        user = self.env.user
        if (
            not self.env.su  # the ORM itself has asked
            or not self
            or user._is_superuser()
            or not user.has_group("base.group_user")
            or user.has_group("pakn_1022.group_operator")
            or user.has_group("base.group_system")
        ):
            return self.browse()
        known = self.filtered("id")
        return known - known.sudo(False)._filtered_access("read").sudo()

    @api.model
    def _normalize_citizen_email(self, text):
        """Return an email address in lower case, or ``False`` if it is none."""
        return normalize_email(text) or False

    @api.model
    def _find_citizens(self, keys):
        """Find the contacts of people who gave a phone number, an email or both.

        The phone decides; the email when the phone is unknown.

        :param list keys: ``(E.164 or None, normalized email or None)``
        :return: ``{key: res.partner}``, with an empty record for the unknown
        """
        phones = {phone for phone, _email in keys if phone}
        emails = {email for _phone, email in keys if email}
        domain = Domain("pakn_phone", "in", phones) | Domain("pakn_email", "in", emails)
        # Contacts that staff wrote down are known by Odoo's own fields; who has an
        # account writes there what he or she likes.
        elsewhere = Domain("user_ids", "=", False) & (
            Domain("phone_sanitized", "in", phones)
            | Domain("email_normalized", "in", emails)
        )
        # sudo: res.partner - the contact of a caller is found whoever may read it
        partners_sudo = self.sudo().search(domain | elsewhere, order="id")
        by_phone, by_email = {}, {}
        for partner in partners_sudo.sorted(
            lambda p: not (p.pakn_phone or p.pakn_email)
        ):
            if partner.user_ids.filtered(lambda user: not user.share):
                continue  # colleagues are no citizens' contacts
            for number in (partner.pakn_phone, partner.phone_sanitized):
                if number:
                    by_phone.setdefault(number, partner)
            for email in (partner.pakn_email, partner.email_normalized):
                if email:
                    by_email.setdefault(email, partner)
        return {
            (phone, email): (
                by_phone.get(phone)
                or (by_email.get(email) if email else None)
                or self.browse()
            ).with_env(self.env)
            for phone, email in keys
        }

    @api.model
    def _find_or_create_citizens(self, people):
        """Find or create a contact for each of these people, never a second one.

        What is known of a contact is filled in by operators, not overwritten.

        :param list people: ``(E.164, email, name, address)``, each may be empty; phone
            and email are proved
        :return: ``{(E.164, email): res.partner}``, without those who gave neither
        :raise ConcurrencyError: somebody else creates the same contact right now;
            Odoo does the request over
        """
        people = {
            (phone, email): (name, address)
            for phone, email, name, address in people
            if phone or email
        }
        found = self._find_citizens(list(people))
        if any(found.values()) and self.env.user.has_group("pakn_1022.group_operator"):
            try:
                with self.env.cr.savepoint():
                    self._fill_citizens(found, people)
                    self.flush_model(["pakn_phone", "pakn_email"])
            except UniqueViolation as error:
                raise ConcurrencyError(str(error)) from error
        # Two requests of one batch may be of one person.
        known = {
            partner.pakn_phone: partner
            for partner in self.sudo().union(*found.values())
            if partner.pakn_phone
        }
        for phone, email in people:
            found[phone, email] = found[phone, email] or known.get(phone)
        created = self._create_citizens(
            {key: people[key] for key, partner in found.items() if not partner}
        )
        return {key: (found[key] or created[key]).with_env(self.env) for key in people}

    @api.model
    def _fill_citizens(self, found, people):
        """Fill in what was not known of contacts; what another one has stays there.

        What is new is looked up at once for all; Odoo's own ``write`` asks a few times
        for each contact whose address or email is new.

        :param dict found: ``{(E.164, email): res.partner}``, also empty ones
        :param dict people: ``{(E.164, email): (name, address)}``
        """
        quiet_sudo = self._get_quiet_sudo()
        contacts = {
            key: partner.with_env(quiet_sudo.env)
            for key, partner in found.items()
            if partner
        }
        taken = self._get_taken(
            {key[0] for key, partner in contacts.items() if not partner.pakn_phone},
            {key[1] for key, partner in contacts.items() if not partner.pakn_email},
        )
        for key, partner in contacts.items():
            phone, email = (text if text not in taken else None for text in key)
            name, address = people[key]
            vals = {}
            if phone and not partner.pakn_phone:
                vals["pakn_phone"] = phone
                if not partner.phone:
                    vals["phone"] = phone
            if email and not partner.pakn_email:
                vals["pakn_email"] = email
                if not partner.email:
                    vals["email"] = email
            if name and partner.name in (partner.pakn_phone, partner.pakn_email):
                vals["name"] = name
            if address and not partner.street:
                vals["street"] = address
            if vals:
                partner.write(vals)
                taken |= {vals.get("pakn_phone"), vals.get("pakn_email")}

    @api.model
    def _get_taken(self, phones, emails):
        """Return which of these phones and emails a contact has, archived or not."""
        phones, emails = phones - {None}, emails - {None}
        if not phones | emails:
            return set()
        domain = Domain("pakn_phone", "in", phones) | Domain("pakn_email", "in", emails)
        # sudo: res.partner - whether one is taken, not whose it is
        contacts_sudo = self.sudo().with_context(active_test=False).search(domain)
        return {
            text
            for partner in contacts_sudo
            for text in (partner.pakn_phone, partner.pakn_email)
            if text
        }

    @api.model
    def _create_citizens(self, people):
        """Create a contact for each of these people, one for each phone and email.

        :param dict people: ``{(E.164, email): (name, address)}``, nobody known
        :return: ``{(E.164, email): res.partner}``
        """
        if not people:
            return {}
        vals_list, numbers, by_text = [], {}, {}
        for (phone, email), (name, address) in people.items():
            number = by_text.get(phone, by_text.get(email))
            if number is None:
                number = len(vals_list)
                vals_list.append((name or phone or email, address, phone, email))
                by_text |= {text: number for text in (phone, email) if text}
            numbers[phone, email] = number
        created = self._insert_citizens(vals_list)
        return {key: self.browse(created[number]) for key, number in numbers.items()}

    @api.model
    def _insert_citizens(self, people):
        """Insert contacts in one statement; return their ids, in order.

        In SQL: a contact takes Odoo as long as the request itself, and PostgreSQL does
        here what else would need a lock. Of two transactions that insert the same
        number, one waits and is then refused by serialization; Odoo does it over, and
        finds the contact. Who gave a number that the hotline knows of a contact which
        is no citizen's any more is a contact all the same, but not known by it.

        :param list people: ``(name, address, E.164, email)``; name alone is compulsory
        """
        ids = [
            number
            for [number] in self.env.execute_query(
                SQL(
                    "SELECT nextval('res_partner_id_seq') FROM generate_series(1, %s)",
                    len(people),
                )
            )
        ]
        rows = {
            number: {
                "id": number,
                "commercial_partner_id": number,
                "name": name,
                "complete_name": name,
                "street": address or None,
                "phone": phone,
                "phone_sanitized": phone,
                "pakn_phone": phone,
                "email": email,
                "email_normalized": email,
                "pakn_email": email,
            }
            for number, (name, address, phone, email) in zip(ids, people, strict=True)
        }
        done = self._insert_rows(rows.values())
        strange = [
            vals | {"pakn_phone": None, "pakn_email": None}
            for number, vals in rows.items()
            if number not in done
        ]
        if strange:
            self._insert_rows(strange)
        return ids

    @api.model
    def _insert_rows(self, rows):
        """Insert rows of contacts; return the ids of those that were not there."""
        required = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and field.required
        ]
        now = self.env.cr.now()
        common = {
            "active": True,
            "lang": self.env["pakn.ticket"]._get_citizen_lang(),
            "is_company": False,
            "partner_share": True,
            "color": 0,
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": now,
            "write_date": now,
            # sudo: whoever takes in a request, as in _get_quiet_sudo
            **self.sudo().default_get(required),
        }
        rows = [common | vals for vals in rows]
        self.env.cr.execute(
            SQL(
                "INSERT INTO res_partner (%s) VALUES %s ON CONFLICT DO NOTHING "
                "RETURNING id",
                SQL(", ").join(map(SQL.identifier, rows[0])),
                SQL(", ").join(SQL("%s", tuple(row.values())) for row in rows),
            ),
            log_exceptions=False,
        )
        return {number for [number] in self.env.cr.fetchall()}

    @api.model
    def _get_quiet_sudo(self):
        """Return the model so that contacts are written without a word.

        The requests say who gave what: a contact needs no message of its making, no
        follower and no log of changes.
        """
        # sudo: res.partner - operators keep citizens' contacts only here
        return self.sudo().with_context(
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            tracking_disable=True,
        )
