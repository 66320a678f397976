"""Signatures on PDFs that others signed, judged (PAdES). Nothing of Odoo.

What is looked at: that the bytes are those that were signed, what was added later,
whose certificate it is and who vouches for it at the time of signing, and that time.
Whether a certificate was revoked is told by lists of the house, by what the file itself
brings (its security store, ISO 32000-2, 12.8.4.3), and by its issuer where it may be
asked; each of them is signed by the issuer.
"""

import asyncio
import itertools
import logging
import re
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import NamedTuple

from asn1crypto import crl, ocsp, pem, x509
from cryptography.x509 import load_der_x509_certificate, load_der_x509_crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import (
    NoDSSFoundError,
    SignatureValidationError,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathValidationError,
    RevokedError,
)
from pyhanko_certvalidator.fetchers import Fetchers
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response

_logger = logging.getLogger(__name__)
# They log at length what is told here in one word
for _name_of in ("pyhanko.sign.validation", "pyhanko.sign.diff_analysis"):
    logging.getLogger(_name_of).setLevel(logging.CRITICAL)

# Every signature has its range of bytes; a PDF without one bears none
MARK = b"/ByteRange"
# What signs for somebody: one of the two, where a certificate says what it is for
SIGNING = {"digital_signature", "non_repudiation"}
ANY_USE = KeyUsageConstraints(key_usage=set())
# Clocks of two machines, and what the asking for a stamp takes
CLOCKS = timedelta(minutes=15)
# More signatures than any paper bears are somebody's joke
MOST = 50
NOBODY = "?"


class Signature(NamedTuple):
    """One signature of a PDF.

    ``verdict``: ``valid`` or why not; ``date``: UTC, naive, of the time stamp where
    there is a good one, else what the signer's machine said; ``is_changed_after``:
    something other than further signatures was added to the file later;
    ``is_looked_up``: it is known of the whole chain whether it was revoked.
    """

    signer: str
    issuer: str
    date: datetime | None
    is_stamped: bool
    verdict: str
    is_changed_after: bool
    is_looked_up: bool = False


class Store(NamedTuple):
    """What a file brings for it to be judged, of ``asn1crypto``."""

    certificates: list[x509.Certificate]
    answers: list[ocsp.OCSPResponse]
    lists: list[crl.CertificateList]


def load_certificates(content: bytes) -> list[x509.Certificate]:
    """Return the certificates of a file, PEM or DER.

    :raise ValueError: it is none
    """
    if not pem.detect(content):
        return [_strict(x509.Certificate.load(content, strict=True))]
    return [
        _strict(x509.Certificate.load(part))
        for name, _headers, part in pem.unarmor(content, multiple=True)
        if name == "CERTIFICATE"
    ]


def load_list(content: bytes) -> crl.CertificateList:
    """Return a list of revoked certificates, PEM or DER.

    :raise ValueError: it is none
    """
    if pem.detect(content):
        _name, _headers, content = pem.unarmor(content)
    return _strict(crl.CertificateList.load(content, strict=True))


def _strict(value):
    # All of it is read, so that what is broken raises here
    _read = value.native
    return value


def is_signed(pdf: bytes) -> bool:
    """Return whether a file may bear a signature."""
    return pdf.startswith(b"%PDF-") and MARK in pdf


def read_signatures(
    pdf: bytes,
    roots: list[x509.Certificate],
    lists: list[crl.CertificateList],
    now: datetime,
    fetchers: Fetchers | None = None,
) -> list[Signature]:
    """Return what is to be said of each signature of a PDF, in their order.

    :param roots: certificates that are trusted
    :param lists: of revoked certificates
    :param now: UTC, naive
    :param fetchers: what asks issuers; nobody is asked without
    :return: one of ``unreadable`` where the file cannot be read
    """
    unreadable = Signature(NOBODY, "", None, False, "unreadable", False)
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        found = reader.embedded_regular_signatures[:MOST]
        trust = _Trust(
            roots,
            lists,
            now.replace(tzinfo=timezone.utc),
            _read_store(reader),
            fetchers,
            is_run_on=_is_run_on(pdf, reader.last_startxref),
        )
        return [trust.judge(signature) for signature in found] or [unreadable]
    except Exception as error:  # noqa: BLE001 - a broken file breaks its reader anyhow
        _logger.info("a signed PDF cannot be read: %r", error)
    return [unreadable]


