from odoo import api, fields, models, tools

TICKET_STATES = [
    ("new", "New"),
    ("transferred", "Transferred"),
    ("scheduled", "Scheduled"),
    ("escalated_head", "Escalated to the head"),
    ("escalated_province", "Escalated to the province"),
    ("answered", "Answered"),
    ("done", "Done"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]


class PaknStage(models.Model):
    """A column of the kanban board; each shows requests of one state.

    An administrator may rename, order and fold columns, or split a state over
    several of them.
    """

    _name = "pakn.stage"
    _description = "Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    state = fields.Selection(TICKET_STATES, required=True, index=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean(string="Folded in kanban")

    @api.model
    @tools.ormcache()
    def _get_states(self):
        """Return ``{id: state}`` of the stages, in their order."""
        return {stage.id: stage.state for stage in self.search([], limit=100)}

    def _get_default_stages(self):
        """Return the first stage of each state, as ``{state: pakn.stage}``."""
        stages = {}
        for number, state in self._get_states().items():
            stages.setdefault(state, self.browse(number))
        return stages

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
