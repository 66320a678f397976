"""Bring what the reports count onto a database that is in use already."""

from psycopg2.extras import execute_values

BATCH = 5000
COLUMNS = {
    "pakn_ticket": {
        "first_hours": "double precision",
        "result_hours": "double precision",
    },
    "pakn_transfer": {
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
    """Count the hours of what happened before this addon came."""
    env.cr.execute(
        """
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
