from odoo import api, models

from odoo.addons.pakn_1022.tools import acts
from odoo.addons.pakn_1022.tools.province import ZONE
from odoo.addons.pakn_1022.tools.redaction import html_to_text
from odoo.addons.pakn_1022.tools.ticket_code import normalize_code

from ..tools.georeport import format_moment


class PaknTicketRest(models.AbstractModel):
    """A request as the REST API tells of it: to the public, and to its citizen.

    Part of ``pakn.ticket``, of which it needs what the site's pages show: the public
    reads the card and the ``public_*`` fields, the citizen what the page of the request
    says (``pakn.ticket.follow``).
    """

    _name = "pakn.ticket.rest"
    _description = "Request as the REST API tells of it"

    # ------------------------------------------------------------
    # IN PUBLIC
    # ------------------------------------------------------------

    def _get_rest_card(self, base):
        """Return what a list says of a published request.

        :param str base: address of the site, without a slash at its end
        """
        self.ensure_one()
        card = self._get_public_card()
        place = self.public_latitude or self.public_longitude
        return {
            "code": card["code"],
            "title": card["title"],
            "excerpt": card["snippet"],
            "field": self._get_rest_record("category_id"),
            "area": self._get_rest_record("area_id"),
            "unit": self._get_rest_record("unit_id"),
            "place": self._get_rest_place("public_") if place else None,
            "is_open": bool(card["state"]),
            "date_received": format_moment(card["date_received"], ZONE),
            "date_published": format_moment(
                card["date_shown"] if card["state"] else card["date_published"], ZONE
            ),
            "is_late": bool(card["is_late"]),
            "rating": card["rating"] or None,
            "supporters": card["supporters"],
            "url": base + card["url"],
        }

    def _get_rest_result(self, base):
        """Return a published request, whole."""
        address = f"{base}/ket-qua/{self.name}/anh"
        return self._get_rest_card(base) | {
            "description": self.public_description or "",
            "result": html_to_text(self.public_result) or None,
            "photos": [
                f"{address}/{number}"
                for number in range(1, len(self.public_file_ids) + 1)
            ],
        }

    def _get_rest_record(self, name):
        record = self[name]
        return {"code": record.code or None, "name": record.name} if record else None

    def _get_rest_place(self, prefix=""):
        return {
            "latitude": self[f"{prefix}latitude"],
            "longitude": self[f"{prefix}longitude"],
        }

    # ------------------------------------------------------------
    # TO ITS CITIZEN
    # ------------------------------------------------------------

    @api.model
    def _find_followed(self, code):
        """Return the request of a code as typed, in sudo, or an empty record.

        Whether the caller may follow it, the caller of this checks. State secrets never
        leave.
        """
        known = normalize_code(code)
        return self.sudo().search_fetch(  # sudo: see above
            [("name", "=", known or "?"), ("secrecy", "!=", "secret")],
            ["name", "access_token", "private_phone"],
            limit=1,
        )

    def _get_rest_line(self):
        """Return where a request stands, for its citizen's list."""
        self.ensure_one()
        status = self._get_site_status()
        is_running = self.state in acts.OPEN and self.state != "answered"
        return {
            "code": self.name,
            "title": self.title,
            "state": self.state,
            "state_name": status["label"],
            "state_text": status["text"],
            "unit": self._get_rest_record("unit_id"),
            "date_received": format_moment(self.date_received, ZONE),
            "date_due": format_moment(self.date_due, ZONE) if is_running else None,
        }

    def _get_rest_request(self):
        """Return a request as its citizen's page shows it."""
        self.ensure_one()
        rating_sudo = self._get_round_rating()
        is_rated = bool(rating_sudo.consumed)
        is_done = self.state == "done"
        return self._get_rest_line() | {
            "description": html_to_text(self.description) or "",
            "field": self._get_rest_record("category_id"),
            "area": self._get_rest_record("area_id"),
            "address": self.address or None,
            "place": self._get_rest_place() if self.latitude else None,
            "round": self.round,
            "result": (is_done and html_to_text(self.result)) or None,
            "may_rate": is_done and not is_rated,
            "rating": int(rating_sudo.rating) if is_rated else None,
            "files": [self._get_rest_file(file) for file in self._get_citizen_files()],
            "steps": [self._get_rest_step(step) for step in self._get_timeline()],
        }

    def _get_rest_step(self, step):
        text = step.get("text") or html_to_text(step.get("html") or "") or None
        return {
            "kind": step["kind"],
            "date": format_moment(step["date"], ZONE),
            "title": step["title"],
            "text": text,
            "is_mine": bool(step.get("mine")),
            "file_ids": (self._get_citizen_files() & step["files"]).ids
            if step.get("files")
            else [],
        }

    def _get_rest_file(self, file):
        return {"id": file.id, "name": file.name, "type": file.mimetype or ""}
