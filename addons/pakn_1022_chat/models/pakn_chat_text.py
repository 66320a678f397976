import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_BLANK = re.compile(r"\{(\w+)\}")


class PaknChatText(models.Model):
    """What is said in chats: the helper's words and the outbox's, by their keys.

    The administrator writes them; blanks such as ``{code}`` are filled in.
    """

    _name = "pakn.chat.text"
    _description = "Chat text"
    _order = "sequence, id"

    key = fields.Char(required=True, readonly=True)
    name = fields.Char(string="When", required=True, translate=True)
    text = fields.Text(required=True, translate=True)
    blanks = fields.Char(readonly=True, help="What may stand in the text, in braces.")
    sequence = fields.Integer(default=10)
    is_notice = fields.Boolean(
        string="Told of an act", readonly=True, help="Told by the outbox (Art. 10.1)."
    )
    active = fields.Boolean(
        default=True, help="The outbox tells nothing by a text that is archived."
    )

    _key_unique = models.UniqueIndex("(key)", "There is a text with this key already.")

    @api.constrains("text")
    def _check_text(self):
        for text in self:
            known = set((text.blanks or "").replace(",", " ").split())
            unknown = set(_BLANK.findall(text.text or "")) - known
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot say {%(blank)s}. It may say: %(known)s",
                        name=text.name,
                        blank=sorted(unknown)[0],
                        known=text.blanks or "-",
                    )
                )

    @api.model
    def _render(self, key, values):
        """Return a text with its blanks filled in, in the citizens' language.

        :param dict values: ``{blank: plain text}``; what is missing is left empty
        :return: empty when there is no such text
        """
        lang = self.env["pakn.ticket"]._get_citizen_lang()
        # sudo: the words of the hotline, whoever has them said
        found = self.sudo().with_context(lang=lang).search([("key", "=", key)])
        text = _BLANK.sub(
            lambda match: str(values.get(match[1]) or ""), found.text or ""
        )
        return text.strip()

    @api.model
    def _has(self, key):
        # sudo: whether there is such a text
        return bool(self.sudo().search_count([("key", "=", key)], limit=1))
