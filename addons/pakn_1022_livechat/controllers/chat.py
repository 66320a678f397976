"""Write with the hotline on its site (Art. 3.2.1): one page, with scripts or without.

A conversation is its cookie's: who has the token is the citizen, and nobody else can
open it. What is written is stored and taken in by the job of all chat doors.
"""

import hashlib
import uuid
from pathlib import Path

from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022_chat.tools import outfile
from odoo.addons.pakn_1022_website.controllers.again import (
    forget,
    get_stale_files,
    recall,
    show_again,
)
from odoo.addons.pakn_1022_website.controllers.caching import ITS_READER
from odoo.addons.pakn_1022_website.controllers.common import (
    HOUR,
    data,
    form,
    hit,
    is_fresh,
    page,
    render,
    to_minutes,
)
from odoo.addons.pakn_1022_website.controllers.files import get_file_limits, read_files
from odoo.addons.pakn_1022_website.controllers.follow import NOSNIFF
from odoo.addons.pakn_1022_website.tools.text import clean_text, parse_id

from ..tools import box

PAGE = "/tro-chuyen"
# Files that a browser shows by itself, and runs nothing of
SHOWN_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
COOKIE, DAYS = "pakn_chat", 30
# Characters of a message
LENGTH = 2000
# Conversations that one address begins in an hour, which may be a carrier's; messages
# and files of a conversation
BEGUN, SAID, FILES = 200, 120, 30
SCRIPT = Path(__file__).parents[1] / "static/src/chat.js"
# In the address: another script has another one
VERSION = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]


