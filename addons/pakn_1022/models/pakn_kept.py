from odoo import models
from odoo.tools import SQL


class PaknKept(models.AbstractModel):
    """What PostgreSQL itself keeps, whoever asks: records with the value of paper."""

    _name = "pakn.kept"
    _description = "Kept as on paper"

    # What is refused row by row; TRUNCATE always is.
    _refused = "DELETE"

    def init(self):
        """Set the triggers (Art. 9)."""
        if self._abstract:
            return
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION pakn_keep_record() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION '%% of %% refused: the record is kept (Art. 9)',
                        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                END $$ LANGUAGE plpgsql;
                CREATE OR REPLACE TRIGGER pakn_keep_record BEFORE %(refused)s
                    ON %(table)s FOR EACH ROW EXECUTE FUNCTION pakn_keep_record();
                CREATE OR REPLACE TRIGGER pakn_keep_all BEFORE TRUNCATE
                    ON %(table)s EXECUTE FUNCTION pakn_keep_record()
                """,
                refused=SQL(self._refused),
                table=SQL.identifier(self._table),
            )
        )
