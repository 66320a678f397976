import io
import json
import zipfile

from odoo import api, fields, models
from odoo.tools import html2plaintext

from odoo.addons.pakn_1022.tools import province


class PaknPrivacyPackage(models.AbstractModel):
    """What is held of a citizen, as a file for who asks to see it (Law 91/2025/QH15).

    A room of ``pakn.privacy.request``.
    """

    _name = "pakn.privacy.package"
    _description = "Package of what is held of a citizen"

    def _make_package(self):
        """Return a ZIP of what is held of who asks: a page, the same as JSON, files."""
        self.ensure_one()
        parts = self._collect_parts()
        held = self._collect() | {part["key"]: part["rows"] for part in parts}
        page = self.env["ir.qweb"]._render(
            "pakn_1022_privacy.package",
            {"held": held, "parts": parts, "request_name": self.name},
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("thong-tin.html", f"<!DOCTYPE html>{page}")
            archive.writestr(
                "thong-tin.json", json.dumps(held, ensure_ascii=False, indent=1)
            )
            for ticket in self._get_shown_tickets():
                for file in ticket.attachment_ids | ticket.result_attachment_ids:
                    if file.type == "binary":
                        name = f"tep/{ticket.name}/{file.id}-{file.name}"
                        archive.writestr(name.replace("..", "."), file.raw or b"")
        return out.getvalue()

    def _collect(self):
        """Return what is held of a phone, JSON-able, with local times as text."""

        def label(record, name):
            labels = dict(record._fields[name]._description_selection(self.env))
            return labels.get(record[name], "")

        tickets = self._get_shown_tickets()
        opened = self.env["pakn.access.log"]._read_group(
            [("ticket_id", "in", tickets.ids)], ["ticket_id", "user_id", "hour:hour"]
        )
        by_ticket = {}
        for ticket, user, hour in opened:
            by_ticket.setdefault(ticket, []).append(
                {"when": local(hour), "who": self._get_role(user)}
            )
        rows = []
        for ticket in tickets.sorted("id"):
            messages = ticket.message_ids.filtered(
                lambda one: (
                    one.message_type in ("comment", "email") and not one.is_internal
                )
            )
            rows.append(
                {
                    "code": ticket.name,
                    "received": local(ticket.date_received),
                    "state": label(ticket, "state"),
                    "title": ticket.title,
                    "text": html2plaintext(ticket.description or ""),
                    "place": ticket.address or "",
                    "name": ticket.private_name or "",
                    "phone": ticket.private_phone or "",
                    "address": ticket.private_address or "",
                    "email": ticket.private_email or "",
                    "result": html2plaintext(ticket.result or ""),
                    "published": ticket.is_published,
                    "rating": ticket.rating_last_value or 0,
                    "units": ticket.transfer_ids.unit_id.mapped("name"),
                    "messages": [
                        {
                            "when": local(message.date),
                            "text": html2plaintext(message.body or ""),
                        }
                        for message in messages.sorted("id")
                    ],
                    "files": (
                        ticket.attachment_ids | ticket.result_attachment_ids
                    ).mapped("name"),
                    "opened": by_ticket.get(ticket, []),
                }
            )
        return {
            "made": local(fields.Datetime.now()),
            "phone": self.phone,
            "requests": rows,
            "register": [
                {
                    name: row[name] or ""
                    for name in ("name", "data", "purpose", "ground", "duration")
                    + ("recipients",)
                }
                for row in self.env["pakn.processing"].search([])
            ],
        }

    def _get_shown_tickets(self):
        """Return the requests that leave the house: none that is a state secret."""
        return self.ticket_ids.filtered(lambda ticket: ticket.secrecy != "secret")

    def _collect_parts(self):
        """Return what addons hold beside the requests, as of ``pakn.held``."""
        return [
            part
            | {"rows": [row | {"when": local(row["when"])} for row in part["rows"]]}
            for part in self.env["pakn.held"]._get_held(self.phone)
        ]

    @api.model
    def _get_role(self, user):
        """Return who somebody of the staff is, for a citizen: the unit, no name."""
        units = self.env["pakn.unit"].search(
            ["|", ("focal_user_ids", "in", user.ids), ("head_user_id", "in", user.ids)],
            limit=3,
        )
        return ", ".join(units.mapped("name")) or self.env._("1022 hotline")


def local(moment):
    """Return a moment as people here write it; empty for none."""
    return province.to_local(moment).strftime("%d/%m/%Y %H:%M") if moment else ""
