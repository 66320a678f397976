"""Certificates and a time-stamping authority of our own, for the tests."""

import base64
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
)

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler

TSA_CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """Certifies others; the moments of its certificates can be chosen.

    :ivar responder: address that its certificates name for questions (OCSP)
    :ivar lists: address that they name for the list of revoked ones
    """

    responder = lists = None

    def __init__(self, name="CA thử nghiệm"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self.name, self.key.public_key(), is_ca=True)

    def _sign(self, subject, key, *, start=None, end=None, is_ca=False, **uses):
        now = datetime.now(timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start or datetime(2020, 1, 1, tzinfo=timezone.utc))
            .not_valid_after(end or now + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        )
        if uses.get("key_usage"):
            builder = builder.add_extension(uses["key_usage"], critical=True)
        if uses.get("usage"):
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([uses["usage"]]), critical=True
            )
        if uses.get("usage") == ExtendedKeyUsageOID.OCSP_SIGNING:
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        if self.responder and not is_ca:
            place = x509.UniformResourceIdentifier(self.responder)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
            builder = builder.add_extension(
                x509.AuthorityInformationAccess([access]), critical=False
            )
        if self.lists and not is_ca:
            place = x509.UniformResourceIdentifier(self.lists)
            point = x509.DistributionPoint([place], None, None, None)
            builder = builder.add_extension(
                x509.CRLDistributionPoints([point]), critical=False
            )
        return builder.sign(self.key, hashes.SHA256())

    def certify(self, name, **options):
        """Return ``(certificate, key)`` of somebody; see :meth:`_sign`."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        # For signatures and what cannot be denied
        options.setdefault("key_usage", x509.KeyUsage(True, True, *[False] * 7))
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._sign(subject, key.public_key(), **options), key

    def revoke(self, certificate, moment, *, start=None, end=None):
        """Return a list of revoked certificates with this one on it.

        :param start: when the list came out, ``moment`` by default
        """
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(moment)
            .build()
        )
        return (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(start or moment)
            .next_update(end or moment + timedelta(days=3650))
            .add_revoked_certificate(entry)
            .sign(self.key, hashes.SHA256())
        )


# The library keeps the class of moments that it meets first; under the clock of a test
# it would be that of freezegun, which cannot be used when the clock is let go
Authority().certificate.not_valid_after_utc  # noqa: B018


def to_pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_to_pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def install(env, certificate, key):
    """Put a certificate with its key into Odoo's app; return it."""
    record = env["certificate.key"].create(
        {"name": "khóa", "content": base64.b64encode(key_to_pem(key))}
    )
    return env["certificate.certificate"].create(
        {
            "name": "Tổng đài 1022",
            "content": base64.b64encode(to_pem(certificate)),
            "private_key_id": record.id,
        }
    )


class _Stamping(PeerHandler):
    def do_POST(self):
        self.peer.asked += 1
        query = self.read_body()
        answer = self.peer.answer or self.peer.stamp(query)
        self.tell(200, answer, {"Content-Type": "application/timestamp-reply"})


class TimeAuthority(HttpPeer):
    """An authority of RFC 3161 on a free port of this machine: OpenSSL's own."""

    handler = _Stamping

    def __init__(self, folder, authority):
        super().__init__()
        self.folder = Path(folder)
        certificate, key = authority.certify(
            "TSA thử nghiệm", usage=ExtendedKeyUsageOID.TIME_STAMPING
        )
        (self.folder / "tsa.pem").write_bytes(to_pem(certificate))
        (self.folder / "tsa.key").write_bytes(key_to_pem(key))
        (self.folder / "ca.pem").write_bytes(to_pem(authority.certificate))
        (self.folder / "serial").write_text("01\n")
        (self.folder / "tsa.cnf").write_text(TSA_CONFIG.format(folder=folder))
        self.asked = 0
        self.answer = None  # instead of a true one
        self.url += "/"
        self.start()

    def stamp(self, query):
        path = self.folder / "query.tsq"
        path.write_bytes(query)
        return subprocess.run(
            [
                *("openssl", "ts", "-reply", "-queryfile", path),
                *("-config", self.folder / "tsa.cnf"),
            ],
            capture_output=True,
            check=True,
        ).stdout

    close = HttpPeer.stop


class _Answering(PeerHandler):
    def do_POST(self):
        self.peer.asked.append("responder")
        answer = self.peer.garbage or self.peer.answer(self.read_body())
        self.tell(200, answer, {"Content-Type": "application/ocsp-response"})

    def do_GET(self):
        self.peer.asked.append("list")
        content = self.peer.garbage or self.peer.list
        self.tell(200 if content else 404, content or b"")


class Registry(HttpPeer):
    """Where an authority says which of its certificates are revoked: OCSP and a list.

    :ivar revoked: ``{serial number: moment}``
    :ivar list: what it gives out as list, DER; ``None``: 404
    :ivar delegate: ``(certificate, key)`` that answers for the authority
    """

    handler = _Answering

    def __init__(self, authority):
        super().__init__()
        self.authority, self.delegate = authority, None
        self.revoked, self.asked = {}, []
        self.list = self.garbage = None
        self.age = timedelta()
        authority.responder = f"{self.url}/ocsp"
        authority.lists = f"{self.url}/list.crl"
        self.start()

    def answer(self, question):
        """Answer after RFC 6960, signed by the authority or whom it has named."""
        question = ocsp.load_der_ocsp_request(question)
        now = datetime.now(timezone.utc) - self.age
        date = self.revoked.get(question.serial_number)
        certificate, key = self.delegate or (
            self.authority.certificate,
            self.authority.key,
        )
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response_by_hash(
                issuer_name_hash=question.issuer_name_hash,
                issuer_key_hash=question.issuer_key_hash,
                serial_number=question.serial_number,
                algorithm=question.hash_algorithm,
                cert_status=ocsp.OCSPCertStatus.REVOKED
                if date
                else ocsp.OCSPCertStatus.GOOD,
                this_update=now,
                next_update=now + timedelta(hours=1),
                revocation_time=date,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, certificate)
            .certificates([certificate])
        )
        for extension in question.extensions:
            builder = builder.add_extension(extension.value, critical=False)
        return builder.sign(key, hashes.SHA256()).public_bytes(
            serialization.Encoding.DER
        )
