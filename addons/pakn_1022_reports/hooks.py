"""Bring what the reports count onto a database that is in use already."""

from psycopg2.extras import execute_values

BATCH = 5000
COLUMNS = {
    "pakn_ticket": {
        "outcome": "varchar",
        "date_ended": "timestamp",
        "date_first": "timestamp",
        "first_hours": "double precision",
        "result_hours": "double precision",
    },
    "pakn_transfer": {
        "is_first": "boolean",
        "date_first": "timestamp",
        "date_closed": "timestamp",
        "first_hours": "double precision",
        "result_hours": "double precision",
    },
    "rating_rating": {"pakn_date": "timestamp"},
}


def pre_init_hook(env):
    """Make the columns empty: Odoo would fill them one record at a time, :func:`fill`
    does it in a few statements."""
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            env.cr.execute(
                f'ALTER TABLE "{table}" ADD COLUMN IF NOT EXISTS "{name}" {kind}'
            )


def post_init_hook(env):
    env.flush_all()
    fill(env)
    env.invalidate_all()


def fill(env):
    """Set what happened before this addon came, by dates and the record of acts."""
    env.cr.execute(
        """
        UPDATE pakn_transfer s
           SET is_first = p.unit_id IS DISTINCT FROM s.unit_id,
               date_first = COALESCE(
                   (SELECT MIN(e.date) FROM pakn_event e
                     WHERE e.transfer_id = s.id AND e.kind = 'scheduled'),
                   CASE WHEN s.state IN ('answered', 'returned')
                        THEN s.date_responded END),
               date_closed = CASE
                   WHEN s.is_open THEN NULL
                   ELSE COALESCE(s.date_responded, n.date_sent, s.date_overdue,
                                 t.date_closed, s.write_date) END
          FROM pakn_transfer own
          LEFT JOIN pakn_transfer p ON p.id = own.previous_id
          LEFT JOIN pakn_transfer n ON n.previous_id = own.id
          JOIN pakn_ticket t ON t.id = own.ticket_id
         WHERE own.id = s.id;

        UPDATE pakn_ticket t
           SET outcome = CASE
                   WHEN t.state IN ('rejected', 'cancelled') THEN t.state
                   WHEN t.state NOT IN ('answered', 'done') THEN 'open'
                   WHEN t.is_instant THEN 'instant'
                   ELSE COALESCE(
                       (SELECT s.level FROM pakn_transfer s
                         WHERE s.ticket_id = t.id AND s.state = 'answered'
                           AND s.role = 'lead' AND s.round = t.round
                         ORDER BY s.id DESC LIMIT 1), 'instant') END,
               date_ended = CASE
                   WHEN t.state IN ('rejected', 'cancelled') THEN t.date_closed
                   WHEN t.state IN ('answered', 'done') THEN t.date_result END,
               date_first = COALESCE(
                   (SELECT MIN(e.date) FROM pakn_event e
                     WHERE e.ticket_id = t.id
                       AND e.kind IN ('rejected', 'answered', 'responded',
                                      'scheduled')),
                   t.date_result, t.date_closed);

        UPDATE rating_rating r
           SET pakn_date = COALESCE(
               (SELECT MAX(e.date) FROM pakn_event e
                 WHERE e.ticket_id = r.res_id AND e.kind = 'rated'), r.write_date)
         WHERE r.consumed AND r.res_model = 'pakn.ticket'
        """
    )
    _fill_hours(
        env,
        """SELECT s.id, u.resource_calendar_id, s.date_sent, s.date_first,
                  CASE WHEN s.state = 'answered' THEN s.date_responded END
             FROM pakn_transfer s JOIN pakn_unit u ON u.id = s.unit_id
            WHERE s.date_first IS NOT NULL""",
        "pakn_transfer",
    )
    _fill_hours(
        env,
        """SELECT id, NULL, date_received, date_first, date_ended
             FROM pakn_ticket WHERE date_first IS NOT NULL OR date_ended IS NOT NULL""",
        "pakn_ticket",
    )


def _fill_hours(env, query, table):
    """Count working hours, which SQL cannot.

    :param str query: gives ``id, calendar, start, first response, result``
    """
    default = env["pakn.unit"]._get_default_calendar().id
    clocks = {}

    def hours(calendar, start, end):
        if not end:
            return 0
        calendar = calendar or default
        if calendar not in clocks:
            record = env["resource.calendar"].browse(calendar)
            clocks[calendar] = record._get_working_time()
        return max(clocks[calendar].between(start, end), 0)

    env.cr.execute(query)
    rows = [
        (number, hours(calendar, start, first), hours(calendar, start, result))
        for number, calendar, start, first, result in env.cr.fetchall()
    ]
    if rows:
        execute_values(
            env.cr._obj,
            f"""UPDATE {table} SET first_hours = v.first_hours,
                       result_hours = v.result_hours
                  FROM (VALUES %s) AS v (id, first_hours, result_hours)
                 WHERE {table}.id = v.id""",
            rows,
            page_size=BATCH,
        )
