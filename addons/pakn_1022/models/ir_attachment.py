from odoo import fields, models
from odoo.exceptions import AccessError, ValidationError

# Bytes of the files of one answer: what a mail may carry everywhere
SIZE_LIMIT = 20 * 1024 * 1024


class IrAttachment(models.Model):
    """Files of a request are read by who may read them there (Art. 13.1)."""

    _inherit = "ir.attachment"

    pakn_ticket_ids = fields.Many2many(
        "pakn.ticket",
        "pakn_ticket_attachment_rel",
        string="Requests",
        readonly=True,
        help="Of which it is a file; a file of a mail about one is not among them.",
    )
    pakn_result_ticket_ids = fields.Many2many(
        "pakn.ticket",
        "pakn_ticket_result_attachment_rel",
        string="Requests whose result it is part of",
        readonly=True,
    )

    def _attach_to(self, records):
        """Tie files that the user has just uploaded to ``records``, a copy for each.

        :return: ``{record: attachments}``, in sudo
        :raise AccessError: a file of somebody else, or one that lies elsewhere already
        :raise ValidationError: more than :data:`SIZE_LIMIT` together
        """
        files_sudo = self.sudo().exists()  # sudo: whose they are is checked here
        if files_sudo.filtered(
            lambda file: (
                file.create_uid != self.env.user
                or file.res_id
                or file.res_field
                or file.type != "binary"
            )
        ):
            raise AccessError(
                self.env._("Only files that you have just uploaded can be added.")
            )
        if sum(files_sudo.mapped("file_size")) > SIZE_LIMIT:
            raise ValidationError(
                self.env._(
                    "The files are larger than %s MB together and cannot be mailed; "
                    "please make them smaller.",
                    SIZE_LIMIT // 2**20,
                )
            )
        first, others = records[:1], records[1:]
        files_sudo.write({"res_model": records._name, "res_id": first.id})
        result = {first: files_sudo}
        copies_sudo = files_sudo.create(
            [
                vals | {"res_id": record.id}
                for record in others
                for vals in files_sudo.copy_data()
            ]
        )
        size = len(files_sudo)
        for position, record in enumerate(others):
            result[record] = copies_sudo[position * size : (position + 1) * size]
        return result

    def _describe_files(self):
        """Return names and SHA-1 of files for the record of acts (Art. 9)."""
        return [[file.name, file.checksum] for file in self.sudo()]  # sudo: facts only
