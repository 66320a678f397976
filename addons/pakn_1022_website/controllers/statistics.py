"""The numbers in public; see ``pakn.statistics`` on what can be told from them."""

import csv
import io

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import TIMEZONE

from .caching import make_etag, respond, respond_page
from .common import data, page

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class Statistics(http.Controller):
    """Tables and charts, and the same as open data."""

    @page("/thong-ke", per_minute=120, sitemap=True)
    def statistics(self, **params):
        last_sudo = request.env["pakn.statistics"]._get_last()
        figures = last_sudo.data or {}
        return respond_page(
            "pakn_1022_website.statistics",
            {
                "statistics": figures,
                "date": last_sudo.date,
                "timezone": TIMEZONE,
                "show": show_count,
                "share": show_share,
                "shade": get_shade,
                "charts": get_charts(figures) if figures else {},
            },
            (last_sudo.id,),
            last_sudo.date or None,
        )

    @data("/thong-ke.json", per_minute=60)
    def open_data(self, **params):
        last_sudo = request.env["pakn.statistics"]._get_last()

        def make():
            response = request.make_json_response(
                {
                    "date": str(last_sudo.date or ""),
                    "licence": LICENCE,
                    **(last_sudo.data or {}),
                }
            )
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        return respond(
            make, make_etag(last_sudo.id), last_sudo.date or None, max_age=3600
        )

    @data("/thong-ke.csv", per_minute=60)
    def open_table(self, **params):
        last_sudo = request.env["pakn.statistics"]._get_last()

        def make():
            out = io.StringIO()
            if last_sudo.data:
                csv.writer(out).writerows(get_lines(last_sudo.data))
            return request.make_response(
                # With a mark: Excel takes it for another character set without
                "\ufeff" + out.getvalue(),
                [
                    ("Content-Type", "text/csv; charset=utf-8"),
                    ("Content-Disposition", 'attachment; filename="thong-ke-1022.csv"'),
                    ("Link", f'<{LICENCE}>; rel="license"'),
                    ("Access-Control-Allow-Origin", "*"),
                ],
            )

        return respond(
            make, make_etag("csv", last_sudo.id), last_sudo.date or None, max_age=3600
        )


def show_count(number):
    """Return a count as it is read: ``1.235``, ``<5``, or a dash when left out."""
    if number is None:
        return "<5"
    if number is False:
        return "–"
    return f"{number:,}".replace(",", ".")


def show_share(share):
    """Return a share as it is read: ``89 %``, ``> 97 %``, or a dash for none."""
    if not share:
        return "–"
    sign = f"{share[0]} " if share[0] in "<>" else ""
    return f"{sign}{share.strip('<>')}\N{NO-BREAK SPACE}%"


def get_shade(number, most):
    """Return 0 (nothing to be seen) to 5 (most) as the colour of a cell."""
    if not number or not most:
        return 0
    return max(1, min(5, -(-5 * number // most)))


# Of the chart of the months, in its own units: left, right, top, bottom
LEFT, RIGHT, TOP, BOTTOM = 36, 478, 8, 178


def get_charts(data):
    """Return the charts as they are drawn; what is not shown is no bar.

    :return: ``{"bars": [of a month], "lines": [of the scale], "received": points,
        "grades": [width of each in per cent of the widest]}``
    """
    months = data["months"]
    late = [(m["on_time"] or 0) + (m["overdue"] or 0) for m in months]
    most = get_scale(max([*late, *(m["received"] or 0 for m in months)] or [0]))
    step = (RIGHT - LEFT) / max(len(months), 1)

    def height(number):
        return round((BOTTOM - TOP) * (number or 0) / most, 1)

    bars, points = [], []
    for index, month in enumerate(months):
        on_time, overdue = height(month["on_time"]), height(month["overdue"])
        middle = round(LEFT + step * (index + 0.5), 1)
        bars.append(
            {
                "x": round(middle - step * 0.3, 1),
                "width": round(step * 0.6, 1),
                "middle": middle,
                "label": f"{month['id'][5:]}/{month['id'][2:4]}",
                "on_time_y": BOTTOM - on_time,
                "on_time_height": on_time,
                "late_y": round(BOTTOM - on_time - overdue, 1),
                "late_height": overdue,
            }
        )
        if month["received"]:
            points.append(f"{middle},{BOTTOM - height(month['received'])}")
    grades = [
        data["total"][grade] or 0
        for grade in ("satisfied", "acceptable", "unsatisfied")
    ]
    widest = max(*grades, 1)
    return {
        "bars": bars,
        "lines": [
            {"y": BOTTOM - height(number), "label": show_count(number or 0)}
            for number in (0, most // 2, most)
        ],
        "received": " ".join(points),
        "grades": [round(70 * grade / widest) for grade in grades],
    }


def get_scale(most):
    """Return the even round number at which the scale of a chart ends."""
    scale = 2
    while scale < most:
        scale *= 2 if str(scale)[0] in "15" else 2.5
        scale = int(scale)
    return scale + scale % 2


def get_lines(data):
    """Return the statistics as lines of a table, the first of which names the columns.

    A count is empty where it is left out, and ``<5`` where it is smaller.
    """
    columns = (
        *("received", "answered", "refused", "on_time", "overdue", "rated"),
        *("satisfied", "acceptable", "unsatisfied", "on_time_share", "satisfied_share"),
    )
    yield ("axis", "code", "name", *columns)
    rows = [("total", data["total"])]
    for axis in ("months", "categories", "units"):
        rows += [(axis, line) for line in data[axis]]
    for axis, line in rows:
        code = line.get("code") or line.get("id") or ""
        yield (
            axis,
            code,
            line.get("name") or "",
            *(get_cell(line.get(column), column) for column in columns),
        )


def get_cell(value, column):
    if column.endswith("_share"):
        return value or ""
    return "<5" if value is None else "" if value is False else value
