from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from .mail_message import KEPT_MODELS

# Bytes of the files of one answer: what a mail may carry everywhere
SIZE_LIMIT = 20 * 1024 * 1024


class IrAttachment(models.Model):
    """Files of a request are read by who may read them there (Art. 13.1), and kept.

    A file that was put to a request or slip, or sent with a message on one, is neither
    changed nor deleted (Art. 9). What was added by mistake is taken off the request by
    a correction, which names the file; the file itself stays.
    """

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

    def write(self, vals):
        self._check_pakn_kept()
        if "thumbnail" in vals:
            # A route of Odoo's writes it as superuser: the web client makes the first
            # preview of a PDF, and nobody another one (Art. 9)
            self.filtered("has_thumbnail").sudo(False)._check_pakn_kept()
        return super().write(vals)

    def unlink(self):
        self._check_pakn_kept()
        return super().unlink()

    def _delete_and_notify(self, message=None):
        """Refuse what Odoo's own route would delete as superuser (Art. 9)."""
        self.sudo(False)._check_pakn_kept()
        return super()._delete_and_notify(message)

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Name no file of a request to who may not read it, wherever one is named."""
        hidden = self.browse()
        if self.env.su:  # others are asked for their rights by the ORM
            kept = self.filtered(lambda file: file.res_model in KEPT_MODELS)
            hidden = kept - kept.sudo(False)._filtered_access("read").sudo()
        # The very records where none is hidden: others would be fetched anew
        shown = self - hidden if hidden else self
        result = super(IrAttachment, shown)._compute_display_name()
        hidden.display_name = self.env._("File")
        return result

    def _check_pakn_kept(self):
        """Refuse to change or delete what belongs to a request, a slip or its words."""
        if self.env.su or not self.ids:
            return
        self.env["mail.message"].flush_model(["attachment_ids", "model"])
        self.flush_recordset(["res_model", "res_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM ir_attachment
                    WHERE id IN %(ids)s AND res_model IN %(models)s AND res_id > 0
                UNION ALL
                   SELECT rel.attachment_id FROM message_attachment_rel rel
                     JOIN mail_message message ON message.id = rel.message_id
                    WHERE rel.attachment_id IN %(ids)s AND message.model IN %(models)s
                UNION ALL
                   SELECT ir_attachment_id FROM pakn_ticket_attachment_rel
                    WHERE ir_attachment_id IN %(ids)s
                    LIMIT 1""",
                ids=tuple(self.ids),
                models=KEPT_MODELS,
            )
        )
        if rows:
            raise AccessError(
                self.env._(
                    "The files of a request are neither changed nor deleted (Art. 9). "
                    "Take a wrong one off the request; it stays on record."
                )
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