def _read_store(reader) -> Store:
    """Return what a file brings; nothing where that is broken."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
        return Store(
            list(itertools.islice(store.load_certs(), MOST)),
            [
                ocsp.OCSPResponse.load(one.get_object().data)
                for one in store.ocsps[:MOST]
            ],
            [
                crl.CertificateList.load(one.get_object().data)
                for one in store.crls[:MOST]
            ],
        )
    except NoDSSFoundError:
        return Store([], [], [])
    except Exception as error:  # noqa: BLE001 - as above
        _logger.info("a store of a signed PDF cannot be read: %r", error)
    return Store([], [], [])


class _Trust:
    """Whom one trusts, at one moment."""

    def __init__(self, roots, lists, now, store, fetchers, is_run_on):
        self.roots, self.lists, self.now = roots, lists, now
        self.store, self.fetchers = store, fetchers
        self.is_run_on = is_run_on

    def judge(self, embedded) -> Signature:
        certificate = embedded.signer_cert
        claimed = embedded.self_reported_timestamp
        stamped, is_bad_stamp = self._read_stamp(embedded)
        moment = stamped or claimed
        facts = {
            "signer": get_name(certificate.subject),
            "issuer": get_name(certificate.issuer),
            "date": _naive(moment),
            "is_stamped": bool(stamped),
            "is_changed_after": False,
        }
        try:
            status = self._validate(embedded, moment or self.now)
        except SignatureValidationError:
            return Signature(verdict="broken", **facts)
        facts["is_changed_after"] = self.is_run_on or _is_changed_after(status)
        is_revoked, facts["is_looked_up"] = self._look_up(
            status.validation_path, moment or self.now
        )
        return Signature(
            verdict=self._decide(
                status, certificate, claimed, stamped, is_bad_stamp, is_revoked, facts
            ),
            **facts,
        )

    def _decide(
        self, status, certificate, claimed, stamped, is_bad_stamp, is_revoked, facts
    ):
        """Return the first that is wrong, the worst first."""
        moment = stamped or claimed or self.now
        validity = certificate["tbs_certificate"]["validity"]
        usage = certificate.key_usage_value
        is_root = any(certificate.dump() == root.dump() for root in self.roots)
        checks = (
            ("changed", not status.intact),
            ("broken", not status.valid),
            ("added", facts["is_changed_after"]),
            ("bad_stamp", is_bad_stamp),
            ("wrong_time", self._is_wrong_time(claimed, stamped)),
            ("not_yet", moment < validity["not_before"].native),
            ("expired", moment > validity["not_after"].native),
            ("revoked", is_revoked),
            ("wrong_use", usage is not None and not SIGNING & usage.native),
            ("self_made", certificate.self_issued and not is_root),
            ("unknown", not status.trusted),
        )
        return next((verdict for verdict, is_so in checks if is_so), "valid")

    def _is_wrong_time(self, claimed, stamped):
        if claimed and claimed > self.now + CLOCKS:
            return True
        return bool(claimed and stamped and abs(stamped - claimed) > CLOCKS)

    def _look_up(self, path, moment):
        """Return whether a certificate of a chain was revoked when it was used.

        And whether that is known of each of them. Issuers answer for now and say since
        when; what a file brings was good at its moment.
        """
        if path is None:
            return False, False
        if self._is_listed(path, moment):
            return True, True
        now = self._get_context(
            self.now,
            crls=self.lists,
            fetchers=self.fetchers,
            allow_fetching=bool(self.fetchers),
        )
        then = self._get_context(
            moment, crls=self.store.lists, ocsps=self.store.answers
        )
        known = [
            asyncio.run(_find_revocation(certificate, path, (now, then)))
            for _issuer, certificate in itertools.pairwise(path)
        ]
        return (
            any(date and date <= moment for date in known),
            all(date is not None for date in known),
        )

    def _is_listed(self, path, moment):
        """Return whether a certificate of the chain was revoked before a moment.

        pyHanko does not look into lists that are no longer new, or of which the
        certificate says nothing, as those of an office's own authority need not.
        """
        return any(
            self._is_on_list(certificate, issuer, moment)
            for issuer, certificate in itertools.pairwise(path)
        )

    def _is_on_list(self, certificate, issuer, moment):
        for revoked in self.lists:
            if revoked.issuer != certificate.issuer:
                continue
            key = load_der_x509_certificate(issuer.dump()).public_key()
            if not load_der_x509_crl(revoked.dump()).is_signature_valid(key):
                continue
            for entry in revoked["tbs_cert_list"]["revoked_certificates"]:
                if entry["user_certificate"].native == certificate.serial_number:
                    return entry["revocation_date"].native <= moment
        return False

    def _validate(self, embedded, moment):
        return validate_pdf_signature(
            embedded,
            self._get_context(moment),
            self._get_context(moment),
            key_usage_settings=ANY_USE,
        )

    def _get_context(self, moment, **options):
        # Certificates are not fetched: who uploads a file does not choose where we call
        return ValidationContext(
            trust_roots=self.roots,
            other_certs=self.store.certificates,
            moment=moment,
            best_signature_time=moment,
            revocation_mode="soft-fail",
            retroactive_revinfo=True,
            **options,
        )

    def _read_stamp(self, embedded):
        """Return the time of a stamp that is to be trusted, and whether it is not."""
        if embedded.attached_timestamp_data is None:
            return None, False
        try:
            status = self._validate(embedded, self.now).timestamp_validity
        except (SignatureValidationError, ValueError):
            return None, True
        if status is None or not (status.intact and status.valid):
            return None, True
        if not status.trusted:
            # Nobody set here vouches for the authority: it is a time that was said
            return None, False
        return status.timestamp, False


async def _find_revocation(certificate, path, contexts):
    """Return since when a certificate is revoked; ``False``: it is not, ``None``: that
    is not known."""
    for context in contexts:
        for verify in (verify_ocsp_response, verify_crl):
            try:
                await verify(certificate, path, context)
            except RevokedError as error:
                return error.revocation_dt
            except (OCSPValidationError, CRLValidationError):
                continue
            except (PathValidationError, ValueError):
                continue
            return False
    return None


def _is_run_on(pdf: bytes, last: int) -> bool:
    """Return whether a file goes on after its end (ISO 32000-1, 7.5.5).

    A reader that looks for the objects by itself would show what stands there.

    :param last: where the last table of objects begins, as the end of the file says
    """
    end = re.compile(rb"startxref\s+0*%d\s+%%%%EOF" % last).search(pdf, max(last, 0))
    return not end or bool(pdf[end.end() :].strip(b"\0\t\n\f\r "))


def _is_changed_after(status):
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return False
    level = status.modification_level
    return level is None or level > ModificationLevel.FORM_FILLING


def _naive(moment):
    if moment is None:
        return None
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


def get_name(name: x509.Name) -> str:
    """Return who a name of X.509 is: its common name, or all of it."""
    common = name.native.get("common_name")
    text = common if isinstance(common, str) else name.human_friendly
    return text[:200]
