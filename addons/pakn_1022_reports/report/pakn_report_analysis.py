from odoo import api, fields, models, tools
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools.province import TIMEZONE

GRANULARITIES = ("day", "month", "quarter", "year")


class PaknReportAnalysis(models.AbstractModel):
    """What pivots count: narrow rows, joined beforehand, refreshed by a cron.

    A plain view joins requests and slips anew for each pivot, which at a million of
    them takes more than the two seconds that a person waits. PostgreSQL keeps the
    join instead and brings it up to date every ten minutes while others go on
    reading; how fresh it is stands beside the title. Dashboard and reports count the
    requests and slips themselves.
    """

    _name = "pakn.report.analysis"
    _description = "Analysis"
    _auto = False

    # SQL columns that most are looked for by, beside the id
    _indexed = ()
    # Moments that pivots group by
    _moments = ()

    def _select(self):
        """Return the query; one row for each record, with its ``id``."""
        raise NotImplementedError

    def init(self):
        if self._abstract:
            return
        table = SQL.identifier(self._table)
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE MATERIALIZED VIEW %s AS %s", table, self._select())
        )
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX %s ON %s (id)",
                SQL.identifier(f"{self._table}_id_idx"),
                table,
            )
        )
        for column in self._indexed:
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX %s ON %s (%s)",
                    SQL.identifier(f"{self._table}_{column}_idx"),
                    table,
                    SQL.identifier(column),
                )
            )

        for column in self._moments:
            for granularity in GRANULARITIES:
                self._create_statistics(column, granularity)

    def _create_statistics(self, column, granularity):
        """Tell PostgreSQL how few months there are in a column of moments.

        Without, it takes each row for a group of its own and sorts a million of them
        on disk, three times as long as counting them in memory. The expression is the
        one that Odoo groups by (``_read_group_groupby``), at the time of Gia Lai.
        """
        self.env.cr.execute(
            SQL(
                """CREATE STATISTICS %s ON (date_trunc(%s, timezone(%s,
                       timezone('UTC', %s)))) FROM %s""",
                SQL.identifier(f"{self._table}_{column}_{granularity}"),
                granularity,
                TIMEZONE,
                SQL.identifier(column),
                SQL.identifier(self._table),
            )
        )

    @api.model
    def _refresh(self):
        """Bring the rows up to date; who reads meanwhile reads those of before."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "REFRESH MATERIALIZED VIEW CONCURRENTLY %s",
                SQL.identifier(self._table),
            )
        )
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self._table)))
        self.invalidate_model()

    @api.model
    def _cron_refresh(self):
        """Bring all analyses up to date."""
        for name in ("pakn.report.ticket", "pakn.report.transfer"):
            self.env[name]._refresh()

    @api.model
    def get_action(self, xmlid):
        """Return a window action that says in its title how fresh the numbers are.

        :param str xmlid: of an action of this addon, without the addon's name
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"pakn_1022_reports.{xmlid}"
        )
        # sudo: ir.cron - when it ran is no secret
        cron = self.env.ref("pakn_1022_reports.ir_cron_refresh_analysis").sudo()
        local = self.with_context(tz=TIMEZONE)
        moment = fields.Datetime.context_timestamp(
            local, cron.lastcall or cron.create_date
        )
        action["name"] = self.env._(
            "%(title)s, as of %(moment)s",
            title=action["name"],
            moment=moment.strftime("%H:%M %d/%m"),
        )
        # What the client shows where both are there
        action["display_name"] = action["name"]
        return action
