from odoo import api, models

# Of Odoo's models those of which acts make records in the name of who acts
MADE_BY_ACTS = frozenset(
    ("mail.message", "mail.mail", "mail.notification", "mail.followers")
    + ("mail.activity", "ir.attachment", "rating.rating", "sms.sms")
)


class IrDefault(models.Model):
    """Values that people have forms begin with (Art. 9): they open no door.

    Everybody sets their own over RPC, for any field of any model, and Odoo gives them
    to whatever is made in their name, by programs too: a request would begin as
    published, a slip as settled.
    """

    _inherit = "ir.default"

    @api.model
    def _get_model_defaults(self, model_name, condition=False):
        """Leave out what whoever has set it may not write by hand."""
        defaults = super()._get_model_defaults(model_name, condition)
        if not defaults:
            return defaults
        if self.env.su and model_name in MADE_BY_ACTS:
            return {}
        if not model_name.startswith("pakn."):
            return defaults
        model = self.env[model_name].sudo(False)
        if isinstance(model, self.env.registry["pakn.act.mixin"]):
            own = model._get_content_fields()
            defaults = {name: defaults[name] for name in defaults if name in own}
        return defaults if model.has_access("create") else {}
