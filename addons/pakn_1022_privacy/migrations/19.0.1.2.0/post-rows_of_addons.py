"""Know the rows of the register by what addons propose; no file has them any more.

Rows of the register and of removal that are missing are added when the addons are
loaded.
"""

PREFIX = "processing_"


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """UPDATE pakn_processing processing SET key = substr(data.name, %s)
             FROM ir_model_data data
            WHERE data.module = 'pakn_1022_privacy' AND data.model = 'pakn.processing'
              AND data.res_id = processing.id AND starts_with(data.name, %s)
              AND processing.key IS NULL""",
        [len(PREFIX) + 1, PREFIX],
    )
    cr.execute(
        """DELETE FROM ir_model_data WHERE module = 'pakn_1022_privacy'
              AND model IN ('pakn.processing', 'pakn.retention')"""
    )
