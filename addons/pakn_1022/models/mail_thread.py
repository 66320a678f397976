from xmlrpc.client import Binary

from odoo import api, models
from odoo.tools import formataddr

from ..tools.mail_content import parse_mail
from ..tools.mail_headers import get_writer
from ..tools.ticket_code import find_codes


class MailThread(models.AbstractModel):
    """Mail to the hotline (Art. 3.2.2): kept whatever happens, and sorted by code."""

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """Process a mail as Odoo does; one for the hotline is never lost."""
        raw = message.data if isinstance(message, Binary) else message
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        parsed = parse_mail(raw)
        mails = self.env["pakn.mail"]
        if not mails._is_for_hotline(model, parsed):
            return super().message_process(model, message, *args, **kwargs)

        def process(content, context):
            threads = super(MailThread, self.with_context(**context))
            return threads.message_process(model, content, *args, **kwargs)

        return mails._take_in(raw, parsed, process)

    @api.model
    def message_parse(self, message, *args, **kwargs):
        """Take who wrote a mail to the hotline for its sender, not a machine."""
        values = super().message_parse(message, *args, **kwargs)
        if self.env.context.get("pakn_mail_text") is not None:
            name, address = get_writer(message)
            if address and address.lower() not in (values["email_from"] or "").lower():
                values["email_from"] = formataddr((name, address))
        return values

    @api.model
    def message_route(self, message, message_dict, *args, **kwargs):
        """Let a mail that names the code of a request join it, from its own address.

        What answers a message of ours joins by Odoo's own rule. A code alone, which is
        printed on the public site, proves nothing: such a mail is a request of its own
        with a mark, and the operator may join it.

        New requests lose their alias, for Odoo would answer a failure with a bounce
        and mark the alias as broken; ours keeps such a mail for the operator.
        """
        routes = super().message_route(message, message_dict, *args, **kwargs)
        found = []
        for route in routes:
            model, thread_id, custom_values, user_id, _alias = route
            if model == "pakn.ticket" and not thread_id:
                named = self._find_ticket_by_code(message_dict)
                own = named.filtered(lambda ticket: ticket._is_of_sender(message_dict))
                if named and not own:
                    custom_values = {**(custom_values or {}), "mentioned_id": named.id}
                route = (model, own.id or 0, custom_values, user_id, None)
            found.append(route)
        return found

    @api.model
    def _find_ticket_by_code(self, message_dict):
        tickets = self.env["pakn.ticket"].sudo()  # sudo: whoever runs the gateway
        text = self.env.context.get("pakn_mail_text") or str(message_dict.get("body"))
        codes = find_codes(message_dict.get("subject"), text)
        for code in codes:
            ticket = tickets.search([("name", "=", code)], limit=1)
            if ticket:
                return ticket
        return tickets
