import json

from odoo.http import request

from odoo.addons.web.controllers.export import ExcelExport


class PaknExcelExport(ExcelExport):
    """The spreadsheet of a grouped list of calls says what its pivot says.

    Odoo works the measures of groups out of the rows of the file. It knows no
    percentiles, for they do not follow from those of parts, and takes a length that is
    not known for zero. Of calls the database is asked instead, once for each level.
    """

    def from_group_data(self, fields, columns_headers, groups):
        if groups._model._name == "pakn.call":
            self._measure(groups)
        return super().from_group_data(fields, columns_headers, groups)

    def _measure(self, groups):
        """Give each group of the tree its measures, those of a pivot.

        :param groups: Odoo's tree of groups; a node keeps what its rows add up to
        """
        # What Odoo has made the tree of
        asked = json.loads(request.params["data"])
        domain = [("id", "in", asked["ids"])] if asked["ids"] else asked["domain"]
        model = groups._model
        names = groups._get_aggregated_field_names()
        specs = [f"{name}:{model._fields[name].aggregator}" for name in names]
        for depth in range(1, len(asked["groupby"]) + 1):
            groupby = asked["groupby"][:depth]
            for row in model.formatted_read_group(domain, groupby, specs):
                node = groups
                for name in groupby:
                    node = node.child(row[name])
                node.aggregated_values = {
                    name: _as_cell(row[spec])
                    for name, spec in zip(names, specs, strict=True)
                }


def _as_cell(value):
    """Return a measure as a cell holds it; empty where nothing was measured."""
    if value is None or value is False:
        return None
    return value if isinstance(value, int) else round(float(value), 2)
