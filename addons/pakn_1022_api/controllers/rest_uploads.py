"""The REST API: large files go up in parts, before what they belong to (Art. 3.2.5).

As on the site (``pakn.upload``): after a cut a file goes on where it ended. A program
names each file by a random UUID and says it then in ``uploads``; what another program,
or a form of the site, has sent up is out of its reach, whatever names it guesses.
"""

import uuid

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022_website.controllers.common import hit
from odoo.addons.pakn_1022_website.controllers.files import (
    get_file_limits,
    get_refusal,
)
from odoo.addons.pakn_1022_website.models.pakn_upload import MEGABYTE, PART
from odoo.addons.pakn_1022_website.tools.submit_form import parse_key
from odoo.addons.pakn_1022_website.tools.text import parse_id
from odoo.addons.pakn_1022_website.tools.uploads import HEAD, sniff

from .common import check_pace
from .rest import Refused, Wrong, answer, not_found, rest

# Files of one program that begin to go up in an hour
PER_CLIENT = 1200
# Of the names of forms under which the files of programs are kept
NAMESPACE = uuid.UUID("5f0e1022-6a1c-4d1e-9f57-3b0c1022ab01")


def get_parts(client_sudo, names):
    """Return the keys by which the files of a program are kept, in pairs.

    :param list names: UUIDs as the program has sent them
    :raise Wrong: they are none
    """
    keys = [parse_key(name) for name in names] if isinstance(names, list) else [""]
    if not all(keys):
        sentence = request.env._("The names of files that went up before, please.")
        raise Wrong({"uploads": sentence})
    return [
        (str(uuid.uuid5(NAMESPACE, f"{client_sudo.id} {key}")), key) for key in keys
    ]


class RestUploads(http.Controller):
    """How much of a file is here, and its next part."""

    @rest("/uploads/<string:name>", per_minute=240, scope="submit", key_is_needed=True)
    def received(self, name, **_params):
        keys = self._get_keys(name)
        return self._tell(request.env["pakn.upload"]._get_received(*keys))

    @rest(
        "/uploads/<string:name>",
        per_minute=240,
        scope="submit",
        key_is_needed=True,
        methods=["POST"],
    )
    def append(self, name, **_params):
        """Take the next part of a file; one that is here already changes nothing.

        The answer says how much is here now, from where the program goes on.
        """
        keys, args = self._get_keys(name), request.httprequest.args
        data = self._read_part()
        position, size = parse_id(args.get("position")), parse_id(args.get("size"))
        self._check(position, size, data)
        uploads = request.env["pakn.upload"]
        _received, known = uploads._get_progress(*keys)
        if known not in (0, size):
            # It would never be whole
            sentence = request.env._("This file was begun with %s bytes.", known)
            raise Wrong({"size": sentence})
        is_begun = bool(position or known)
        if not is_begun:
            client_key = str(request.pakn_client.id)
            check_pace(hit("api_upload", PER_CLIENT, key=client_key))
        room = len(data) if is_begun else size
        if not uploads._has_room(keys[0], room, is_begun):
            raise Refused(429, request.env._("There is no room at present."))
        return self._tell(uploads._append(*keys, position, size, data))

    def _get_keys(self, name):
        if not parse_key(name):
            raise not_found()
        [keys] = get_parts(request.pakn_client, [name])
        return keys

    def _read_part(self):
        http_request, env = request.httprequest, request.env
        if http_request.mimetype != "application/octet-stream":
            raise Refused(415, env._("What was sent has a form that is not taken."))
        if (http_request.content_length or 0) > PART:
            raise Refused(413, env._("What was sent is too large."))
        return http_request.get_data(cache=True)

    def _check(self, position, size, data):
        """Refuse what would be refused once the file is whole.

        :raise Wrong: with the sentence
        """
        env, megabytes = request.env, get_file_limits()[1]
        if not 0 < size <= megabytes * MEGABYTE:
            sentence = env._("A file has from 1 byte to %s MB.", megabytes)
            raise Wrong({"size": sentence})
        if not data or position + len(data) > size:
            raise Wrong({"position": env._("The part is not one of this file.")})
        kind = "" if position else sniff(data[:HEAD])
        if kind in (None, "HEIC"):
            raise Wrong({"file": get_refusal("heic" if kind else "type")})

    def _tell(self, received):
        return answer({"received": received})
