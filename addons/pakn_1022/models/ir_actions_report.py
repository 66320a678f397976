from odoo import api, models
from odoo.exceptions import AccessError, MissingError

from ..tools.pdf_tables import print_tables


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Print our papers of what the caller reads, for whom they are meant.

        Anybody with an account asks for any paper and record by ``/report/…``, and
        Odoo looks at rights when the page is half made.
        """
        if (report.model or "").startswith("pakn."):
            self._check_printed(report, docids)
        return super()._get_rendering_context(report, docids, data)

    def _check_printed(self, report, docids):
        """Check that the caller may print this paper, and reads all that it is of.

        :raise AccessError: not this paper
        :raise MissingError: no such record, or not one that the caller reads; or a
            paper that programs alone fill
        """
        env = self.env
        # sudo: ir.actions.report - for whom a paper is meant
        groups = report.sudo().group_ids
        if groups and not env.su and not groups & env.user.all_group_ids:
            raise AccessError(env._("This paper is printed by others than you."))
        records = env[report.model].with_context(active_test=False)
        found = records.search([("id", "in", docids or [])])
        is_filled = self._get_rendering_context_model(report) is not None
        if not is_filled or not found or set(found.ids) != set(docids):
            raise MissingError(env._("There is nothing to print here."))

    def _build_wkhtmltopdf_args(self, paperformat_id, *args, **kwargs):
        """Wait for no script on the pages of our documents, which have none.

        Odoo has every page wait a second for its scripts.
        """
        command = super()._build_wkhtmltopdf_args(paperformat_id, *args, **kwargs)
        if paperformat_id == self.env.ref("pakn_1022.paperformat_document"):
            command += ["--disable-javascript", "--javascript-delay", "0"]
        return command

    @api.model
    def _print_page(self, content, report_ref, landscape=None):
        """Return the PDF of one of our documents, its tables with a head on each page.

        :param str content: HTML of the whole page
        """
        return print_tables(
            f"<!DOCTYPE html>{content}",
            lambda page: self._run_wkhtmltopdf(
                [page], report_ref=report_ref, landscape=landscape
            ),
        )
