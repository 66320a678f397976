from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PaknKept(models.AbstractModel):
    """What PostgreSQL itself keeps, whoever asks: records with the value of paper."""

    _name = "pakn.kept"
    _description = "Kept as on paper"

    # What is refused row by row; TRUNCATE always is. Where that is more than deleting,
    # who tries it is told in a sentence before PostgreSQL does
    _refused = "DELETE"
    # Columns whose words may be taken away, all at once and never for others, by who
    # removes a person's data (Law 91/2025/QH15); what is left says that they were
    _removable = ()

    def init(self):
        """Set the triggers (Art. 9)."""
        if self._abstract:
            return
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION pakn_keep_record() RETURNS trigger AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' AND TG_NARGS > 0
                       AND current_setting('pakn.removing', true) = 'on'
                       AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV
                       AND jsonb_strip_nulls(to_jsonb(OLD))
                           @> jsonb_strip_nulls(to_jsonb(NEW))
                    THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION '%% of %% refused: the record is kept (Art. 9)',
                        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                END $$ LANGUAGE plpgsql;
                CREATE OR REPLACE TRIGGER pakn_keep_record BEFORE %(refused)s
                    ON %(table)s FOR EACH ROW
                    EXECUTE FUNCTION pakn_keep_record(%(removable)s);
                CREATE OR REPLACE TRIGGER pakn_keep_all BEFORE TRUNCATE
                    ON %(table)s EXECUTE FUNCTION pakn_keep_record()
                """,
                refused=SQL(self._refused),
                table=SQL.identifier(self._table),
                removable=SQL(", ").join(map(SQL.identifier, self._removable)),
            )
        )

    def write(self, vals):
        if "UPDATE" in self._refused:
            self.check_access("write")
            raise UserError(self.env._("What stands on record cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        if "UPDATE" in self._refused:
            raise UserError(self.env._("What stands on record cannot be deleted."))
