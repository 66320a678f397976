from odoo import api, fields, models
from odoo.fields import Command

PARAMETER = "pakn_1022.recount_asked"


class PaknTransferHours(models.AbstractModel):
    """Open slips when what they hang on changes: working hours, units that end.

    A room of ``pakn.transfer`` (design 4, Art. 11.1, 15.1).
    """

    _name = "pakn.transfer.hours"
    _description = "Slips and changed hours or units"

    # ------------------------------------------------------------
    # DEADLINES COUNTED ANEW
    # ------------------------------------------------------------

    @api.model
    def _ask_for_recount(self):
        """Have the manager asked, if any slip is open whose deadline may move."""
        # sudo: whoever changed the hours may not read the slips nor the parameters
        slips = self.sudo()
        if slips.env.context.get("install_mode") or not slips.search_count(
            [("state", "in", ("sent", "acknowledged"))], limit=1
        ):
            return
        slips.env["ir.config_parameter"].set_param(PARAMETER, "True")
        self.env.user._bus_send("pakn_1022.clock_status", {})

    @api.model
    def _is_recount_asked(self):
        return self._get_setting("recount_asked", False)

    @api.model
    def _get_recount(self):
        """Return ``{slip: deadline}`` of the open slips that would be due at another
        moment by the working hours of now; UTC.

        An appointment or extension is a promise and does not move; what has been
        late stays late (Art. 11.4).
        """
        slips = self.search_fetch(
            [("state", "in", ("sent", "acknowledged")), ("is_overdue", "=", False)],
            ["unit_id", "level", "date_sent", "date_deadline"],
            order="date_due, id",
        )
        changes = {}
        for slip in slips:
            # Set by hand when the provincial office directs a unit by a date
            if slip.is_date_directed:
                continue
            deadline = self._get_deadline(slip.unit_id, slip.level, slip.date_sent)
            if deadline != slip.date_deadline:
                changes[slip] = deadline
        return changes

    @api.model
    def _recount_deadlines(self):
        """Count the open deadlines anew, with a record of each that moves.

        :return: how many slips moved
        """
        changes = self._get_recount()
        self.env["pakn.event"]._append(
            [
                slip._prepare_event(
                    "recounted",
                    payload={
                        "from": fields.Datetime.to_string(slip.date_deadline),
                        "to": fields.Datetime.to_string(deadline),
                    },
                )
                for slip, deadline in changes.items()
            ]
        )
        moves = {}
        for slip, deadline in changes.items():
            moves[deadline] = moves.get(deadline, self.browse()) | slip
        for deadline, slips in moves.items():
            slips._acting().write({"date_deadline": deadline})
        self._forget_recount()
        return len(changes)

    @api.model
    def _forget_recount(self):
        # sudo: parameters - the manager's answer, checked by the dialog's access
        self.env["ir.config_parameter"].sudo().set_param(PARAMETER, "False")

    # ------------------------------------------------------------
    # UNITS THAT END
    # ------------------------------------------------------------

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
        double._close("cancelled")
        # The database holds one open lead slip a request: see the old one closed
        self.flush_model(["state", "is_open", "is_held", "role"])
        for ticket in leading:
            held[ticket]._acting().role = "lead"
        moved._acting().write(
            {"unit_id": unit.id, "delegate_user_ids": [Command.clear()]}
        )
        self.ticket_id.filtered(lambda ticket: ticket.unit_id in old)._acting().write(
            {"unit_id": unit.id}
        )
        moved._tell("moved")
