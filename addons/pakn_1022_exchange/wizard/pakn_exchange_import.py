import base64
import hashlib
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext, plaintext2html

from odoo.addons.pakn_1022.tools.email_address import normalize_email
from odoo.addons.pakn_1022.tools.phone import OldLandline, normalize_phone
from odoo.addons.pakn_1022.tools.province import to_local, to_utc

from ..tools import portal_file

OPERATOR = "pakn_1022.group_operator"


class PaknExchangeImport(models.TransientModel):
    """Takes in a list of the national portal: what is new, once; what differs, listed.

    Lines are matched by their code there. The same file, or a newer one with the same
    lines, makes no request twice and changes none: what differs is for people to
    settle. Operators and administrators.
    """

    _name = "pakn.exchange.import"
    _description = "Take in a list of the national portal"
    _inherit = "pakn.dialog"

    file = fields.Binary(string="File (XLSX or JSON)", attachment=False)
    file_name = fields.Char()
    problem = fields.Text(compute="_compute_summary")
    summary = fields.Text(compute="_compute_summary")

    @api.depends("file")
    def _compute_summary(self):
        for dialog in self:
            dialog.problem = dialog.summary = False
            # Until it is saved, a form knows of a file only how large it is
            content = dialog.with_context(bin_size=False).file
            if not content:
                continue
            try:
                lines = dialog._compare(dialog._read(content))
            except ValidationError as error:
                dialog.problem = error.args[0]
                continue
            counts = Counter(line["outcome"] for line in lines)
            dialog.summary = self.env._(
                "%(new)s new requests are taken in; %(same)s are here already and the "
                "same, %(differs)s differ, %(absent)s of here are not in the file, "
                "%(wrong)s lines cannot be taken in.",
                **{
                    name: counts[name]
                    for name in ("new", "same", "differs", "absent", "wrong")
                },
            )

    def action_confirm(self):
        """Take in what is new, and show the list of all lines.

        :raise ValidationError: it is no such file
        """
        self.check_access("write")
        self.ensure_one()
        self._check_operator()
        content = self.with_context(bin_size=False).file
        if not content:
            raise ValidationError(self.env._("Please choose the file."))
        lines = self._compare(self._read(content))
        self._make_tickets([line for line in lines if line["outcome"] == "new"])
        counts = Counter(line["outcome"] for line in lines)
        # sudo: exchanges are written here alone, by who may take requests in
        exchange_sudo = self.env["pakn.exchange"].sudo()
        exchange = exchange_sudo.create(
            {
                "direction": "in",
                "user_id": self.env.uid,
                "file_name": (self.file_name or "")[:200],
                "digest": hashlib.sha256(base64.b64decode(content)).hexdigest(),
                "new_count": counts["new"],
                "same_count": counts["same"],
                "differing_count": counts["differs"] + counts["absent"],
                "wrong_count": counts["wrong"],
                "line_ids": [
                    fields.Command.create(
                        {name: line[name] for name in line if name != "row"}
                    )
                    for line in lines
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What was taken in, and what differs"),
            "res_model": "pakn.exchange",
            "res_id": exchange.id,
            "view_mode": "form",
        }

    @api.model
    def _check_operator(self):
        self.env["pakn.ticket"].check_access("create")

    # ------------------------------------------------------------
    # COMPARING
    # ------------------------------------------------------------

    @api.model
    def _read(self, content):
        """Return the rows of a file.

        :param bytes content: Base64 of the file
        :raise ValidationError: why it cannot be read
        """
        self._check_operator()
        try:
            rows = portal_file.read(base64.b64decode(content))
        except portal_file.MissingColumns as missing:
            raise ValidationError(
                self.env._(
                    "The first line has no column %(names)s.",
                    names=", ".join(f"“{name}”" for name in missing.names),
                )
            ) from missing
        except portal_file.TooLong as error:
            raise ValidationError(
                self.env._(
                    "More than %s lines: please divide the file.",
                    portal_file.MOST_LINES,
                )
            ) from error
        except ValueError as error:
            raise ValidationError(
                self.env._("This file is neither a spreadsheet (XLSX) nor JSON.")
            ) from error
        if not rows:
            raise ValidationError(self.env._("The file holds no requests."))
        return rows

    @api.model
    def _compare(self, rows):
        """Return what becomes of each row, as values of ``pakn.exchange.line``.

        With ``row`` beside them; in a constant number of queries.
        """
        codes = {row.code for row in rows if row.code}
        tickets = self.env["pakn.ticket"]
        # sudo: a code may be that of a request which this operator may not read
        known_sudo = tickets.sudo().search([("national_code", "in", list(codes))])
        by_code = {ticket.national_code: ticket for ticket in known_sudo}
        readable = set(known_sudo.with_env(self.env)._filtered_access("read").ids)
        lines, seen = [], set()
        for row in rows:
            ticket_sudo = by_code.get(row.code)
            line = {
                "number": row.number,
                "code": row.code,
                "ticket_id": ticket_sudo.id if ticket_sudo else False,
                "reason": False,
                "row": row,
            }
            wrong = self._get_wrong(row, seen)
            seen.add(row.code)
            if wrong:
                line |= {"outcome": "wrong", "reason": wrong}
            elif not ticket_sudo:
                line["outcome"] = "new"
            else:
                # Of another's, whoever asks learns no more than that it is here: what
                # a file says of it would be found out by trying
                reasons = []
                if ticket_sudo.id in readable:
                    reasons = self._get_differences(row, ticket_sudo)
                line["outcome"] = "differs" if reasons else "same"
                line["reason"] = "\n".join(reasons) or False
            lines.append(line)
        return lines + self._get_absent(rows, codes)

    @api.model
    def _get_wrong(self, row, seen):
        """Return why a row cannot be taken in, empty if it can."""
        if not row.code:
            return self.env._("The code is missing.")
        if len(row.code) > 60:
            return self.env._("The code is longer than any code.")
        if row.code in seen:
            return self.env._("This code stands above already.")
        if not row.content:
            return self.env._("The content is missing (Art. 8.2).")
        return ""

    @api.model
    def _get_differences(self, row, ticket_sudo):
        """Return in words what of a request is other there than here."""
        text = html2plaintext(ticket_sudo.description or "")
        phone = self._get_phone(row.phone)
        reasons = []
        if not portal_file.is_same_text(row.content, text):
            reasons.append(self.env._("The content was changed there or here."))
        if row.name and not portal_file.is_same_text(
            row.name, ticket_sudo.private_name or ""
        ):
            reasons.append(self.env._("The citizen's name is another one."))
        if phone and phone != ticket_sudo.private_phone:
            reasons.append(self.env._("The phone is another one."))
        if row.state and row.is_closed and not ticket_sudo.date_closed:
            reasons.append(
                self.env._(
                    "There: “%(state)s”; here it is still open.", state=row.state
                )
            )
        elif row.state and not row.is_closed and ticket_sudo.date_closed:
            reasons.append(
                self.env._(
                    "There: “%(state)s”; here it is closed: give the result out.",
                    state=row.state,
                )
            )
        return reasons

    @api.model
    def _get_absent(self, rows, codes):
        """Return the requests of the file's time that it does not name."""
        dates = [to_utc(row.date) for row in rows if row.date]
        if not dates:
            return []
        absent = self.env["pakn.ticket"].search(
            [
                ("national_date", ">=", min(dates)),
                ("national_date", "<=", max(dates)),
                ("national_code", "not in", list(codes)),
            ],
            limit=portal_file.MOST_LINES,
        )
        return [
            {
                "number": 0,
                "code": ticket.national_code,
                "ticket_id": ticket.id,
                "outcome": "absent",
                "reason": self.env._(
                    "Sent on %s, between others of the file, which does not name it.",
                    to_local(ticket.national_date).strftime("%d/%m/%Y"),
                ),
                "row": None,
            }
            for ticket in absent
        ]

    # ------------------------------------------------------------
    # TAKING IN
    # ------------------------------------------------------------

    @api.model
    def _make_tickets(self, lines):
        """Make the requests of rows, and put each into its line."""
        if not lines:
            return
        channel = self.env.ref("pakn_1022_exchange.channel_national")
        # sudo: pakn.channel - reports count by it from the first list on
        channel.sudo().active = True
        context = {name: self.env.context.get(name) for name in ("lang", "tz")}
        # The code there is written by an act alone; the right has been checked
        tickets = self.env["pakn.ticket"].with_env(self.env(context=context))._acting()
        created = tickets.create(
            [
                {
                    "title": line["row"].title or False,
                    "description": plaintext2html(line["row"].content),
                    "channel_id": channel.id,
                    "citizen_name": line["row"].name or False,
                    "citizen_phone": self._get_phone(line["row"].phone),
                    "citizen_email": normalize_email(line["row"].email) or False,
                    "citizen_address": line["row"].address or False,
                    "national_code": line["code"],
                    "national_date": line["row"].date and to_utc(line["row"].date),
                }
                for line in lines
            ]
        )
        for line, ticket in zip(lines, created, strict=True):
            line["ticket_id"] = ticket.id

    @api.model
    def _get_phone(self, text):
        """Return a number as E.164, ``False`` for none: the operator asks for it."""
        try:
            return normalize_phone(text)
        except OldLandline as landline:
            return landline.number
        except ValueError:
            return False
