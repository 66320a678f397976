"""Ask whoever issued a certificate whether it still counts. Nothing of Odoo.

Certificates name where that is answered: a responder (OCSP, RFC 6960) or a list of
revoked ones (RFC 5280, 4.2.1.13). Only certificates that a trusted authority has signed
are asked about: who hands in a file does not choose where we call.
"""

import asyncio
from collections.abc import Callable

from asn1crypto import crl, ocsp, pem, x509
from pyhanko_certvalidator.errors import (
    CRLFetchError,
    OCSPFetchError,
    OCSPValidationError,
)
from pyhanko_certvalidator.fetchers import (
    CertificateFetcher,
    CRLFetcher,
    Fetchers,
    OCSPFetcher,
)
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    process_ocsp_response_data,
)
from pyhanko_certvalidator.util import get_ocsp_urls, get_relevant_crl_dps

from odoo.addons.pakn_1022.tools import outside

SECONDS = 10
# Bytes of a list of revoked certificates
LONGEST = 20 * 2**20
# Of each kind for one file: who signs a paper many times does not hold up the others
MOST = 10


def make_fetchers(is_allowed: Callable[[str], bool] = outside.is_public) -> Fetchers:
    """Return what asks, each question once, for one file.

    :param is_allowed: which IP addresses are spoken to
    """
    return Fetchers(Responders(is_allowed), Lists(is_allowed), _NoCertificates())


class Responders(OCSPFetcher):
    """Ask responders, one question for each certificate."""

    def __init__(self, is_allowed: Callable[[str], bool]):
        self.is_allowed = is_allowed
        self.answers: dict[bytes, ocsp.OCSPResponse | None] = {}

    async def fetch(self, cert: x509.Certificate, authority) -> ocsp.OCSPResponse:
        """Return what is answered of a certificate.

        :raise OCSPFetchError: nothing is
        """
        if cert.issuer_serial not in self.answers and len(self.answers) < MOST:
            self.answers[cert.issuer_serial] = await asyncio.to_thread(
                self._ask, cert, authority
            )
        answer = self.answers.get(cert.issuer_serial)
        if answer is None:
            raise OCSPFetchError("no responder answers")
        return answer

    def _ask(self, cert, authority):
        # SHA-1 names the certificate, as RFC 5019 has it; nothing hangs on it
        question = format_ocsp_request(
            cert, authority, certid_hash_algo="sha1", request_nonces=True
        )
        headers = {"Content-Type": "application/ocsp-request"}
        for url in get_ocsp_urls(cert)[:2]:
            try:
                answer = outside.ask(
                    *("POST", url, question.dump(), headers, SECONDS, self.is_allowed)
                )
                return process_ocsp_response_data(
                    answer.body, ocsp_request=question, ocsp_url=url
                )
            except (outside.Unreachable, OCSPValidationError, ValueError):
                continue
        return None

    def fetched_responses(self) -> list[ocsp.OCSPResponse]:
        """Return all that was answered."""
        return [answer for answer in self.answers.values() if answer]

    def fetched_responses_for_cert(self, cert) -> list[ocsp.OCSPResponse]:
        """Return what was answered of a certificate."""
        answer = self.answers.get(cert.issuer_serial)
        return [answer] if answer else []


class Lists(CRLFetcher):
    """Fetch lists of revoked certificates, each once."""

    def __init__(self, is_allowed: Callable[[str], bool]):
        self.is_allowed = is_allowed
        self.lists: dict[str, crl.CertificateList | None] = {}
        self.of: dict[bytes, list[crl.CertificateList]] = {}

    async def fetch(
        self, cert: x509.Certificate, *, use_deltas=None
    ) -> list[crl.CertificateList]:
        """Return the lists that a certificate may be on.

        :raise CRLFetchError: there are none
        """
        found = []
        for point in get_relevant_crl_dps(cert, use_deltas=True):
            for url in enumerate_delivery_point_urls(point):
                if url not in self.lists and len(self.lists) < MOST:
                    self.lists[url] = await asyncio.to_thread(self._load, url)
                if self.lists.get(url):
                    found.append(self.lists[url])
                    break  # the addresses of one point are of one list
        if not found:
            raise CRLFetchError("no list can be fetched")
        self.of[cert.issuer_serial] = found
        return found

    def _load(self, url):
        try:
            content = outside.ask(
                *("GET", url, None, {}, SECONDS, self.is_allowed, LONGEST)
            ).body
            if pem.detect(content):
                _name, _headers, content = pem.unarmor(content)
            return crl.CertificateList.load(content, strict=True)
        except (outside.Unreachable, ValueError):
            return None

    def fetched_crls(self) -> list[crl.CertificateList]:
        """Return all that were fetched."""
        return [one for one in self.lists.values() if one]

    def fetched_crls_for_cert(self, cert) -> list[crl.CertificateList]:
        """Return those that were fetched for a certificate.

        :raise KeyError: none were
        """
        return self.of[cert.issuer_serial]


class _NoCertificates(CertificateFetcher):
    """Certificates are not fetched: it would be before anybody vouches for them."""

    async def fetch_cert_issuers(self, cert):
        """Yield none."""
        for issuer in self.fetched_certs():
            yield issuer

    async def fetch_crl_issuers(self, certificate_list):
        """Yield none."""
        for issuer in self.fetched_certs():
            yield issuer

    def fetched_certs(self) -> list[x509.Certificate]:
        """Return none."""
        return []
