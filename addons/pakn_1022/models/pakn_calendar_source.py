from odoo import api, models


class PaknCalendarSource(models.AbstractModel):
    """What the compiled working hours are made of: a change clears the cache."""

    _name = "pakn.calendar.source"
    _description = "Source of working hours"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
