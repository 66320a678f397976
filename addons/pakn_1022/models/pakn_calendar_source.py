from odoo import api, models


class PaknCalendarSource(models.AbstractModel):
    """What the compiled working hours are made of.

    A change clears the cache in every server process, and has the manager asked
    whether the open deadlines are to be counted anew.
    """

    _name = "pakn.calendar.source"
    _description = "Source of working hours"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._on_hours_changed()
        return records

    def write(self, vals):
        self._on_hours_changed()
        result = super().write(vals)
        self._on_hours_changed()
        return result

    def unlink(self):
        self._on_hours_changed()
        return super().unlink()

    def _counts_for_deadlines(self):
        """Return whether these records take part in the working hours of units."""
        return bool(self)

    def _on_hours_changed(self):
        if self._counts_for_deadlines():
            self.env.registry.clear_cache()
            self.env["pakn.transfer"]._ask_for_recount()