class Chat(http.Controller):
    """The chat box. Where it is not switched on there is no such page."""

    @page(PAGE, per_minute=120, keep=ITS_READER)
    def show(self, **_params):
        self._check_on()
        return self._show(**recall())

    # csrf: see is_fresh
    @form(PAGE, per_minute=120, csrf=False)
    def say(self, text="", key="", **post):
        """Take in a message, with files or without.

        Answers with JSON to who accepts that alone: ``{"key"}`` or ``{"errors"}``.
        """
        self._check_on()
        text = clean_text(text, LENGTH)
        if not is_fresh(post):
            if self._wants_json():
                raise BadRequest
            return self._again({"text": get_stale_files()}, text)
        token = request.httprequest.cookies.get(COOKIE)
        if not box.get_identity(token):
            token = box.make_token()
        identity = box.get_identity(token)
        # Whoever makes a token of the own begins a conversation as well
        is_begun = request.env["discuss.channel"]._pakn_is_begun(identity)
        if not is_begun and (wait := hit("livechat_begin", BEGUN, HOUR)):
            return self._refuse(wait, text)
        if not box.KEY.fullmatch(key or ""):
            key = str(uuid.uuid4())
        if wait := hit("livechat_say", SAID, HOUR, identity):
            return self._refuse(wait, text)
        errors, uploads, _place = read_files(["files"])
        if not errors and not text and not uploads:
            errors = {"text": request.env._("Please write something first.")}
        for _upload in [] if errors else uploads:
            if wait := hit("livechat_files", FILES, HOUR, identity):
                return self._refuse(wait, text)
        if errors:
            if self._wants_json():
                return request.make_json_response({"errors": errors}, status=422)
            return self._again(errors, text)
        self._store(identity, box.make_key(identity, key), text, uploads)
        if self._wants_json():
            response = request.make_json_response({"key": key})
        else:
            forget(PAGE)
            response = request.redirect(f"{PAGE}#viet", code=303)
        response.set_cookie(
            COOKIE,
            token,
            max_age=DAYS * 24 * HOUR,
            httponly=True,
            secure=request.httprequest.is_secure,
            samesite="Lax",
        )
        return response

    @data("/tro-chuyen/tin", per_minute=120, keep=ITS_READER)
    def news(self, sau="", **_params):
        """Give what was said after a message, as the script asks again and again."""
        self._check_on()
        identity = box.get_identity(request.httprequest.cookies.get(COOKIE))
        channel_sudo = request.env["discuss.channel"]._pakn_find_box(identity)
        if not channel_sudo:
            return request.make_json_response({"messages": [], "status": ""})
        return request.make_json_response(
            channel_sudo._pakn_get_box(identity, parse_id(sau))
        )

    @data("/tro-chuyen/tep/<int:message_id>", per_minute=120, keep=ITS_READER)
    def open_file(self, message_id, **_params):
        """Serve a file that the hotline sent in this conversation."""
        self._check_on()
        channel_sudo = self._find()
        file_sudo = channel_sudo and channel_sudo._pakn_get_box_file(message_id)
        if not file_sudo:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        is_shown = outfile.get_type(file_sudo.raw) in SHOWN_TYPES
        response = stream.get_response(as_attachment=not is_shown)
        response.headers.update(NOSNIFF)
        return response

    @form("/tro-chuyen/da-xem", per_minute=60)
    def looked(self, sau="", **_post):
        """Note that the visitor is there, and which message was read last."""
        self._check_on()
        channel_sudo = self._find()
        if channel_sudo:
            channel_sudo._pakn_note_looked(parse_id(sau))
        if self._wants_json():
            return request.make_json_response({})
        return request.redirect(f"{PAGE}#viet", code=303)

    # csrf: who has the page open for too long finds the button again
    @form("/tro-chuyen/ket-thuc", per_minute=30, csrf=False)
    def leave(self, **post):
        """End the conversation on this device: who comes after finds nothing of it."""
        self._check_on()
        if not is_fresh(post):
            return request.redirect(PAGE, code=303)
        channel_sudo = self._find()
        if channel_sudo:
            channel_sudo._pakn_leave_box()
        response = request.redirect(PAGE, code=303)
        response.delete_cookie(COOKIE)
        return response

    # ------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------

    def _check_on(self):
        if not request.website._has_pakn_chat():
            raise request.not_found()

    def _find(self):
        identity = box.get_identity(request.httprequest.cookies.get(COOKIE))
        return request.env["discuss.channel"]._pakn_find_box(identity)

    def _wants_json(self):
        return request.httprequest.headers.get("Accept") == "application/json"

    def _again(self, errors, text):
        return show_again(self._show, f"{PAGE}#viet", errors=errors, text=text)

    def _refuse(self, wait, text):
        error = request.env._(
            "You have written very often. Please wait %s minutes, or call (0269) 1022.",
            to_minutes(wait),
        )
        if not self._wants_json():
            return self._again({"text": error}, text)
        return request.make_json_response({"errors": {"text": error}}, status=429)

    def _store(self, identity, key, text, uploads):
        """Keep what was written for the job of the chat doors, once."""
        # sudo: the visitor is nobody; all of it was checked
        account = request.env["pakn.chat.account"]._get_livechat()
        files = (
            request.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": f"{request.env._('File')}.{upload.extension}",
                        "raw": upload.data,
                        "mimetype": upload.mimetype,
                        "res_model": "pakn.chat.event",
                        "res_id": 0,
                    }
                    for upload in uploads
                ]
            )
        )
        payload = {"identity": identity, "key": key, "text": text, "files": files.ids}
        events = request.env["pakn.chat.event"].sudo()
        if not events._store(account, payload, key, identity):
            files.unlink()
        elif files:
            # With it they go, if it is never taken in
            files.res_id = events.search(
                [("account_id", "=", account.id), ("key", "=", key)]
            )

    def _show(self, errors=None, text=""):
        identity = box.get_identity(request.httprequest.cookies.get(COOKIE))
        channel_sudo = request.env["discuss.channel"]._pakn_find_box(identity)
        said = {"messages": [], "status": ""}
        if channel_sudo:
            said = channel_sudo._pakn_get_box(identity)
        elif identity:
            said["messages"] = channel_sudo._pakn_get_unheard(identity)
        limits = get_file_limits()
        values = {
            "messages": said["messages"],
            "status": said["status"],
            "last": max((one["id"] for one in said["messages"]), default=0),
            "errors": errors or {},
            "text": text,
            "key": str(uuid.uuid4()),
            "length": LENGTH,
            "limits": limits,
            "script": f"/pakn_1022_livechat/static/src/chat.js?v={VERSION}",
        }
        return render("pakn_1022_livechat.chat", values, bool(errors))
