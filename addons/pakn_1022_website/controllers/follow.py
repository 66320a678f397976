"""Follow a request (Art. 10.1, 14): by its link, or by code and phone."""

import contextlib
import functools
from typing import NamedTuple

from odoo import http, models
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.pakn_1022.tools.phone import normalize_phone
from odoo.addons.pakn_1022.tools.province import PHONE
from odoo.addons.pakn_1022.tools.ticket_code import has_wrong_digit, normalize_code

from ..tools.text import clean_line, clean_text, parse_id
from ..tools.uploads import make_small
from .again import (
    forget,
    get_stale,
    get_stale_files,
    recall,
    recall_at,
    show_again,
)
from .caching import ITS_BROWSER, ITS_READER, NOBODY
from .common import (
    HOUR,
    data,
    forgive,
    form,
    get_address,
    get_wait,
    hit,
    is_fresh,
    page,
    render,
)
from .files import drop_parts, get_file_limits, read_files

# Failed look-ups: of one address, which may be a carrier's, in a quarter of an hour;
# of one code and of one phone in an hour. After them the phone itself is asked.
PER_ADDRESS, QUARTER = 100, 900
PER_CODE = PER_PHONE = 20
# One-time codes that look-ups of one address have sent in an hour
CODES_PER_ADDRESS = 60
# Messages on one request in an hour
REPLIES = 10
# What was written on a page whose link opens nothing any more, kept apart
UNSENT = "chua-gui"
# What was done, as the page's address says it
DONE = ("replied", "rated")
NOSNIFF = [("X-Content-Type-Options", "nosniff")]


def get_ticket(code, token):
    """Return the request of a code that the visitor may follow, in sudo, or empty.

    With its token, or when it is of the account that is signed in.
    """
    tickets = request.env["pakn.ticket"]
    code = normalize_code(clean_line(code, 40))
    if not code:
        return tickets
    # sudo: who may see it is checked below; secrets never leave through the site
    ticket_sudo = tickets.sudo().search(
        [("name", "=", code), ("secrecy", "!=", "secret")], limit=1
    )
    if not ticket_sudo:
        return tickets
    if ticket_sudo._is_token(token) or ticket_sudo._is_of_account(request.env.user):
        return ticket_sudo
    return tickets


def get_path(code):
    """Return the address of the page of a code, for all that may be one."""
    code = normalize_code(clean_line(code, 40))
    return f"/tra-cuu/{code}" if code else ""


class Found(NamedTuple):
    """What :func:`find_by_phone` has found: a request in sudo, or what to do now."""

    ticket_sudo: models.BaseModel
    failed: bool = False
    # A one-time code goes to the phone, if it is that of the request
    asks_number: bool = False
    # Seconds
    wait: int = 0


def find_by_phone(code, phone, number=""):
    """Return the request of a code for who knows its phone, as :class:`Found`.

    A wrong code and a wrong phone get the same answer, after the same work. Where
    many have failed, knowing the phone is not enough: a one-time code goes to it.

    :param str code: of the request, as typed
    :param str phone: as typed
    :param str number: the one-time code, as typed
    """
    tickets = request.env["pakn.ticket"]
    known = normalize_code(code)
    try:
        dialled = normalize_phone(phone)
    except ValueError:
        dialled = None
    attempts = [("site_find", PER_ADDRESS, QUARTER, get_address())]
    if known and dialled:
        attempts += [
            ("site_find_code", PER_CODE, HOUR, known),
            ("site_find_phone", PER_PHONE, HOUR, dialled),
        ]
    # Counted before it is looked, so that many at once gain nothing
    waits = [hit(*attempt) for attempt in attempts]
    # sudo: code and phone together are the key; secrets never leave by the site
    ticket_sudo = tickets.sudo().search(
        [
            ("name", "=", known or "?"),
            ("private_phone", "=", dialled or "?"),
            ("secrecy", "!=", "secret"),
        ],
        limit=1,
    )
    if any(waits):
        return find_by_number(ticket_sudo, phone, number, max(waits))
    if not ticket_sudo:
        return Found(tickets, failed=True)
    for name, _count, _seconds, key in attempts:
        forgive(name, key)
    return Found(ticket_sudo)


def find_by_number(ticket_sudo, phone, number, wait):
    """Let the citizen in, whoever has tried before, by a code sent to the phone.

    Whether the phone is that of the request is not told: the answer is the same.
    """
    codes, nothing = request.env["pakn.phone.code"], request.env["pakn.ticket"]
    if not codes._can_deliver():
        return Found(nothing, wait=wait)
    if number:
        if ticket_sudo and codes._check(phone, number):
            return Found(ticket_sudo)
    elif ticket_sudo and not hit("site_find_sent", CODES_PER_ADDRESS):
        with contextlib.suppress(UserError):  # enough were sent: the last holds
            codes._send(phone)
    return Found(nothing, failed=bool(number), asks_number=True)


