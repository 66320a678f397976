"""Remove the numbers and addresses that were written down while they were removed."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """DELETE FROM mail_tracking_value tracked
                 USING mail_message message, res_partner contact
                 WHERE message.id = tracked.mail_message_id
                   AND message.model = 'res.partner'
                   AND message.res_id = contact.id
                   AND NOT contact.active
                   AND contact.name IN ('Citizen (data removed)',
                                        'Người dân (đã xóa dữ liệu)')"""
    )
