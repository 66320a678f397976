"""What the addresses of results, map, feeds and widget may ask for."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from odoo.http import request

from odoo.addons.pakn_1022.tools.province import to_utc

from ..tools.text import clean_line

# As they stand in addresses, so in Vietnamese
NAMES = ("q", "linh-vuc", "dia-ban", "don-vi", "tu", "den", "trang-thai")
OUTCOMES = {
    "dung-han": "on_time",
    "tre-han": "late",
    "tra-loi-ngay": "instant",
    # No outcome yet: what is shown while it is handled
    "dang-xu-ly": "open",
}
RECORDS = {
    "linh-vuc": ("category", "pakn.category"),
    "dia-ban": ("area", "pakn.area"),
    "don-vi": ("unit", "pakn.unit"),
}


class Filters:
    """Filters of one request; what makes no sense is left out and told of.

    :ivar dict values: as they stand in the address, the good ones alone
    :ivar dict domain: for ``pakn.ticket._get_results_domain``
    :ivar bool is_odd: something was left out
    """

    def __init__(self, params):
        self.values, self.domain, self.is_odd = {}, {}, False
        for name in NAMES:
            value = params.get(name)
            if value in (None, ""):
                continue
            value = clean_line(value, 100)
            if not value or not self._take(name, value):
                self.is_odd = True
                continue
            self.values[name] = value

    def _take(self, name, value):
        if name == "q":
            self.domain["words"] = value
            return True
        if name == "trang-thai":
            self.domain["outcome"] = OUTCOMES.get(value)
            return value in OUTCOMES
        if name in RECORDS:
            key, model = RECORDS[name]
            # sudo: names of offices, fields and areas are public
            record = request.env[model].sudo().search([("code", "=", value)], limit=1)
            self.domain[key] = record
            return bool(record)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return False
        if not 2000 <= day.year <= 2100:
            return False
        if name == "den":
            day += timedelta(days=1)
        # The days of the province, in UTC
        moment = to_utc(datetime.combine(day, time()))
        self.domain["date_from" if name == "tu" else "date_to"] = moment
        return True

    def query(self, **changes):
        """Return the query of an address with these filters, ``?`` included."""
        values = {key: value for key, value in (self.values | changes).items() if value}
        return "?" + urlencode(values) if values else ""

    def get_names(self):
        """Return the filters in words: ``[(name in the address, text)]``."""
        words = []
        for name, value in self.values.items():
            if name in RECORDS:
                value = self.domain[RECORDS[name][0]].name
            words.append((name, value))
        return words


def get_choices():
    """Return the fields, areas and units that can be chosen, in sudo."""
    env = request.env(su=True)  # sudo: names of offices, fields and areas are public
    categories = env["pakn.category"].search_fetch(
        [], ["name", "code", "parent_id"], limit=500
    )
    return {
        "categories": categories,
        "areas": env["pakn.area"].search_fetch(
            [], ["name", "code"], order="name", limit=1000
        ),
        "units": env["pakn.unit"].search_fetch(
            [], ["name", "code"], order="sequence, name", limit=1000
        ),
    }
