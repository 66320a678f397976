"""Open311 GeoReport v2: a request is handed in (Art. 3.3, 8, 16.2)."""

from urllib.parse import urlsplit

from odoo import http
from odoo.fields import Datetime
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import to_local
from odoo.addons.pakn_1022_website.controllers.caching import NOBODY
from odoo.addons.pakn_1022_website.controllers.common import hit
from odoo.addons.pakn_1022_website.controllers.files import get_file_limits, read_files
from odoo.addons.pakn_1022_website.tools.submit_form import (
    QUESTION,
    TITLE_LENGTH,
    SubmitForm,
)
from odoo.addons.pakn_1022_website.tools.text import (
    clean_line,
    clean_text,
    first_sentence,
)

from ..tools.georeport import (
    ANSWER,
    DESCRIPTION,
    Wrong,
    get_fingerprint,
    parse_attributes,
    parse_moment,
)
from .common import VERSION, Refused, answer, georeport
from .open311 import get_moments, get_services

DAY = 24 * 3600
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Optional in GeoReport, asked for by the site's form: where they are missing, the
# operator asks the citizen (Art. 8.3)
OPTIONAL = ("description", "citizen_name", "citizen_address", "citizen_phone")


class Open311Submit(http.Controller):
    """One address that takes in; the key in the body says who hands in."""

    @georeport(
        f"{VERSION}/requests",
        per_minute=120,
        scope="submit",
        key_is_needed=True,
        methods=["POST"],
        readonly=False,
        # Programs have no session; the key is what no other page knows
        csrf=False,
    )
    def submit(self, ext, **_params):
        """Take in a request, once for each ``Idempotency-Key`` or the same content."""
        env, http_request = request.env, request.httprequest
        if http_request.mimetype not in FORMS:
            raise Refused(400, env._("A request is sent as a form (POST)."))
        client_sudo = request.pakn_client
        # Whoever is signed in on this browser hands in nothing
        tickets = env["pakn.ticket"].with_user(env.ref("base.public_user"))
        fields = [item for item in http_request.form.lists() if item[0] != "api_key"]
        fingerprint = get_fingerprint(fields, self._get_files())
        named = clean_line(http_request.headers.get("Idempotency-Key", ""), 255)
        # Without a name the same on one day is the same request
        key = tickets._get_api_key(
            client_sudo, named or f"{to_local(Datetime.now()):%Y-%m-%d} {fingerprint}"
        )
        done_sudo = tickets._find_by_site_key(key)
        if not done_sudo:
            tickets._lock_site_key(key)
        if done_sudo and done_sudo.api_fingerprint != fingerprint:
            raise Refused(
                400, env._("This Idempotency-Key was used for another request.")
            )
        if done_sudo:
            return self._answer(ext, done_sudo, 200)
        vals, answers, uploads, media_url = self._read(tickets)
        wait = hit("api_submit", client_sudo.limit_day, DAY, key=str(client_sudo.id))
        if wait:
            raise Refused(
                429,
                env._("This program has handed in all that it may in a day."),
                headers={"Retry-After": str(wait)},
            )
        done_sudo = tickets._submit_from_site(
            key,
            vals,
            answers,
            uploads,
            channel=client_sudo.channel_id,
            further={
                "api_client_id": client_sudo.id,
                "api_media_url": media_url,
                "api_fingerprint": fingerprint,
            },
        )
        return self._answer(ext, done_sudo, 201)

    def _answer(self, ext, ticket_sudo, status):
        notice = request.env._(
            "The hotline has received it under the code %(code)s, with which it can be "
            "followed at %(url)s.",
            code=ticket_sudo.name,
            url=f"{request.website.get_base_url()}/tra-cuu",
        )
        content = [
            {
                "service_request_id": ticket_sudo.name,
                "service_notice": notice,
                "account_id": None,
            }
        ]
        return answer(ext, "service_requests", content, status, NOBODY)

    # ------------------------------------------------------------
    # WHAT WAS SENT
    # ------------------------------------------------------------

    def _get_files(self):
        """Yield the bytes of the files, each within what a file may have."""
        most = get_file_limits()[1] * 2**20 + 1
        for file in request.httprequest.files.getlist("media"):
            file.seek(0)
            yield file.read(most)

    def _read(self, tickets):
        """Return what was sent: ``(values, answers, uploads, media_url)``.

        :raise Refused: with a sentence for each thing that is wrong
        """
        env, sent = request.env, request.httprequest.form
        codes = [clean_line(sent.get("service_code", ""), 50)]
        if not codes[0]:
            raise Refused(400, env._("The service_code is missing."))
        service_sudo = get_services(codes)
        errors = []
        form, media_url = self._make_form(service_sudo, errors)
        wrong, vals, answers = tickets._check_submission(form)
        for name in OPTIONAL:
            if name == "description" or not getattr(form, name):
                wrong.pop(name, None)
        errors += [
            f"attribute[{name.removeprefix(QUESTION)}]: {sentence}"
            if name.startswith(QUESTION)
            else sentence
            for name, sentence in wrong.items()
        ]
        wrong_files, uploads, _place = (
            ({}, [], None) if errors else read_files(["media"])
        )
        errors += wrong_files.values()
        if errors:
            raise Refused(400, *errors)
        text = form.description or env._("(No description was given.)")
        vals["title"] = first_sentence(form.description, TITLE_LENGTH) or (
            service_sudo.name
        )
        vals["description"] = tickets._text_to_html(text)
        return vals, answers, uploads, media_url

    def _make_form(self, service_sudo, errors):
        """Return what was sent as the site's form, and the address of a photo.

        :param list errors: sentences are added for what is wrong
        """
        env, sent = request.env, request.httprequest.form

        def line(name, length):
            return clean_line(sent.get(name, ""), length)

        text = sent.get("description", "")
        if len(text) > DESCRIPTION:
            errors.append(
                env._("A description has %s characters at most.", DESCRIPTION)
            )
        form = SubmitForm(
            description=clean_text(text, DESCRIPTION),
            category_id=service_sudo.id,
            area_id=self._get_area(line("address_id", 30), errors).id,
            address=line("address_string", 250),
            latitude=line("lat", 20),
            longitude=line("long", 20),
            # In Vietnamese the family name stands first
            citizen_name=" ".join(
                filter(None, (line("last_name", 50), line("first_name", 50)))
            ),
            citizen_phone=line("phone", 30),
            citizen_email=line("email", 120),
            answers=self._get_answers(service_sudo, errors),
        )
        if bool(form.latitude) != bool(form.longitude):
            errors.append(env._("Both lat and long are needed."))
        elif not (form.latitude or form.address or form.area_id):
            errors.append(
                env._("A place is missing: lat and long, address_string or address_id.")
            )
        return form, self._get_media_url(errors)

    def _get_area(self, code, errors):
        # sudo: pakn.area - the wards of the province are public
        areas_sudo = request.env["pakn.area"].sudo()
        if not code:
            return areas_sudo
        area_sudo = areas_sudo.search(
            [*areas_sudo._get_offered_domain(), ("code", "=", code)], limit=1
        )
        if not area_sudo:
            errors.append(
                request.env._("The address_id is no code of a commune or ward.")
            )
        return area_sudo

    def _get_answers(self, service_sudo, errors):
        """Return the attributes as answers to the questions of the field."""
        env = request.env
        try:
            given = parse_attributes(request.httprequest.form.lists())
        except Wrong:
            errors.append(env._("An attribute is sent as attribute[code]."))
            return {}
        questions = {question.code: question for question in service_sudo.question_ids}
        answers = {}
        for code, values in given.items():
            question = questions.get(code)
            if not question:
                errors.append(env._("This service has no attribute %s.", code))
                continue
            if len(values) > 1 and question.datatype != "multivaluelist":
                errors.append(env._("One value for the attribute %s, please.", code))
            if question.datatype == "datetime":
                moment = get_moments(parse_moment, values[0])
                values = [to_local(moment).isoformat(timespec="seconds")]
            answers[code] = [clean_text(value, ANSWER) for value in values]
        return answers

    def _get_media_url(self, errors):
        """Return the address of a photo, which is kept and not fetched."""
        url = clean_line(request.httprequest.form.get("media_url", ""), 501)
        if not url:
            return False
        try:
            parts = urlsplit(url)
            is_right = parts.scheme in ("http", "https") and parts.hostname
        except ValueError:
            is_right = False
        if not is_right or len(url) > 500 or " " in url:
            errors.append(request.env._("The media_url is no address (https://…)."))
            return False
        return url