class PaknFollow(http.Controller):
    """Pages under ``/tra-cuu``."""

    @page("/tra-cuu", per_minute=120, keep=NOBODY, sitemap=True)
    def look_up(self, code=None, **_params):
        return self._render_look_up(**({"code": clean_line(code, 40)} | recall()))

    # csrf: see is_fresh
    @form("/tra-cuu", csrf=False)
    def find(self, code=None, phone=None, number=None, **post):
        """Open the request of a code for who knows its phone.

        :param number: the one-time code, as typed
        """
        code, phone = clean_line(code, 40), clean_line(phone, 30)
        unsent = recall_at(get_path(code), UNSENT)
        again = functools.partial(
            show_again,
            self._render_look_up,
            "/tra-cuu",
            code=code,
            phone=phone,
            **unsent,
        )
        if not is_fresh(post):
            return again(error=get_stale(), asks_number=bool(number))
        if has_wrong_digit(code):
            # Told by the code itself, whether there is such a request or not
            return again(wrong_digit=True)
        found = find_by_phone(code, phone, clean_line(number, 10))
        if found.ticket_sudo:
            forget("/tra-cuu")
            return self._open_found(found.ticket_sudo, unsent)
        if found.wait:
            return again(error=get_wait(found.wait))
        return again(failed=found.failed, asks_number=found.asks_number)

    @page("/tra-cuu/<string:code>", per_minute=120, keep=ITS_READER)
    def follow(self, code, access_token=None, done=None, **_params):
        ticket_sudo = get_ticket(code, access_token)
        if not ticket_sudo:
            return self._render_look_up(code=clean_line(code, 40), **recall())
        said = recall() or {"done": done if done in DONE else None}
        return self._render(ticket_sudo, **said)

    @page(
        "/tra-cuu/<string:code>/tra-loi",
        "/tra-cuu/<string:code>/danh-gia",
        per_minute=120,
        keep=ITS_READER,
    )
    def reopen(self, code, access_token=None, **_params):
        """Show the request to who reloads or types the address of one of its forms."""
        ticket_sudo = get_ticket(code, access_token)
        if not ticket_sudo:
            return self._render_look_up(code=clean_line(code, 40))
        return request.redirect(ticket_sudo.get_portal_url(), code=303)

    # csrf: see is_fresh
    @form("/tra-cuu/<string:code>/tra-loi", keep=ITS_READER, csrf=False)
    def reply(self, code, access_token=None, text=None, **post):
        """Take another message of the citizen (Art. 14), once where it comes twice."""
        ticket_sudo = get_ticket(code, access_token)
        text = clean_text(text, 5000)
        if not ticket_sudo:
            return self._keep_unsent(code, text=text)
        if request.env.user._is_internal():
            return self._refuse_staff(ticket_sudo)
        if not is_fresh(post):
            errors = {"text": get_stale_files()}
            return self._again(ticket_sudo, errors, text=text)
        errors, uploads, _place = read_files(["files"])
        if not errors and ticket_sudo._has_just_replied(text, uploads):
            return self._back(ticket_sudo, "replied")
        if not errors and not text and not uploads:
            errors = {"text": request.env._("Please write something.")}
        if not errors and hit("site_reply", REPLIES, HOUR, key=ticket_sudo.name):
            errors = {
                "text": request.env._(
                    "You have written often within an hour. Please wait, or call "
                    "%(phone)s.",
                    phone=PHONE,
                )
            }
        if errors:
            return self._again(ticket_sudo, errors, text=text)
        ticket_sudo._reply_from_site(text, uploads)
        drop_parts()
        return self._back(ticket_sudo, "replied")

    # csrf: see is_fresh
    @form("/tra-cuu/<string:code>/danh-gia", keep=ITS_READER, csrf=False)
    def rate(self, code, access_token=None, rate=None, feedback=None, **post):
        """Take the citizen's grade of the result (Art. 14)."""
        ticket_sudo = get_ticket(code, access_token)
        feedback = clean_text(feedback, 5000)
        rate = clean_line(rate, 2)
        if not ticket_sudo:
            return self._keep_unsent(code, rate=rate, feedback=feedback)
        if request.env.user._is_internal():
            return self._refuse_staff(ticket_sudo)
        if not is_fresh(post):
            errors = {"rate": get_stale_files()}
            return self._again(ticket_sudo, errors, rate=rate, feedback=feedback)
        errors, uploads, _place = read_files(["files"])
        if errors:
            errors = {"rate": errors["files"]}
            return self._again(ticket_sudo, errors, rate=rate, feedback=feedback)
        local_sudo = ticket_sudo.with_context(lang=request.env.lang)
        try:
            with request.env.cr.savepoint():
                local_sudo._rating_get_access_token()
                local_sudo.rating_apply(
                    rate, rating=local_sudo._get_round_rating(), feedback=feedback
                )
                if uploads:
                    text = request.env._("What I see, with my rating.")
                    ticket_sudo._reply_from_site(text, uploads)
                    drop_parts()
        except UserError as error:
            given_sudo = local_sudo._get_round_rating()
            if given_sudo.consumed and str(int(given_sudo.rating)) == rate:
                # A second tap on the button: it is done
                return self._back(ticket_sudo, "rated")
            errors = {"rate": error.args[0]}
            return self._again(ticket_sudo, errors, rate=rate, feedback=feedback)
        return self._back(ticket_sudo, "rated")

    @data("/tra-cuu/<string:code>/tep/<int:file_id>", per_minute=240, keep=ITS_BROWSER)
    def open_file(self, code, file_id, access_token=None, nho=None, **_params):
        """Serve a file of the citizen, or of the result."""
        ticket_sudo = get_ticket(code, access_token)
        file_id = parse_id(file_id)
        file_sudo = (
            ticket_sudo
            and file_id
            and ticket_sudo._get_citizen_files().filtered(
                lambda file: file.id == file_id
            )
        )
        if not file_sudo:
            raise request.not_found()
        shown = file_sudo.mimetype in ("image/jpeg", "image/png", "image/webp")
        if shown and nho:
            with contextlib.suppress(ValueError):
                headers = [("Content-Type", "image/webp"), *NOSNIFF]
                return request.make_response(make_small(file_sudo.raw), headers)
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        response = stream.get_response(as_attachment=not shown)
        response.headers.update(NOSNIFF)
        return response

    # ------------------------------------------------------------
    # WHAT IS SHOWN
    # ------------------------------------------------------------

    def _keep_unsent(self, code, **typed):
        """Ask for code and phone where the page's link opens nothing any more.

        Whether there is such a request is not told. What was typed stands on the page,
        and in the form again for who is let in.
        """
        path = get_path(code)
        if not path:
            raise request.not_found()
        show = functools.partial(self._render_look_up, code=path.rpartition("/")[2])
        return show_again(show, path, tag=UNSENT, unsent=typed)

    def _open_found(self, ticket_sudo, unsent):
        """Open a request by its present link, with what was written by an older one."""
        if not unsent:
            return request.redirect(ticket_sudo.get_portal_url(), code=303)
        forget(ticket_sudo.access_url, UNSENT)
        sentence = request.env._(
            "This has not been sent yet: please look at it and send it now. Files have "
            "to be chosen anew."
        )
        typed = unsent["unsent"]
        name = "rate" if "rate" in typed else "text"
        return self._again(ticket_sudo, {name: sentence}, **typed)

    def _refuse_staff(self, ticket_sudo):
        """The citizen acts here, nobody of the hotline or a unit in her place."""
        sentence = request.env._(
            "You are signed in as staff; only the citizen writes and rates here."
        )
        return self._again(ticket_sudo, {"text": sentence, "rate": sentence})

    def _again(self, ticket_sudo, errors, **given):
        """Show what was typed again, with a sentence at what was refused."""
        anchor = "replied" if "text" in errors or "files" in errors else "rated"
        return show_again(
            functools.partial(self._render, ticket_sudo),
            ticket_sudo.get_portal_url(anchor=anchor),
            errors=errors,
            **given,
        )

    def _back(self, ticket_sudo, done):
        """Show the request with a sentence on what was done, at its place."""
        forget(ticket_sudo.access_url)
        url = ticket_sudo.get_portal_url(query_string=f"&done={done}", anchor=done)
        return request.redirect(url, code=303)

    def _render_look_up(self, code="", phone="", failed=False, **said):
        """Return the form.

        :param said: ``wrong_digit``, ``asks_number`` or ``error``; ``unsent``: what
            was written on a page whose link opens nothing any more
        """
        return render(
            "pakn_1022_website.look_up",
            {
                "code": code,
                "phone": phone,
                "failed": failed,
                "can_deliver": request.env["pakn.phone.code"]._can_deliver(),
                **said,
            },
            is_wrong=failed or any(map(said.get, ("wrong_digit", "error", "unsent"))),
        )

    def _render(self, ticket_sudo, errors=None, done=None, **given):
        local_sudo = ticket_sudo.with_context(lang=request.env.lang)
        rating_sudo = local_sudo._get_round_rating()
        return render(
            "pakn_1022_website.follow_page",
            {
                "ticket": local_sudo,
                # Without one its account has opened it, and needs none.
                "token": local_sudo.access_token or "",
                "status": local_sudo._get_site_status(),
                "timeline": local_sudo._get_timeline(),
                "before_and_after": local_sudo._get_before_and_after(),
                "rating": rating_sudo if rating_sudo.consumed else None,
                "errors": errors or {},
                "given": given,
                "done": done,
                "file_limits": get_file_limits(),
                "grades": [
                    (5, "success", "smile", request.env._("Satisfied")),
                    (3, "warning", "meh", request.env._("Acceptable")),
                    (1, "danger", "frown", request.env._("Not satisfied")),
                ],
            },
            is_wrong=bool(errors),
        )
