"""Files that go up in parts, before the form they belong to (Art. 3.2.1).

Without scripts a form carries its files itself; see ``static/src/common/parts.js``.
"""

from odoo import http
from odoo.http import request

from ..models.pakn_upload import MEGABYTE, PART
from ..tools.submit_form import parse_key
from ..tools.text import parse_id
from ..tools.uploads import HEAD, sniff
from .caching import NOBODY
from .common import data, form, hit
from .files import get_file_limits, get_refusal

# Files of one address, which may be a carrier's, in an hour
PER_ADDRESS = 600


class PaknUpload(http.Controller):
    """How much of a file is here, and its next part."""

    @data("/phan-anh/tep", per_minute=120, keep=NOBODY)
    def received(self, key=None, file=None, **_params):
        """Answer ``{"received": bytes}``."""
        keys = parse_key(key), parse_key(file)
        if not all(keys):
            raise request.not_found()
        return self._tell(request.env["pakn.upload"]._get_received(*keys))

    @form("/phan-anh/tep", per_minute=120, multilang=False)
    def append(self, key=None, file=None, position=None, size=None, **_post):
        """Take the next part of a file, the field ``part``.

        Answers ``{"received": bytes}`` with status 200, or 409 where the part is not
        the next one; ``{"error": sentence}`` with 422 where the file would be refused;
        503 where there is no room, and the form has to carry its files.
        """
        keys = parse_key(key), parse_key(file)
        part = request.httprequest.files.get("part")
        if not all(keys) or not part:
            raise request.not_found()
        part.seek(0)  # Odoo does a request over when another one was in its way
        content = part.read(PART + 1)
        position, size = parse_id(position), parse_id(size)
        sentence = self._check(position, size, content)
        if sentence:
            return request.make_json_response({"error": sentence}, status=422)
        uploads = request.env["pakn.upload"]
        _received, known = uploads._get_progress(*keys)
        if known not in (0, size):
            # It would never be whole
            error = {"error": get_refusal("broken")}
            return request.make_json_response(error, status=422)
        is_begun = bool(position or known)
        room = len(content) if is_begun else size
        if (not is_begun and hit("site_upload", PER_ADDRESS)) or not uploads._has_room(
            keys[0], room, is_begun
        ):
            return request.make_json_response({}, status=503)
        received = uploads._append(*keys, position, size, content)
        return self._tell(received, is_next=received == position + len(content))

    def _check(self, position, size, content):
        """Return the sentence for a file that would be refused once it is whole."""
        _count, megabytes = get_file_limits()
        if size > megabytes * MEGABYTE:
            return request.env._(
                "A file is larger than %s MB; please shorten it.", megabytes
            )
        if not content or len(content) > PART or position + len(content) > size:
            return get_refusal("broken")
        if position:
            return ""
        kind = sniff(content[:HEAD])
        if kind in (None, "HEIC"):
            return get_refusal("heic" if kind else "type")
        return ""

    def _tell(self, received, is_next=True):
        return request.make_json_response(
            {"received": received}, status=200 if is_next else 409
        )
