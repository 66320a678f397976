import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..models.pakn_person import UNIT_ROLES
from ..tools.accents import strip_accents
from ..tools.email_address import normalize_email
from ..tools.people_file import (
    MAX_LINES,
    ROLES,
    MissingColumns,
    NotAList,
    TooLong,
    find_role,
    read_people,
)
from ..tools.phone import OldLandline, normalize_phone

# Wrong lines that a message names; the screen shows all
MAX_NAMED = 30


class PaknPeopleImport(models.TransientModel):
    """Takes people from a spreadsheet: all of them, or nobody.

    What is wrong is said line by line before anything is made. The manager's alone.
    """

    _name = "pakn.people.import"
    _description = "People from a spreadsheet"
    _inherit = ["pakn.dialog", "pakn.person.making"]

    file = fields.Binary(string="File (XLSX or CSV)", attachment=False)
    file_name = fields.Char()
    problems = fields.Text(compute="_compute_problems")
    problem_count = fields.Integer(compute="_compute_problems")
    summary = fields.Char(compute="_compute_problems")

    @api.depends("file")
    def _compute_problems(self):
        for dialog in self:
            dialog.problems = dialog.summary = False
            dialog.problem_count = 0
            # Until it is saved, a form knows of a file only how large it is
            content = dialog.with_context(bin_size=False).file
            if not content:
                continue
            people, problems = dialog._read(content)
            dialog.problems = "\n".join(problems)
            dialog.problem_count = len(problems)
            if not problems:
                dialog.summary = self._get_summary(people)

    @api.model
    def _get_summary(self, people):
        units = {unit for person in people for _role, unit in person["roles"] if unit}
        return self.env._(
            "%(people)s people of %(units)s units are ready; %(invited)s of them are "
            "invited by mail.",
            people=len(people),
            units=len(units),
            invited=len([person for person in people if person["email"]]),
        )

    def action_confirm(self):
        """Make all accounts of the file, or none of them.

        :raise ValidationError: a line is wrong; the sentences name each
        """
        self.ensure_one()
        self._check_manager()
        content = self.with_context(bin_size=False).file
        if not content:
            raise ValidationError(self.env._("Please choose the file."))
        people, problems = self._read(content)
        if problems:
            more = len(problems) - MAX_NAMED
            named = problems[:MAX_NAMED]
            if more > 0:
                named.append(self.env._("… and %s more lines.", more))
            raise ValidationError("\n".join(named))
        self._make_people(people)
        invited = len([person for person in people if person["email"]])
        message = self.env._(
            "%(people)s accounts were made; %(invited)s people are invited by mail.",
            people=len(people),
            invited=invited,
        )
        told = {"type": "success", "message": message}
        if invited:
            told = self.env["res.users"]._say_invited(message)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                **told,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # CHECKING
    # ------------------------------------------------------------

    @api.model
    def _read(self, content):
        """Return ``(people as _make_people takes them, sentences on what is wrong)``.

        :param bytes content: Base64 of the file
        """
        self._check_manager()
        try:
            lines = read_people(base64.b64decode(content))
        except MissingColumns as missing:
            return [], [
                self.env._(
                    "The first line has no column %(names)s; please use the template.",
                    names=", ".join(f"“{name}”" for name in missing.names),
                )
            ]
        except NotAList as other:
            return [], [self._get_other(other.kind)]
        except TooLong:
            return [], [
                self.env._("More than %s people: please divide the file.", MAX_LINES)
            ]
        except ValueError:
            return [], [
                self.env._(
                    "This file is no list that can be read: please save it in Excel "
                    "as a workbook (XLSX), or as “CSV UTF-8”."
                )
            ]
        if not lines:
            return [], [self.env._("The file names nobody.")]
        return self._check_lines(lines)

    @api.model
    def _get_other(self, kind):
        """Return the sentence on a file that is no list."""
        return {
            "pdf": self.env._(
                "This is a PDF, no list: please choose the spreadsheet (XLSX) it was "
                "made from, or fill in the template."
            ),
            "picture": self.env._(
                "This is a picture, no list: please type its lines into the template."
            ),
            "text": self.env._(
                "This is a Word document or a presentation, no list: please copy its "
                "table into the template."
            ),
            "old": self.env._(
                "This is a file of an old Word or Excel, or one with a password: "
                "please open it, and save it in Excel as a workbook (XLSX) without "
                "a password."
            ),
            "page": self.env._(
                "This is a web page, no list: please open it in Excel, and save it as "
                "a workbook (XLSX)."
            ),
        }[kind]

    @api.model
    def _check_lines(self, lines):
        """Check each line by itself, then with the others and with what is there."""
        units = self._get_units()
        taken = self._get_taken(lines)
        people, heads, problems = {}, {}, []
        for line in lines:
            wrong = self._check_line(line, units, taken)
            email = normalize_email(line.email)
            login = (line.login or email or "").lower()
            role, unit = find_role(line.role), self._find_unit(line, units)
            person = people.get(login)
            if not wrong and person:
                same = (person["name"], person["email"]) == (line.name, email)
                if not same:
                    wrong.append(
                        self.env._(
                            "“%(login)s” stands above with another name or email",
                            login=login,
                        )
                    )
                elif (role, unit) in person["roles"]:
                    wrong.append(self.env._("this line stands above already"))
            if not wrong and role == "head":
                other = heads.setdefault(unit, login)
                if other != login:
                    wrong.append(
                        self.env._("“%(unit)s” has another head above", unit=unit.name)
                    )
            if wrong:
                problems.append(
                    self.env._(
                        "Line %(number)s: %(what)s.",
                        number=line.number,
                        what="; ".join(wrong),
                    )
                )
            elif person:
                person["roles"].append((role, unit))
                person["phone"] = person["phone"] or self._get_phone(line.phone)
            else:
                people[login] = {
                    "name": line.name,
                    "login": line.login or email,
                    "email": email,
                    "phone": self._get_phone(line.phone),
                    "roles": [(role, unit)],
                }
        return list(people.values()), problems

    @api.model
    def _check_line(self, line, units, taken):
        """Return what is wrong with a line by itself, as parts of a sentence."""
        wrong = []
        if not line.name:
            wrong.append(self.env._("the full name is missing"))
        if not line.login and not line.email:
            wrong.append(self.env._("neither email nor login is there"))
        if line.email and not normalize_email(line.email):
            wrong.append(self.env._("“%(text)s” is no email address", text=line.email))
        if " " in line.login:
            wrong.append(
                self.env._("the login “%(text)s” has a blank", text=line.login)
            )
        login = line.login or normalize_email(line.email) or ""
        if login.lower() in taken:
            wrong.append(
                self.env._("there is an account “%(login)s” already", login=login)
            )
        if line.phone and not self._get_phone(line.phone):
            wrong.append(self.env._("“%(text)s” is no phone number", text=line.phone))
        return wrong + self._check_role(line, units)

    @api.model
    def _check_role(self, line, units):
        role, unit = find_role(line.role), self._find_unit(line, units)
        if not line.role:
            return [self.env._("the role is missing")]
        if not role:
            return [
                self.env._(
                    "there is no role “%(text)s”, only: %(roles)s",
                    text=line.role,
                    roles=", ".join(names[0] for names in ROLES.values()),
                )
            ]
        if role not in UNIT_ROLES:
            return (
                [self.env._("this role is of no unit: leave the unit empty")]
                if line.unit
                else []
            )
        if line.unit and not unit:
            return [self.env._("there is no unit “%(text)s”", text=line.unit)]
        if not unit:
            return [self.env._("the unit is missing")]
        if role == "head" and unit.head_user_id:
            return [
                self.env._(
                    "the head of “%(unit)s” is %(name)s",
                    unit=unit.name,
                    name=unit.head_user_id.name,
                )
            ]
        return []

    @api.model
    def _get_units(self):
        """Return the units in existence by code and by name, both without accents."""
        units = self.env["pakn.unit"].search([("active", "=", True)])
        found = {strip_accents(unit.name).lower(): unit for unit in units}
        found |= {strip_accents(unit.code).lower(): unit for unit in units}
        office = units.filtered("is_provincial_office")
        return found | {"": office}

    @api.model
    def _find_unit(self, line, units):
        """Return the unit a line means; of the provincial office its own if none."""
        none = self.env["pakn.unit"]
        role = find_role(line.role)
        if role not in UNIT_ROLES or not line.unit and role != "office":
            return none
        return units.get(strip_accents(line.unit).lower(), none)

    @api.model
    def _get_taken(self, lines):
        """Return the logins of the file that have an account, in small letters."""
        logins = {line.login for line in lines} | {
            normalize_email(line.email) or "" for line in lines
        }
        self.env["res.users"].flush_model(["login"])
        rows = self.env.execute_query(
            SQL(
                "SELECT lower(login) FROM res_users WHERE lower(login) = ANY(%s)",
                [login.lower() for login in logins if login],
            )
        )
        return {login for [login] in rows}

    @api.model
    def _get_phone(self, text):
        """Return the number as E.164, or ``None`` if it is none."""
        try:
            return normalize_phone(text)
        except OldLandline as landline:
            return landline.number
        except ValueError:
            return None
