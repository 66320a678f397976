import secrets

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import house, seals

PENDING = "pakn_1022_evidence.house"
MODELS = {"unit": "pakn.unit", "user": "res.users", "report": "pakn.report"}


class PaknHouseSeal(models.Model):
    """What became of names of units and people, and of reports (Art. 9.1, 12.2).

    Acts bear the code of a unit and the login of who acted, papers their names.
    Whatever the program changes of these is sealed before it is committed; reports that
    were confirmed by the nightly job. The seals are one chain (``tools/house.py``), the
    end of which is anchored; PostgreSQL refuses to change or delete them.
    """

    _name = "pakn.house.seal"
    _description = "State of the house on record"
    _inherit = "pakn.kept"
    _refused = "UPDATE OR DELETE"
    _order = "sequence"
    _log_access = False

    sequence = fields.Integer(string="Number", required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    changes = fields.Json(readonly=True)
    hash = fields.Char(readonly=True)

    _sequence_unique = models.UniqueIndex("(sequence)")

    @api.model
    def _touch(self, kind, ids):
        """Note that the program wrote rows, to be sealed before the commit."""
        if not ids:
            return
        precommit = self.env.cr.precommit
        pending = precommit.data.get(PENDING)
        if pending is None:
            pending = precommit.data[PENDING] = {}
            precommit.add(self.sudo()._seal_pending)
        pending.setdefault(kind, set()).update(ids)

    def _seal_pending(self):
        """Seal what this transaction has written; called before it is committed."""
        self.env.flush_all()
        pending = self.env.cr.precommit.data.pop(PENDING, None) or {}
        cr, changes = self.env.cr, {}
        salt = house.read_parameter(cr, house.SALT)
        if not salt:
            return  # not under seal yet: it is done when this addon is there
        for kind, ids in pending.items():
            found = house.read(cr, salt, kind, sorted(ids))
            changes[kind] = {
                str(number): self._fill(kind, found.get(str(number))) for number in ids
            }
        self._append(changes)

    @api.model
    def _fill(self, kind, values):
        """Return all columns of a row, empty ones too; ``None`` for none."""
        if values is None:
            return None
        return {name: values.get(name) for name in house.KINDS[kind].columns}

    @api.model
    def _append(self, changes):
        """Add one seal to the chain, unless nothing has changed."""
        if not any(changes.values()):
            return
        cr = self.env.cr
        length, _blank, last = house.read_parameter(cr, house.HEAD).partition(" ")
        now = fields.Datetime.to_string(fields.Datetime.now())
        seal = seals.Seal(
            house.CODE, int(length or 0) + 1, now, 0, seals.START, changes
        )
        digest = seals.get_hash(last or seals.START, seal)
        # Of two at once PostgreSQL refuses the later one, and Odoo tries it again
        cr.execute(
            SQL(
                "UPDATE ir_config_parameter SET value = %s WHERE key = %s",
                f"{seal.sequence} {digest}",
                house.HEAD,
            ),
            log_exceptions=False,
        )
        cr.execute(
            SQL(
                """INSERT INTO pakn_house_seal (sequence, code, date, changes, hash)
                   VALUES (%s, %s, %s::timestamp, %s::jsonb, %s)""",
                *(seal.sequence, seal.ticket, now, Json(changes), digest),
            )
        )

    @api.model
    def _seal_all(self):
        """Put under seal what is there, when this addon comes to a database."""
        # sudo: ir.config_parameter - a secret that nobody is shown, and the chain's end
        params = self.env["ir.config_parameter"].sudo()
        if params.get_param(house.SALT):
            return
        salt = secrets.token_hex(16)
        params.set_param(house.SALT, salt)
        params.set_param(house.HEAD, f"0 {seals.START}")
        self.env.flush_all()
        self.env.cr.precommit.data.pop(PENDING, None)
        self._append(
            {
                kind: house.read(self.env.cr, salt, kind)
                for kind in house.get_kinds(self.env.cr)
            }
        )

    @api.model
    def _sweep(self):
        """Seal what was confirmed since the last time; what is sealed stays so."""
        self.env.flush_all()
        cr = self.env.cr
        salt = house.read_parameter(cr, house.SALT)
        recorded = seals.replay(seal.changes for seal, _hash in house.read_chain(cr))
        changes = {}
        for kind in house.get_kinds(cr):
            if house.KINDS[kind].is_swept:
                known = recorded.get(kind, {})
                found = house.read(cr, salt, kind)
                new = {row: found[row] for row in found.keys() - known.keys()}
                changes |= {kind: new} if new else {}
        self._append(changes)

    @api.model
    def _find_faults(self):
        """Return sentences on what of the house was changed past the program."""
        self._seal_pending()
        return [self._describe(fault) for fault in house.find_faults(self.env.cr)]

    def _describe(self, fault):
        if fault.what == "seal":
            return self.env._(
                "The record of names and reports does not fit from no. %s on: it was "
                "changed outside of the program.",
                fault.row,
            )
        if fault.what == "anchor":
            return self.env._(
                "The record of names and reports is not the one that was anchored "
                "(state no. %s): it was written anew outside of the program.",
                fault.row,
            )
        what = {
            "unit": self.env._("unit no. %s", fault.row),
            "user": self.env._("account no. %s", fault.row),
            "report": self.env._("confirmed report no. %s", fault.row),
        }[fault.kind]
        if fault.what == "added":
            return self.env._("%s: added outside of the program.", what.capitalize())
        if fault.what == "removed":
            return self.env._("%s: removed outside of the program.", what.capitalize())
        model = self.env[MODELS[fault.kind]]
        return self.env._(
            "%(what)s: changed outside of the program: %(fields)s.",
            what=what.capitalize(),
            fields="; ".join(
                model._fields[name]._description_string(self.env)
                for name in fault.columns
            ),
        )
