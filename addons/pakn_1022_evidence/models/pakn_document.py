import base64
import hashlib
import logging
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.pakn_1022.tools.pdf_pages import join_numbered
from odoo.addons.pakn_1022.tools.phone import format_phone
from odoo.addons.pakn_1022.tools.province import LANG, PLACE, SUPERIOR, to_local
from odoo.addons.pakn_1022.tools.record import REMOVED
from odoo.addons.pakn_1022.tools.redaction import html_to_text

from ..tools import documents, pades, pdfa, stamps

_logger = logging.getLogger(__name__)

REPORT = "pakn_1022_evidence.document_report"
# Bits of the token that a paper bears: nobody guesses another one's
TOKEN_BYTES = 16
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class PaknDocument(models.Model):
    """A PDF made of a request, with a number of its own (Art. 9.1, 12.1).

    In the layout of Decree 30/2020/ND-CP: the slip to a unit (phiếu chuyển), what the
    unit replied, the answer to the citizen (văn bản trả lời), and the whole file (hồ
    sơ) with its evidence attached. Numbers go on without a gap by issuer and year. The
    SHA-256 of the PDF is an act on record, so that a QR code on each paper leads to a
    page that says whether it is the paper that was issued. Kept as it is: what is
    asked for again and has not changed is the same document.
    """

    _name = "pakn.document"
    _description = "Document of a request"
    _inherit = "pakn.kept"
    _refused = "UPDATE OR DELETE"
    _order = "date desc, id desc"

    ticket_id = fields.Many2one(
        "pakn.ticket", required=True, readonly=True, index=True, ondelete="restrict"
    )
    transfer_id = fields.Many2one(
        "pakn.transfer",
        string="Slip",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        "pakn.unit",
        string="Issued by",
        readonly=True,
        ondelete="restrict",
        help="Empty: the hotline.",
    )
    kind = fields.Selection(
        [
            ("slip", "Slip to the unit"),
            ("reply", "Result of the unit"),
            ("answer", "Answer to the citizen"),
            ("file", "Whole file"),
        ],
        required=True,
        readonly=True,
    )
    year = fields.Integer(required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    name = fields.Char(string="Number and sign", required=True, readonly=True)
    date = fields.Datetime(string="Issued on", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Made by", required=True, readonly=True, ondelete="restrict"
    )
    content = fields.Binary(string="PDF", required=True, readonly=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True, index=True)
    source = fields.Char(
        readonly=True, help="SHA-256 of what it says, without number and day."
    )
    signer = fields.Char(
        string="Signed by", readonly=True, help="Subject of the certificate (PAdES)."
    )
    token = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    _number_unique = models.UniqueIndex(
        "(kind, COALESCE(unit_id, 0), year, number)",
        "A document with this number has been made already.",
    )
    _token_unique = models.UniqueIndex("(token)")

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        self.env["pakn.seal"]._touch("document", made.ids)
        return made

    def action_open(self):
        """Open the PDF."""
        self.ensure_one()
        self.check_access("read")
        if self._is_removed():
            raise UserError(
                self.env._(
                    "%s was removed with the citizen's personal data; its number and "
                    "SHA-256 are on record.",
                    self.name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/pakn/document/{self.id}",
            "target": "new",
        }

    def _get_file_name(self):
        return documents.get_file_name(self.kind, self.name)

    # ------------------------------------------------------------
    # MAKING ONE
    # ------------------------------------------------------------

    @api.model
    def _make(self, kind, ticket, slip=None):
        """Return the document of a request or slip, made now unless it is there.

        Whoever calls this has checked the right.

        :param str kind: of :attr:`kind`
        :param slip: ``pakn.transfer`` of which it is, for ``slip`` and ``reply``
        """
        # sudo: numbers, the whole record and the last document, whoever asks
        # The paper is Vietnamese, whoever prints it
        documents_sudo = self.sudo().with_context(lang=LANG)
        ticket_sudo = documents_sudo.env["pakn.ticket"].browse(ticket.id)
        slip_sudo = documents_sudo.env["pakn.transfer"].browse(slip.id if slip else [])
        values = {
            "kind": kind,
            "ticket": ticket_sudo,
            "slip": slip_sudo,
            "text": html_to_text,
            "local": lambda moment: to_local(moment).strftime("%d/%m/%Y %H:%M"),
            "size": documents.write_size,
            "phone": format_phone,
            "digest": lambda file: hashlib.sha256(file.raw or b"").hexdigest(),
            "labels": self._get_label,
            # Units do not learn who wants to stay unknown (Art. 13.1)
            "with_citizen": not slip_sudo or ticket_sudo.secrecy == "public",
        }
        if kind == "file":
            values |= self._get_file_values(ticket_sudo)
        issuer = slip_sudo.unit_id if kind == "reply" else slip_sudo.unit_id.browse()
        letter = {
            "parent_office": SUPERIOR.upper(),
            "office": (issuer.name or self.env.company.name).upper(),
            "moment": None,
            **documents_sudo._get_head(kind, issuer),
        }
        # What it says, before it has a number
        empty = {"number": "", "place": ""}
        html = documents_sudo._render(values | {"letter": letter | empty, "code": None})
        source = hashlib.sha256(html.encode()).hexdigest()
        last = documents_sudo.search(
            [
                ("ticket_id", "=", ticket.id),
                ("transfer_id", "=", slip_sudo.id),
                ("kind", "=", kind),
            ],
            limit=1,
        )
        if last.source == source:
            return last.with_env(self.env)
        now = fields.Datetime.now()
        day = to_local(now).date()
        number = documents_sudo._take_number(kind, issuer, day)
        name = documents.get_name(kind, number, issuer.code)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        url = f"{ticket_sudo.get_base_url()}/van-ban/{token}"
        letter |= {
            "number": f"Số: {name}",
            "place": f"{PLACE}, {documents.write_date(day)}",
        }
        code = {"url": url, "image": self._draw_code(url)}
        evidence = {}
        if kind == "file":
            evidence = {f"{ticket_sudo.name}.json": ticket._get_evidence()}
        values |= {"letter": letter, "code": code}
        certificates = documents_sudo._get_certificates(kind, issuer)
        try:
            pdf, signer = documents_sudo._print_signed(
                values, name, now, evidence, certificates
            )
        except ValueError as error:
            _logger.error("a document could not be signed: %s", error)
            letter["moment"] = None
            pdf = documents_sudo._print(values, name, now, evidence)
            signer = False
        digest = hashlib.sha256(pdf).hexdigest()
        document = documents_sudo.create(
            {
                "ticket_id": ticket.id,
                "transfer_id": slip_sudo.id,
                "unit_id": issuer.id,
                "kind": kind,
                "year": day.year,
                "number": number,
                "name": name,
                "date": now,
                "user_id": self.env.uid,
                "content": base64.b64encode(pdf),
                "sha256": digest,
                "source": source,
                "token": token,
                "signer": signer,
            }
        )
        ticket._acting()._log_event(
            "documented",
            note=name,
            payload=document._get_payload(),
            transfer_id=slip_sudo.id,
        )
        return document.with_env(self.env)

    @api.model
    def _get_file_values(self, ticket_sudo):
        """Return what the whole file shows besides: messages and files."""
        # Notices to units repeat the request; of each the acts say that it went out
        said = ticket_sudo.transfer_ids.message_ids.filtered(
            lambda message: message.message_type != "email_outgoing"
        )
        messages = (
            (ticket_sudo.message_ids | said)
            # A grade without words is a picture alone, and an act says it
            .filtered(lambda message: html_to_text(message.body).strip())
            .sorted("id")
        )
        # All that is under seal, also what came in a message without words
        found = (
            self.env["pakn.seal"]
            ._get_reader()
            .read_rows("file", tickets=ticket_sudo.ids)
        )
        files = ticket_sudo.env["ir.attachment"].browse([row for _ticket, row in found])
        return {"messages": messages, "files": files.sorted("id")}

    @api.model
    def _get_label(self, record, name):
        """Return in words what a selection of a record says, in Vietnamese."""
        env = record.with_context(lang=LANG).env
        labels = record._fields[name]._description_selection(env)
        return dict(labels).get(record[name], "")

    @api.model
    def _make_of_slip(self, kind, slip):
        """Return a document of a slip; see :meth:`_make`."""
        # sudo: who reads a slip need not read its request
        return self._make(kind, slip.sudo().ticket_id.with_env(self.env), slip)

    @api.model
    def _take_number(self, kind, issuer, day):
        """Return the next number of a kind of document of an issuer in a year."""
        code = f"pakn.document.{kind}.{issuer.id or 0}"
        sequence = self.env["ir.sequence"].search([("code", "=", code)], limit=1)
        if not sequence:
            sign = f"{documents.SIGNS[kind]}-{issuer.code or documents.HOTLINE}"
            sequence = sequence.create(
                {
                    "name": sign,
                    "code": code,
                    "implementation": "no_gap",
                    "use_date_range": True,
                    "padding": 0,
                    "company_id": False,
                }
            )
        return int(sequence.next_by_id(sequence_date=day))

    @api.model
    def _draw_code(self, url):
        """Return a QR code as a picture that stands in the page itself."""
        picture = self.env["ir.actions.report"].barcode(
            "QR", url, width=240, height=240, barLevel="M"
        )
        return f"data:image/png;base64,{base64.b64encode(picture).decode()}"

    @api.model
    def _render(self, values):
        template = "pakn_1022_evidence.document"
        return str(self.env["ir.qweb"]._render(template, values))

    @api.model
    def _print(self, values, name, now, evidence):
        """Return the PDF of a document, as it can be kept (PDF/A).

        :param dict evidence: files to be attached, by their names
        :raise UserError: it could not be made
        """
        pdf = self.env["ir.actions.report"]._print_page(self._render(values), REPORT)
        if not pdf:
            raise UserError(self.env._("The document %s could not be made.", name))
        return pdfa.to_pdfa(join_numbered([pdf]), name, now, evidence)

    @api.model
    def _get_certificates(self, kind, issuer):
        """Return who signs a document, in their order: the head, the organisation.

        What a unit replied is signed by the unit, where it has a certificate here; else
        the hotline vouches for it without a seal (Art. 16.4).

        :return: ``[(certificate.certificate, whether its picture is shown)]``
        """
        hotline = self.env["pakn.anchor"]._get_certificate()
        head = self._get_head_certificate(kind, issuer)
        if issuer:
            own = issuer.certificate_id
            chosen = [(head, True), (own, True)]
            if not (head._can_sign() or own._can_sign()):
                chosen = [(hotline, False)]
        else:
            chosen = [(head, True), (hotline, kind != "file")]
        return [(one, is_shown) for one, is_shown in chosen if one._can_sign()]

    @api.model
    def _get_head_certificate(self, kind, issuer):
        """Return the certificate of who signs for the issuer; none on a whole file."""
        if issuer:
            return issuer.head_certificate_id
        number = self.env["ir.config_parameter"]._get_typed(
            "pakn_1022_evidence.head_certificate_id", 0
        )
        certificates = self.env["certificate.certificate"]
        return certificates.browse(number if kind != "file" else []).exists()

    @api.model
    def _get_head(self, kind, issuer):
        """Return office and name of who signs, as they stand on the paper."""
        head = self._get_head_certificate(kind, issuer)
        if not head._can_sign():
            return {"title": "THỦ TRƯỞNG ĐƠN VỊ", "head": ""}
        return {
            "title": (head.pakn_title or "THỦ TRƯỞNG ĐƠN VỊ").upper(),
            "head": head.subject_common_name or "",
        }

    @api.model
    def _print_signed(self, values, name, now, evidence, certificates):
        """Return the PDF of a document, signed, and by whom.

        :param certificates: of :meth:`_get_certificates`; unsigned without any
        :raise ValueError: a certificate cannot sign
        """
        if certificates:
            moment = to_local(now).strftime("%d/%m/%Y %H:%M:%S")
            values["letter"]["moment"] = f"{moment} +07:00"
        pdf = self._print(values, name, now, evidence)
        params = self.env["ir.config_parameter"]
        trusts = self.env["pakn.trust"]
        trust = pades.Trust(*trusts._get_trusted(), trusts._get_fetchers())
        pictures = self._arrange(pdf, certificates)
        for number, (certificate, _is_shown) in enumerate(certificates):
            with certificate._open_signer() as signer:
                pdf = pades.sign_with(
                    pdf,
                    signer,
                    reason=name,
                    place=PLACE,
                    tsa_url=params.get_param("pakn_1022_evidence.tsa_url"),
                    field=f"{pades.FIELD}{number or ''}",
                    picture=pictures[number],
                    trust=trust,
                )
        names = [one.subject_common_name for one, _is_shown in certificates]
        return pdf, "; ".join(names) or False

    @api.model
    def _arrange(self, pdf, certificates):
        """Return the picture of each signature and where it goes (Decree 30/2020)."""
        images = {}
        for certificate, is_shown in certificates:
            if is_shown:
                images[certificate.pakn_holder] = certificate._load_picture()
        place = stamps.find_place(pdf) if any(images.values()) else None
        if place is None:
            return [None] * len(certificates)
        seals = [one for one, _shown in certificates if one.pakn_holder != "person"]
        signed, sealed = stamps.arrange(
            place,
            images.get("person"),
            images.get("organisation"),
            seals[0].pakn_seal_size if seals else 0,
        )
        places = {"person": signed, "organisation": sealed}
        return [
            stamps.Picture(images[one.pakn_holder], places[one.pakn_holder])
            if images.get(one.pakn_holder)
            else None
            for one, _is_shown in certificates
        ]

    # ------------------------------------------------------------
    # CHECKING ONE
    # ------------------------------------------------------------

    @api.model
    def _find(self, token=None, content=None):
        """Return the document of a token, or that a file is; none where there is none.

        :param bytes content: of a file that somebody holds
        """
        # sudo: whoever holds the paper may ask whether it was issued
        documents_sudo = self.sudo()
        if content is not None:
            digest = hashlib.sha256(content).hexdigest()
            domain = [("sha256", "=", digest)]
        elif TOKEN.fullmatch(token or ""):
            domain = [("token", "=", token)]
        else:
            return documents_sudo
        return documents_sudo.search(domain, limit=1)

    def _is_whole(self):
        """Return whether file, row and record still say the same (Art. 9.1)."""
        self.ensure_one()
        # sudo: see ``_find``
        document_sudo = self.sudo()
        content = base64.b64decode(document_sudo.content or b"")
        said = document_sudo._get_acts_of("documented")
        is_same = hashlib.sha256(content).hexdigest() == document_sudo.sha256
        return (is_same or self._is_removed()) and any(
            event.payload == document_sudo._get_payload() for event in said
        )

    def _is_removed(self):
        """Return whether its file was removed with the person's data, on record."""
        self.ensure_one()
        document_sudo = self.sudo()  # sudo: see ``_find``
        return not document_sudo.content and any(
            self.id in (event.payload or {}).get("documents", ())
            for event in document_sudo._get_acts_of(REMOVED)
        )

    def _get_acts_of(self, kind):
        return self.env["pakn.event"].search(
            [("ticket_id", "=", self.ticket_id.id), ("kind", "=", kind)]
        )

    def _get_payload(self):
        return {"document": self.id, "kind": self.kind, "sha256": self.sha256}
