def migrate(cr, version):
    """Files of exports are kept in another way: those of before are asked for anew."""
    if not version:
        return
    cr.execute(
        """DELETE FROM ir_attachment WHERE res_model = 'pakn.export.part';
           DELETE FROM pakn_export_part;
           ALTER TABLE pakn_export_part DROP COLUMN IF EXISTS crc;
           UPDATE pakn_export_log SET done = 0, last_id = 0, attempts = 0
            WHERE state = 'making';
           UPDATE pakn_export_log SET state = 'expired' WHERE state = 'ready'"""
    )
