from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError


class PaknFirstSteps(models.AbstractModel):
    """What the administrator sets up before the first call, and how far it is.

    Addons extend :meth:`_get_steps` by theirs.
    """

    _name = "pakn.first.steps"
    _description = "First steps"

    @api.model
    def get_steps(self):
        """Return the steps for the manager's panel.

        :return: list of ``{"key", "title", "text", "done": bool, "action": external
            id of an action, "label": of its button}``, in the order they are taken
        :raise AccessError: no manager
        """
        if not self.env.user.has_group("pakn_1022.group_manager"):
            raise AccessError(self.env._("The first steps are the manager's."))
        return self.sudo()._get_steps()  # sudo: counts alone, of what is set up

    @api.model
    def _get_steps(self):
        return [
            self._get_step_units(),
            self._get_step_users(),
            self._get_step_routing(),
            self._get_step_calendar(),
            self._get_step_mail(),
            self._get_step_doors(),
            self._get_step_articles(),
        ]

    @api.model
    def _get_step_units(self):
        units = self.env["pakn.unit"]
        total = units.search_count([])
        ready = units.search_count(
            ["|", ("focal_user_ids", "!=", False), ("head_user_id", "!=", False)]
        )
        return {
            "key": "units",
            "title": self.env._("Units and who answers for them"),
            "text": self.env._(
                "%(ready)s of %(total)s units have a focal point or a head. Import "
                "them from a spreadsheet; the template is in the menu “Units”.",
                ready=ready,
                total=total,
            ),
            "done": bool(total) and ready == total,
            "action": "pakn_1022.unit_action",
            "label": self.env._("Units"),
        }

    @api.model
    def _get_step_users(self):
        operators = self.env.ref("pakn_1022.group_operator").all_user_ids
        managers = self.env.ref("pakn_1022.group_manager").all_user_ids
        count = len((operators - managers).filtered("active"))
        return {
            "key": "users",
            "title": self.env._("Operators"),
            "text": self.env._(
                "%s people take in requests. Each needs an account of the role "
                "“Operator”.",
                count,
            ),
            "done": count > 0,
            "action": "pakn_1022.people_action",
            "label": self.env._("People"),
        }

    @api.model
    def _get_step_routing(self):
        categories = self.env["pakn.category"].search([("child_ids", "=", False)])
        proposals = self.env["pakn.routing.rule"]._propose(
            [(category, self.env["pakn.area"]) for category in categories]
        )
        local = self.env["pakn.routing.rule"].search([("is_local", "=", True)])
        missing = [
            category
            for category in categories
            if not proposals[category, self.env["pakn.area"]][0]
            and not {category, category.parent_id} & set(local.category_id)
        ]
        return {
            "key": "routing",
            "title": self.env._("Which unit handles which field"),
            "text": self.env._(
                "%(missing)s of %(total)s fields have no unit that is proposed to the "
                "operator.",
                missing=len(missing),
                total=len(categories),
            )
            if missing
            else self.env._("Each field has a unit that is proposed to the operator."),
            "done": not missing,
            "action": "pakn_1022.category_action",
            "label": self.env._("Fields"),
        }

    @api.model
    def _get_step_calendar(self):
        year = fields.Date.context_today(self).year
        days = self.env["resource.calendar.leaves"].search(
            [
                ("is_public_holiday", "=", True),
                ("pakn_date", ">=", f"{year}-01-01"),
                ("pakn_date", "<=", f"{year}-12-31"),
            ]
        )
        provisional = days.filtered("is_provisional")
        return {
            "key": "calendar",
            "title": self.env._("Working hours and days off"),
            "text": self.env._(
                "%(provisional)s of %(total)s days off of %(year)s are provisional: "
                "correct them once they are decreed.",
                provisional=len(provisional),
                total=len(days),
                year=year,
            )
            if provisional or not days
            else self.env._(
                "The %(total)s days off of %(year)s are certain.",
                total=len(days),
                year=year,
            ),
            "done": bool(days) and not provisional,
            "action": "pakn_1022.public_holiday_action",
            "label": self.env._("Days off"),
        }

    @api.model
    def _get_step_mail(self):
        alias = self.env.ref("pakn_1022.mail_alias_hotline", raise_if_not_found=False)
        missing = []
        if not alias or not alias.alias_name or not alias.alias_domain_id:
            missing.append(self.env._("the hotline's address"))
        if not self.env["ir.mail_server"].search_count([], limit=1):
            missing.append(self.env._("a server for outgoing mail"))
        if not self.env["fetchmail.server"].search_count([], limit=1):
            missing.append(self.env._("a mailbox to fetch from"))
        silent = [] if missing else self._list_silent_mail()
        if missing:
            text = self.env._("Still missing: %(missing)s.", missing=", ".join(missing))
        elif silent:
            text = " ".join(silent)
        else:
            text = self.env._(
                "Requests come in at %(address)s.", address=alias.display_name
            )
        return {
            "key": "mail",
            "title": self.env._("Requests by mail"),
            "text": text,
            "done": not missing and not silent,
            "action": "pakn_1022.config_settings_action",
            "label": self.env._("Settings"),
        }

    @api.model
    def _list_silent_mail(self):
        """Return sentences on mail servers that are written down and do not work."""
        now = fields.Datetime.now()
        since = now - timedelta(days=30)
        sentences = []
        if not self.env["pakn.notice"].search_count(
            [
                ("door", "=", "mail"),
                ("state", "in", ("sent", "delivered", "read")),
                ("date_sent", ">=", since),
            ],
            limit=1,
        ) and not self.env["ir.mail_server"].search_count(
            [("pakn_date_answered", ">=", since)], limit=1
        ):
            sentences.append(
                self.env._(
                    "The server for outgoing mail has not answered its test or taken a "
                    "mail within the last 30 days."
                )
            )
        if not self.env["fetchmail.server"].search_count(
            [
                ("state", "=", "done"),
                ("error_date", "=", False),
                ("date", ">=", now - timedelta(days=1)),
            ],
            limit=1,
        ):
            sentences.append(
                self.env._("The mailbox has not answered within the last day.")
            )
        return sentences

    @api.model
    def _get_step_doors(self):
        """Say whether messages really go out, not whether somebody filled in a form."""
        notices = self.env["pakn.notice"]
        outside = [("door", "not in", ("app", "phone", False))]
        since = fields.Datetime.now() - timedelta(days=30)
        arrived = notices.search_count(
            [
                *outside,
                ("state", "in", ("sent", "delivered", "read")),
                ("date_sent", ">=", since),
            ],
            limit=1,
        )
        stuck = notices.search_count(
            [*outside, ("state", "=", "waiting"), ("attempts", ">", 0)]
        )
        if stuck:
            text = self.env._(
                "%s messages wait: the mail server or SMS account does not answer.",
                stuck,
            )
        elif arrived:
            text = self.env._("Messages go out; what did not arrive stands in a list.")
        else:
            text = self.env._(
                "No door is open: no mail server, SMS account or chat has taken a "
                "message yet. Citizens and units hear nothing."
            )
        return {
            "key": "doors",
            "title": self.env._("Messages to citizens and units"),
            "text": text,
            "done": bool(arrived) and not stuck,
            "action": "pakn_1022.notice_action",
            "label": self.env._("Who was told"),
        }

    @api.model
    def _get_step_articles(self):
        count = self.env["pakn.article"].search_count([])
        return {
            "key": "articles",
            "title": self.env._("Knowledge base"),
            "text": self.env._(
                "%s ready answers, with which operators answer at once.", count
            ),
            "done": count > 0,
            "action": "pakn_1022.article_action",
            "label": self.env._("Knowledge base"),
        }
