import hashlib

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..tools.html_text import read_html

# Characters of a request that are read, searched, redacted and sent to people
TEXT_LENGTH = 20_000
TITLE_LENGTH = 250
# Characters of a page with at most that much text: mark-up weighs too
PAGE_LENGTH = 10 * TEXT_LENGTH


class PaknTicketWords(models.AbstractModel):
    """The words of a request stay readable, whoever sends how many, and none is lost.

    A room of ``pakn.ticket``: needs ``title``, ``description``, ``attachment_ids``. By
    form, mail, an operator's hand or another program's call: what is longer than
    :data:`TEXT_LENGTH` is cut in the request and kept whole as a file of it.
    """

    _name = "pakn.ticket.words"
    _description = "Words of a request"

    @api.model_create_multi
    def create(self, vals_list):
        shortened = []
        for vals in vals_list:
            vals, whole = self._shorten(vals)
            if whole:
                files = list(vals.get("attachment_ids") or ())
                vals["attachment_ids"] = [*files, fields.Command.create(whole)]
            shortened.append(vals)
        return super().create(shortened)

    def write(self, vals):
        vals, whole = self._shorten(vals)
        result = super().write(vals)
        if whole:
            checksum = hashlib.sha1(whole["raw"]).hexdigest()  # noqa: S324 - as Odoo
            for ticket_sudo in self.sudo():  # sudo: a file of what was just written
                # The same text comes twice when a mail is taken in
                if checksum not in ticket_sudo.attachment_ids.mapped("checksum"):
                    file = {**whole, "res_model": self._name, "res_id": ticket_sudo.id}
                    ticket_sudo.attachment_ids = [fields.Command.create(file)]
        return result

    @api.model
    def _shorten(self, vals):
        """Return values whose words are short enough, and the file of the whole.

        :return: ``(vals, values of an ir.attachment or None)``; the values given where
            nothing is too long, which costs a look at the length
        """
        title = vals.get("title") if isinstance(vals.get("title"), str) else ""
        page = vals.get("description")
        page = page if isinstance(page, str) else ""
        # Of a page without end its beginning is read: time is weight too
        text = read_html(page[:PAGE_LENGTH])[0] if len(page) > TEXT_LENGTH else page
        is_long = len(text) > TEXT_LENGTH or len(page) > PAGE_LENGTH
        if not is_long and len(title) <= TITLE_LENGTH:
            return vals, None
        vals, parts = dict(vals), []
        if len(title) > TITLE_LENGTH:
            vals["title"] = f"{title[: TITLE_LENGTH - 1].rstrip()}…"
            parts.append(title)
        if is_long:
            vals["description"] = Markup("%s<p><em>%s</em></p>") % (
                plaintext2html(text[:TEXT_LENGTH].rstrip()),
                self.env._("(The whole text is among the files of this request.)"),
            )
            # As it came, where not all of it was read
            parts.append(page if len(page) > PAGE_LENGTH else text)
        return vals, {
            "name": self.env._("Whole text.txt"),
            "raw": "\n\n".join(parts).encode("utf-8", "replace"),
            "mimetype": "text/plain",
        }
