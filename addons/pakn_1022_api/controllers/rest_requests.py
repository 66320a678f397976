"""The REST API: hand in a request, and what its citizen does with it (Art. 8, 14)."""

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pakn_1022.tools.phone import normalize_phone
from odoo.addons.pakn_1022.tools.province import to_local
from odoo.addons.pakn_1022_website.controllers.common import HOUR, hit
from odoo.addons.pakn_1022_website.controllers.files import read_files
from odoo.addons.pakn_1022_website.controllers.follow import (
    NOSNIFF,
    REPLIES,
    find_by_phone,
)
from odoo.addons.pakn_1022_website.controllers.submit import PER_PHONE
from odoo.addons.pakn_1022_website.tools.submit_form import (
    ANSWER_LENGTH,
    QUESTION,
    SubmitForm,
)
from odoo.addons.pakn_1022_website.tools.text import clean_line, clean_text, parse_id

from ..tools.body import to_text, to_texts
from .common import check_pace
from .rest import (
    VERSION,
    Refused,
    Wrong,
    answer,
    doing_once,
    get_citizen,
    get_limit,
    get_named,
    get_own,
    hash_body,
    not_found,
    read_body,
    rest,
    reused,
)
from .rest_uploads import get_parts

DAY = 24 * HOUR
# Name of what is sent -> name in the form of the site
NAMES = {
    "field": "category_id",
    "area": "area_id",
    "description": "description",
    "address": "address",
    "latitude": "latitude",
    "longitude": "longitude",
    "is_confidential": "confidential",
    "name": "citizen_name",
    "phone": "citizen_phone",
    "home_address": "citizen_address",
    "email": "citizen_email",
    "answers": "answers",
    "uploads": "uploads",
}
TEXT = 5000


