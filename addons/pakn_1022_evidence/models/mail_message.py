from odoo import api, models


class MailMessage(models.Model):
    """What is said on a request or slip is sealed with it (Art. 9.1)."""

    _name = "mail.message"
    _inherit = ["pakn.sealed", "mail.message"]

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        kept = messages._filter_pakn_kept()
        kept._touch_all()
        kept._note_signed()
        return messages

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        columns = self.env["pakn.seal"]._get_columns("message")
        written = [
            (message.id, vals)
            for message, vals in zip(self, vals_list, strict=True)
            if not columns.isdisjoint(vals)
        ]
        if written:
            messages = self.browse([number for number, _vals in written])
            kept = set(messages._filter_pakn_kept()._ids)
            written = [pair for pair in written if pair[0] in kept]
            self.browse([number for number, _vals in written])._touch_written(
                "message", [vals for _number, vals in written]
            )
        return result

    def write(self, vals):
        kept = self.browse()
        if "attachment_ids" in vals:
            kept = self._filter_pakn_kept()
            kept._touch_all()
        result = super().write(vals)
        kept._touch_all()
        kept._note_signed()
        return result

    def unlink(self):
        self._filter_pakn_kept()._touch_all()
        return super().unlink()

    def _touch_all(self):
        """Note these messages and their files, with the requests they belong to."""
        if not self:
            return
        seals = self.env["pakn.seal"]
        messages_sudo = self.sudo()  # sudo: whose they are, whoever writes
        slips = self.env["pakn.transfer"].sudo()
        for message in messages_sudo:
            if message.model == "pakn.ticket":
                tickets = [message.res_id]
            elif message.model == "pakn.transfer":
                tickets = slips.browse(message.res_id).ticket_id.ids
            else:
                continue  # kept, too, but of no request: said in a conversation
            seals._touch("message", message.ids, tickets=tickets)
            seals._touch("file", message.attachment_ids.ids, tickets=tickets)

    def _note_signed(self):
        """Have signed PDFs that came with these messages checked (Art. 16.4)."""
        slips = self.env["pakn.transfer"].browse()
        self.env["pakn.signature"]._note(slips.ticket_id, slips, self)
