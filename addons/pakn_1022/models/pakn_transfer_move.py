from odoo import models


class PaknTransfer(models.Model):
    """Slips of a unit that has ended go to the one that follows it."""

    _inherit = "pakn.transfer"

    def _move_to(self, unit):
        """Hand open slips of one unit to its successor; the clock goes on.

        Where the successor holds a slip of the same request already, that one stays
        and leads if this one led.
        """
        if not self:
            return
        self.ticket_id._lock()
        held = {
            slip.ticket_id: slip
            for slip in self.search(
                [
                    ("unit_id", "=", unit.id),
                    ("is_open", "=", True),
                    ("ticket_id", "in", self.ticket_id.ids),
                ]
            )
        }
        events = [
            {
                **slip._prepare_event(
                    "moved", payload={"from": slip.unit_id.code, "to": unit.code}
                ),
                "unit_id": unit.id,
            }
            for slip in self
        ]
        self.env["pakn.event"]._append(events)
        old = self.unit_id
        double = self.filtered(lambda slip: slip.ticket_id in held)
        moved = self - double
        leading = double.filtered(lambda slip: slip.role == "lead").ticket_id
        double._close("cancelled", responded=False)
        for ticket in leading:
            held[ticket].role = "lead"
        moved.write({"unit_id": unit.id, "delegate_user_ids": [(5,)]})
        self.ticket_id.filtered(lambda ticket: ticket.unit_id in old).write(
            {"unit_id": unit.id}
        )
        moved._notify_unit("transferred")
