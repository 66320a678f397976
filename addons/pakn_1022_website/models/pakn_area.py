import csv
from functools import cache

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools.misc import file_open

from ..tools.boundaries import Boundaries, get_kilometres, unpack
from ..tools.submit_form import parse_place
from ..tools.text import fold

# Former wards of Bình Định and wards of the neighbours; see bin/extract_areas.py
PLACES = "pakn_1022_website/data/places.csv"
# A neighbour's ward is meant where its centre is so many times nearer than any of
# ours: of 1,426 places in the province 2 are then taken for a neighbour's, measured
# with the boundaries, and of those outside two thirds are noticed.
TIMES_NEARER = 2
# Kilometres around a neighbour's centre in which a place is said to be there
REACH = 25
# Setting with the hotline's number of a neighbour, and its default
NEIGHBOURS = {
    "Quảng Ngãi": ("pakn_1022_website.hotline_quang_ngai", ""),
    "Đắk Lắk": ("pakn_1022_website.hotline_dak_lak", "(0262) 1022"),
}


@cache
def get_places(kind):
    """Return the rows of ``data/places.csv`` of a kind, ``former`` or ``neighbour``.

    :return: tuple of ``(name, of, (latitude, longitude))``
    """
    with file_open(PLACES, "r") as file:
        return tuple(
            (row["name"], row["of"], (float(row["latitude"]), float(row["longitude"])))
            for row in csv.DictReader(file)
            if row["kind"] == kind
        )


class PaknArea(models.Model):
    """The wards and communes of the site: offered, drawn, and found by place and name.

    Their boundaries come from a file that the administrator loads
    (``pakn.area.load``); without them centres serve.
    """

    _inherit = "pakn.area"

    boundary = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        help="Rings of corners, as tools/boundaries.py packs them.",
    )

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    @api.model
    def _get_offered_domain(self):
        """Return what the form lists; the districts of before are no more."""
        return Domain("kind", "!=", "district")

    # ------------------------------------------------------------
    # BY PLACE
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_centres(self):
        """Return ``((id, (latitude, longitude)), …)`` of what the form lists."""
        # sudo: names and centres of areas are public
        areas = self.sudo().search_fetch(
            self._get_offered_domain() & Domain("latitude", "!=", 0),
            ["latitude", "longitude"],
            limit=1000,
        )
        return tuple((area.id, (area.latitude, area.longitude)) for area in areas)

    @api.model
    @tools.ormcache()
    def _get_boundaries(self):
        """Return the :class:`Boundaries` of what the form lists; empty without."""
        areas = self.sudo().search_fetch(  # sudo: as above
            self._get_offered_domain() & Domain("boundary", "!=", False),
            ["boundary"],
            limit=1000,
        )
        return Boundaries((area.id, unpack(area.boundary)) for area in areas)

    @api.model
    def _find_by_place(self, latitude, longitude):
        """Return the ward of a place, in sudo.

        By its boundary; where there are none the one whose centre is nearest, within
        some 30 km.
        """
        area_id = self._get_boundaries().find(latitude, longitude)
        if not area_id and not self._get_boundaries():
            distance, area_id = self._get_nearest(
                (latitude, longitude), self._get_centres()
            )
            area_id = area_id if distance <= 30 else 0
        return self.sudo().browse(area_id or ())  # sudo: names of areas are public

    @api.model
    def _get_nearest(self, place, centres):
        """Return ``(kilometres, id)`` of the nearest of ``(id, place)``."""
        return min(
            ((get_kilometres(place, centre), of) for of, centre in centres),
            default=(float("inf"), 0),
        )

    @api.model
    def _find_outside(self, latitude, longitude):
        """Return where a place is that is not in the province.

        By the boundaries; without them by centres, which tells less and is seldom
        wrong (see :data:`TIMES_NEARER`).

        :return: None for a place of the province, else ``(neighbour, its hotline)``,
            both empty where unknown
        """
        place = latitude, longitude
        near, neighbour = self._get_nearest(
            place, ((of, centre) for _name, of, centre in get_places("neighbour"))
        )
        boundaries = self._get_boundaries()
        if boundaries:
            is_outside = not boundaries.find(*place)
        else:
            ours, _area_id = self._get_nearest(place, self._get_centres())
            is_outside = ours > TIMES_NEARER * near or not parse_place(*place)
        if not is_outside:
            return None
        if near > REACH:
            return "", ""
        setting, default = NEIGHBOURS[neighbour]
        phone = self.env["ir.config_parameter"]._get_typed(setting, default)
        return neighbour, phone

    # ------------------------------------------------------------
    # BY NAME
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_place_names(self):
        """Return what a place can be found by, today's areas first.

        :return: tuple of ``(words, name, name of today or "", area's id, latitude,
            longitude)``; ``words`` are folded
        """
        # sudo: names and centres of areas are public
        areas = self.sudo().with_context(active_test=False)
        areas = areas.search([], order="active desc, name", limit=5000)
        today = {area.code: area for area in areas if area.active}
        rows = []
        for area in areas:
            now = area if area.active else area.successor_id
            rows.append((area.name, now, area.latitude, area.longitude))
        for name, code, place in get_places("former"):
            rows.append((name, today.get(code, areas.browse()), *place))
        return tuple(
            (
                tuple(fold(name).replace(",", " ").split()),
                name,
                "" if now.name == name else now.name or "",
                now.id or 0,
                latitude,
                longitude,
            )
            for name, now, latitude, longitude in rows
            if latitude and (not now or now.kind != "district")
        )

    @api.model
    def _search_places(self, text, limit=8):
        """Return wards and streets by name, without accents, those of today first.

        :param str text: beginnings of words of the name
        :return: list of ``{"name", "now", "ward", "area", "latitude", "longitude"}``;
            ``ward`` is that of a street
        """
        wanted = fold(text).replace(",", " ").split()
        if not wanted or len("".join(wanted)) < 2:
            return []
        found = []
        for words, name, now, *place in self._get_place_names():
            if _is_named(words, wanted):
                # Named so before named so too: "Quy Nhơn" before "Quy Nhơn Bắc"
                found.append((bool(now), len(words), len(found), name, now, "", *place))
        for words, name, ward, *place in self.env["pakn.street"]._get_names():
            if _is_named(words, wanted):
                # Streets behind the wards of today, before those of former times
                found.append((0.5, len(words), len(found), name, "", ward, *place))
        keys = ("name", "now", "ward", "area", "latitude", "longitude")
        return [dict(zip(keys, row[3:], strict=True)) for row in sorted(found)[:limit]]


def _is_named(words, wanted):
    """Return whether each of some beginnings begins one of the words of a name."""
    return all(any(word.startswith(w) for word in words) for w in wanted)
