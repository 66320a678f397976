from odoo import fields, models

from odoo.addons.pakn_1022.tools import province

from ..tools.check import find_faults
from ..tools.tables import TABLES

MODELS = {
    "ticket": "pakn.ticket",
    "slip": "pakn.transfer",
    "act": "pakn.event",
    "rating": "rating.rating",
    "message": "mail.message",
    "file": "ir.attachment",
    "document": "pakn.document",
    "notice": "pakn.notice",
    "access": "pakn.access.log",
    "call": "pakn.call",
    "recording": "pakn.call.recording",
    "said": "pakn.chat.message",
}


class PaknTicketState(models.AbstractModel):
    """Whether a request is what its record says (Art. 9.1), and what is not.

    A room of ``pakn.ticket``.
    """

    _name = "pakn.ticket.state"
    _description = "State of a request against its record"

    def _find_faults(self):
        """Add what was changed past the program: states, chains of states, files."""
        sentences = super()._find_faults()
        seals = self.env["pakn.seal"]
        seals._seal_pending()
        self.env.flush_all()
        for fault in find_faults(self.env.cr, seals._get_reader(), self.ids):
            ticket = self.browse(fault.ticket)
            sentences.setdefault(ticket, []).extend(ticket._describe_fault(fault))
        return sentences

    def _describe_fault(self, fault):
        """Return sentences for a :class:`~..tools.check.Fault`."""
        if fault.what == "seal":
            return [
                self.env._(
                    "The record of states of %(code)s does not fit from no. %(number)s "
                    "on: it was changed outside of the program.",
                    code=fault.code,
                    number=fault.number,
                )
            ]
        if fault.what == "act":
            return [
                self.env._(
                    "Act no. %(number)s of %(code)s is not the one that was sealed.",
                    code=fault.code,
                    number=fault.number,
                )
            ]
        if fault.what == "anchor":
            return [
                self.env._(
                    "The record of %(code)s is not the one that was anchored (state "
                    "no. %(number)s): it was written anew outside of the program.",
                    code=fault.code,
                    number=fault.number,
                )
            ]
        rows = {}
        for difference in fault.differences:
            rows.setdefault((difference.kind, difference.row), []).append(difference)
        return [
            self._describe_row(fault.code, kind, row, differences)
            for (kind, row), differences in rows.items()
        ]

    def _describe_row(self, code, kind, row, differences):
        model = self.env[MODELS[kind]]
        what = {
            "ticket": self.env._("request"),
            "slip": self.env._("slip no. %s", row),
            "act": self.env._("who is shown for an act (no. %s)", row),
            "rating": self.env._("rating no. %s", row),
            "message": self.env._("message no. %s", row),
            "file": self.env._("file no. %s", row),
            "document": self.env._("document no. %s", row),
            "notice": self.env._("notice no. %s", row),
            "access": self.env._("row no. %s of who opened whose data", row),
            "call": self.env._("call no. %s", row),
            "recording": self.env._("recording no. %s", row),
            "said": self.env._("no. %s of what was said in a conversation", row),
        }[kind]
        [first, *_others] = differences
        if not first.column:
            if first.found is None:
                return self.env._(
                    "%(code)s, %(what)s: removed outside of the program.",
                    code=code,
                    what=what,
                )
            return self.env._(
                "%(code)s, %(what)s: added outside of the program.",
                code=code,
                what=what,
            )
        return self.env._(
            "%(code)s, %(what)s: changed outside of the program: %(fields)s.",
            code=code,
            what=what,
            fields="; ".join(
                self._describe_column(model, difference) for difference in differences
            ),
        )

    def _describe_column(self, model, difference):
        """Name a field, with what is on record and what stands there now if telling."""
        name = difference.column
        if difference.kind == "file" and name == "place":
            return self.env._("whose file it is")
        if name in TABLES[difference.kind].said:
            return self.env._("words")
        stored = TABLES[difference.kind].stored
        if stored and name == stored[0]:
            return self.env._("content of the file")
        field = model._fields[name]
        label = field._description_string(self.env)
        if name in TABLES[difference.kind].hashed:
            return label
        values = (difference.recorded, difference.found)
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            values = [labels.get(value, value) for value in values]
        elif field.type == "datetime":
            values = [
                value
                and province.to_local(
                    fields.Datetime.to_datetime(value.split(".")[0])
                ).strftime("%d/%m/%Y %H:%M:%S")
                for value in values
            ]
        elif field.type not in ("char", "integer", "float"):
            return label
        before, after = (value or "–" for value in values)
        return self.env._(
            "%(label)s (on record %(before)s, found %(after)s)",
            label=label,
            before=before,
            after=after,
        )

    def _cron_verify_records(self, batch_size=1000):
        """Check the anchors too, when all requests have been looked at."""
        result = super()._cron_verify_records(batch_size)
        # sudo: ir.config_parameter - where the run came to; 0: it is at the end
        params = self.env["ir.config_parameter"].sudo()
        if params.get_param("pakn_1022.record_checked_id", "0") == "0":
            self.env["pakn.anchor"]._verify_all()
        return result
