from psycopg2.errors import UniqueViolation

from odoo import api, fields, models, tools
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain


class ResPartner(models.Model):
    """A citizen or organisation is a contact, known by one phone and one email."""

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

    @api.model
    def _normalize_citizen_email(self, text):
        """Return an email address in lower case, or ``False`` if it is none."""
        return tools.email_normalize(text)

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
        # Contacts that came from elsewhere are known by Odoo's own fields.
        elsewhere = Domain("phone_sanitized", "in", phones) | Domain(
            "email_normalized", "in", emails
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

        What is known of a contact is filled in, not overwritten.

        :param list people: ``(E.164, email, name, address)``, each may be empty
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
        missing = {}
        for (phone, email), (name, address) in people.items():
            if found[phone, email]:
                continue
            # Two new requests of one batch may be of one person.
            key = phone or email
            missing.setdefault(
                key,
                {
                    "name": name or phone or email,
                    "street": address,
                    "phone": phone,
                    "email": email,
                    "pakn_phone": phone,
                    "pakn_email": email,
                    "lang": self.env["pakn.ticket"]._get_citizen_lang(),
                },
            )
        try:
            with self.env.cr.savepoint():
                # sudo: res.partner - operators keep citizens' contacts only here
                created = self.sudo().create(list(missing.values()))
                created.flush_recordset()
                for key, partner in found.items():
                    if partner:
                        partner.sudo()._fill_citizen(*key, *people[key])
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
        by_key = dict(zip(missing, created, strict=True))
        return {
            key: (found[key] or by_key[key[0] or key[1]]).with_env(self.env)
            for key in people
        }

    def _fill_citizen(self, phone, email, name, address):
        """Fill in what was not known of a contact."""
        self.ensure_one()
        vals = {}
        if phone and not self.pakn_phone:
            vals["pakn_phone"] = phone
            if not self.phone:
                vals["phone"] = phone
        if (
            email
            and not self.pakn_email
            and not self.search_count([("pakn_email", "=", email)], limit=1)
        ):
            vals["pakn_email"] = email
            if not self.email:
                vals["email"] = email
        if name and self.name in (self.pakn_phone, self.pakn_email):
            vals["name"] = name
        if address and not self.street:
            vals["street"] = address
        if vals:
            self.write(vals)
            self.flush_recordset()
