"""Submit a request without an account (Art. 3.2.1, 8): one form, sent once."""

import base64
import json
import uuid
from dataclasses import asdict

import qrcode
import qrcode.image.svg
from werkzeug.exceptions import BadRequest

from odoo import fields, http
from odoo.http import request
from odoo.tools import hmac

from odoo.addons.pakn_1022.tools.province import PHONE

from ..tools.submit_form import SubmitForm
from .again import forget, get_stale_files, recall, show_again
from .caching import ITS_READER, NOBODY
from .common import (
    forgive,
    form,
    get_incidents,
    hit,
    is_fresh,
    page,
    render,
    to_minutes,
)
from .files import drop_parts, get_file_limits, read_files
from .follow import get_path, get_ticket
from .phone_code import prove_phone

# Forms of one address, which may be a carrier's, and of one phone in an hour: after
# them the phone has to be proved. Codes of one address.
PER_ADDRESS, PER_PHONE = 300, 10
CODES_PER_ADDRESS = 60
# A trap for programs: people do not see this field
TRAP = "pakn_fax_number"
# Its page
FORM = "/phan-anh"


class PaknSubmit(http.Controller):
    """The form, and the page after it."""

    @page("/phan-anh", per_minute=120, keep=NOBODY, sitemap=True)
    def open_form(self, **params):
        if said := recall():
            return self._show_again(**said)
        filled = SubmitForm.from_post(params)
        filled.use_photo_place = True
        filled.account = self._get_account()
        user = request.env.user
        if user._is_portal():
            partner = user.partner_id
            filled.citizen_name = partner.name or ""
            filled.citizen_phone = partner.phone or ""
            filled.citizen_email = partner.email or ""
            filled.citizen_address = partner.street or ""
        return self._render(filled)

    # csrf: see is_fresh
    @form("/phan-anh", csrf=False)
    def submit(self, action=None, **post):
        """Take in the form, or show it again with a sentence at what is wrong.

        Answers with JSON to who accepts that alone: ``{"url"}`` or ``{"errors"}``.
        """
        is_ours = is_fresh(post)
        filled = SubmitForm.from_post(post, request.httprequest.form.lists())
        if not is_ours:
            return self._ask_again(filled)
        if action == "questions":
            return self._reply(filled, {})
        if action == "send_code":
            errors, is_sent = self._send_code(filled)
            return self._reply(filled, errors, is_sent)
        tickets = request.env["pakn.ticket"]
        done_sudo = tickets._find_by_site_key(filled.key)
        if not done_sudo:
            errors, vals, answers = tickets._check_submission(filled)
            errors = errors or self._check_program(post)
            uploads, is_sent, wait = [], False, 0
            is_counted = not errors
            if not errors:
                wait = self._count_form(filled)
                errors = self._check_wait(wait)
            if not errors:
                errors, uploads, place = read_files(["photo", "files"])
                if place and filled.use_photo_place and not vals["latitude"]:
                    vals["latitude"], vals["longitude"] = place
            if not errors:
                errors, vals["is_phone_verified"], is_sent = self._check_code(
                    filled, bool(wait)
                )
            if errors:
                if is_counted:
                    forgive("site_submit_phone", filled.phone)
                return self._reply(filled, errors, is_sent)
            done_sudo = tickets._submit_from_site(
                filled.key,
                vals,
                answers,
                uploads,
                is_of_account=filled.account == self._get_account(),
            )
            drop_parts()
        url = f"/phan-anh/da-gui/{done_sudo.name}?access_token={done_sudo.access_token}"
        if self._wants_json():
            return request.make_json_response({"url": url})
        forget(FORM, self._get_tag(filled))
        return request.redirect(url, code=303)

    @page("/phan-anh/da-gui/<string:code>", per_minute=60, keep=ITS_READER)
    def done(self, code, access_token=None, **_params):
        ticket_sudo = get_ticket(code, access_token)
        if not ticket_sudo:
            # Its link may have been renewed since: by code and phone it opens
            path = get_path(code)
            if not path:
                raise request.not_found()
            return request.redirect(path, code=303)
        url = ticket_sudo.get_portal_url()
        image = qrcode.make(
            request.website.get_base_url() + url,
            image_factory=qrcode.image.svg.SvgPathFillImage,
            border=2,
        )
        # sudo: pakn.unit - which unit's hours count
        unit_sudo = (
            ticket_sudo.suggested_unit_id
            or request.env["pakn.unit"].sudo()._get_provincial_office()
        )
        due = ticket_sudo.env["pakn.transfer"]._get_deadline(
            unit_sudo, "focal", fields.Datetime.now()
        )
        return request.render(
            "pakn_1022_website.submit_done",
            {
                "ticket": ticket_sudo,
                "due": ticket_sudo.with_context(lang=request.env.lang)._format_moment(
                    due
                ),
                "url": url,
                "qr": "data:image/svg+xml;base64,"
                + base64.b64encode(image.to_string()).decode(),
            },
        )

    @page("/phan-anh/linh-vuc/<int:category_id>", per_minute=120)
    def questions(self, category_id, **_params):
        """Return notice and questions of a field, a part of the form."""
        category_sudo = request.env["pakn.category"]._get_offered(category_id)
        if not category_sudo:
            raise request.not_found()
        return request.render(
            "pakn_1022_website.submit_questions",
            {"category": category_sudo, "values": {}, "errors": {}},
        )

    # ------------------------------------------------------------
    # WHO SENDS IT
    # ------------------------------------------------------------

    def _get_account(self):
        """Return what a form says that was opened for the account signed in.

        A device that several people share sends a form later, without a network: it is
        not of who has signed in there meanwhile.
        """
        user = request.env.user
        # sudo: signed with the secret of the database
        env = request.env(su=True)
        return hmac(env, "pakn_form", user.id) if user._is_portal() else ""

    def _check_program(self, post):
        """Return errors of a form that a program has filled in."""
        if not post.get(TRAP):
            return {}
        sentence = request.env._(
            "This could not be sent. Please call %(phone)s.", phone=PHONE
        )
        return {"form": sentence}

    def _count_form(self, filled):
        """Count this form; return the seconds to wait where many came from one sender.

        Anybody can write another's phone into forms, and thousands of phones share one
        address: it is no reason to refuse who can prove the phone.
        """
        return max(
            hit("site_submit", PER_ADDRESS),
            hit("site_submit_phone", PER_PHONE, key=filled.phone),
        )

    def _check_wait(self, wait):
        """Return errors where many forms came, and no phone can be proved."""
        if not wait or self._get_verification() != "off":
            return {}
        sentence = request.env._(
            "You have sent many requests within an hour. Please wait %(minutes)s "
            "minutes, or call %(phone)s.",
            minutes=to_minutes(wait),
            phone=PHONE,
        )
        return {"form": sentence}

    # ------------------------------------------------------------
    # THE CODE TO THE PHONE
    # ------------------------------------------------------------

    def _get_verification(self):
        """Return ``required``, ``optional`` or ``off``."""
        params = request.env["ir.config_parameter"]
        if params._get_typed("pakn_1022_website.require_verified", False):
            return "required"
        return "optional" if request.env["pakn.phone.code"]._can_deliver() else "off"

    def _send_code(self, filled):
        """Send a code to the phone of the form; return ``(errors, is_sent)``."""
        wait = hit("site_code", CODES_PER_ADDRESS)
        proof = prove_phone(filled.citizen_phone, "", wait)
        if not proof.error:
            return {}, True
        return {"code" if proof.number else "citizen_phone": proof.error}, False

    def _check_code(self, filled, is_often):
        """Return ``(errors, is_verified, is_sent)``.

        A wrong code counts, so the rest of the form has been checked before.

        :param bool is_often: many forms came, so the phone has to be proved
        """
        mode = "required" if is_often else self._get_verification()
        if mode == "off" or (mode == "optional" and not filled.code):
            return {}, False, False
        if not filled.code:
            errors, is_sent = self._send_code(filled)
            ask = request.env._("Enter the code that we have sent to your phone.")
            return errors or {"code": ask}, False, is_sent
        proof = prove_phone(filled.citizen_phone, filled.code)
        return {"code": proof.error} if proof.error else {}, not proof.error, False

    # ------------------------------------------------------------
    # WHAT IS SHOWN
    # ------------------------------------------------------------

    def _ask_again(self, filled):
        """Show the form as it was filled in to who had it open for too long.

        :raise BadRequest: by a script, which fetches another token and sends it anew
        """
        if self._wants_json():
            raise BadRequest
        return self._reply(filled, {"form": get_stale_files()})

    def _wants_json(self):
        return request.httprequest.headers.get("Accept") == "application/json"

    def _reply(self, filled, errors, is_sent=False):
        if self._wants_json():
            return request.make_json_response({"errors": errors, "sent": is_sent})
        words = asdict(filled) | {"code": ""}
        return show_again(
            self._show_again,
            FORM,
            tag=self._get_tag(filled),
            filled=words,
            errors=errors,
            is_sent=is_sent,
        )

    def _get_tag(self, filled):
        """Tell forms of several tabs apart; the key itself opens a form's files."""
        return uuid.uuid5(uuid.UUID(filled.key), FORM).hex[:12]

    def _show_again(self, filled, errors, is_sent):
        return self._render(SubmitForm(**filled), errors, is_sent)

    def _render(self, filled, errors=None, is_sent=False):
        # sudo: pakn.category, pakn.area - the lists of the form are public
        categories_sudo = request.env["pakn.category"].sudo()
        groups_sudo = categories_sudo.search([("parent_id", "=", False)], limit=100)
        areas_sudo = request.env["pakn.area"].sudo()
        areas_sudo = areas_sudo.search_fetch(
            areas_sudo._get_offered_domain(),
            ["name", "latitude", "longitude"],
            order="name",
            limit=1000,
        )
        count, size = get_file_limits()
        return render(
            "pakn_1022_website.submit_form",
            {
                "values": filled.get_values(),
                "errors": errors or {},
                "sent": is_sent,
                "groups": groups_sudo,
                "category": categories_sudo._get_offered(filled.category_id),
                "areas": areas_sudo,
                "verification": self._get_verification(),
                "incidents": get_incidents(),
                "trap": TRAP,
                "max_files": count,
                "max_mb": size,
                "places": json.dumps(
                    {area.id: [area.latitude, area.longitude] for area in areas_sudo}
                ),
            },
            is_wrong=bool(errors),
        )
