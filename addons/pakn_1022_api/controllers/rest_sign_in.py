"""The REST API: a citizen signs in by a code that is sent to the phone (Art. 13.1)."""

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import ZONE
from odoo.addons.pakn_1022_website.controllers.phone_code import prove_phone
from odoo.addons.pakn_1022_website.controllers.submit import CODES_PER_ADDRESS
from odoo.addons.pakn_1022_website.tools.text import clean_line

from ..tools.body import to_text
from ..tools.georeport import format_moment
from .common import HEADERS
from .rest import (
    NOBODY,
    Refused,
    Wrong,
    answer,
    count_by_visitor,
    get_citizen,
    read_body,
    rest,
)


class RestSignIn(http.Controller):
    """Signed in is who has the phone; what is said of oneself is no identity."""

    @rest("/sign-in", per_minute=30, scope="act", key_is_needed=True, methods=["POST"])
    def sign_in(self, **_params):
        """Send a code to a phone; with the code, sign in."""
        content = read_body("Phone")
        phone = clean_line(to_text(content.get("phone")), 30)
        code = clean_line(to_text(content.get("one_time_code")), 10)
        count_by_visitor("api_sign_in", CODES_PER_ADDRESS)
        proof = prove_phone(phone, code)
        if proof.error:
            name = "one_time_code" if proof.step == "code" else "phone"
            raise Wrong({name: proof.error})
        if proof.step == "code":
            return answer({"phone": proof.number}, 202)
        client_sudo = request.pakn_client
        token, ends = request.env["pakn.api.session"]._open(client_sudo, proof.number)
        content = {
            "phone": proof.number,
            "token": token,
            "date_expires": format_moment(ends, ZONE),
        }
        return answer(content, 201)

    @rest(
        "/sign-in", per_minute=30, scope="act", key_is_needed=True, methods=["DELETE"]
    )
    def sign_out(self, **_params):
        """Have the token of this citizen open nothing any more."""
        if not get_citizen():
            raise Refused(401, request.env._("Please sign in first."))
        text = clean_line(request.httprequest.headers["Citizen-Token"], 100)
        request.env["pakn.api.session"]._find(request.pakn_client, text).unlink()
        return http.Response(status=204, headers=HEADERS | NOBODY)
