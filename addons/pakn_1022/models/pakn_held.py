from odoo import api, models


class PaknHeld(models.AbstractModel):
    """What addons hold of a person beside the requests (Law 91/2025/QH15); hooks.

    Each addon that keeps numbers of its own says here what it has of one, and lets go
    of what lies in files. Who calls has the right to see it, or to remove it.
    """

    _name = "pakn.held"
    _description = "What is held of a person"

    @api.model
    def _get_held(self, phone):
        """Return what is held of a phone beside its requests.

        :param str phone: E.164
        :return: ``[{"key", "title", "rows": [{"when", "text", ...}]}]``, oldest first;
            ``when`` is UTC, all else JSON can hold
        """
        return []

    @api.model
    def _remove_held(self, tickets, phones):
        """Remove the files that are held of a person beside those of the requests.

        :param tickets: ``pakn.ticket`` of the person
        :param phones: E.164, those that are nobody else's
        """
