from odoo import api, fields, models
from odoo.tools.sql import column_exists


class PaknProcessing(models.Model):
    """One row of the register of what is done with people's data (Law 91/2025/QH15).

    What is held, why, on what ground, how long, and who gets it. Each addon proposes
    its own rows (``pakn.held``), which the administrator makes true; all staff read it.
    What an addon that is no more had said is archived.
    """

    _name = "pakn.processing"
    _description = "Processing of personal data"
    _order = "sequence, id"

    key = fields.Char(readonly=True, copy=False, help="Of what an addon proposes.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(string="Activity", required=True, translate=True)
    data = fields.Text(string="What is held", required=True, translate=True)
    people = fields.Char(string="Of whom", translate=True)
    purpose = fields.Text(string="What for", required=True, translate=True)
    ground = fields.Text(string="On what ground", required=True, translate=True)
    duration = fields.Char(string="How long", required=True, translate=True)
    recipients = fields.Text(string="Who gets it", required=True, translate=True)
    protection = fields.Text(string="How it is protected", translate=True)
    is_sensitive = fields.Boolean(string="Sensitive data")
    retention_ids = fields.One2many(
        "pakn.retention", "processing_id", string="Removal after its time"
    )
    date_reviewed = fields.Date(string="Looked through on")

    _key_unique = models.UniqueIndex("(key) WHERE key IS NOT NULL")

    def _register_hook(self):
        super()._register_hook()
        # Code that came before its upgrade: the upgrade loads it once more
        if column_exists(self.env.cr, self._table, "key"):
            self._renew_rows()
            self.env["pakn.retention"]._renew_rows()

    @api.model
    def _renew_rows(self):
        """Add the rows of addons that came, archive those of addons that went.

        What the administrator has written in a row stays.
        """
        proposed = self.env["pakn.held"]._get_processing()
        rows = self.with_context(active_test=False).search([("key", "!=", False)])
        rows.filtered(lambda row: row.active and row.key not in proposed).active = False
        missing = proposed.keys() - set(rows.mapped("key"))
        if not missing:
            return
        keys = sorted(missing)
        added = self.create([proposed[key] | {"key": key} for key in keys])
        for lang, _name in self.env["res.lang"].get_installed():
            if lang == self.env.lang or lang == "en_US":
                continue
            texts = self.with_context(lang=lang).env["pakn.held"]._get_processing()
            for row, key in zip(added.with_context(lang=lang), keys, strict=True):
                row.write(
                    {
                        name: text
                        for name, text in texts[key].items()
                        if self._fields[name].translate
                    }
                )
