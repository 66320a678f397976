"""Certificates and a time-stamping authority of our own, for the tests."""

import base64
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

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
    """Certifies others; the moments of its certificates can be chosen."""

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
        return builder.sign(self.key, hashes.SHA256())

    def certify(self, name, **options):
        """Return ``(certificate, key)`` of somebody; see :meth:`_sign`."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        # For signatures and what cannot be denied
        options.setdefault("key_usage", x509.KeyUsage(True, True, *[False] * 7))
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._sign(subject, key.public_key(), **options), key

    def revoke(self, certificate, moment):
        """Return a list of revoked certificates with this one on it."""
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(moment)
            .build()
        )
        return (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(moment)
            .next_update(moment + timedelta(days=3650))
            .add_revoked_certificate(entry)
            .sign(self.key, hashes.SHA256())
        )


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
