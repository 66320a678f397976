from odoo import api, models
from odoo.models import MAGIC_COLUMNS


class PaknDialog(models.AbstractModel):
    """A dialog, which takes up no record that its user may not read.

    Over RPC any id can be put into it, and what it shows then is worked out as
    superuser: texts that are stored, fields of another record, and names of records
    wherever one is pointed to.
    """

    _name = "pakn.dialog"
    _description = "Dialog on records"

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs._check_records()
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self._check_records()
        return result

    def onchange(self, values, field_names, fields_spec):
        """Check before it is shown what is filled in before it is saved."""
        names = [field.name for field in self._get_record_fields()]
        given = {name: values[name] for name in names if name in values}
        if not field_names:
            given = self.default_get([n for n in names if n not in given]) | given
        self.new(given, origin=self)._check_records()
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _get_record_fields(self):
        """Return the fields that point to records and that the user may fill.

        What another role alone has, this one can put nothing into, and cannot read.
        """
        return [
            field
            for field in self._fields.values()
            if field.relational
            and field.store
            and field.name not in MAGIC_COLUMNS
            and self._has_field_access(field, "read")
        ]

    def _check_records(self):
        """Check that the user may read what these dialogs are about.

        :raise AccessError: the user may not
        """
        if self.env.su:
            return
        for field in self._get_record_fields():
            records = self.mapped(field.name)
            if field.type == "one2many" and isinstance(records, PaknDialog):
                records._check_records()
            elif records._origin:
                records._origin.check_access("read")
