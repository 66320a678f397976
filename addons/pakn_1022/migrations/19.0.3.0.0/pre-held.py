"""Which slips hold their request is stored; ORM would work it out one by one."""


def migrate(cr, version):
    if not version:
        return
    cr.execute("ALTER TABLE pakn_transfer ADD COLUMN IF NOT EXISTS is_held boolean")
    cr.execute(
        """UPDATE pakn_transfer AS slip
              SET is_held = slip.is_open IS TRUE OR (
                      slip.state = 'answered' AND slip.round = ticket.round
                      AND NOT EXISTS (
                          SELECT 1 FROM pakn_transfer AS following
                           WHERE following.previous_id = slip.id
                             AND following.is_rework IS TRUE))
             FROM pakn_ticket AS ticket
            WHERE ticket.id = slip.ticket_id"""
    )
