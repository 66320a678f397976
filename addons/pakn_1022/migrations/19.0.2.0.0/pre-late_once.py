"""Bring what is stored since 19.0.2.0.0 onto the requests and slips of before.

Art. 11.4 is a fact on each slip (``timeliness``, ``date_judged``) and on the request
(``was_overdue``); what reports count by is set where a request is closed.
In SQL, so that a million requests take minutes and nothing is worked out anew.
"""


def migrate(cr, version):
    if not version:
        return
    for table, columns in {
        "pakn_transfer": {
            "date_first": "timestamp",
            "date_closed": "timestamp",
            "is_first": "boolean",
            "is_rework": "boolean",
            "urge_count": "integer",
            "timeliness": "varchar",
            "date_judged": "timestamp",
        },
        "pakn_ticket": {
            "outcome": "varchar",
            "date_first": "timestamp",
            "date_ended": "timestamp",
            "was_overdue": "boolean",
            "is_unreached": "boolean",
        },
    }.items():
        for name, kind in columns.items():
            cr.execute(
                f'ALTER TABLE "{table}" ADD COLUMN IF NOT EXISTS "{name}" {kind}'
            )
    # PostgreSQL keeps slips and requests from being deleted, not from being written
    cr.execute(
        """
        UPDATE pakn_transfer s
           SET is_first = COALESCE(s.is_first, p.unit_id IS DISTINCT FROM s.unit_id),
               date_first = COALESCE(
                   s.date_first,
                   (SELECT MIN(e.date) FROM pakn_event e
                     WHERE e.transfer_id = s.id AND e.kind = 'scheduled'),
                   CASE WHEN s.state IN ('answered', 'returned')
                        THEN s.date_responded END),
               date_closed = CASE
                   WHEN s.is_open THEN NULL
                   ELSE COALESCE(s.date_closed, s.date_responded, n.date_sent,
                                 s.date_overdue, t.date_closed, s.write_date) END
          FROM pakn_transfer own
          LEFT JOIN pakn_transfer p ON p.id = own.previous_id
          LEFT JOIN pakn_transfer n ON n.previous_id = own.id
          JOIN pakn_ticket t ON t.id = own.ticket_id
         WHERE own.id = s.id;

        -- Answered after its time before the clock had come to it
        UPDATE pakn_transfer
           SET is_overdue = TRUE, date_overdue = date_due
         WHERE is_overdue IS NOT TRUE AND state = 'answered'
           AND date_responded > date_due;

        UPDATE pakn_transfer
           SET timeliness = 'late', date_judged = date_overdue
         WHERE is_overdue AND timeliness IS NULL;

        UPDATE pakn_transfer
           SET timeliness = 'in_time', date_judged = date_deadline
         WHERE is_overdue IS NOT TRUE AND timeliness IS NULL
           AND date_first IS NOT NULL AND state <> 'returned';

        UPDATE pakn_ticket t
           SET outcome = COALESCE(t.outcome, CASE
                   WHEN t.state IN ('rejected', 'cancelled') THEN t.state
                   WHEN t.state NOT IN ('answered', 'done') THEN 'open'
                   WHEN t.is_instant THEN 'instant'
                   ELSE COALESCE(
                       (SELECT s.level FROM pakn_transfer s
                         WHERE s.ticket_id = t.id AND s.state = 'answered'
                           AND s.role = 'lead' AND s.round = t.round
                         ORDER BY s.id DESC LIMIT 1), 'instant') END),
               date_ended = COALESCE(t.date_ended, CASE
                   WHEN t.state IN ('rejected', 'cancelled') THEN t.date_closed
                   WHEN t.state IN ('answered', 'done') THEN t.date_result END),
               date_first = COALESCE(t.date_first,
                   (SELECT MIN(e.date) FROM pakn_event e
                     WHERE e.ticket_id = t.id
                       AND e.kind IN ('rejected', 'answered', 'responded',
                                      'scheduled')),
                   CASE WHEN t.state IN ('rejected', 'answered', 'done')
                        THEN COALESCE(t.date_result, t.date_closed) END),
               was_overdue = EXISTS (
                   SELECT FROM pakn_transfer s
                    WHERE s.ticket_id = t.id AND s.is_overdue AND s.role = 'lead')
        """
    )
