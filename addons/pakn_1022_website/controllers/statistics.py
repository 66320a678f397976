"""The numbers in public; see ``pakn.statistics`` on what can be told from them."""

import csv
import io
import re

from odoo import http
from odoo.http import request

from odoo.addons.pakn_1022.tools.province import NAME, TIMEZONE

from .caching import (
    OF_ALL_PAGES,
    make_etag,
    render_part,
    respond,
    respond_page,
)
from .common import data, page

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# What the lines of the tables are about
AXES = ("total", "years", "months", "categories", "units", "areas")
COUNTS = (
    *("received", "answered", "refused", "on_time", "overdue", "rated"),
    *("satisfied", "acceptable", "unsatisfied"),
)
COLUMNS = (*COUNTS, "on_time_share", "satisfied_share")


class Statistics(http.Controller):
    """Tables and charts, and the same as open data.

    Each is of the last twelve months, or of a year that has ended (``?nam=2025``).
    """

    @page("/thong-ke", per_minute=120, sitemap=True)
    def statistics(self, **params):
        last_sudo = self._get_asked(params)
        figures = last_sudo.data or {}
        year = last_sudo.year
        # Which years there are, the first page says
        first_sudo = request.env["pakn.statistics"]._get_last() if year else last_sudo

        def make_figures():
            return {
                "statistics": figures,
                "show": show_count,
                "share": show_share,
                "shade": get_shade,
                "charts": {} if year else get_charts(figures),
                "year": year,
                "query": get_query(last_sudo),
                "columns": get_columns(request.env),
            }

        def make_values():
            template = "pakn_1022_website.statistics_figures"
            # Counted at night and never changed
            return {
                "figures": figures and render_part(template, make_figures, last_sudo.id)
            }

        return respond_page(
            "pakn_1022_website.statistics",
            {
                "date": last_sudo.date,
                "timezone": TIMEZONE,
                "year": year,
                "ended_years": (first_sudo.data or {}).get("ended_years", ()),
            },
            (last_sudo.id,),
            last_sudo.date or None,
            make_values,
        )

    def _get_asked(self, params):
        """Return the statistics that an address asks for, in sudo.

        :raise NotFound: there is no such year, or it has not ended
        """
        year = params.get("nam")
        # ASCII alone: other digits are numbers too for Python
        if year and not re.fullmatch("[0-9]{4}", year):
            raise request.not_found()
        asked_sudo = request.env["pakn.statistics"]._get_last(year)
        if year and not asked_sudo:
            raise request.not_found()
        return asked_sudo

    @data("/thong-ke.json", per_minute=60)
    def open_data(self, **params):
        last_sudo = self._get_asked(params)
        return self._respond_data(
            last_sudo,
            "application/json",
            lambda: {
                "date": str(last_sudo.date or ""),
                "licence": LICENCE,
                "columns": get_columns(request.env),
                **(last_sudo.data or {}),
            },
        )

    @data("/thong-ke.geojson", per_minute=60)
    def open_map(self, **params):
        """Give the figures of the wards and communes, at their centres (RFC 7946)."""
        last_sudo = self._get_asked(params)
        return self._respond_data(
            last_sudo,
            "application/geo+json",
            lambda: {
                "type": "FeatureCollection",
                "date": str(last_sudo.date or ""),
                "licence": LICENCE,
                "columns": get_columns(request.env),
                "features": [
                    get_feature(area)
                    for area in (last_sudo.data or {}).get("areas", ())
                ],
            },
        )

    @data("/thong-ke.csv-metadata.json", per_minute=60)
    def describe_table(self, **params):
        """Describe the columns of the table, as "CSV on the Web" of W3C has it."""
        last_sudo = self._get_asked(params)
        columns = get_columns(request.env)
        return self._respond_data(
            last_sudo,
            "application/csvm+json",
            lambda: {
                "@context": ["http://www.w3.org/ns/csvw", {"@language": "vi"}],
                "url": f"thong-ke.csv{get_query(last_sudo)}",
                "dc:license": {"@id": LICENCE},
                "dc:publisher": NAME,
                "tableSchema": {
                    "columns": [
                        {"name": name, "titles": name, "dc:description": text}
                        for name, text in columns.items()
                    ]
                },
            },
        )

    def _respond_data(self, last_sudo, kind, make_content):
        """Return what programs read, from anywhere, and may keep for an hour."""

        def make():
            response = request.make_json_response(make_content())
            response.headers["Content-Type"] = f"{kind}; charset=utf-8"
            response.headers["Link"] = f'<{LICENCE}>; rel="license"'
            return response

        return respond(
            make,
            make_etag(kind, last_sudo.id),
            last_sudo.date or None,
            max_age=3600,
            headers=OF_ALL_PAGES,
        )

    @data("/thong-ke.csv", per_minute=60)
    def open_table(self, **params):
        last_sudo = self._get_asked(params)

        def make():
            out = io.StringIO()
            name = (
                f"thong-ke-1022-{last_sudo.year}" if last_sudo.year else "thong-ke-1022"
            )
            if last_sudo.data:
                csv.writer(out).writerows(get_lines(last_sudo.data))
            return request.make_response(
                # With a mark: Excel takes it for another character set without
                "\ufeff" + out.getvalue(),
                [
                    ("Content-Type", "text/csv; charset=utf-8"),
                    ("Content-Disposition", f'attachment; filename="{name}.csv"'),
                    (
                        "Link",
                        f'<{LICENCE}>; rel="license", '
                        f"<thong-ke.csv-metadata.json{get_query(last_sudo)}>; "
                        'rel="describedby"; type="application/csvm+json"',
                    ),
                ],
            )

        return respond(
            make,
            make_etag("csv", last_sudo.id),
            last_sudo.date or None,
            max_age=3600,
            headers=OF_ALL_PAGES,
        )


