from odoo import fields, models
from odoo.exceptions import UserError


class PaknThread(models.AbstractModel):
    """What is said on a record with the value of paper (Art. 9, 13.1).

    It stays as it was said: nobody changes or deletes a message or its files, and
    nobody speaks in another's name (``mail_message.py``, ``ir_attachment.py``). It is
    heard by those alone who may read it: of the staff, who does not read the messages
    of a record neither follows it nor finds it by their words.
    """

    _name = "pakn.thread"
    _description = "Chatter that is kept"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    # Odoo searches through these without asking who may read what is found there
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    rating_ids = fields.One2many(
        bypass_search_access=False, groups="pakn_1022.group_operator"
    )
    # … and through these as superuser
    activity_summary = fields.Char(related_sudo=False)
    message_partner_ids = fields.Many2many(groups="pakn_1022.group_operator")

    # ------------------------------------------------------------
    # WHO HEARS IT
    # ------------------------------------------------------------

    def _get_reading_operation(self):
        """Return what one must be allowed to on these to read their messages."""
        operations = self._mail_get_operation_for_mail_message_operation("read")
        return next(iter(operations.values()), "read")

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Follow; Odoo asks of who follows no more than to read the record."""
        if not self.env.su and partner_ids:
            self.check_access(self._get_reading_operation())
        return super().message_subscribe(partner_ids, subtype_ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Let nobody of the staff follow what they may not read."""
        partner_ids = list(partner_ids or ())
        result = True
        for partner_id, deaf in self._find_deaf(partner_ids).items():
            partner_ids.remove(partner_id)
            if self - deaf:
                result = super(PaknThread, self - deaf)._message_subscribe(
                    [partner_id], subtype_ids, customer_ids
                )
        if not partner_ids:
            return result
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Propose nobody to who may not know who follows.

        The chatter asks for it whenever a record is opened, and Odoo reads the
        followers with the rights of who opens it.
        """
        if not (self.env.su or self.env.user.has_group("pakn_1022.group_operator")):
            return {record.id: [] for record in self}
        return super()._message_get_suggested_recipients_batch(*args, **kwargs)

    def message_get_followers(self, *args, **kwargs):
        self.check_access("read")
        return super().message_get_followers(*args, **kwargs)

    def _find_deaf(self, partner_ids):
        """Return ``{partner id: records}`` whose messages this colleague may not read.

        :param list partner_ids: who has no account inside is left to who adds them
        """
        operation = self._get_reading_operation()
        # sudo: res.users - whose account it is, and what it may read
        users = (
            self.env["res.users"]
            .sudo()
            .search([("partner_id", "in", partner_ids), ("share", "=", False)])
        )
        found = {}
        for user in users:
            readable = self.with_user(user)._filtered_access(operation)
            deaf = self.browse(set(self._ids) - set(readable._ids))
            if deaf:
                found[user.partner_id.id] = deaf
        return found

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Tell no follower who may not read it any more; who is named is named."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        named = (msg_vals or {}).get("partner_ids") or message.sudo().partner_ids.ids
        followers = [
            recipient["id"]
            for recipient in recipients
            if recipient["is_follower"]
            and recipient["type"] == "user"
            and recipient["id"] not in named
        ]
        deaf = self._find_deaf(followers) if followers else ()
        return [recipient for recipient in recipients if recipient["id"] not in deaf]

    # ------------------------------------------------------------
    # IT STAYS AS IT WAS SAID
    # ------------------------------------------------------------

    def _check_can_update_message_content(self, messages):
        """Refuse the chatter's own ways to change a message, or to empty it."""
        raise UserError(
            self.env._(
                "What was said on a request stays as it was said (Art. 9). Please "
                "write another message that puts it right."
            )
        )
