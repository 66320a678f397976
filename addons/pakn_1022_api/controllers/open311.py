"""Open311 GeoReport v2: what is read (http://wiki.open311.org/GeoReport_v2)."""

from odoo import fields, http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import EMAIL, NAME, PHONE, ZONE
from odoo.addons.pakn_1022_website.controllers.caching import (
    NOBODY,
    make_etag,
    respond,
)
from odoo.addons.pakn_1022_website.tools.text import clean_line

from ..tools.georeport import (
    FORMATS,
    MOST,
    SPECIFICATION,
    Wrong,
    format_moment,
    parse_moment,
    parse_range,
    split,
)
from .common import HEADERS, ROOT, VERSION, Refused, answer, georeport

# Seconds in which a list may be kept by anybody
FRESH = 60


class Open311(http.Controller):
    """What is published, and what can be handed in; nothing here changes anything."""

    @georeport(f"{ROOT}/discovery", f"{VERSION}/discovery", per_minute=60)
    def discovery(self, ext, **_params):
        changed = self._get_changeset()
        base = request.website.get_base_url()
        content = {
            "changeset": changed,
            "contact": f"{NAME}, {PHONE}, {EMAIL}",
            "key_service": request.env._(
                "Write to %(email)s: who you are, what your program does, and which "
                "unit it is for.",
                email=EMAIL,
            ),
            "endpoints": [
                {
                    "specification": SPECIFICATION,
                    "url": f"{base}{VERSION}",
                    "changeset": changed,
                    "type": "production",
                    "formats": list(FORMATS.values()),
                }
            ],
        }
        return self._keep(ext, "discovery", content)

    @georeport(f"{VERSION}/services", per_minute=60)
    def services(self, ext, **_params):
        services_sudo = request.env["pakn.category"]._get_open311_services()
        content = [service._get_open311_service() for service in services_sudo]
        return self._keep(ext, "services", content)

    @georeport(f"{VERSION}/services/<string:code>", per_minute=120)
    def service(self, ext, code, **_params):
        service_sudo = get_services([code])
        content = service_sudo._get_open311_definition()
        return self._keep(ext, "service_definition", content)

    @georeport(f"{VERSION}/requests", per_minute=60)
    def requests(self, ext, **_params):
        """List what is published, of 90 days and 1,000 requests at most."""
        args, tickets = request.httprequest.args, request.env["pakn.ticket"]
        codes = get_codes()
        if codes:
            found_sudo = tickets._find_for_open311(codes)
        else:
            services = split(args.getlist("service_code"))
            statuses = split(args.getlist("status"))
            if not {"open", "closed"}.issuperset(statuses):
                raise Refused(400, request.env._("A status is open or closed."))
            now = fields.Datetime.now()
            start, end = get_moments(
                parse_range, args.get("start_date", ""), args.get("end_date", ""), now
            )
            found_sudo = tickets._find_for_open311(
                services=get_fields(services) if services else None,
                start=start,
                end=end,
                statuses=statuses,
            )
        return self._keep(ext, "service_requests", self._show(found_sudo))

    @georeport(f"{VERSION}/requests/<string:code>", per_minute=120)
    def one_request(self, ext, code, **_params):
        found_sudo = request.env["pakn.ticket"]._find_for_open311(
            [clean_line(code, 30)]
        )
        if not found_sudo:
            raise Refused(404, request.env._("There is no such service_request_id."))
        return self._keep(ext, "service_requests", self._show(found_sudo))

    @georeport(f"{VERSION}/tokens/<string:token>", per_minute=60)
    def token(self, ext, token, **_params):
        """Say that there is no token: each request gets its id at once."""
        raise Refused(404, request.env._("There is no such token."))

    @georeport(f"{VERSION}/servicerequestupdates", per_minute=60, scope="follow")
    def updates(self, ext, **_params):
        """List what happened to requests: an extension, see ``docs/open311.md``."""
        args = request.httprequest.args
        codes = get_codes()
        if not codes:
            raise Refused(400, request.env._("The service_request_id is missing."))
        moments = [
            get_moments(parse_moment, text) if (text := args.get(name, "")) else None
            for name in ("start_date", "end_date")
        ]
        content = request.env["pakn.ticket"]._get_open311_updates(
            codes, request.pakn_client, *moments
        )
        return answer(ext, "service_request_updates", content, headers=NOBODY)

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _show(self, tickets_sudo):
        base = request.website.get_base_url()
        return [ticket._get_open311_request(base) for ticket in tickets_sudo]

    def _keep(self, ext, name, content):
        """Return what may be kept a while, or 304 to who has it still."""
        return respond(
            lambda: answer(ext, name, content),
            make_etag(content),
            max_age=FRESH,
            headers=HEADERS,
        )

    def _get_changeset(self):
        """Return when the services or their questions changed last."""
        env = request.env(su=True)  # sudo: when lists that are public changed
        moments = [
            env[name]._read_group([], aggregates=["write_date:max"])[0][0]
            for name in (
                "pakn.category",
                "pakn.category.question",
                "pakn.category.question.value",
            )
        ]
        return format_moment(max(filter(None, moments), default=None), ZONE)


def get_codes():
    """Return the ids of requests that are asked for, as they came."""
    codes = split(request.httprequest.args.getlist("service_request_id"))
    if len(codes) > MOST:
        raise Refused(400, request.env._("At most %s ids at once, please.", MOST))
    return [clean_line(code, 30) for code in codes]


def get_services(codes):
    """Return the services of codes, in sudo; refuse what there is not."""
    services_sudo = request.env["pakn.category"]._get_open311_services()
    found_sudo = services_sudo.filtered(lambda service: service.code in codes)
    if not found_sudo or len(found_sudo) < len(codes):
        raise Refused(404, request.env._("There is no such service_code."))
    return found_sudo


def get_fields(codes):
    """Return the fields of codes, in sudo; refuse what there is not.

    Of results also those that cannot be handed in for any more.
    """
    # sudo: the fields of Art. 6 are public
    fields_sudo = request.env["pakn.category"].sudo().with_context(active_test=False)
    found_sudo = fields_sudo.search(
        [("code", "in", codes), ("child_ids", "=", False)], limit=len(codes)
    )
    if len(found_sudo) < len(codes):
        raise Refused(404, request.env._("There is no such service_code."))
    return found_sudo


def get_moments(parse, *texts):
    """Return what ``parse`` makes of arguments; refuse those that make no sense."""
    env = request.env
    try:
        return parse(*texts)
    except Wrong as error:
        sentence = {
            "moment": env._(
                "A moment has date, time and zone, like 2026-01-31T08:00:00Z."
            ),
            "order": env._("The start_date is after the end_date."),
            "span": env._("At most 90 days at once, please."),
        }
        raise Refused(400, sentence[error.reason]) from error
