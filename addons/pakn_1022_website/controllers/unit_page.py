"""Slips for focal points and heads who do not live in Odoo (Art. 10.2, 10.3, 11).

All of it in the rights of who is signed in: what the backend refuses, this refuses.
"""

import functools
from pathlib import PurePosixPath

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import request
from odoo.tools import format_datetime, html2plaintext, plaintext2html

from odoo.addons.pakn_1022.tools.phone import format_phone

from ..tools.moment import format_local, parse_local
from ..tools.text import parse_id
from .again import forget, get_stale_files, recall, show_again
from .common import form, hit, is_fresh, page
from .files import drop_parts, get_file_limits, read_files

ROLES = ("unit_focal", "unit_head", "provincial_office", "operator", "monitor")
STEP = 30
# Messages on one slip in an hour
QUESTIONS = 20
TEXT = 20000
ACTS = ("acknowledge", "answer", "schedule", "extend", "give_back", "delegate")
# What people write in an act
WRITTEN = ("result", "reason", "note", "question")
# No act of the procedure: a message to the hotline
ASK = "ask"
URGENCY = {
    "late": ("danger", "fa-exclamation-circle"),
    "soon": ("warning", "fa-clock-o"),
    "ok": ("success", "fa-clock-o"),
}


class PaknUnitPage(http.Controller):
    """The units' page: their slips by urgency, and one slip with all one can do."""

    @page("/phieu", auth="user", multilang=False)
    def slips(self, tab="open", page=None, **kwargs):
        if not self._is_staff():
            return self._render("pakn_1022_website.unit_stranger", {}, status=403)
        slips = request.env["pakn.transfer"]
        tabs = slips._get_own_tabs()
        tab = tab if tab in tabs else "open"
        page = min(max(parse_id(page), 1), 1000)
        counts = {
            name: slips.search_count(domain) for name, (domain, _) in tabs.items()
        }
        domain, order = tabs[tab]
        found = slips.search(domain, order=order, limit=STEP, offset=(page - 1) * STEP)
        return self._render(
            "pakn_1022_website.unit_slips",
            {
                "tab": tab,
                "counts": counts,
                "slips": found,
                "page_number": page,
                "page_count": -(-counts[tab] // STEP),
                "urgency": URGENCY,
                "local": format_local,
                "additional_title": request.env._("Slips of my unit"),
            },
        )

    @page("/phieu/<int:slip_id>", auth="user", multilang=False)
    def slip(self, slip_id, done=None, **kwargs):
        slip = self._get_slip(slip_id)
        if not slip:
            return self._render_gone()
        said = recall() or {"done": done if done in (*ACTS, ASK) else None}
        return self._render_slip(slip, **said)

    @page("/phieu/<int:slip_id>/<string:act>", auth="user", multilang=False)
    def open_again(self, slip_id, act, **kwargs):
        """Lead on to the slip who had to sign in anew when the form was sent."""
        return request.redirect(f"/phieu/{slip_id}", code=303)

    # csrf: see is_fresh
    @form("/phieu/<int:slip_id>/<string:act>", auth="user", multilang=False, csrf=False)
    def act(self, slip_id, act, **post):
        if act not in (*ACTS, ASK):
            raise NotFound()
        written = next(filter(None, map(post.get, WRITTEN)), "")[:TEXT]
        if not self._is_staff() and request.env.user._is_internal():
            # Who was of a unit when it was written, and is no more
            return self._render_gone(written)
        slip = self._get_slip(slip_id)
        if not slip:
            return self._render_gone(written)
        fresh = is_fresh(post)
        again = functools.partial(
            show_again,
            functools.partial(self._render_slip, slip),
            f"/phieu/{slip.id}#act_{act}",
            act=act,
        )
        typed = {
            name: value[:TEXT] for name, value in post.items() if isinstance(value, str)
        }
        typed["user_ids"] = [
            parse_id(value) for value in request.httprequest.form.getlist("user_ids")
        ]
        if not fresh:
            return again(typed=typed, error=get_stale_files())
        if act == "answer" and "insert" in typed:
            typed["result"] = self._insert_article(slip, typed)
            return again(typed=typed)
        try:
            # All of it or nothing: files are added before the answer is given.
            with request.env.cr.savepoint():
                getattr(self, f"_do_{act}")(slip, typed)
        except (UserError, ValidationError, AccessError) as error:
            slip.invalidate_recordset()
            if not slip._has_just_done(act, typed.get("result", "").strip()):
                return again(typed=typed, error=error.args[0])
        forget(f"/phieu/{slip.id}")
        if act == "give_back" and not slip.has_access("read"):
            return request.redirect("/phieu", code=303)
        return request.redirect(f"/phieu/{slip.id}?done={act}", code=303)

    # ------------------------------------------------------------
    # WHAT ONE CAN DO
    # ------------------------------------------------------------

    def _do_acknowledge(self, slip, typed):
        slip.acknowledge()

    def _do_answer(self, slip, typed):
        text = typed.get("result", "").strip()
        article = self._get_article(slip, typed.get("article_id"))
        if text:
            result = plaintext2html(text)
        else:
            # Chosen, and nothing changed in it: as it is written there
            result = article.answer or ""
        slip.add_files(self._save_files())
        slip.answer(result)

    def _do_schedule(self, slip, typed):
        slip.schedule(self._get_moment(typed), typed.get("note", "").strip() or None)

    def _do_extend(self, slip, typed):
        slip.add_files(self._save_files())
        slip.extend(self._get_moment(typed), typed.get("reason", ""))

    def _do_give_back(self, slip, typed):
        slip.give_back(typed.get("reason", ""))

    def _do_delegate(self, slip, typed):
        slip.delegate(typed["user_ids"])

    def _do_ask(self, slip, typed):
        """Ask the hotline, or answer it; nobody else reads it (Art. 10.1, 15.1)."""
        text = typed.get("question", "").strip()
        if not text:
            raise ValidationError(request.env._("Please write something."))
        body = plaintext2html(text)
        if slip._has_just_asked(body):
            return
        if hit("unit_ask", QUESTIONS, key=str(slip.id)):
            raise UserError(
                request.env._("Many messages within an hour; please call the hotline.")
            )
        slip.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_moment(self, typed):
        """Return the moment that was chosen or typed, in UTC; typed wins."""
        text = typed.get("date", "").strip() or typed.get("proposed", "")
        try:
            return parse_local(text)
        except ValueError as error:
            raise ValidationError(
                request.env._("Please choose a day and an hour.")
            ) from error

    def _save_files(self):
        """Keep the photos and documents that came with the form, as the user's own.

        :return: ids of ``ir.attachment``
        """
        errors, uploads, _place = read_files(["files"])
        if errors:
            raise ValidationError(errors["files"])
        # Those that came in parts first, as they are read
        posted = request.httprequest
        count = len(posted.form.getlist("uploads"))
        given = [*posted.form.getlist("upload_names"), *[""] * count][:count]
        given += [file.filename for file in posted.files.getlist("files")]
        names = [
            PurePosixPath(name.replace("\\", "/")).stem[:100] or "1022"
            for index, name in enumerate(given)
            if name or index < count
        ]
        drop_parts()
        vals_list = [
            {
                "name": f"{name}.{upload.extension}",
                "raw": upload.data,
                "mimetype": upload.mimetype,
            }
            for name, upload in zip(names, uploads, strict=True)
        ]
        return request.env["ir.attachment"].create(vals_list).ids

    # ------------------------------------------------------------
    # READY ANSWERS
    # ------------------------------------------------------------

    def _get_articles(self, slip):
        articles = request.env["pakn.article"]
        # sudo: pakn.category - a field of the slip that the user reads
        return articles.search(
            articles._get_offered_domain(slip.sudo().category_id), limit=50
        )

    def _get_article(self, slip, article_id):
        article_id = parse_id(article_id)
        return self._get_articles(slip).filtered(
            lambda article: article.id == article_id
        )

    def _insert_article(self, slip, typed):
        """Return what was typed with the text of the chosen article after it."""
        article = self._get_article(slip, typed.get("article_id"))
        texts = [typed.get("result", "").strip()]
        if article:
            texts.append(html2plaintext(article.answer).strip())
        return "\n\n".join(text for text in texts if text)

    # ------------------------------------------------------------
    # PAGES
    # ------------------------------------------------------------

    def _is_staff(self):
        return any(request.env.user.has_group(f"pakn_1022.group_{r}") for r in ROLES)

    def _get_slip(self, slip_id):
        """Return a slip that the user may read; others are as if there were none.

        :return: ``pakn.transfer``, empty for staff who may not read it
        :raise NotFound: to all others
        """
        if not self._is_staff():
            raise NotFound()
        slips = request.env["pakn.transfer"]
        return slips.search([("id", "=", slip_id)]) if 0 < slip_id < 2**31 else slips

    def _render_gone(self, written=""):
        """Lead on who followed the link of a message to a slip of others by now.

        :param str written: what was to be sent of it, which is not lost
        """
        title = request.env._("This slip is not with you")
        return self._render(
            "pakn_1022_website.unit_gone",
            {"additional_title": title, "written": written},
            status=404,
        )

    def _get_following(self, slip):
        """Return the unit's slip that is to be answered in place of one of before.

        Heads have the address of the focal point's slip too (Art. 10.3, 11.1), and a
        request may have been taken up again (Art. 14).
        """
        slips = request.env["pakn.transfer"]
        if slip.is_open:
            return slips
        return slips.search(
            [
                ("ticket_id", "=", slip.ticket_id.id),
                ("unit_id", "=", slip.unit_id.id),
                ("is_open", "=", True),
                ("id", ">", slip.id),
            ],
            limit=1,
        )

    def _render(self, template, values, **options):
        # Never kept: what a slip says is for those who are signed in.
        headers = {"Cache-Control": "no-store"}
        values |= {"when": self._format_when, "phone": format_phone}
        return request.render(template, values, headers=headers, **options)

    def _format_when(self, moment):
        return format_datetime(
            request.env,
            moment,
            tz="Asia/Ho_Chi_Minh",
            dt_format="HH:mm EEEE, dd/MM/yyyy",
        )

    def _render_slip(self, slip, act=None, typed=None, error=None, done=None):
        acts = [name for name in slip.acts if name in ACTS]
        # sudo: res.users - the names of colleagues who acted on this slip
        events_sudo = (
            request.env["pakn.event"]
            .search([("transfer_id", "=", slip.id)], order="date, sequence, id")
            .sudo()
        )
        articles = self._get_articles(slip) if "answer" in acts else None
        return self._render(
            "pakn_1022_website.unit_slip",
            {
                "slip": slip,
                "following": self._get_following(slip),
                "acts": acts,
                "act": act,
                "typed": typed or {},
                "error": error,
                "done": done,
                "questions": slip._get_questions(),
                "can_ask": slip.is_mine
                or request.env.user.has_group("pakn_1022.group_operator"),
                "photos": slip.attachment_ids._filtered_access("read"),
                "events": events_sudo,
                "articles": articles,
                "article_texts": {
                    article.id: html2plaintext(article.answer or "").strip()
                    for article in articles or ()
                },
                "proposals": {
                    name: slip._get_proposed_dates(name)
                    for name in ("schedule", "extend")
                    if name in acts
                },
                "colleagues": slip.unit_id.focal_user_ids
                if "delegate" in acts
                else None,
                "file_limits": get_file_limits(),
                "urgency": URGENCY,
                "local": format_local,
                "backend_path": f"/odoo/pakn-my-slips/{slip.id}",
                "additional_title": slip.ticket_title,
            },
        )