class RestRequests(http.Controller):
    """What is handed in goes the way of the site's form; so do reply and grade."""

    @rest(
        "/requests",
        per_minute=120,
        scope="submit",
        key_is_needed=True,
        methods=["POST"],
    )
    def submit(self, **_params):
        """Take in a request, once for each ``Idempotency-Key``."""
        tickets, client_sudo = request.env["pakn.ticket"], request.pakn_client
        number = get_citizen()
        content = read_body("NewRequest", part="request")
        fingerprint, named = hash_body(content, "files"), get_named()
        # Without a name the same on one day is the same request
        day = f"{to_local(fields.Datetime.now()):%Y-%m-%d}"
        key = tickets._get_api_key(
            client_sudo, f"rest {named or f'{day} {fingerprint}'}"
        )
        done_sudo = tickets._find_by_site_key(key)
        if not done_sudo:
            tickets._lock_site_key(key)
        if done_sudo and done_sudo.api_fingerprint != fingerprint:
            raise reused()
        if done_sudo:
            return self._answer(done_sudo, 200)
        vals, answers, uploads = self._read(tickets, content, number)
        wait = hit("api_submit", client_sudo.limit_day, DAY, key=str(client_sudo.id))
        if not wait and client_sudo.may_act and not vals["is_phone_verified"]:
            wait = hit("site_submit_phone", PER_PHONE, key=vals["citizen_phone"])
        check_pace(wait)
        done_sudo = tickets._submit_from_site(
            key,
            vals,
            answers,
            uploads,
            channel=client_sudo.channel_id,
            further={"api_client_id": client_sudo.id, "api_fingerprint": fingerprint},
        )
        self._drop_parts(content)
        return self._answer(done_sudo, 201)

    @rest("/requests", per_minute=60, scope="act", key_is_needed=True)
    def own(self, **_params):
        """List the requests of the phone that the citizen has signed in with."""
        number = get_citizen()
        if not number:
            raise Refused(401, request.env._("Please sign in first."))
        limit, tickets = get_limit(), request.env["pakn.ticket"]
        cursor = request.httprequest.args.get("cursor", "")
        after = tickets._read_cursor(cursor)
        if cursor and not after:
            raise Wrong({"cursor": request.env._("This is no cursor of this list.")})
        found_sudo = tickets._get_of_phone(number, limit + 1, after=after)
        local_sudo = found_sudo[:limit].with_context(lang=request.env.lang)
        is_last = len(found_sudo) <= limit
        return answer(
            {
                "items": [ticket._get_rest_line() for ticket in local_sudo],
                "next": None
                if is_last
                else local_sudo[-1]._get_cursor("date_received"),
            }
        )

    @rest(
        "/requests/<string:code>/proof",
        per_minute=60,
        scope="act",
        key_is_needed=True,
        methods=["POST"],
    )
    def prove(self, code, **_params):
        """Give the token of a request to who knows its code and phone."""
        env, sent = request.env, read_body("Phone")
        code, phone = clean_line(code, 40), clean_line(to_text(sent.get("phone")), 30)
        if not phone:
            raise Wrong({"phone": env._("This is no phone number. Please check it.")})
        given = clean_line(to_text(sent.get("one_time_code")), 10)
        found = find_by_phone(code, phone, given)
        if found.ticket_sudo:
            found.ticket_sudo._portal_ensure_token()
            return answer({"token": found.ticket_sudo.access_token})
        check_pace(found.wait)
        if found.asks_number:
            raise Wrong(
                {
                    "one_time_code": env._("This code is wrong or too old.")
                    if found.failed
                    else env._("Enter the code that we have sent to your phone.")
                }
            )
        raise not_found()

    @rest("/requests/<string:code>", per_minute=120, scope="act", key_is_needed=True)
    def follow(self, code, **_params):
        return answer(get_own(code)._get_rest_request())

    @rest("/requests/<string:code>/updates", per_minute=120, scope="follow")
    def updates(self, code, **_params):
        """Tell what was done: of what is published, or handed in by this program."""
        ticket_sudo = request.env["pakn.ticket"]._find_told(
            [clean_line(code, 40)], request.pakn_client
        )
        if not ticket_sudo:
            raise not_found()
        updates = ticket_sudo._get_open311_updates(
            [ticket_sudo.name], request.pakn_client
        )
        names = {
            "update_id": "id",
            "updated_datetime": "date",
            "description": "title",
            "agency_responsible": "unit",
        }
        items = [
            {names[key]: value for key, value in update.items() if key in names}
            for update in updates
        ]
        return answer(
            {"code": ticket_sudo.name, "state": ticket_sudo.state, "items": items}
        )

    @rest(
        "/requests/<string:code>/files/<int:file_id>",
        per_minute=240,
        scope="act",
        key_is_needed=True,
    )
    def file(self, code, file_id, **_params):
        """Serve a file of the citizen, or of the result."""
        file_sudo = (
            get_own(code)
            ._get_citizen_files()
            .filtered(lambda file: file.id == parse_id(file_id))
        )
        if not file_sudo:
            raise not_found()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        response = stream.get_response(as_attachment=True)
        response.headers.update(NOSNIFF)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    # ------------------------------------------------------------
    # WHAT THE CITIZEN SAYS
    # ------------------------------------------------------------

    @rest(
        "/requests/<string:code>/messages",
        per_minute=60,
        scope="act",
        key_is_needed=True,
        methods=["POST"],
    )
    def reply(self, code, **_params):
        """Take another message of the citizen (Art. 14)."""
        ticket_sudo = get_own(code)
        content = read_body("Message", part="message")
        text, uploads = self._read_message(content)
        if not text and not uploads:
            raise Wrong({"text": request.env._("Please write something.")})
        with doing_once(hash_body(content, "files")) as is_to_do:
            if is_to_do:
                self._count_reply(ticket_sudo)
                ticket_sudo._reply_from_site(text, uploads)
                self._drop_parts(content)
        return answer(ticket_sudo._get_rest_request(), 201)

    @rest(
        "/requests/<string:code>/rating",
        per_minute=60,
        scope="act",
        key_is_needed=True,
        methods=["POST"],
    )
    def rate(self, code, **_params):
        """Take the citizen's grade of the result, once (Art. 14)."""
        ticket_sudo = get_own(code)
        content = read_body("Rating")
        feedback = clean_text(to_text(content.get("feedback")), TEXT)
        with doing_once(hash_body(content)) as is_to_do:
            if is_to_do:
                self._rate(ticket_sudo, to_text(content.get("rating")), feedback)
        return answer(ticket_sudo._get_rest_request(), 201)

    @rest(
        "/requests/<string:code>/not-fixed",
        per_minute=60,
        scope="act",
        key_is_needed=True,
        methods=["POST"],
    )
    def complain(self, code, **_params):
        """Take that the matter is not settled, though there is a result (Art. 14.3).

        It is the lowest grade with its reason; or a message, where a grade was given.
        """
        ticket_sudo = get_own(code)
        content = read_body("Message", part="message")
        text, uploads = self._read_message(content)
        if not text:
            raise Wrong(
                {"text": request.env._("Please say why you are not satisfied.")}
            )
        if ticket_sudo.state != "done":
            raise Refused(409, request.env._("There is no result to be rated now."))
        with doing_once(hash_body(content, "files")) as is_to_do:
            if is_to_do:
                self._complain(ticket_sudo, text, uploads)
                self._drop_parts(content)
        return answer(ticket_sudo._get_rest_request(), 201)

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _complain(self, ticket_sudo, text, uploads):
        is_rated = ticket_sudo._get_round_rating().consumed
        if is_rated or uploads:
            # Before the grade, which stands once it is given
            self._count_reply(ticket_sudo)
        if not is_rated:
            self._rate(ticket_sudo, "1", text)
        if is_rated or uploads:
            ticket_sudo._reply_from_site(text, uploads)

    def _rate(self, ticket_sudo, grade, feedback):
        try:
            with request.env.cr.savepoint():
                ticket_sudo._rating_get_access_token()
                ticket_sudo.rating_apply(
                    grade, rating=ticket_sudo._get_round_rating(), feedback=feedback
                )
        except UserError as error:
            raise Refused(409, error.args[0]) from error

    def _count_reply(self, ticket_sudo):
        check_pace(hit("site_reply", REPLIES, HOUR, key=ticket_sudo.name))

    def _read_files(self, content):
        """Return the files that go along, and those that went up before in parts."""
        parts = get_parts(request.pakn_client, content.get("uploads") or [])
        return read_files(["files"], parts)

    def _drop_parts(self, content):
        """Forget the parts of what was taken."""
        parts = get_parts(request.pakn_client, content.get("uploads") or [])
        for form_key, _name in parts:
            request.env["pakn.upload"]._drop(form_key)

    def _read_message(self, content):
        errors, uploads, _place = self._read_files(content)
        if errors:
            raise Wrong(errors)
        return clean_text(to_text(content.get("text")), TEXT), uploads

    def _answer(self, ticket_sudo, status):
        """Say the code; the token to who serves the citizen on the citizen's phone."""
        client_sudo = request.pakn_client
        content = {
            "code": ticket_sudo.name,
            "token": ticket_sudo.access_token if client_sudo.may_act else None,
            "url": f"{request.website.get_base_url()}/tra-cuu",
        }
        location = f"{VERSION}/requests/{ticket_sudo.name}"
        return answer(content, status, {"Location": location})

    def _read(self, tickets, content, number):
        """Return ``(values of the request, of its answers, uploads)``.

        :param number: phone of the citizen who is signed in, or None
        :raise Wrong: with a sentence for each thing that is wrong
        """
        env, errors = request.env, {}
        answers = self._read_answers(content.get("answers") or {}, errors)
        post = {NAMES[name]: to_text(value) for name, value in content.items()}
        post.pop("uploads", None)
        post["confidential"] = "1" if content.get("is_confidential") is True else ""
        post["citizen_phone"] = post.get("citizen_phone") or number or ""
        post["category_id"] = self._find_id(
            env["pakn.category"]._get_open311_services(), content, "field", errors
        )
        # sudo: pakn.area - the wards of the province are public
        areas_sudo = env["pakn.area"].sudo()
        post["area_id"] = self._find_id(
            areas_sudo.search(
                areas_sudo._get_offered_domain()
                & fields.Domain("code", "=", to_text(content.get("area")) or "?")
            ),
            content,
            "area",
            errors,
        )
        form = SubmitForm.from_post(post, answers)
        wrong, vals, answer_vals = tickets._check_submission(form)
        wrong |= self._check_answers(vals["category_id"], form.answers)
        if bool(form.latitude) != bool(form.longitude):
            wrong["latitude"] = env._("Both latitude and longitude are needed.")
        theirs = {value: key for key, value in NAMES.items()}
        for name, sentence in wrong.items():
            if name.startswith(QUESTION):
                name = f"answers.{name.removeprefix(QUESTION)}"
            errors.setdefault(theirs.get(name, name), sentence)
        wrong_files, uploads, place = (
            ({}, [], None) if errors else self._read_files(content)
        )
        if errors or wrong_files:
            raise Wrong(errors | wrong_files)
        if place and not vals["latitude"]:
            vals["latitude"], vals["longitude"] = place
        vals["is_phone_verified"] = bool(
            number and normalize_phone(form.citizen_phone) == number
        )
        return vals, answer_vals, uploads

    def _read_answers(self, given, errors):
        """Return answers as a form sends them: pairs of a question and its texts.

        :param dict errors: sentences are added for what is none, or too long
        """
        env, lists = request.env, []
        for code, value in list(given.items())[:200]:
            code, texts = clean_line(code, 100), to_texts(value)
            values = value if isinstance(value, list) else [value]
            if len(texts) < sum(one not in (None, "") for one in values):
                sentence = env._("A text, a number, or a list of them, please.")
                errors[f"answers.{code}"] = sentence
            elif any(len(text) > ANSWER_LENGTH for text in texts):
                sentence = env._("At most %s characters, please.", ANSWER_LENGTH)
                errors[f"answers.{code}"] = sentence
            lists.append((QUESTION + code, texts))
        return lists

    def _check_answers(self, category_id, given):
        """Return errors of answers to what the field does not ask."""
        env = request.env
        # sudo: the fields and their questions are public
        questions_sudo = env["pakn.category"].sudo().browse(category_id).question_ids
        known = set(questions_sudo.mapped("code"))
        return {
            QUESTION + code: env._("This field has no such question.")
            for code, texts in given.items()
            if texts and code not in known
        }

    def _find_id(self, records_sudo, content, name, errors):
        """Return the id of the record whose code was sent, as a form sends it."""
        code = to_text(content.get(name))
        found_sudo = records_sudo.filtered(lambda record: record.code == code)[:1]
        if code and not found_sudo:
            errors[name] = request.env._("There is no such code.")
        return str(found_sudo.id or "")
