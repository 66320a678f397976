from xmlrpc.client import Binary

from markupsafe import Markup

from odoo import api, models

from ..tools.mail_content import parse_mail
from ..tools.remote_pictures import keep_out
from ..tools.ticket_code import find_codes


class MailThread(models.AbstractModel):
    """Mail to the hotline (Art. 3.2.2): kept whatever happens, and sorted by code."""

    _inherit = "mail.thread"

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, hash=None, pid=None, token=None, **kwargs
    ):
        """Open no record of ours to whoever brings a key: rights alone count.

        The citizen's key opens the pages made for it, with their limits, kinds of
        files and acts; Odoo's own routes for messages and files know none of these.
        """
        if self._name.startswith("pakn."):
            hash = pid = token = None  # noqa: A001 - so Odoo calls it
        return super()._get_thread_with_access(
            thread_id, hash=hash, pid=pid, token=token, **kwargs
        )

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
    def _message_parse_extract_payload_postprocess(self, message, payload_dict):
        """Leave out what would tell a mail's sender that it was read, and by whom."""
        payload = super()._message_parse_extract_payload_postprocess(
            message, payload_dict
        )
        sentence = self.env._("[A picture of %s, which is not loaded]")
        body = keep_out(str(payload["body"] or ""), sentence)
        return payload | {"body": Markup(body)}  # noqa: S704 - as it came, but for that

    @api.model
    def message_route(self, message, message_dict, *args, **kwargs):
        """Let a mail that names the code of a request join it, whoever sends it.

        New requests lose their alias, for Odoo would answer a failure with a bounce
        and mark the alias as broken; ours keeps such a mail for the operator.
        """
        routes = super().message_route(message, message_dict, *args, **kwargs)
        found = []
        for route in routes:
            model, thread_id, custom_values, user_id, _alias = route
            if model == "pakn.ticket" and not thread_id:
                ticket = self._find_ticket_by_code(message_dict)
                route = (model, ticket.id or 0, custom_values, user_id, None)
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
