from odoo import api, fields, models

from ..tools.outside import get_origin


class PaknSecretMixin(models.AbstractModel):
    """Keeps what another system lets us in with: typed once, shown to nobody again.

    A field with ``secret="new_password"`` is such a secret: who may write the record
    may set it, and nobody reads, searches or sorts by it but the program itself. Where
    people see a form, the field of that name stands in its place. It holds nothing:
    what is typed into it goes to the secret, and left empty it changes nothing.

    A secret goes to the address it was given for, and to no other: where the record
    names another host or another kind of peer, it is forgotten and is typed anew.
    """

    _name = "pakn.secret.mixin"
    _description = "Keeper of secrets"
    # Fields that say where the secrets are sent: addresses, and what chooses among them
    _secret_addresses = ()

    secrets_set = fields.Char(
        string="Secrets that are set",
        compute="_compute_secrets_set",
        compute_sudo=True,
        help="Names of their fields, between commas.",
    )

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "secret" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_secrets(self):
        """Return ``{secret field: field of forms}``."""
        return {
            name: field.secret
            for name, field in self._fields.items()
            if getattr(field, "secret", False)
        }

    @api.depends(lambda self: tuple(self._get_secrets()))
    def _compute_secrets_set(self):
        names = self._get_secrets()
        for record in self:
            record.secrets_set = ",".join(name for name in names if record[name])

    def _has_field_access(self, field, operation):
        """Let a secret be written by those who may write it, and read by nobody."""
        if operation == "read" and getattr(field, "secret", False):
            return self.env.su
        return super()._has_field_access(field, operation)

    @api.model
    def _take_secrets(self, vals):
        """Return values in which what was typed stands under the secret's own name."""
        vals = dict(vals)
        for name, typed in self._get_secrets().items():
            secret = (vals.pop(typed, None) or "").strip()
            if secret:
                vals[name] = secret
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._take_secrets(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._take_secrets(vals)
        forgotten = self._get_secrets().keys() - vals.keys()
        addresses = {
            name: vals[name] for name in self._secret_addresses if name in vals
        }
        moved = self.browse()
        if forgotten and addresses:
            moved = self.filtered(
                # One that is named for the first time may come before another
                lambda record: any(
                    get_origin(record[name]) != get_origin(url)
                    for name, url in addresses.items()
                )
            )
            without = {**vals, **dict.fromkeys(forgotten, False)}
            super(PaknSecretMixin, moved).write(without)
        return super(PaknSecretMixin, self - moved).write(vals)
