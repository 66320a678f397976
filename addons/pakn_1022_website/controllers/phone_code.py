"""A phone that a visitor proves to have: a code is sent to it, then entered."""

from dataclasses import dataclass

from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pakn_1022.tools.phone import OldLandline, normalize_phone

from .common import get_wait


@dataclass(frozen=True)
class Proof:
    """Where the visitor stands."""

    # What the page asks for next: "phone", "code", or nothing any more: "done"
    step: str
    # In E.164, or empty where none was given
    number: str = ""
    # A sentence on what was wrong with it
    error: str = ""


def prove_phone(phone: str, code: str, wait: int = 0) -> Proof:
    """Send a code to a phone or, where the visitor gives one, take it.

    :param phone: as typed
    :param code: as typed; empty to be sent one
    :param wait: seconds that the visitor has to wait before another attempt
    """
    env = request.env
    codes = env["pakn.phone.code"]
    try:
        number = normalize_phone(phone)
    except OldLandline:
        error = env._(
            "This is a landline's number of before 2017: 059 is 0269 now. Please check "
            "it; a mobile number that begins alike is typed with +84."
        )
        return Proof("phone", error=error)
    except ValueError:
        error = env._("This is no phone number. Please check it.")
        return Proof("phone", error=error)
    if wait:
        return Proof("code" if code else "phone", number, get_wait(wait))
    if code:
        if codes._check(number, code):
            return Proof("done", number)
        return Proof("code", number, env._("This code is wrong or too old."))
    try:
        codes._send(number)
    except UserError as error:
        return Proof("phone", number, error.args[0])
    return Proof("code", number)
