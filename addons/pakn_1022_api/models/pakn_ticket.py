import hashlib
from math import cos, radians

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools import acts
from odoo.addons.pakn_1022.tools.province import ZONE
from odoo.addons.pakn_1022.tools.redaction import html_to_text
from odoo.addons.pakn_1022.tools.ticket_code import normalize_code

from ..tools.georeport import DESCRIPTION, MOST, format_moment

# What is read of a published request
READ = (
    "name",
    "state",
    "public_title",
    "public_description",
    "public_result",
    "public_latitude",
    "public_longitude",
    "public_file_ids",
    "category_id",
    "area_id",
    "unit_id",
    "date_received",
    "date_done",
    "date_published",
    "write_date",
)
# Metres of a degree of latitude
DEGREE = 111_195
# Acts that are told to who follows from outside: what was done, by which unit; never
# what somebody wrote
TOLD = (
    *("received", "transferred", "referred", "acknowledged", "scheduled", "extended"),
    *("escalated", "overdue", "responded", "returned", "recalled", "answered"),
    *("rejected", "sent", "published", "reopened", "cancelled"),
)


class PaknTicket(models.Model):
    """A request that came from a program of others, or is read by one.

    Programs read the ``public_*`` fields of what is published, as the site's pages do
    (``pakn.ticket.publication``), and no others.
    """

    _name = "pakn.ticket"
    _inherit = ["pakn.ticket", "pakn.ticket.rest"]

    api_client_id = fields.Many2one(
        "pakn.api.client",
        string="Handed in by the program",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="pakn_1022.group_operator",
        procedure=True,
    )
    api_media_url = fields.Char(
        string="Address of a photo or video",
        readonly=True,
        copy=False,
        help="As the program gave it; nothing is fetched from there.",
        groups="pakn_1022.group_operator",
        procedure=True,
    )
    api_fingerprint = fields.Char(
        string="Hash of what the program sent",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        procedure=True,
    )

    _published_received_idx = models.Index(
        "(date_received DESC, id DESC) WHERE is_published IS TRUE"
    )

    # ------------------------------------------------------------
    # HANDED IN
    # ------------------------------------------------------------

    @api.model
    def _get_api_key(self, client, key):
        """Return what names one hand-in of a program among all others.

        :param client: ``pakn.api.client``
        :param str key: as the program named it, or a hash of what it sent
        """
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
        # No form of the site has such a key
        return f"api-{client.id}-{digest[:40]}"

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    @api.model
    def _get_results_domain(self, filters):
        """Take ``near`` as well: ``(latitude, longitude, metres)``, a circle."""
        domain = super()._get_results_domain(filters)
        if not filters.get("near"):
            return domain
        latitude, longitude, metres = filters["near"]
        high = metres / DEGREE
        wide = metres / (DEGREE * cos(radians(latitude)))
        box = (longitude - wide, latitude - high, longitude + wide, latitude + high)
        # The box finds its index; the circle sorts out its corners. As numeric
        # PostgreSQL takes many times as long to reckon with places.
        return (
            domain
            & self._get_box_domain(box)
            & Domain.custom(
                to_sql=lambda _model, alias, _query: SQL(
                    "((%s::float8 - %s) / %s) ^ 2 + ((%s::float8 - %s) / %s) ^ 2 <= 1",
                    SQL.identifier(alias, "public_latitude"),
                    *(latitude, high),
                    SQL.identifier(alias, "public_longitude"),
                    *(longitude, wide),
                )
            )
        )

    @api.model
    def _find_for_open311(self, codes=None, **filters):
        """Return published requests, the newest first, in sudo.

        :param list codes: of requests, as typed; overrides what follows
        :param filters: ``services`` (``pakn.category``, None for all), ``start`` and
            ``end`` (UTC), ``statuses`` (of ``open`` and ``closed``; empty for all)
        """
        domain = self._get_published_domain()
        if codes is not None:
            names = [name for code in codes[:MOST] if (name := normalize_code(code))]
            domain &= Domain("name", "in", names)
        else:
            domain &= Domain("date_received", ">=", filters["start"])
            domain &= Domain("date_received", "<=", filters["end"])
            if filters["services"] is not None:
                domain &= Domain("category_id", "in", filters["services"].ids)
            if set(filters["statuses"]) == {"open"}:
                domain &= Domain("state", "not in", acts.CLOSED)
            elif set(filters["statuses"]) == {"closed"}:
                domain &= Domain("state", "in", acts.CLOSED)
        # sudo: what is published, and of it the public fields
        return self.sudo().search_fetch(
            domain, READ, order="date_received desc, id desc", limit=MOST
        )

    def _get_open311_request(self, base):
        """Return a published request as GeoReport shows it.

        :param str base: address of the site, without a slash at its end
        """
        self.ensure_one()
        is_closed = self.state in acts.CLOSED
        text = "\n".join(filter(None, (self.public_title, self.public_description)))
        place = self.public_latitude or self.public_longitude
        photo = f"{base}/ket-qua/{self.name}/anh/1" if self.public_file_ids else None
        updated = (is_closed and self.date_done) or self.date_published
        return {
            "service_request_id": self.name,
            "status": "closed" if is_closed else "open",
            "status_notes": html_to_text(self.public_result) or None,
            "service_name": self.category_id.name or "",
            "service_code": self.category_id.code or "",
            "description": text[:DESCRIPTION],
            "agency_responsible": self.unit_id.name or None,
            "service_notice": None,
            "requested_datetime": format_moment(self.date_received, ZONE),
            "updated_datetime": format_moment(updated, ZONE),
            "expected_datetime": None,
            "address": self.area_id.name or "",
            "address_id": self.area_id.code or "",
            "zipcode": None,
            "lat": self.public_latitude if place else None,
            "long": self.public_longitude if place else None,
            "media_url": photo,
        }

    @api.model
    def _find_told(self, codes, client):
        """Return the requests of codes, as typed, whose progress is told, in sudo.

        To anybody of what is published; to the program that handed it in also before,
        unless it is confidential or secret.

        :param client: ``pakn.api.client`` that may follow, or an empty record
        """
        names = [name for code in codes[:MOST] if (name := normalize_code(code))]
        domain = self._get_published_domain()
        if client:
            domain |= Domain("api_client_id", "=", client.id) & Domain(
                "secrecy", "=", "public"
            )
        # sudo: what is published, or was handed in by this very program
        return self.sudo().search_fetch(
            domain & Domain("name", "in", names), ["name", "state"]
        )

    @api.model
    def _get_open311_updates(self, codes, client, start=None, end=None):
        """Return what happened to requests that are told, the oldest first.

        :param list codes: of requests, as typed
        :param client: see :meth:`_find_told`
        :param start: moments in naive UTC, as ``end``; None for any
        """
        tickets_sudo = self._find_told(codes, client)
        told = Domain("ticket_id", "in", tickets_sudo.ids) & Domain("kind", "in", TOLD)
        if start:
            told &= Domain("date", ">=", start)
        if end:
            told &= Domain("date", "<=", end)
        # sudo: the kinds of acts above, without a word that somebody wrote
        events_sudo = self.env["pakn.event"].sudo()
        labels = dict(events_sudo._fields["kind"]._description_selection(self.env))
        events_sudo = events_sudo.search_fetch(
            told,
            ["ticket_id", "kind", "date", "sequence", "to_state", "unit_id", "payload"],
            order="date, ticket_id, sequence",
            limit=MOST,
        )
        return [
            {
                "update_id": f"{event.ticket_id.name}-{event.sequence}",
                "service_request_id": event.ticket_id.name,
                "status": "closed" if event.to_state in acts.CLOSED else "open",
                "updated_datetime": format_moment(event.date, ZONE),
                "description": labels[event.kind],
                "agency_responsible": event.unit_id.name or None,
                "media_url": None,
            }
            for event in events_sudo._filter_standing()
        ]
