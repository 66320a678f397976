from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import outfile

KINDS = [("zalo", "Zalo"), ("facebook", "Facebook"), ("livechat", "Chat box")]
# Hours after a citizen's last word in which an answer can be sent
WINDOW_HOURS = {"zalo": 7 * 24, "facebook": 24, "livechat": 24 * 365}
TODO = "mail.mail_activity_data_todo"
# Messages after each of the citizen's that cost nothing, at doors that charge
FREE_MESSAGES = {"zalo": 8}
# Files that go out with one message
FILES = 10


class PaknChatAccount(models.Model):
    """An account of the hotline at a chat door (Art. 3.2.3, 3.2.4, 3.3).

    An addon adds a door by adding its gateway to :meth:`_get_gateways`, and its own
    fields here; their secrets are shown to nobody.
    """

    _name = "pakn.chat.account"
    _inherit = ["mail.thread", "mail.activity.mixin", "pakn.secret.mixin"]
    _description = "Chat account"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, string="Door", required=True)
    outside_id = fields.Char(
        string="Number at the door", help="Of the Official Account or the page."
    )
    has_helper = fields.Boolean(
        string="Helper",
        default=True,
        help="A programme answers first, takes requests in step by step and calls a "
        "person when asked. It says that it is a programme.",
    )
    window_hours = fields.Integer(
        string="Hours to answer",
        compute="_compute_window_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="After the citizen's last message; then the door is shut and the next one "
        "is used (SMS, mail).",
    )
    free_hours = fields.Integer(
        string="Of them free",
        default=48,
        help="After these hours the door may charge for an answer.",
    )
    free_messages = fields.Integer(
        string="Free messages",
        compute="_compute_free_messages",
        store=True,
        readonly=False,
        precompute=True,
        help="So many go out free of charge after each message of the citizen, within "
        "the free hours; zero where the door never charges.",
    )
    problem = fields.Char(readonly=True, help="What the door said last, if not well.")

    warning = fields.Char(
        compute="_compute_warning", help="What runs out here, and when."
    )

    _outside_unique = models.UniqueIndex(
        "(kind, outside_id) WHERE outside_id IS NOT NULL",
        "There is another account with this number.",
    )

    @api.depends("kind")
    def _compute_window_hours(self):
        for account in self:
            account.window_hours = WINDOW_HOURS.get(account.kind, 24)

    @api.depends("kind")
    def _compute_free_messages(self):
        for account in self:
            account.free_messages = FREE_MESSAGES.get(account.kind, 0)

    @api.constrains("kind")
    def _check_kind(self):
        for account in self:
            if account.kind not in self._get_gateways():
                raise ValidationError(
                    self.env._(
                        "The addon of this door is not installed: “%s”.",
                        dict(KINDS)[account.kind],
                    )
                )

    @api.constrains("window_hours", "free_hours", "free_messages")
    def _check_hours(self):
        for account in self:
            if account.free_messages < 0:
                raise ValidationError(
                    self.env._("The free messages are none, or a number above it.")
                )
            if account.window_hours < 1 or account.free_hours < 0:
                raise ValidationError(
                    self.env._("The hours to answer are at least one.")
                )

    @api.model
    def _get_gateways(self):
        """Return ``{kind: function of an account -> Gateway}``; doors add theirs."""
        return {}

    def _get_file_limits(self):
        """Return ``{type: greatest number of bytes}`` of files that may go out.

        Doors extend, with types of ``tools/outfile.py``; by default none may.
        """
        return {}

    def _check_files(self, files):
        """Check that files may go out here, before anything is sent.

        :param files: ``ir.attachment``, in sudo
        :raise ValidationError: in words, which one may not and what may
        """
        self.ensure_one()
        if not files:
            return
        limits = self._get_file_limits()
        door = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        if not limits:
            raise ValidationError(self.env._("%s takes no files from here.", door))
        if len(files) > FILES:
            raise ValidationError(
                self.env._("At most %s files go out with one message.", FILES)
            )
        for file in files:
            values = {
                "name": file.name,
                "door": door,
                "types": outfile.describe_limits(limits),
                # At least a tenth, or it looked as if there were nothing
                "size": f"{max(file.file_size / 2**20, 0.1):.1f}",
            }
            # Not read when it is too large for every type
            is_small = file.file_size <= max(limits.values())
            mimetype = outfile.get_type(file.raw) if is_small else None
            if is_small and mimetype not in limits:
                raise ValidationError(
                    self.env._(
                        "Nothing was sent: “%(name)s” is no file that %(door)s takes. "
                        "It takes %(types)s.",
                        **values,
                    )
                )
            if not is_small or file.file_size > limits[mimetype]:
                raise ValidationError(
                    self.env._(
                        "Nothing was sent: “%(name)s” is too large (%(size)s MB). "
                        "%(door)s takes %(types)s.",
                        **values,
                    )
                )

    def _open_gateway(self):
        """Return the :class:`~..tools.gateway.Gateway` of this account."""
        self.ensure_one()
        # sudo: the keys of the account, which nobody else reads
        return self._get_gateways()[self.kind](self.sudo())

    def _parse(self, payload):
        """Return the :class:`~..tools.gateway.Event` in what a door sent; doors extend.

        :param payload: as it came, JSON made plain
        """
        return []

    def _compute_warning(self):
        for account in self:
            account.warning = " ".join(account._get_warnings())

    def _get_warnings(self):
        """Return in sentences what runs out at this account; doors extend, in sudo."""
        self.ensure_one()
        return []

    def _note_problem(self, text):
        """Put before the managers what is wrong, once until it is well again."""
        self.ensure_one()
        if self.problem == text:
            return
        self.problem = text
        self._announce_problem(text)

    def _note_well(self):
        """Note that nothing is wrong any more."""
        self.sudo().problem = False  # sudo: whoever found it out
        self._watch()

    def _watch(self):
        """Have the managers' to-do be there while something is wrong, and only then."""
        for account in self.sudo():  # sudo: whoever's transaction it is
            text = account.problem or account.warning
            if text:
                account._put_todo(text)
            else:
                account.activity_unlink([TODO])

    def _put_todo(self, text):
        """Put a to-do before each manager who has none of this account."""
        self.ensure_one()
        busy = self.activity_ids.filtered(lambda one: one.summary == text).user_id
        managers = self.env["pakn.notice"]._get_managers()
        if not managers - busy:
            return
        self.activity_unlink([TODO])
        for manager in managers:
            # By the screen alone: who is told at once is told by the news
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                TODO, summary=text, user_id=manager.id
            )

    def _announce_problem(self, text):
        """Show the managers at once what is wrong, and keep it before them."""
        # sudo: whoever's transaction it is
        self.sudo()._put_todo(text)
        group = self.env.ref("pakn_1022.group_manager")
        group._bus_send(
            "pakn_1022.news",
            {
                "id": 0,
                "title": self.name,
                "text": text,
                "model": self._name,
                "res_id": self.id,
                "is_urgent": True,
            },
        )
