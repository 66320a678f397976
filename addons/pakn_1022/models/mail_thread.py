from xmlrpc.client import Binary

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, formataddr

from ..tools.mail_content import parse_mail
from ..tools.mail_headers import get_writer
from ..tools.remote_pictures import keep_out
from ..tools.ticket_code import find_codes


class MailThread(models.AbstractModel):
    """Mail to the hotline (Art. 3.2.2): kept whatever happens, and sorted by code.

    What Odoo's gateway and its programs call is theirs: over RPC these methods would
    create, change, move and send anything, in anybody's name.
    """

    _inherit = "mail.thread"

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        """Open no record of ours to whoever brings a key: rights alone count.

        The citizen's key opens the pages made for it, with their limits, kinds of
        files and acts; Odoo's own routes for messages and files know none of these.
        """
        if self._name.startswith("pakn."):
            keys = ("hash", "pid", "token")
            kwargs = {name: kwargs[name] for name in kwargs if name not in keys}
        return super()._get_thread_with_access(thread_id, **kwargs)

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """Process a mail as Odoo does; one for the hotline is never lost.

        The gateway works as superuser: for it alone, by mail server or mail script.

        :raise AccessError: the caller may not change the settings
        """
        if not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(
                self.env._("Mail is handed over by the mail gateway alone.")
            )
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

    @api.private
    @api.model
    def message_parse(self, message, *args, **kwargs):
        """Take who wrote a mail to the hotline for its sender, not a machine."""
        values = super().message_parse(message, *args, **kwargs)
        if self.env.context.get("pakn_mail_text") is not None:
            name, address = get_writer(message)
            known = email_normalize(values["email_from"] or "")
            if address and address.lower() != known:
                values["email_from"] = formataddr((name, address))
        return values

    @api.model
    def _message_parse_extract_payload_postprocess(self, message, payload_dict):
        """Leave out what would tell a mail's sender that it was read, and by whom."""
        payload = super()._message_parse_extract_payload_postprocess(
            message, payload_dict
        )
        sentence = self.env._("[A picture of %s, which is not loaded]")
        body = keep_out(str(payload["body"] or ""), sentence)
        return payload | {"body": Markup(body)}  # noqa: S704 - as it came, but for that

    @api.private
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
                own = named.filtered(lambda ticket: ticket._is_of_sender())
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

    def _creation_message(self):
        """Say it without the model's name.

        What an addon brings with it is made before its names are translated, and the
        message would stay half in English.
        """
        if self._name.startswith("pakn."):
            return self.env._("Created")
        return super()._creation_message()

    # ------------------------------------------------------------
    # FOR PROGRAMS ALONE
    # ------------------------------------------------------------

    @api.private
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Refuse to make a unit, slip or report of a mail: requests alone come so."""
        if self._name.startswith("pakn."):
            raise AccessError(self.env._("Only requests are taken in by mail."))
        return super().message_new(msg_dict, custom_values)

    @api.private
    def message_update(self, msg_dict, update_vals=None):
        return super().message_update(msg_dict, update_vals)

    @api.private
    def message_notify(self, **kwargs):
        return super().message_notify(**kwargs)

    @api.private
    def message_mail_with_source(self, source_ref, **kwargs):
        return super().message_mail_with_source(source_ref, **kwargs)

    @api.private
    def message_post_with_source(self, source_ref, **kwargs):
        return super().message_post_with_source(source_ref, **kwargs)

    @api.private
    def message_change_thread(self, new_thread, new_parent_message=False):
        return super().message_change_thread(new_thread, new_parent_message)

    @api.private
    def rating_send_request(self, template, lang=False, force_send=True):
        return super().rating_send_request(template, lang, force_send)

    @api.private
    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        return super().rating_apply(
            rate, token, rating, feedback, subtype_xmlid, notify_delay_send
        )
