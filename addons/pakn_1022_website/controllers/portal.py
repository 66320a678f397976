"""A citizen's account: all of his or her requests, under the portal's home."""

from odoo.fields import Domain
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import TIMEZONE
from odoo.addons.pakn_1022.tools.ticket_code import normalize_code
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.text import clean_line, parse_id
from .again import forget, get_stale, recall, show_again
from .caching import ITS_READER
from .common import form, hit, is_fresh, page
from .phone_code import Proof, prove_phone


class PaknPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "pakn_ticket_count" in counters:
            tickets = request.env["pakn.ticket"]
            # sudo: those of the account alone
            values["pakn_ticket_count"] = tickets.sudo().search_count(
                tickets._get_account_domain(request.env.user)
            )
        return values

    @page("/my/requests", "/my/requests/page/<int:page>", auth="user", keep=ITS_READER)
    def my_requests(
        self,
        page=1,
        sortby=None,
        filterby=None,
        search=None,
        **_params,
    ):
        return self._render_requests(
            page=min(parse_id(page) or 1, 10**6),
            sortby=sortby,
            filterby=filterby,
            search=clean_line(search, 100),
            **recall(),
        )

    @page("/my/requests/phone", auth="user")
    def prove_phone_again(self, **_params):
        """Lead who signed in for the form on to it."""
        return request.redirect("/my/requests", code=303)

    # csrf: see is_fresh
    @form("/my/requests/phone", auth="user", csrf=False)
    def prove_phone(self, phone=None, code=None, **post):
        """Send a code to a phone, then take it: its requests are the account's."""
        user = request.env.user
        if not user._is_portal():
            raise request.not_found()
        phone = clean_line(phone, 30)
        if is_fresh(post):
            wait = hit("site_prove", 10, key=str(user.id))
            proof = prove_phone(phone, clean_line(code, 10), wait)
        else:
            proof = Proof("code" if code else "phone", error=get_stale())
        if proof.step == "done":
            # sudo: the user's own contact, and the phone is proved
            user.sudo().partner_id.pakn_verified_phone = proof.number
            forget("/my/requests")
            return request.redirect("/my/requests", code=303)
        return show_again(
            self._render_requests,
            "/my/requests",
            phone=phone,
            error=proof.error,
            sent=proof.step == "code",
        )

    def _get_sortings(self):
        env = request.env
        return {
            "date": {
                "label": env._("Newest"),
                "order": "date_received desc, id desc",
            },
            "due": {"label": env._("Due first"), "order": "date_due, id desc"},
            "name": {"label": env._("Code"), "order": "name"},
            "state": {"label": env._("State"), "order": "state, id desc"},
        }

    def _get_filters(self):
        env = request.env
        ended = ("done", "rejected", "cancelled")
        return {
            "all": {"label": env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": env._("Being handled"),
                "domain": Domain("state", "not in", ended),
            },
            "ended": {
                "label": env._("Ended"),
                "domain": Domain("state", "in", ended),
            },
        }

    def _get_search_domain(self, search):
        code = normalize_code(search)
        if code:
            return Domain("name", "=", code)
        return Domain("title", "ilike", search) | Domain("name", "ilike", search)

    def _render_requests(
        self,
        page=1,
        sortby=None,
        filterby=None,
        search="",
        **given,
    ):
        env = request.env
        sortings, filters = self._get_sortings(), self._get_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = env["pakn.ticket"]._get_account_domain(env.user)
        domain &= filters[filterby]["domain"]
        if search:
            domain &= self._get_search_domain(search)
        # sudo: those of the account alone
        tickets_sudo = env["pakn.ticket"].sudo()
        pager = portal_pager(
            url="/my/requests",
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
            total=tickets_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found_sudo = tickets_sudo.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        # sudo: the user's own contact
        partner_sudo = env.user.sudo().partner_id
        values = self._prepare_portal_layout_values()
        values.update(
            tickets=found_sudo.with_context(lang=env.lang),
            page_name="pakn_requests",
            default_url="/my/requests",
            pager=pager,
            searchbar_sortings=sortings,
            sortby=sortby,
            searchbar_filters=filters,
            filterby=filterby,
            searchbar_inputs={
                "all": {"input": "all", "label": env._("Search code or title")}
            },
            search_in="all",
            search=search,
            verified_phone=partner_sudo.pakn_verified_phone,
            can_verify=env["pakn.phone.code"]._can_deliver(),
            given=given,
            timezone=TIMEZONE,
        )
        return request.render("pakn_1022_website.my_requests", values)
