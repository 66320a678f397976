"""What a caller by JSON learns of an error: words for people, no program."""

import json

from odoo.http import Json2Dispatcher, JsonRPCDispatcher, request
from odoo.tools import LazyTranslate, config

_lt = LazyTranslate(__name__)

# Errors whose words are for people; those of others tell of the program
TOLD = ("odoo.", "werkzeug.")
FAILURE = _lt("The server failed here; its log says why.")


def hide(response):
    """Return the response to an error without the course and words of the program."""
    if config["dev_mode"] or response.mimetype != "application/json":
        return response
    content = json.loads(response.get_data())
    error = content.get("error", content)
    data = error.get("data", error)
    if "debug" in data:
        data["debug"] = ""
        if not data["name"].startswith(TOLD):
            # The database may be closed by now, and with it the reader's language
            sentence = FAILURE._source
            if request.env and not request.env.cr.closed:
                translate = request.env._
                sentence = translate(FAILURE)
            data |= {"message": sentence, "arguments": [sentence]}
    response.set_data(json.dumps(content))
    return response


class QuietJsonRPCDispatcher(JsonRPCDispatcher):
    """The web client and programs of the past; takes the place of Odoo's own."""

    def handle_error(self, exc):
        return hide(super().handle_error(exc))


class QuietJson2Dispatcher(Json2Dispatcher):
    """Programs with a key; takes the place of Odoo's own."""

    def handle_error(self, exc):
        return hide(super().handle_error(exc))
