from datetime import timedelta

from odoo import api, fields, models, tools

from odoo.addons.pakn_1022.tools import province

from ..tools.streets import gather_streets
from ..tools.text import fold

# Newest requests that are looked at
REQUESTS = 200_000
STREETS = 10_000


class PaknStreet(models.Model):
    """A street that requests have named, to be found by its name on the site.

    Made from the addresses of the matters within an hour, without numbers of houses,
    and only of streets that several people have named (``tools/streets.py``).
    """

    _name = "pakn.street"
    _description = "Street"
    _order = "name, id"

    name = fields.Char(required=True, readonly=True)
    area_id = fields.Many2one(
        "pakn.area", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    latitude = fields.Float(digits=(10, 7), required=True, readonly=True)
    longitude = fields.Float(digits=(10, 7), required=True, readonly=True)

    @api.model
    def _cron_gather(self):
        """Gather the streets where requests came since, and once a day in any case.

        Within a day addresses are corrected and requests cancelled.
        """
        last = self.env.context.get("lastcall")
        newest = self.env["pakn.ticket"].search_fetch(
            [], ["create_date"], order="id desc", limit=1
        )
        now = fields.Datetime.now()
        is_new_day = last and _get_day(last) != _get_day(now)
        # Of the hour itself: what was committed while it ran last
        since = last and last - timedelta(hours=1)
        if not last or is_new_day or newest and newest.create_date >= since:
            self._gather()

    @api.model
    def _gather(self):
        """Make the streets those that requests name now; return them.

        State secrets name no street, and neither do cancelled requests (test calls).
        """
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT address, COALESCE(area_id, 0),
                      COALESCE(private_phone, private_email, id::text),
                      latitude, longitude
                 FROM pakn_ticket
                WHERE latitude != 0 AND longitude != 0 AND address IS NOT NULL
                  AND secrecy != 'secret' AND state NOT IN ('cancelled', 'rejected')
                ORDER BY id DESC
                LIMIT %s""",
            (REQUESTS,),
        )
        found = gather_streets(self.env.cr.fetchall())[:STREETS]
        wanted = {
            (
                street.name,
                street.area or False,
                round(street.latitude, 7),
                round(street.longitude, 7),
            )
            for street in found
        }
        streets = self.search([], limit=2 * STREETS)
        known = {street._get_key(): street.id for street in streets}
        gone = self.browse([known[key] for key in known.keys() - wanted])
        added = sorted(wanted - known.keys(), key=str)
        if not gone and not added:
            return streets
        gone.unlink()
        names = ("name", "area_id", "latitude", "longitude")
        self.create([dict(zip(names, key, strict=True)) for key in added])
        self.env.registry.clear_cache()
        return self.search([], limit=2 * STREETS)

    def _get_key(self):
        """Return all that a street is."""
        self.ensure_one()
        return (
            self.name,
            self.area_id.id,
            round(self.latitude, 7),
            round(self.longitude, 7),
        )

    @api.model
    @tools.ormcache()
    def _get_names(self):
        """Return the streets as ``pakn.area`` finds places.

        :return: tuple of ``(words, name, ward, ward's id, latitude, longitude)``
        """
        return tuple(
            (
                tuple(fold(street.name).split()),
                street.name,
                street.area_id.name or "",
                street.area_id.id or 0,
                street.latitude,
                street.longitude,
            )
            # sudo: names of streets and wards are public
            for street in self.sudo().search([], limit=STREETS)
        )


def _get_day(date):
    return province.to_local(date).date()
