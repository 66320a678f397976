import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq, hmac

from ..tools.phone import normalize_phone

MINUTES, ATTEMPTS = 10, 5
# Codes a number gets in an hour
LIMIT = 3


class PaknPhoneCode(models.Model):
    """A one-time code that proves a citizen has the phone whose number was given.

    The code itself is not kept, only what it is compared with. What delivers it
    (SMS) extends :meth:`_can_deliver` and :meth:`_deliver`.
    """

    _name = "pakn.phone.code"
    _description = "One-time code"
    _rec_name = "number"

    number = fields.Char(string="Phone", required=True, index=True)
    digest = fields.Char(required=True)
    date_until = fields.Datetime(string="Valid until", required=True)
    attempts = fields.Integer(string="Attempts to enter it")

    @api.model
    def _can_deliver(self):
        """Return whether anything here delivers codes to phones."""
        return False

    @api.model
    def _deliver(self, number, text):
        """Send a text to a phone (E.164) at once; see :meth:`_can_deliver`."""

    @api.model
    def _send(self, phone):
        """Send a code of six digits to a phone, at once and at any hour.

        :raise ValueError: no phone number
        :raise UserError: too many codes for this number, or nothing delivers codes
        """
        number = normalize_phone(phone)
        codes = self.sudo()  # sudo: a visitor of the site asks, who may read nothing
        now = fields.Datetime.now()
        if not self._can_deliver():
            raise UserError(self.env._("Codes cannot be sent at present."))
        # Counted beside this transaction: those asked for at the same moment see it
        if self.env["pakn.rate.limit"]._hit("phone_code", number, LIMIT, 3600):
            raise UserError(
                self.env._(
                    "This number has got several codes already; please wait an hour."
                )
            )
        code = f"{secrets.randbelow(10**6):06d}"
        codes.create(
            {
                "number": number,
                "digest": self._digest(number, code),
                "date_until": now + timedelta(minutes=MINUTES),
            }
        )
        self._deliver(
            number,
            self.env._(
                "1022 Gia Lai: %(code)s is your code. It is valid for %(minutes)s "
                "minutes; tell it to nobody.",
                code=code,
                minutes=MINUTES,
            ),
        )

    @api.model
    def _check(self, phone, code):
        """Return whether ``code`` is the last one sent to a phone; it counts once.

        :raise ValueError: no phone number
        """
        number = normalize_phone(phone)
        # sudo: as in _send
        last = self.sudo().search(
            [("number", "=", number), ("date_until", ">=", fields.Datetime.now())],
            order="id desc",
            limit=1,
        )
        if not last or last.attempts >= ATTEMPTS:
            return False
        last._lock()
        last.attempts += 1
        given = self._digest(number, str(code or "").strip())
        if not consteq(last.digest, given):
            return False
        last.attempts = ATTEMPTS
        return True

    def _lock(self):
        """Wait for who enters this code at the same moment, and lock it.

        Who waited is refused by PostgreSQL where the code is another one then, and does
        it over. A button that is pressed twice shows no sentence about locks.
        """
        self.env.cr.execute(
            SQL("SELECT FROM pakn_phone_code WHERE id = %s FOR NO KEY UPDATE", self.id),
            log_exceptions=False,
        )

    @api.model
    def _digest(self, number, code):
        """Return what a code is compared with: keyed by this database's secret."""
        return hmac(self.env(su=True), self._name, (number, code))

    @api.autovacuum
    def _gc_codes(self):
        limit = fields.Datetime.now() - timedelta(days=1)
        self.search([("date_until", "<", limit)], limit=10000).unlink()
