from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# Characters of what is read out: about a minute
LENGTH = 1000
# Without an end of its own a text about an outage holds for so many hours
HOURS = 24


class PaknCallAnnouncement(models.Model):
    """What the exchange says before somebody answers (Art. 20; Law 91/2025/QH15).

    ``incident`` about an outage that many call about, so that who only asks need not
    wait; ``consent`` that the call is recorded, what for, and how to refuse. The
    exchange reads the texts that hold now at an address with a key, and plays them.
    Supervisors write them, operators and the monitor read; what was said when stands
    in the record below each (``pakn.thread``), and nobody deletes one.
    """

    _name = "pakn.call.announcement"
    _description = "Announcement on the telephone"
    _inherit = ["pakn.thread", "pakn.kept"]
    _order = "date_from desc, id desc"

    name = fields.Char(string="What it is about", required=True, tracking=True)
    kind = fields.Selection(
        [
            ("incident", "Incident or outage"),
            ("consent", "The call is recorded"),
        ],
        required=True,
        default="incident",
        tracking=True,
    )
    text = fields.Text(
        string="What is said",
        required=True,
        tracking=True,
        help="Read out as it stands, in at most 1,000 characters.",
    )
    category_id = fields.Many2one(
        "pakn.category",
        string="Field",
        index="btree_not_null",
        ondelete="restrict",
        help="Whose requests the announcement is about.",
    )
    area_id = fields.Many2one(
        "pakn.area", string="Place", index="btree_not_null", ondelete="restrict"
    )
    date_from = fields.Datetime(
        string="From", required=True, default=fields.Datetime.now, tracking=True
    )
    date_to = fields.Datetime(
        string="Until",
        tracking=True,
        default=lambda self: fields.Datetime.now() + timedelta(hours=HOURS),
        help="Without an end a text about recording holds until it is switched off.",
    )
    is_shown = fields.Boolean(
        string="On the website and in the app, too",
        default=True,
        tracking=True,
        help="Title and text of an incident stand there above the form, as long as "
        "they are played.",
    )
    active = fields.Boolean(string="Switched on", default=True, tracking=True)
    is_now = fields.Boolean(
        string="Is played now", compute="_compute_is_now", search="_search_is_now"
    )

    @api.depends("active", "date_from", "date_to")
    def _compute_is_now(self):
        now = fields.Datetime.now()
        for one in self:
            one.is_now = (
                one.active
                and bool(one.date_from)
                and one.date_from <= now
                and (not one.date_to or now < one.date_to)
            )

    @api.model
    def _search_is_now(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        domain = (
            Domain("active", "=", True)
            & Domain("date_from", "<=", now)
            & (Domain("date_to", "=", False) | Domain("date_to", ">", now))
        )
        return domain if True in value else ~domain

    @api.constrains("text")
    def _check_text(self):
        for one in self:
            text = one.text.strip()
            if not text or len(text) > LENGTH:
                raise ValidationError(
                    self.env._(
                        "What is said has 1 to %(most)s characters; this has "
                        "%(count)s.",
                        most=LENGTH,
                        count=len(text),
                    )
                )
            if not all(char.isprintable() or char in "\n\r" for char in text):
                raise ValidationError(
                    self.env._("What is said has no signs that cannot be read out.")
                )

    @api.constrains("kind", "date_from", "date_to")
    def _check_dates(self):
        for one in self:
            if one.date_to and one.date_to <= one.date_from:
                raise ValidationError(self.env._("The end is after the beginning."))
            if one.kind == "incident" and not one.date_to:
                raise ValidationError(
                    self.env._(
                        "An announcement about an incident has an end, lest it be "
                        "played when all is well again."
                    )
                )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind == "consent":
            self.date_to = False
        elif not self.date_to:
            self.date_to = fields.Datetime.now() + timedelta(hours=HOURS)

    @api.model
    def _get_text(self, kind):
        """Return what the exchange says now: one text, empty where there is none.

        Of incidents all that hold, the newest first, one paragraph each; of consent the
        newest alone.

        :param str kind: ``incident`` or ``consent``
        """
        # sudo: the exchange, whose key has been checked; what it plays all may hear
        found = self.sudo().search(
            [("kind", "=", kind), ("is_now", "=", True)],
            limit=1 if kind == "consent" else 3,
        )
        return "\n".join(" ".join(one.text.split()) for one in found)
