"""What a caller learns of an error: words for people, no program."""

import json
from contextlib import contextmanager

from werkzeug.exceptions import InternalServerError

from odoo.http import (
    Json2Dispatcher,
    JsonRPCDispatcher,
    request,
    serialize_exception,
)
from odoo.tools import LazyTranslate, config

_lt = LazyTranslate(__name__)

# Errors whose words are for people; those of others tell of the program
TOLD = ("odoo.", "werkzeug.")
FAILURE = _lt("The server failed here; its log says why.")


def hide_course(data):
    """Take the course and words of the program from what Odoo tells of an error.

    :param dict data: of ``serialize_exception``, which is changed
    """
    if config["dev_mode"] or "debug" not in data:
        return
    data["debug"] = ""
    if not data["name"].startswith(TOLD):
        # The database may be closed by now, and with it the reader's language
        sentence = FAILURE._source
        if request.env and not request.env.cr.closed:
            translate = request.env._
            sentence = translate(FAILURE)
        data |= {"message": sentence, "arguments": [sentence]}


def hide(response):
    """Return the response to an error without the course and words of the program."""
    if config["dev_mode"] or response.mimetype != "application/json":
        return response
    content = json.loads(response.get_data())
    error = content.get("error", content)
    hide_course(error.get("data", error))
    response.set_data(json.dumps(content))
    return response


@contextmanager
def hidden():
    """Have a download that fails tell as little: Odoo writes the course into its page.

    The web client reads the error from the page's second part, as here it stands.
    """
    try:
        yield
    except InternalServerError as error:
        cause = error.__cause__
        if cause is None:
            raise
        data = serialize_exception(cause)
        hide_course(data)
        told = {"code": 0, "message": "Odoo Server Error", "data": data}
        raise InternalServerError(json.dumps(told)) from cause


class QuietJsonRPCDispatcher(JsonRPCDispatcher):
    """The web client and programs of the past; takes the place of Odoo's own."""

    def handle_error(self, exc):
        return hide(super().handle_error(exc))


class QuietJson2Dispatcher(Json2Dispatcher):
    """Programs with a key; takes the place of Odoo's own."""

    def handle_error(self, exc):
        return hide(super().handle_error(exc))
