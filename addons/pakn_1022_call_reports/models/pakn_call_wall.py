from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.pakn_1022.tools import province

READERS = ("pakn_1022.group_supervisor", "pakn_1022.group_monitor")
# Operators that are shown, at most
SEATS = 200


class PaknCallWall(models.AbstractModel):
    """The telephone today and now, for the supervisor's wall (Art. 20).

    A fixed number of queries, each over the calls of this day or those that are not
    over, by index. It counts all calls, those on secret requests too: a number tells
    nothing of them.
    """

    _name = "pakn.call.wall"
    _description = "Wall of the telephone"

    @api.model
    @api.readonly
    def get_wall(self):
        """Return what the wall of the telephone shows.

        Moments are UTC, lengths seconds, shares between 0 and 1; what was not measured
        is ``None``. A call waits while it rings; "missed" are those of today that are
        over and that nobody answered.

        :return: ``{"now", "waiting": {count, since}, "talking", "ready", "today":
            {calls, answered, missed, share, wait}, "back": {count, since}, "hours":
            [{hour, answered, missed}], "operators": [{id, name, extension, presence,
            since, answered, talk}]}``; ``share`` is that of calls answered within 20
            seconds, ``hours`` are those of this day from the first call to the last
        :raise AccessError: the caller is neither supervisor nor monitor
        """
        if not any(map(self.env.user.has_group, READERS)):
            raise AccessError(
                self.env._("The wall of the telephone is the supervisors' to see.")
            )
        self.env["pakn.call"].flush_model()
        self.env["pakn.call.back"].flush_model()
        now = fields.Datetime.now()
        today, hours, by_user = self._count_today(now)
        operators = self._get_operators(by_user)
        return {
            "now": fields.Datetime.to_string(now),
            **self._count_open(),
            "ready": sum(one["presence"] == "ready" for one in operators),
            "today": today,
            "hours": hours,
            "operators": operators,
        }

    def _count_open(self):
        """Return who waits, who speaks, and who is to be called back."""
        [[waiting, waits_since, talking]] = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (
                              WHERE state = 'ringing' AND direction = 'in'),
                          min(date_ring) FILTER (
                              WHERE state = 'ringing' AND direction = 'in'),
                          count(*) FILTER (WHERE state = 'talking')
                     FROM pakn_call WHERE state IN ('ringing', 'talking')"""
            )
        )
        [[back, back_since]] = self.env.execute_query(
            SQL(
                """SELECT count(*), min(date_first)
                     FROM pakn_call_back WHERE state = 'open'"""
            )
        )
        return {
            "waiting": {"count": waiting, "since": _to_text(waits_since)},
            "talking": talking,
            "back": {"count": back, "since": _to_text(back_since)},
        }

    def _count_today(self, now):
        """Return the figures of this day: of all, by hour, and by operator's id."""
        midnight = {"hour": 0, "minute": 0, "second": 0}
        start = province.to_utc(province.to_local(now).replace(**midnight))
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT hour, user_id, grouping(hour) AS no_hour,
                          grouping(user_id) AS no_user, count(*) AS calls,
                          count(*) FILTER (WHERE state = 'done') AS answered,
                          count(*) FILTER (WHERE service_level > 0) AS in_time,
                          round(avg(seconds_waited)) AS wait,
                          round(avg(seconds_talked) FILTER (
                              WHERE state = 'done' AND end_is_guess IS NOT TRUE)
                          ) AS talk
                     FROM pakn_call
                    WHERE direction = 'in' AND date_ring >= %s
                      AND state IN ('done', 'missed', 'abandoned')
                 GROUP BY GROUPING SETS ((), (hour), (user_id))
                 ORDER BY hour""",
                start,
            )
        )
        today, hours, by_user = {}, {}, {}
        for row in rows:
            missed = row["calls"] - row["answered"]
            if not row["no_hour"]:
                hours[row["hour"]] = row["answered"], missed
            elif not row["no_user"]:
                by_user[row["user_id"]] = row["answered"], _to_int(row["talk"])
            else:
                calls = row["calls"]
                today = {
                    "calls": calls,
                    "answered": row["answered"],
                    "missed": missed,
                    "share": row["in_time"] / calls if calls else None,
                    "wait": _to_int(row["wait"]),
                }
        span = range(min(hours), max(hours) + 1) if hours else ()
        return (
            today,
            [
                dict(
                    zip(
                        ("hour", "answered", "missed"),
                        (hour, *hours.get(hour, (0, 0))),
                        strict=True,
                    )
                )
                for hour in span
            ],
            by_user,
        )

    def _get_operators(self, by_user):
        """Return who sits at the telephones, in the order of their extensions."""
        # sudo: names of colleagues, whose telephones the readers may read
        seats = self.env["pakn.call.seat"].sudo().search([], limit=SEATS)
        operators = []
        for seat in seats:
            answered, talk = by_user.get(seat.user_id.id, (0, None))
            operators.append(
                {
                    "id": seat.id,
                    "name": seat.user_id.name,
                    "extension": seat.extension,
                    "presence": seat._get_presence(),
                    "since": _to_text(seat.date_presence),
                    "answered": answered,
                    "talk": talk,
                }
            )
        return operators


def _to_text(moment):
    return fields.Datetime.to_string(moment) or None


def _to_int(value):
    return None if value is None else int(value)
