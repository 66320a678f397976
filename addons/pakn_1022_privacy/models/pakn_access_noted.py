from odoo import api, models

from .pakn_access_log import CLOSE, PERSONAL, WORDS

# Rows that a list of the screens shows at once; who reads more takes them along
A_LIST = 100
# In the context of what ``web_read`` reads, and of nothing that comes over RPC
_NOTED = object()


class PaknAccessNoted(models.AbstractModel):
    """Who reads a citizen's data of these records leaves a row, by whichever road.

    Forms, programs (``read``, ``search_read``, JSON-2) and, with ``base`` below,
    exports. Of the lists of the screens, which show names and phones to many, the state
    secrets alone.
    """

    _name = "pakn.access.noted"
    _description = "Noting whose data were read"

    def _get_access_tickets(self):
        """Return the requests of these records, as the user."""
        raise NotImplementedError

    def _note_access(self, names, secret_alone=False):
        """Note it where the fields that were read tell of a citizen.

        :param bool secret_alone: of state secrets only
        """
        names = set(names)
        if self and not self.env.su and not names.isdisjoint(PERSONAL | WORDS):
            tickets = self._get_access_tickets()
            if secret_alone:
                # sudo: how secret they are; the caller has read them
                secret = tickets.sudo().filtered(lambda one: one.secrecy == "secret")
                tickets = secret.with_env(self.env)
            self.env["pakn.access.log"]._note(tickets, names)

    def web_read(self, specification):
        """Note who opens one, or reads of several what no list shows, or a secret."""
        noted = self.with_context(pakn_access_noted=_NOTED)
        result = super(PaknAccessNoted, noted).web_read(specification)
        is_close = len(self) == 1 or not CLOSE.isdisjoint(specification)
        self._note_access(specification, not is_close and len(self) <= A_LIST)
        return result

    def read(self, fields=None, load="_classic_read"):
        result = super().read(fields, load=load)
        if self.env.context.get("pakn_access_noted") is not _NOTED:
            self._note_access(fields or self._fields)
        return result

    @api.model
    def search_read(
        self, domain=None, fields=None, offset=0, limit=None, order=None, **read_kwargs
    ):
        result = super().search_read(
            domain, fields, offset=offset, limit=limit, order=order, **read_kwargs
        )
        if result:
            found = self.browse(row["id"] for row in result)
            found._note_access(result[0])
        return result


class Base(models.AbstractModel):
    _inherit = "base"

    def export_data(self, fields_to_export):
        """Note whose data are in an export, of whichever records it is made."""
        result = super().export_data(fields_to_export)
        self._note_export([path.replace(".", "/") for path in fields_to_export])
        return result

    def _note_export(self, paths):
        log = self.env["pakn.access.log"]
        found = {}
        for path in paths:
            *steps, name = path.split("/")
            if name in PERSONAL | WORDS:
                found.setdefault(tuple(steps), set()).add(name)
        for steps, names in found.items():
            records = self
            for step in steps:
                records = records[step]
            if isinstance(records, self.env.registry["pakn.access.noted"]):
                log._note(records._get_access_tickets(), names)