def get_query(statistics_sudo):
    """Return what the addresses of statistics end with."""
    return f"?nam={statistics_sudo.year}" if statistics_sudo.year else ""


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
    yield ("axis", "code", "name", *COLUMNS)
    rows = [("total", data["total"])]
    for axis in AXES[1:]:
        # Of a year there are no months
        rows += [(axis, line) for line in data.get(axis, ())]
    for axis, line in rows:
        code = line.get("code") or line.get("id") or ""
        yield (
            axis,
            code,
            line.get("name") or "",
            *(get_cell(line.get(column), column) for column in COLUMNS),
        )


def get_columns(env):
    """Return what each column of the open data says, ``{name: sentence}``."""
    return {
        "axis": env._(
            "What the line is about: all (total), a year, a month, a field, a unit or "
            "a ward or commune. All but years are of the last twelve months, or of the "
            "year that was asked for."
        ),
        "code": env._("Its code, or the year or month itself"),
        "name": env._("Its name"),
        "received": env._("Requests received"),
        "answered": env._("Of them: a result was sent to the citizen"),
        "refused": env._("Of them: not taken in (Art. 8)"),
        "on_time": env._("Of those answered: in time"),
        "overdue": env._("Answered late, or late and still open (Art. 11.4)"),
        "rated": env._("Rated by the citizen (Art. 14)"),
        "satisfied": env._("Of them: satisfied"),
        "acceptable": env._("Of them: acceptable"),
        "unsatisfied": env._("Of them: not satisfied"),
        "on_time_share": env._("In time, in per cent of those in time and late"),
        "satisfied_share": env._("Satisfied, in per cent of those rated"),
    }


def get_feature(area):
    """Return a line of an area as a feature of GeoJSON; its counts as in the table."""
    place = area["place"]
    return {
        "type": "Feature",
        "geometry": place
        and {"type": "Point", "coordinates": [place[1], place[0]]}
        or None,
        "properties": {
            "code": area["code"],
            "name": area["name"],
            **{column: get_cell(area.get(column), column) for column in COLUMNS},
        },
    }


def get_cell(value, column):
    if column.endswith("_share"):
        return value or ""
    return "<5" if value is None else "" if value is False else value
