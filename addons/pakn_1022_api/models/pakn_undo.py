from odoo import models


class PaknUndo(models.Model):
    """Programs are told of an act when it cannot be taken back any more."""

    _inherit = "pakn.undo"

    def _get_deliveries(self):
        """Return the messages that tell programs of these acts."""
        deliveries = self.env["pakn.webhook.delivery"].search(
            [("ticket_id", "in", self.ticket_id.ids)], order="id"
        )
        done = {(undo.ticket_id.id, number) for undo in self for number in undo.acts}
        return deliveries.filtered(
            lambda one: (one.ticket_id.id, one.event_id.sequence) in done
        )

    def _filter_untold(self):
        told = self._get_deliveries().filtered(
            lambda one: one.state != "waiting" or one.attempts
        )
        return (
            super()
            ._filter_untold()
            .filtered(lambda undo: undo.ticket_id not in told.ticket_id)
        )

    def _withdraw(self):
        """Drop them; a message that is being sent makes PostgreSQL refuse."""
        self._get_deliveries().write({"state": "dropped", "date_next": False})
        return super()._withdraw()

    def _put_off(self, until):
        deliveries = self._get_deliveries()
        if deliveries:
            deliveries.write({"date_next": until})
            deliveries._wake(until)
        return super()._put_off(until)

    def _release(self):
        deliveries = self._get_deliveries()
        if deliveries:
            deliveries.write({"date_next": False})
            deliveries._wake()
        return super()._release()
