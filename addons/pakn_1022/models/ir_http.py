import os

from werkzeug.exceptions import BadRequest, HTTPException, NotFound, abort

from odoo import models
from odoo.exceptions import UserError
from odoo.http import FutureResponse, HTTPRequest, request
from odoo.tools import config

from ..controllers import error_page
from ..tools import public_routes, security_headers, visitor

OURS = "odoo.addons.pakn_1022"
# The proxy is on the same machine unless a setting or, in Docker, the environment says
# where
PROXIES = os.environ.get("PAKN_PROXIES") or "127.0.0.1, ::1"


class SafeCookies(FutureResponse):
    """What Odoo sets of its own accord, redirects included: not for other sites."""

    def set_cookie(self, *args, **options):
        is_secure = request.httprequest.scheme == "https"
        options = {"samesite": "Lax", "secure": is_secure} | options
        return super().set_cookie(*args, **options)


class IrHttp(models.AbstractModel):
    """What a server in the open does for whom: routes, hosts, proxies, headers.

    Visitors who are not staff get our own routes and those of Odoo that
    ``tools/public_routes.py`` lists. Addons extend :meth:`_get_open_routes` and
    :meth:`_get_page_sources`.
    """

    _inherit = "ir.http"

    # ------------------------------------------------------------
    # WHO ASKS, AND WHOM
    # ------------------------------------------------------------

    @classmethod
    def _match(cls, path_info):
        if not hasattr(request, "pakn_is_checked"):
            request.pakn_is_checked = True
            request.future_response = SafeCookies()
            cls._check_proxy()
            cls._check_host()
            if visitor.is_odd(path_info):
                # Not by Odoo's page, which links to itself
                cls._refuse(404)
        return super()._match(path_info)

    @classmethod
    def _check_proxy(cls):
        """Forget what headers say of the visitor, unless a proxy of ours says so.

        Odoo believes them of everybody as soon as it runs behind a proxy; whoever
        reaches it past the proxy would choose the address that limits count.
        """
        environ = request.httprequest.environ
        if "werkzeug.proxy_fix.orig" not in environ:
            return
        peer = environ["werkzeug.proxy_fix.orig"].get("REMOTE_ADDR")
        known = request.env["ir.config_parameter"]._get_typed(
            "pakn_1022.trusted_proxies", PROXIES
        )
        if not visitor.is_among(peer, visitor.split_list(known)):
            # Odoo keeps the whole environment to itself
            whole = request.httprequest._HTTPRequest__environ
            request.httprequest = HTTPRequest(visitor.undo_proxy(whole))

    @classmethod
    def _check_host(cls):
        """Refuse what was addressed to another host, once this one has an address.

        Pages, feeds and site maps make links of it, which caches and mails carry on.
        """
        params = request.env["ir.config_parameter"]
        home = visitor.get_host(params._get_typed("web.base.url", ""))
        if not home or home in visitor.LOOPBACK:
            return
        known = {home, *visitor.LOOPBACK}
        known.update(visitor.split_list(params._get_typed("pakn_1022.hosts", "")))
        if visitor.get_host(request.httprequest.host) not in known:
            # RFC 9110, 15.5.20
            cls._refuse(421, params._get_typed("web.base.url", ""))

    @classmethod
    def _refuse(cls, code, home=None):
        """Answer before any route is looked for: people by a page, programs shortly."""
        is_page = error_page.asks_for_page()
        response = (
            error_page.make_page(code, home=home)
            if is_page
            else error_page.make_plain(code)
        )
        cls._harden(response)
        abort(response)

    @classmethod
    def _get_visitor(cls):
        """Return the account that asks, in sudo; empty for one without a session."""
        uid = request.env.uid or request.session.uid
        # sudo: res.users - what kind of account asks, which nobody else is told
        users_sudo = request.env["res.users"].sudo()
        return users_sudo.browse(uid) if uid else users_sudo

    # ------------------------------------------------------------
    # WHAT IS OPEN
    # ------------------------------------------------------------

    @classmethod
    def _pre_dispatch(cls, rule, args):
        cls._check_route(rule.endpoint)
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _check_route(cls, endpoint):
        """Answer "not found" to who is not staff, unless the route is open to all."""
        if cls._is_own_route(endpoint):
            return
        routes = endpoint.routing["routes"]
        if any(public_routes.find_row(public_routes.NOBODY, one) for one in routes):
            raise NotFound
        user_sudo = cls._get_visitor()
        if user_sudo and user_sudo._is_internal():
            return
        anybody, accounts = cls._get_open_routes()
        rows = public_routes.get_open(
            anybody, accounts, bool(user_sudo and not user_sudo._is_public())
        )
        if not any(public_routes.find_row(rows, one) for one in routes):
            raise NotFound

    @classmethod
    def _is_own_route(cls, endpoint):
        """Return whether a route is ours from the start, not one of Odoo's extended."""
        method = endpoint.func
        name = method.__name__
        return all(
            one.__module__.startswith(OURS)
            for one in type(method.__self__).mro()
            if name in vars(one)
        )

    @classmethod
    def _get_open_routes(cls):
        """Return the rows open to anybody, and those open to citizens' accounts.

        :return: two mappings, see ``tools/public_routes.py``
        """
        return public_routes.ANYBODY, public_routes.ACCOUNTS

    # ------------------------------------------------------------
    # WHAT A BROWSER IS TOLD
    # ------------------------------------------------------------

    @classmethod
    def _get_page_sources(cls):
        """Return further origins that pages load from: ``{directive: [origin]}``."""
        http = request.httprequest
        # Some browsers do not take "self" for the news of open pages
        news = "wss" if http.scheme == "https" else "ws"
        return {"connect-src": [f"{news}://{http.host}"]}

    @classmethod
    def _dispatch(cls, endpoint):
        # A field of this name would be taken for the controller itself, whatever the
        # route: an internal error
        if "self" in request.params:
            raise BadRequest
        # Half of a pair of surrogates can stand in JSON (RFC 8259, 8.2) and is no text
        dispatcher = request.dispatcher
        if dispatcher.routing_type == "jsonrpc":
            dispatcher.request_id = visitor.clean_request_id(dispatcher.request_id)
        try:
            return super()._dispatch(endpoint)
        except UnicodeEncodeError as error:
            raise BadRequest from error

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        cls._harden(response)
        return result

    @classmethod
    def _harden(cls, response):
        """Add what is missing of the headers that make a page safer to read.

        But for "not modified": what it says takes the place of what the page said that
        a browser or proxy keeps (RFC 9111, 3.2), of which nothing is known here.
        """
        headers, is_secure = response.headers, request.httprequest.scheme == "https"
        if response.status_code != 304:
            cls._add_policies(headers, response.mimetype, is_secure)
        cookies = headers.getlist("Set-Cookie")
        headers.remove("Set-Cookie")
        # What caches hand to others sets nobody's cookie
        if "public" not in headers.get("Cache-Control", ""):
            for cookie in cookies:
                headers.add(
                    "Set-Cookie", security_headers.harden_cookie(cookie, is_secure)
                )

    @classmethod
    def _add_policies(cls, headers, mimetype, is_secure):
        policy = headers.get("Content-Security-Policy", security_headers.FRAMES)
        is_framed = policy != security_headers.FRAMES and "frame-ancestors" in policy
        if policy == security_headers.FRAMES and mimetype == "text/html":
            policy = security_headers.make_policy(cls._get_page_sources())
        headers["Content-Security-Policy"] = policy
        for name, value in security_headers.get_headers(
            policy, is_framed, is_secure
        ).items():
            headers.setdefault(name, value)

    @classmethod
    def _get_exception_code_values(cls, exception):
        code, values = super()._get_exception_code_values(exception)
        if not config["dev_mode"]:
            values["traceback"] = ""
        return code, values

    @classmethod
    def _handle_error(cls, exception):
        """Give the pages of errors what all pages have, and words for people.

        Those of Odoo outside the site are werkzeug's, in English, as is its last one
        where the site's own could not be made.
        """
        response = super()._handle_error(exception)
        if isinstance(response, HTTPException):
            response = cls._make_error_page(response, exception)
        elif response.status_code == 418 and error_page.asks_for_page():
            response = error_page.make_page(500)
        cls._harden(response)
        return response

    @classmethod
    def _make_error_page(cls, error, exception):
        response = error.get_response(request.httprequest.environ)
        if error.response or not error_page.asks_for_page():
            return response
        # What an act refuses is written for people, what werkzeug says is not
        said = exception.args[0] if isinstance(exception, UserError) else None
        page = error_page.make_page(error.code, said)
        for name, value in response.headers:
            if name not in ("Content-Type", "Content-Length"):
                page.headers.add(name, value)
        return page

    # ------------------------------------------------------------
    # WHAT THE WEB CLIENT KNOWS
    # ------------------------------------------------------------

    def session_info(self):
        return super().session_info() | {"pakn_quiet": self.env.user.pakn_quiet}
