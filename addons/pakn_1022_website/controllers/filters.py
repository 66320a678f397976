"""What the addresses of results, map, feeds and widget may ask for."""

from datetime import date, timedelta
from urllib.parse import urlencode

from odoo import fields
from odoo.http import request

# As they stand in addresses, so in Vietnamese
NAMES = ("q", "linh-vuc", "dia-ban", "don-vi", "tu", "den", "trang-thai")
OUTCOMES = {"dung-han": "on_time", "tre-han": "late", "tra-loi-ngay": "instant"}
_RECORDS = {
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
            value = clean(value, 100)
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
        if name in _RECORDS:
            key, model = _RECORDS[name]
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
        moment = fields.Datetime.to_datetime(day) - timedelta(hours=7)
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
            if name in _RECORDS:
                value = self.domain[_RECORDS[name][0]].name
            words.append((name, value))
        return words


def clean(text, length):
    """Return what a visitor typed in one line, without what no text holds."""
    text = "".join(c for c in str(text)[: length * 4] if c.isprintable() or c.isspace())
    text = text.encode("utf-8", "ignore").decode("utf-8", "ignore")
    return " ".join(text.split())[:length].strip()


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
