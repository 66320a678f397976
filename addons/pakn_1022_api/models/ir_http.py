from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import LazyTranslate

from ..controllers import common, rest

_lt = LazyTranslate(__name__)

# What Odoo and the web server refuse by themselves
SENTENCES = {
    400: _lt("The address or what was sent with it cannot be read."),
    403: _lt("This is not allowed."),
    404: _lt("There is nothing at this address."),
    405: _lt("This address is not called like this."),
    413: _lt("What was sent is too large."),
    415: _lt("What was sent has a form that is not taken."),
    416: _lt("The file does not have the part that is asked for."),
}
NO_UTF_8 = _lt("What was sent is not UTF-8.")
FAILURE = _lt("The server failed here; please tell the hotline.")


class IrHttp(models.AbstractModel):
    """Errors under the addresses of programs have their form, whoever made them."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        if not is_ours(path_info):
            return super()._match(path_info)
        try:
            return super()._match(path_info)
        except MethodNotAllowed as error:
            # Odoo answers to it with a page, without asking below
            error.error_response = cls._handle_error(error)
            raise
        except HTTPException as error:
            # To the same in the visitor's language, where there is nothing either
            if error.response and 300 <= error.response.status_code < 400:
                raise NotFound from error
            raise

    @classmethod
    def is_a_bot(cls):
        """Speak with programs, curl among them, in the language that they ask for.

        Odoo gives the site's own to what is no browser.
        """
        return not is_ours(request.httprequest.path) and super().is_a_bot()

    @classmethod
    def _serve_fallback(cls):
        """Give programs no page of the site, and no way to one."""
        if is_ours(request.httprequest.path):
            return None
        return super()._serve_fallback()

    @classmethod
    def _handle_error(cls, exception):
        if not is_ours(request.httprequest.path) or (
            # An answer already: a redirection, a host that is not ours
            isinstance(exception, HTTPException) and exception.response
        ):
            return super()._handle_error(exception)
        response = cls._make_program_error(exception)
        cls._harden(response)
        return response

    @classmethod
    def _harden(cls, response):
        """Give programs no cookies: they have no session, and say their language."""
        result = super()._harden(response)
        if is_ours(request.httprequest.path):
            response.headers.remove("Set-Cookie")
        return result

    @classmethod
    def _make_program_error(cls, exception):
        is_rest = f"{request.httprequest.path}/".startswith(f"{rest.ROOT}/")
        make = rest.make_problem if is_rest else common.make_error
        # The database may be closed by now, and with it the reader's language
        is_open = request.env and not request.env.cr.closed

        def say(sentence):
            translate = request.env._ if is_open else None
            return translate(sentence) if translate else sentence._source

        if isinstance(exception, UserError):
            return make(400, [exception.args[0]])
        if isinstance(exception.__cause__, UnicodeDecodeError):
            # Which Werkzeug takes for something too large
            return make(400, [say(NO_UTF_8)])
        if isinstance(exception, HTTPException) and 400 <= (exception.code or 0) < 500:
            headers = {}
            if exception.code == 405 and getattr(exception, "valid_methods", None):
                headers["Allow"] = ", ".join(exception.valid_methods)
            # What the caller has done is never told as a failure of ours
            sentence = say(SENTENCES.get(exception.code, SENTENCES[400]))
            return make(exception.code, [sentence], headers)
        if is_rest:
            return make(500, [say(FAILURE)])
        # GeoReport's "general service error": 400 by the specification, with a number
        # of its own in the body
        return make(400, [say(FAILURE)], number=500)


def is_ours(path):
    """Return whether programs call an address, who are answered in their form."""
    return f"{path}/".startswith((f"{common.ROOT}/", f"{rest.ROOT}/"))
