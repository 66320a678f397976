from odoo import api, fields, models, tools

from ..tools.streets import gather_streets
from ..tools.text import fold

# Newest requests that are looked at
REQUESTS = 200_000
STREETS = 10_000


class PaknStreet(models.Model):
    """A street that requests have named, to be found by its name on the site.

    Made every night from the addresses of the matters, without numbers of houses, and
    only of streets that several people have named (``tools/streets.py``).
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
        self._gather()

    @api.model
    def _gather(self):
        """Gather the streets anew in place of those of before; return them.

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
        self.search([], limit=2 * STREETS).unlink()
        streets = self.create(
            [
                {
                    "name": street.name,
                    "area_id": street.area or False,
                    "latitude": street.latitude,
                    "longitude": street.longitude,
                }
                for street in found
            ]
        )
        self.env.registry.clear_cache()
        return streets

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
