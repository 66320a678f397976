from odoo import fields, models

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

    def _get_default_stages(self):
        """Return the first stage of each state, as ``{state: pakn.stage}``."""
        stages = {}
        for stage in self.search([], limit=100):
            stages.setdefault(stage.state, stage)
        return stages
