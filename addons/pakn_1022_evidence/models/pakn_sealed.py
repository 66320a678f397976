from odoo import models


class PaknSealed(models.AbstractModel):
    """Notes what the ORM writes into the rows of a model, computed fields among it.

    A room of ``pakn.ticket`` and of the other models whose rows are under the record.
    """

    _name = "pakn.sealed"
    _description = "State under record"

    def _touch_written(self, kind, vals_list):
        """Note which columns of these rows have been written.

        :param list vals_list: as ``_write_multi`` gets it, one for each
        """
        seals = self.env["pakn.seal"]
        by_columns = {}
        for number, vals in zip(self._ids, vals_list, strict=True):
            by_columns.setdefault(frozenset(vals), []).append(number)
        for columns, numbers in by_columns.items():
            seals._touch(kind, numbers, columns)
