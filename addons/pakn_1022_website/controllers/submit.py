"""Submit a request without an account (Art. 3.2.1, 8): one form, sent once."""

import base64
import json
import re
import uuid

import qrcode
import qrcode.image.svg

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pakn_1022.tools.phone import normalize_phone

from ..tools.rate_limit import RateLimit
from ..tools.text import (
    clean_line,
    clean_text,
    first_sentence,
    parse_id,
    parse_number,
)
from .common import LIMITS, limited
from .files import get_file_limits, read_files
from .follow import get_ticket, private

TITLE_LENGTH, TEXT_LENGTH = 120, 5000
# Field of the form -> characters kept of it
LINES = {
    "address": 250,
    "citizen_name": 100,
    "citizen_address": 250,
    "citizen_phone": 30,
    "citizen_email": 120,
    "code": 10,
}
# Gia Lai with a margin: south, north, west, east
PROVINCE = (12.8, 14.9, 107.2, 109.5)
# Forms of one address and of one phone in an hour
PER_ADDRESS, PER_PHONE, HOUR = 30, 10, 3600
CODES_PER_ADDRESS = 10
# A trap for programs: people do not see this field
TRAP = "pakn_fax_number"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class PaknSubmit(http.Controller):
    """The form, what it asks while it is filled in, and the page after it."""

    _suggest_limit = RateLimit(90, 60)
    LIMITS.append(_suggest_limit)

    @http.route(
        "/phan-anh",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=True,
        readonly=True,
    )
    @limited(120)
    def open_form(self, **params):
        return self._render(self._read_values(params, prefill=True))

    @http.route(
        "/phan-anh",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        captcha="pakn_submit",
    )
    def submit(self, **post):
        """Take in the form, or show it again with a sentence at what is wrong.

        Answers with JSON to who accepts that alone: ``{"url"}`` or ``{"errors"}``.
        """
        key = post.get("key")
        if not isinstance(key, str) or not _UUID.fullmatch(key):
            key = str(uuid.uuid4())
        values = self._read_values(post) | {"key": key}
        action = post.get("action")
        if action == "questions":
            return self._render(values)
        if action == "send_code":
            errors, sent = self._send_code(values)
            return self._reply(values, errors, sent=sent)
        done_sudo = request.env["pakn.ticket"]._find_by_site_key(key)
        if not done_sudo:
            errors, vals, answers = self._check(values)
            errors = errors or self._check_visitor(values, post)
            uploads = []
            if not errors:
                errors, uploads, place = read_files(["photo", "files"])
                if place and values["use_photo_place"] and not vals["latitude"]:
                    vals["latitude"], vals["longitude"] = place
            sent = False
            if not errors:
                errors, vals["is_phone_verified"], sent = self._check_code(values)
            if errors:
                return self._reply(values, errors, sent=sent)
            done_sudo = request.env["pakn.ticket"]._submit_from_site(
                key, vals, answers, uploads
            )
        url = f"/phan-anh/da-gui/{done_sudo.name}?access_token={done_sudo.access_token}"
        if self._wants_json():
            return request.make_json_response({"url": url})
        return request.redirect(url, code=303)

    @http.route(
        "/phan-anh/da-gui/<string:code>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    @limited(60)
    @private
    def done(self, code, access_token=None, **_params):
        ticket_sudo = get_ticket(code, access_token)
        if not ticket_sudo:
            raise request.not_found()
        url = ticket_sudo.get_portal_url()
        image = qrcode.make(
            request.httprequest.url_root.rstrip("/") + url,
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

    @http.route(
        "/phan-anh/goi-y",
        type="jsonrpc",
        auth="public",
        website=True,
        readonly=True,
    )
    def suggest(self, text="", category_id=0, latitude=None, longitude=None, **_rest):
        """Return what may help while the form is filled in.

        :return: ``{"fields", "articles", "answered", "nearby", "area"}``; empty when
            asked too often
        """
        if self._suggest_limit.hit(request.httprequest.remote_addr):
            return {}
        text = clean_text(text, 1000)
        latitude = parse_number(latitude, *PROVINCE[:2])
        longitude = parse_number(longitude, *PROVINCE[2:])
        # sudo: pakn.category, pakn.area - names alone, of what the form offers
        categories = request.env["pakn.category"].sudo()
        guessed = categories._guess_for_site(text) if len(text) >= 8 else categories
        category = categories.browse(parse_id(category_id)).exists() or guessed[:1]
        words = first_sentence(text, 100)
        tickets = request.env["pakn.ticket"]
        result = {
            "fields": [{"id": c.id, "name": c.name} for c in guessed],
            "articles": [],
            "answered": [],
            "nearby": [],
            "area": None,
        }
        if len(words) >= 8:
            result["articles"] = self._find_articles(words)
            result["answered"] = [
                {"title": t.public_title, "url": f"/ket-qua/{t.name}"}
                for t in tickets._find_answered(words)
            ]
        if latitude and longitude:
            result["nearby"] = [
                {
                    "field": t.category_id.name,
                    "unit": t.unit_id.name or "",
                    "metres": max(10, round(metres, -1)),
                    # Itself it is not public yet; what comes of its ward will be.
                    "follow": f"/theo-doi-ket-qua?dia-ban={t.area_id.code}"
                    if t.area_id
                    else f"/theo-doi-ket-qua?linh-vuc={t.category_id.code}",
                }
                for t, metres in tickets._find_nearby(category, latitude, longitude)
            ]
            result["area"] = self._get_area_at(latitude, longitude)
        return result

    @http.route(
        "/phan-anh/linh-vuc/<int:category_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    @limited(120)
    def questions(self, category_id, **_params):
        """Return notice and questions of a field, a part of the form."""
        category_sudo = self._get_category(category_id)
        if not category_sudo:
            raise request.not_found()
        return request.render(
            "pakn_1022_website.submit_questions",
            {"category": category_sudo, "values": {}, "errors": {}},
        )

    # ------------------------------------------------------------
    # WHAT CAME IN
    # ------------------------------------------------------------

    def _read_values(self, post, prefill=False):
        """Return the form's fields as clean text, whatever was sent."""
        values = {
            name: clean_line(post.get(name), length) for name, length in LINES.items()
        }
        values |= {
            "description": clean_text(post.get("description"), TEXT_LENGTH),
            "category_id": parse_id(post.get("category_id")),
            "area_id": parse_id(post.get("area_id")),
            "latitude": clean_line(post.get("latitude"), 20),
            "longitude": clean_line(post.get("longitude"), 20),
            "confidential": post.get("confidential") == "1",
            "use_photo_place": post.get("use_photo_place") == "1",
        }
        form = request.httprequest.form
        for name in form:
            if name.startswith("q_"):
                values[name] = [clean_text(text, 2000) for text in form.getlist(name)]
        user = request.env.user
        if prefill:
            values["key"] = str(uuid.uuid4())
            values["use_photo_place"] = True
            if user._is_portal():
                partner = user.partner_id
                values["citizen_name"] = partner.name or ""
                values["citizen_phone"] = partner.phone or ""
                values["citizen_email"] = partner.email or ""
                values["citizen_address"] = partner.street or ""
        return values

    def _get_category(self, category_id):
        """Return a field that the form offers, in sudo, or an empty record."""
        # sudo: pakn.category - the fields of Art. 6 are public
        categories = request.env["pakn.category"].sudo()
        if not category_id:
            return categories
        return categories.search([("id", "=", category_id), ("child_ids", "=", False)])

    def _check(self, values):
        """Check what was filled in.

        :return: ``(errors by field, values for the request, answers)``
        """
        env = request.env
        errors, answers = {}, []
        if len(values["description"].split()) < 3:
            errors["description"] = env._("Please say what happened, in a few words.")
        if len(values["citizen_name"]) < 2:
            errors["citizen_name"] = env._("Please give your full name.")
        if not values["citizen_address"]:
            errors["citizen_address"] = env._("Please give your address.")
        try:
            phone = normalize_phone(values["citizen_phone"])
        except ValueError:
            phone = False
            errors["citizen_phone"] = env._(
                "This is no phone number we can call back. Please check it."
            )
        email = False
        if values["citizen_email"]:
            email = env["res.partner"]._normalize_citizen_email(values["citizen_email"])
            if not email:
                errors["citizen_email"] = env._("This is no email address.")
        category_sudo = self._get_category(values["category_id"])
        if values["category_id"] and not category_sudo:
            errors["category_id"] = env._("Please choose a field from the list.")
        elif category_sudo.site_stop:
            errors["category_id"] = env._(
                "Such matters are not handled here; please call the number shown."
            )
        # sudo: pakn.area - the wards of the province are public
        areas_sudo = env["pakn.area"].sudo()
        area_sudo = areas_sudo.search(
            [("id", "=", values["area_id"]), ("kind", "!=", "district")]
        )
        if values["area_id"] and not area_sudo:
            errors["area_id"] = env._("Please choose a commune or ward from the list.")
        latitude, longitude = values["latitude"], values["longitude"]
        if latitude or longitude:
            latitude = parse_number(latitude, *PROVINCE[:2])
            longitude = parse_number(longitude, *PROVINCE[2:])
            if latitude is None or longitude is None:
                errors["latitude"] = env._(
                    "This place is not in Gia Lai. Please choose it on the map again, "
                    "or leave it out."
                )
        for question in category_sudo.question_ids:
            name = f"q_{question.code}"
            try:
                keys, text = question._parse(values.get(name) or [])
            except ValueError as error:
                errors[name] = error.args[0]
                continue
            if text:
                answers.append(
                    {
                        "question_id": question.id,
                        "sequence": question.sequence,
                        "name": question.name,
                        "code": question.code,
                        "keys": keys,
                        "value": text,
                    }
                )
        vals = {
            "title": first_sentence(values["description"], TITLE_LENGTH),
            "description": env["pakn.ticket"]._text_to_html(values["description"]),
            "category_id": category_sudo.id,
            "area_id": area_sudo.id,
            "address": values["address"],
            "latitude": latitude or 0,
            "longitude": longitude or 0,
            "secrecy": "confidential" if values["confidential"] else "public",
            "citizen_name": values["citizen_name"],
            "citizen_phone": phone,
            "citizen_address": values["citizen_address"],
            "citizen_email": email,
        }
        return errors, vals, answers

    def _check_visitor(self, values, post):
        """Return errors of a form that a program sent, or too many of one sender."""
        env = request.env
        if post.get(TRAP):
            return {"form": env._("This could not be sent. Please call (0269) 1022.")}
        limit = env["pakn.rate.limit"]
        phone = normalize_phone(values["citizen_phone"])
        wait = limit._hit(
            "site_submit", request.httprequest.remote_addr, PER_ADDRESS, HOUR
        ) or limit._hit("site_submit_phone", phone, PER_PHONE, HOUR)
        if wait:
            return {
                "form": env._(
                    "You have sent many requests within an hour. Please wait %s "
                    "minutes, or call (0269) 1022.",
                    -(-wait // 60),
                )
            }
        return {}

    # ------------------------------------------------------------
    # THE CODE TO THE PHONE
    # ------------------------------------------------------------

    def _get_verification(self):
        """Return ``required``, ``optional`` or ``off``."""
        # sudo: ir.config_parameter - the form shows it
        params = request.env["ir.config_parameter"].sudo()
        required = params.get_param("pakn_1022_website.require_verified")
        if str(required).lower() in ("true", "1"):
            return "required"
        return "optional" if request.env["pakn.phone.code"]._can_deliver() else "off"

    def _send_code(self, values):
        """Send a code to the phone of the form; return ``(errors, sent)``."""
        env = request.env
        if self._get_verification() == "off":
            return {"code": env._("Codes cannot be sent at present.")}, False
        try:
            normalize_phone(values["citizen_phone"])
        except ValueError:
            return {
                "citizen_phone": env._(
                    "This is no phone number we can call back. Please check it."
                )
            }, False
        wait = env["pakn.rate.limit"]._hit(
            "site_code", request.httprequest.remote_addr, CODES_PER_ADDRESS, HOUR
        )
        if wait:
            return {
                "code": env._(
                    "Many codes were sent already; please wait %s minutes.",
                    -(-wait // 60),
                )
            }, False
        try:
            env["pakn.phone.code"]._send(values["citizen_phone"])
        except UserError as error:
            return {"code": error.args[0]}, False
        return {}, True

    def _check_code(self, values):
        """Return ``(errors, verified, sent)``; a wrong code counts, so last of all."""
        env = request.env
        mode = self._get_verification()
        if mode == "off" or (mode == "optional" and not values["code"]):
            return {}, False, False
        if not values["code"]:
            errors, sent = self._send_code(values)
            return (
                errors
                or {"code": env._("Enter the code that we have sent to your phone.")},
                False,
                sent,
            )
        if env["pakn.phone.code"]._check(values["citizen_phone"], values["code"]):
            return {}, True, False
        return {"code": env._("This code is wrong or too old.")}, False, False

    # ------------------------------------------------------------
    # WHAT IS SHOWN
    # ------------------------------------------------------------

    def _wants_json(self):
        return request.httprequest.headers.get("Accept") == "application/json"

    def _reply(self, values, errors, sent=False):
        if self._wants_json():
            return request.make_json_response({"errors": errors, "sent": sent})
        return self._render(values, errors, sent)

    def _render(self, values, errors=None, sent=False):
        # sudo: pakn.category, pakn.area - the lists of the form are public
        categories_sudo = request.env["pakn.category"].sudo()
        groups = categories_sudo.search([("parent_id", "=", False)], limit=100)
        areas_sudo = (
            request.env["pakn.area"]
            .sudo()
            .search_fetch(
                [("kind", "!=", "district")],
                ["name", "latitude", "longitude"],
                order="name",
                limit=1000,
            )
        )
        count, size = get_file_limits()
        response = request.render(
            "pakn_1022_website.submit_form",
            {
                "values": values,
                "errors": errors or {},
                "sent": sent,
                "groups": groups,
                "category": self._get_category(values["category_id"]),
                "areas": areas_sudo,
                "verification": self._get_verification(),
                "trap": TRAP,
                "max_files": count,
                "max_mb": size,
                "places": json.dumps(
                    {area.id: [area.latitude, area.longitude] for area in areas_sudo}
                ),
            },
            headers={"Cache-Control": "no-store"},
        )
        if errors:
            response.status_code = 422
        return response

    def _find_articles(self, words):
        """Return articles that are valid today and may answer a question."""
        articles = request.env["pakn.article"]
        found_sudo, _count = articles._search_public(words, limit=3)
        return [
            {"title": article.name, "text": article._get_site_excerpt()}
            for article in found_sudo
        ]

    def _get_area_at(self, latitude, longitude):
        """Return the ward whose centre is nearest, as a proposal: ``{id, name}``."""
        # sudo: pakn.area - the wards of the province are public
        areas_sudo = request.env["pakn.area"].sudo()
        near = areas_sudo.search_fetch(
            [
                ("kind", "!=", "district"),
                ("latitude", ">", latitude - 0.3),
                ("latitude", "<", latitude + 0.3),
                ("longitude", ">", longitude - 0.3),
                ("longitude", "<", longitude + 0.3),
            ],
            ["name", "latitude", "longitude"],
            limit=500,
        )
        nearest = min(
            near,
            key=lambda area: (
                (area.latitude - latitude) ** 2 + (area.longitude - longitude) ** 2
            ),
            default=areas_sudo,
        )
        return {"id": nearest.id, "name": nearest.name} if nearest else None
