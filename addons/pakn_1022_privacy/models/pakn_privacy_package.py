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
        held = self._collect()
        page = self.env["ir.qweb"]._render(
            "pakn_1022_privacy.package", {"held": held, "request_name": self.name}
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

        def local(moment):
            return (
                province.to_local(moment).strftime("%d/%m/%Y %H:%M") if moment else ""
            )

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
            "calls": self._collect_calls(local),
            "sms": self._collect_sms(local),
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

    def _collect_calls(self, local):
        if "pakn.call" not in self.env:
            return []
        calls = self.env["pakn.call"].search(
            [("private_number", "=", self.phone)], order="id"
        )
        return [
            {
                "when": local(call.date_ring),
                "seconds": call.seconds_talked,
                "recorded": call.recording_state == "kept",
            }
            for call in calls
        ]

    def _collect_sms(self, local):
        if "sms.sms" not in self.env:
            return []
        texts = self.env["sms.sms"].search([("number", "=", self.phone)], order="id")
        return [{"when": local(sms.create_date), "text": sms.body} for sms in texts]

    @api.model
    def _get_role(self, user):
        """Return who somebody of the staff is, for a citizen: the unit, no name."""
        units = self.env["pakn.unit"].search(
            ["|", ("focal_user_ids", "in", user.ids), ("head_user_id", "in", user.ids)],
            limit=3,
        )
        return ", ".join(units.mapped("name")) or self.env._("1022 hotline")
