import base64
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.pakn_1022.tools.acts import CLOSED
from odoo.addons.pakn_1022.tools.province import LANG, to_local, to_utc

from ..tools import archives

CRON = "pakn_1022_evidence.ir_cron_archive"
MANAGER = "pakn_1022.group_manager"
# Requests of one package, which is one transaction
BATCH = 50
# Bytes after which a package is closed early
LARGEST = 200 * 1024 * 1024
# Days for which packages can be fetched: they are full of people's data
KEPT_DAYS = 30
FIRST_YEAR = 2000


class PaknArchive(models.Model):
    """The finished requests of one year, packed for the province's archive (Art. 12).

    For each request the whole file as PDF/A with its evidence, what is said of it as
    XML, and its files; each package with the hashes of what is in it, and one signed
    manifest over all. Made by a job, package by package, so that it goes on where it
    was stopped; ``bin/verify`` checks the whole without this program.
    """

    _name = "pakn.archive"
    _description = "Archive of a year"
    _order = "year desc, id desc"
    _rec_name = "year"

    year = fields.Integer(required=True, default=lambda self: self._get_last_year())
    organ_code = fields.Char(
        string="Code of the archive's fond", help="As the archive gives it out."
    )
    maintenance = fields.Char(
        string="To be kept for", required=True, default="Theo quy định"
    )
    user_id = fields.Many2one("res.users", string="Started by", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Not started"),
            ("running", "Being packed"),
            ("stopped", "Stopped"),
            ("done", "Finished"),
            ("removed", "Files removed"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    count_all = fields.Integer(string="Finished requests", readonly=True)
    count_open = fields.Integer(
        string="Still open, left out", readonly=True, help="When it was started."
    )
    count_packed = fields.Integer(string="Packed", readonly=True)
    count_secret = fields.Integer(
        string="State secrets, left out",
        readonly=True,
        help="Whoever starts it is not cleared for them.",
    )
    progress = fields.Float(string="Done (%)", compute="_compute_progress")
    last_id = fields.Integer(readonly=True, help="The request that was packed last.")
    date_done = fields.Datetime(string="Finished on", readonly=True)
    part_ids = fields.One2many(
        "pakn.archive.part", "archive_id", string="Packages", readonly=True
    )
    manifest = fields.Binary(readonly=True)
    manifest_name = fields.Char(compute="_compute_manifest_name")

    @api.model
    def _get_last_year(self):
        return to_local(fields.Datetime.now()).year - 1

    @api.depends("year")
    def _compute_manifest_name(self):
        for archive in self:
            archive.manifest_name = f"luu-tru-{archive.year}.json"

    @api.depends("count_all", "count_packed", "count_secret", "state")
    def _compute_progress(self):
        for archive in self:
            done = archive.count_packed + archive.count_secret
            share = 100.0 * done / archive.count_all if archive.count_all else 0.0
            archive.progress = 100.0 if archive.state == "done" else min(share, 99.0)

    @api.constrains("year")
    def _check_year(self):
        for archive in self:
            if not FIRST_YEAR <= archive.year <= self._get_last_year():
                raise ValidationError(
                    self.env._("Only a year that is over can be archived.")
                )

    # ------------------------------------------------------------
    # STARTING AND STOPPING
    # ------------------------------------------------------------

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only the administrator archives a year."))

    def action_start(self):
        """Begin, or go on where it was stopped."""
        self._check_manager()
        self.ensure_one()
        archive_sudo = self.sudo()  # sudo: how far it is, no hand writes
        if self.state == "draft":
            tickets_sudo = archive_sudo.env["pakn.ticket"]
            domain = archive_sudo._get_domain()
            count = tickets_sudo.search_count(domain)
            if not count:
                raise UserError(
                    self.env._("No request of %s has been finished.", self.year)
                )
            archive_sudo.write(
                {
                    "user_id": self.env.uid,
                    "count_all": count,
                    "count_open": tickets_sudo.search_count(
                        archive_sudo._get_year_domain() + [("state", "not in", CLOSED)]
                    ),
                }
            )
            # So that each request has its proof
            archive_sudo.env["pakn.anchor"]._anchor()
        elif self.state != "stopped":
            raise UserError(self.env._("It has been started already."))
        archive_sudo.state = "running"
        self.env.ref(CRON).sudo()._wake()
        return True

    def action_stop(self):
        """Stop after the package that is being made."""
        self._check_manager()
        self.ensure_one()
        if self.state != "running":
            raise UserError(self.env._("It is not running."))
        self.sudo().state = "stopped"  # sudo: as above
        return True

    def action_remove_files(self):
        """Remove packages that the archive has taken; their hashes stay."""
        self._check_manager()
        self.ensure_one()
        if self.state != "done":
            raise UserError(self.env._("It is not finished."))
        self.sudo()._remove_files()  # sudo: as above
        return True

    def _remove_files(self):
        self.part_ids.content = False
        self.state = "removed"

    @api.autovacuum
    def _gc_files(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("state", "=", "done"), ("date_done", "<", limit)])._remove_files()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(archive.state != "draft" for archive in self):
            raise UserError(self.env._("What was archived stays in this list."))

    def write(self, vals):
        if not self.env.su and any(archive.state != "draft" for archive in self):
            raise UserError(self.env._("It has been started and stays as it is."))
        return super().write(vals)

    # ------------------------------------------------------------
    # THE JOB
    # ------------------------------------------------------------

    def _get_year_domain(self):
        first, after = (
            to_utc(datetime(year, 1, 1)) for year in (self.year, self.year + 1)
        )
        return [("date_received", ">=", first), ("date_received", "<", after)]

    def _get_domain(self):
        return self._get_year_domain() + [("state", "in", CLOSED)]

    @api.model
    def _cron_pack(self):
        """Make package after package, each committed."""
        cron = self.env["ir.cron"]
        running = [("state", "=", "running")]
        cron._commit_progress(remaining=self.search_count(running))
        while archive := self.search(running, order="id", limit=1):
            archive = archive.try_lock_for_update()
            if not archive:
                return
            archive._pack_next()
            if not cron._commit_progress(1, remaining=self.search_count(running)):
                return

    def _pack_next(self):
        """Make one package of the next requests, or the manifest after the last."""
        self.ensure_one()
        tickets = self.env["pakn.ticket"].search(
            self._get_domain() + [("id", ">", self.last_id)], order="id", limit=BATCH
        )
        if not tickets:
            self._finish()
            return
        # With the rights of who started it: no state secret leaves by this way
        allowed = tickets.with_user(self.user_id)._filtered_access("read")
        folders, size, taken = [], 0, self.env["pakn.ticket"]
        for ticket in tickets:
            taken += ticket
            if ticket not in allowed:
                continue
            folder = self._make_folder(ticket.with_user(self.user_id))
            folders.append(folder)
            size += sum(len(data) for _number, _name, data in folder.files)
            if size > LARGEST:
                break
        if folders:
            self._add_part(folders)
        self.write(
            {
                "last_id": taken[-1].id,
                "count_packed": self.count_packed + len(folders),
                "count_secret": self.count_secret + len(taken) - len(folders),
            }
        )

    def _add_part(self, folders):
        content = archives.pack(folders)
        number = len(self.part_ids) + 1
        self.env["pakn.archive.part"].create(
            {
                "archive_id": self.id,
                "number": number,
                "file_name": f"luu-tru-{self.year}-{number:04d}.zip",
                "content": base64.b64encode(content),
                "count": len(folders),
                **archives.describe(content),
            }
        )

    def _make_folder(self, ticket):
        """Return a request as it goes into a package.

        :param ticket: as who started it may read it
        """
        # sudo: what the archive gets is whole; the right to read it was checked
        ticket_sudo = ticket.sudo().with_context(lang=LANG)
        document_sudo = self.env["pakn.document"]._make("file", ticket).sudo()
        files = self.env["pakn.document"]._get_file_values(ticket_sudo)["files"]
        return archives.Folder(
            code=ticket_sudo.name,
            paper=base64.b64decode(document_sudo.content),
            facts=self._get_facts(ticket_sudo, document_sudo),
            files=[
                (file.id, file.name, file.raw or b"")
                for file in files
                if file.type == "binary"
            ],
        )

    def _get_facts(self, ticket_sudo, document_sudo):
        """Return what is said of a request, by the names of Circular 02/2019/TT-BNV."""

        def day(moment):
            return to_local(moment).strftime("%d/%m/%Y") if moment else ""

        return {
            "FileCode": ticket_sudo.name,
            "OrganId": self.organ_code or "",
            "FileCatalog": str(self.year),
            "FileNotation": document_sudo.name,
            "Title": ticket_sudo.title or "",
            "Maintenance": self.maintenance,
            "Rights": document_sudo._get_label(ticket_sudo, "secrecy"),
            "Language": "Tiếng Việt",
            "StartDate": day(ticket_sudo.date_received),
            "EndDate": day(ticket_sudo.date_closed or ticket_sudo.date_done),
            "Category": ticket_sudo.category_id.display_name or "",
            "Area": ticket_sudo.area_id.display_name or "",
            "Unit": ticket_sudo.unit_id.name or "",
            "State": document_sudo._get_label(ticket_sudo, "state"),
            "RecordHash": ticket_sudo.record_hash or "",
            "SealHash": ticket_sudo.seal_hash or "",
        }

    def _finish(self):
        """Write the manifest over all packages, signed where a certificate is set."""
        now = fields.Datetime.now()
        manifest = {
            "version": 1,
            "year": self.year,
            "date": fields.Datetime.to_string(now),
            "requests": self.count_packed,
            "left_out": {"open": self.count_open, "secret": self.count_secret},
            "parts": [
                {
                    "name": part.file_name,
                    "requests": part.count,
                    "size": part.size,
                    "sha256": part.sha256,
                }
                for part in self.part_ids
            ],
        }
        anchors = self.env["pakn.anchor"]
        signed = anchors._sign(anchors._get_certificate(), archives.dump(manifest))
        whole = {"archive": manifest, "signature": "", "certificate": ""} | signed
        self.write(
            {
                "manifest": base64.b64encode(archives.dump(whole)),
                "state": "done",
                "date_done": now,
            }
        )
