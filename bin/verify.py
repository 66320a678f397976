"""Check a file of evidence without Odoo (docs/evidence.md); Vietnamese says what fails.

The file is the JSON itself, a PDF of the whole file that carries it, or the manifest of
an archive (luu-tru-YEAR.json) beside its packages, which are then checked one by one.
usage: verify.py FILE [--trust PEM]… [--crl FILE]…
--trust: certificates that are trusted: of the hotline or who certified it, and of the
    time-stamping authority. Without them it is said that nobody vouches for the signer.
--crl: lists of revoked certificates, PEM or DER

This file stands alone: Python 3.10 or later, cryptography, and asn1crypto where there
is a time stamp. It is a second reading of the formats in docs/evidence.md and shares no
code with the program that writes them. Ends with 1 when something does not fit.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import re
import stat
import sys
import unicodedata
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

START = "0" * 64
PDF = b"%PDF-"
KEYS = {"version", "request", "code", "salt", "acts", "seals", "state", "proof"}
ACT_KEYS = {"ticket", "sequence", "date", "actor", "kind", "transfer", "unit"} | {
    "from_state",
    "to_state",
    "note",
    "payload",
}
SEAL_KEYS = {"ticket", "sequence", "date", "acts", "acts_hash", "changes"}
PROOF_KEYS = {"leaf", "seals", "path", "date", "size", "root", "previous"} | {
    "signature",
    "certificate",
    "stamp",
}
# Bytes of a paper or a list in a package that are read at once: nobody's are larger
LARGEST = 200 * 1024 * 1024
# A stamp is asked for when the anchor is made
STAMP_WITHIN = timedelta(hours=1)


class Fault(Exception):
    """Something does not fit; the message says what, in Vietnamese."""


def check(condition, words):
    """Raise :class:`Fault` with these words unless the condition holds."""
    if not condition:
        raise Fault(words)


def dump(values):
    """Return the bytes that are hashed: JSON, keys sorted, no blanks."""
    return json.dumps(
        values, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def link(previous, values):
    """Return the hash of a link of a chain, in hexadecimal."""
    line = dump({"version": 1, **values})
    return hashlib.sha256(previous.encode() + b"\n" + line).hexdigest()


def unhex(text, words):
    """Return 32 bytes written in small hexadecimal digits."""
    try:
        value = bytes.fromhex(text)
    except (TypeError, ValueError) as error:
        raise Fault(words) from error
    check(len(value) == 32 and value.hex() == text, words)
    return value


def unique(pairs):
    """Return an object of JSON; of what is there twice readers take either."""
    check(len(dict(pairs)) == len(pairs), "tệp bị hỏng: có mục lặp lại")
    return dict(pairs)


def refuse(constant):
    """Refuse ``NaN`` and its like, which are no JSON."""
    raise ValueError(constant)


def load(content):
    """Return what stands in JSON that every reader reads alike."""
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse
        )
    except (ValueError, RecursionError) as error:
        raise Fault("tệp bị hỏng: không đọc được") from error


def read(content):
    """Return the file of evidence as a dictionary of the right form."""
    evidence = load(content)
    check(
        isinstance(evidence, dict)
        and set(evidence) == KEYS
        and type(evidence["version"]) is int
        and evidence["version"] == 1,
        "tệp bị hỏng: không phải tệp chứng cứ phiên bản 1",
    )
    return evidence


def check_acts(evidence):
    """Check the chain of acts; return the hash of each."""
    previous, found, removed = START, [], {}
    for number, act in enumerate(evidence["acts"], 1):
        words = f"bước xử lý số {number} không khớp với hồ sơ"
        check(isinstance(act, dict) and set(act) >= ACT_KEYS, words)
        check(set(act) <= ACT_KEYS | {"hash"}, words)
        check(act["ticket"] == evidence["code"] and act["sequence"] == number, words)
        if "hash" in act:
            # Its words were removed: a later act says what is left of it
            rest = {key: value for key, value in act.items() if key != "hash"}
            unhex(act["hash"], words)
            removed[str(number)] = link(act["hash"], rest)
            previous = act["hash"]
        else:
            previous = link(previous, act)
            if act["kind"] == "erased":
                said = act["payload"]["acts"]
                for key in removed.keys() & said.keys():
                    if removed[key] == said[key]:
                        del removed[key]
        found.append(previous)
    words = f"bước xử lý số {min(removed, key=int, default=0)} không khớp với hồ sơ"
    check(not removed, words)
    check(found, "hồ sơ không có bước xử lý nào")
    return found


def check_seals(evidence, acts):
    """Check the chain of seals against that of acts; return the hash of each."""
    previous, found, last = START, [], 0
    for number, seal in enumerate(evidence["seals"], 1):
        words = f"niêm phong số {number} không khớp với hồ sơ"
        check(isinstance(seal, dict) and set(seal) == SEAL_KEYS, words)
        check(seal["ticket"] == evidence["code"] and seal["sequence"] == number, words)
        last = seal["acts"]
        check(type(last) is int and 0 <= last <= len(acts), words)
        check(
            seal["acts_hash"] == (acts[last - 1] if last else START),
            f"bước xử lý số {last} không phải là bước đã được niêm phong",
        )
        previous = link(previous, seal)
        found.append(previous)
    check(found, "hồ sơ không có niêm phong nào")
    check(last == len(acts), f"bước xử lý số {last + 1} chưa được niêm phong")
    return found


def replay(seals):
    """Return the state that the seals lead to."""
    state = {}
    for seal in seals:
        for kind, rows in seal["changes"].items():
            known = state.setdefault(kind, {})
            for row, values in rows.items():
                if values is None:
                    known.pop(row, None)
                    continue
                fields = known.setdefault(row, {})
                for column, value in values.items():
                    if value is None:
                        fields.pop(column, None)
                    else:
                        fields[column] = value
    return {kind: rows for kind, rows in state.items() if rows}


def check_state(evidence):
    """Check that texts and facts in the file are those under seal."""
    recorded, given = replay(evidence["seals"]), evidence["state"]
    key = evidence["salt"].encode()
    check(set(recorded) == set(given), "trạng thái không khớp với niêm phong")
    for kind, rows in recorded.items():
        check(set(rows) == set(given[kind]), f"các dòng “{kind}” không khớp")
        for row, values in rows.items():
            found = given[kind][row]
            for column in sorted(values.keys() | found.keys()):
                value = found.get(column)
                if value is not None and str(values.get(column)).startswith("#"):
                    place = f"{kind}.{row}.{column}\n{value}".encode()
                    value = "#" + hmac.new(key, place, hashlib.sha256).hexdigest()
                check(
                    value == values.get(column),
                    f"nội dung đã bị sửa: {kind} {row}, mục {column}",
                )


def check_path(evidence, seals):
    """Check that the record was anchored; return the statement that was signed."""
    proof = evidence["proof"]
    check(
        isinstance(proof, dict) and set(proof) == PROOF_KEYS,
        "hồ sơ chưa được neo, hoặc chứng minh bị hỏng",
    )
    numbers = [proof[name] for name in ("leaf", "seals", "size")]
    check(all(type(number) is int for number in numbers), "chứng minh bị hỏng")
    place, sealed, size = numbers
    check(0 < sealed <= len(seals), "niêm phong đã neo không có trong hồ sơ")
    check(0 <= place < size, "chứng minh không khớp với mã gốc")
    leaf = dump(
        {
            "version": 1,
            "request": evidence["request"],
            "code": evidence["code"],
            "seals": sealed,
            "hash": seals[sealed - 1],
        }
    )
    root, last = hashlib.sha256(b"\x00" + leaf).digest(), size - 1
    for part in proof["path"]:
        other = unhex(part, "chứng minh bị hỏng")
        check(last, "chứng minh không khớp với mã gốc")
        if place & 1 or place == last:
            root = hashlib.sha256(b"\x01" + other + root).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\x01" + root + other).digest()
        place, last = place >> 1, last >> 1
    check(
        not last and root == unhex(proof["root"], "mã gốc bị hỏng"),
        "chứng minh không khớp với mã gốc: hồ sơ không phải là hồ sơ đã neo",
    )
    unhex(proof["previous"], "mã của lần neo trước bị hỏng")
    return dump(
        {"version": 1}
        | {name: proof[name] for name in ("date", "size", "root", "previous")}
    )


def check_key(key, value, data, method, words):
    """Check a signature by a public key."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, data, padding.PKCS1v15(), method)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, data, ec.ECDSA(method))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(value, data)
        else:
            raise Fault(f"{words}: loại khóa không được hỗ trợ")
    except InvalidSignature as error:
        raise Fault(words) from error


def check_trust(certificate, moment, trusted, revoked, whose):
    """Check dates, issuer and revocation of a signer's certificate at a moment."""
    check(
        certificate.not_valid_before_utc <= moment,
        f"chứng thư số của {whose} chưa có hiệu lực khi ký",
    )
    check(
        moment <= certificate.not_valid_after_utc,
        f"chứng thư số của {whose} đã hết hạn khi ký",
    )
    issuer = None
    if certificate in trusted:
        issuer = certificate
    for other in trusted:
        try:
            certificate.verify_directly_issued_by(other)
        except (InvalidSignature, ValueError, TypeError):
            continue
        issuer = other
    if issuer is None:
        own = certificate.issuer == certificate.subject
        raise Fault(
            f"chứng thư số của {whose} tự tạo, không ai chứng nhận"
            if own
            else f"chứng thư số của {whose} không do nơi được tin cậy cấp"
        )
    for other in revoked:
        if other.issuer != certificate.issuer:
            continue
        check(
            other.is_signature_valid(issuer.public_key()),
            "danh sách thu hồi không do nơi cấp chứng thư số ký",
        )
        entry = other.get_revoked_certificate_by_serial_number(
            certificate.serial_number
        )
        check(
            entry is None or entry.revocation_date_utc > moment,
            f"chứng thư số của {whose} đã bị thu hồi trước khi ký",
        )


def check_signature(proof, statement, trusted, revoked):
    """Check who signed the root, and when it is said to have been."""
    check(proof["signature"], "mã gốc không được ký số")
    words = "chữ ký số của mã gốc không đúng"
    try:
        value = base64.b64decode(proof["signature"], validate=True)
        certificate = x509.load_pem_x509_certificate(proof["certificate"].encode())
        moment = datetime.strptime(proof["date"], "%Y-%m-%d %H:%M:%S")
        check_key(certificate.public_key(), value, statement, hashes.SHA256(), words)
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise Fault(words) from error
    moment = moment.replace(tzinfo=timezone.utc)
    check_trust(certificate, moment, trusted, revoked, "Tổng đài")
    return certificate, moment


def read_stamp(token, data):
    """Return the moment of a time stamp of RFC 3161 on data, and its signer."""
    # Only where there is a stamp; cms knows of stamps once tsp is there
    from asn1crypto import cms, tsp

    words = "dấu thời gian không đúng"
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        wrapped = signed["encap_content_info"]["content"]
        info = tsp.TSTInfo.load(bytes(wrapped), strict=True)
        imprint = info["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        check(name in ("sha256", "sha384", "sha512"), words)
        check(
            imprint["hashed_message"].native == hashlib.new(name, data).digest(),
            "dấu thời gian không phải của mã gốc này",
        )
        [signer] = signed["signer_infos"]
        certificate = None
        for choice in signed["certificates"]:
            found, wanted = choice.chosen, signer["sid"].chosen
            if isinstance(wanted, cms.IssuerAndSerialNumber):
                same = found.serial_number == wanted["serial_number"].native
                same = same and found.issuer == wanted["issuer"]
            else:
                same = found.key_identifier == wanted.native
            if same:
                certificate = x509.load_der_x509_certificate(found.dump())
        check(certificate is not None, words)
        attributes = {
            attribute["type"].native: attribute["values"][0].native
            for attribute in signer["signed_attrs"]
        }
        method = signer["digest_algorithm"]["algorithm"].native
        check(method in ("sha256", "sha384", "sha512"), words)
        check(attributes["content_type"] == "tst_info", words)
        digest = hashlib.new(method, bytes(wrapped)).digest()
        check(attributes["message_digest"] == digest, words)
        check_key(
            certificate.public_key(),
            signer["signature"].native,
            signer["signed_attrs"].untag().dump(force=True),
            getattr(hashes, method.upper())(),
            words,
        )
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        check(
            x509.ExtendedKeyUsageOID.TIME_STAMPING in usage.value,
            "người cấp dấu thời gian không phải là dịch vụ cấp dấu thời gian",
        )
        return info["gen_time"].native, certificate
    except Fault:
        raise
    except Exception as error:  # a broken token breaks its readers in many ways
        raise Fault(words) from error


def verify(content, trusted=(), revoked=()):
    """Return sentences on what was checked, in Vietnamese.

    :param bytes content: of the file of evidence
    :param trusted: ``x509.Certificate``
    :param revoked: ``x509.CertificateRevocationList``
    :raise Fault: something does not fit
    """
    try:
        return check_evidence(read(content), trusted, revoked)
    except Fault:
        raise
    except Exception as error:  # what is broken breaks its readers in many ways
        raise Fault("tệp bị hỏng: không đúng định dạng") from error


def check_evidence(evidence, trusted, revoked):
    """Check everything in the order in which it hangs together; see :func:`verify`."""
    acts = check_acts(evidence)
    seals = check_seals(evidence, acts)
    check_state(evidence)
    statement = check_path(evidence, seals)
    proof = evidence["proof"]
    certificate, moment = check_signature(proof, statement, trusted, revoked)
    said = [
        f"{evidence['code']}: {len(acts)} bước xử lý, {len(seals)} niêm phong, "
        "không bước nào bị sửa",
        f"Đã neo với mã gốc {proof['root']}",
        f"Người ký: {certificate.subject.rfc4514_string()}",
    ]
    if rests := [act["sequence"] for act in evidence["acts"] if "hash" in act]:
        said.append(
            f"Lưu ý: nội dung của {len(rests)} bước xử lý đã được xóa theo yêu cầu "
            "hoặc theo thời hạn lưu; mã của các bước đó còn trong hồ sơ"
        )
    if proof["seals"] < len(seals):
        said.append(
            f"Lưu ý: chỉ {proof['seals']}/{len(seals)} niêm phong đã được neo; phần "
            "sau sẽ được neo trong lần tới"
        )
    if not proof["stamp"]:
        said.append("Lưu ý: không có dấu thời gian; thời gian là của máy chủ")
        return said
    try:
        token = base64.b64decode(proof["stamp"], validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise Fault("dấu thời gian không đúng") from error
    stamped, authority = read_stamp(token, statement)
    check(
        abs(stamped - moment) <= STAMP_WITHIN,
        f"thời gian không đúng: lần neo ghi {moment:%d/%m/%Y %H:%M} UTC, dấu thời gian "
        f"ghi {stamped:%d/%m/%Y %H:%M} UTC",
    )
    check_trust(authority, stamped, trusted, revoked, "dịch vụ cấp dấu thời gian")
    said.append(f"Dấu thời gian: {stamped:%d/%m/%Y %H:%M:%S} UTC")
    return said


def unpack(content):
    """Return the evidence that is attached to a PDF; another file as it is.

    The program attaches it without compression (ISO 32000-1, 7.11.4).
    """
    if not content.startswith(PDF):
        return content
    start = re.search(rb"/EmbeddedFile\b.{0,2000}?/Length (\d{1,10})\b", content, re.S)
    begin = start and content.find(b"stream", start.end())
    end = content.find(b"\n", begin) if start and begin >= 0 else -1
    check(end >= 0, "tệp PDF không kèm chứng cứ")
    begin, end = end + 1, end + 1 + int(start[1])
    # What was added to the file afterwards could show another one to its reader; what a
    # citizen wrote, which lies in the evidence, does not
    rest = content[:begin] + b"\n" + content[end:]
    numbers = re.findall(rb"\b(\d+)\s+\d+\s+obj\b", content[: start.start()])
    check(numbers, "tệp PDF không kèm chứng cứ")
    gap = rb"(?:\s|\0|%[^\r\n]*[\r\n])+"
    again = rb"(?<!\d)0*%b%b0*\d+%bobj\b" % (numbers[-1], gap, gap)
    check(
        all(count_name(rest, name) == 1 for name in (b"EmbeddedFile", b"EF"))
        and not count_name(rest, b"ObjStm")
        and len(re.findall(again, rest)) == 1,
        "tệp PDF kèm nhiều hơn một chứng cứ",
    )
    return content[begin:end]


def count_name(content, name):
    """Return how often a name stands in a PDF, as which any letter can be a number."""
    letters = (rb"(?:%c|#(?i:%02x))" % (letter, letter) for letter in name)
    end = rb"(?![^\s\0/()<>\[\]{}%])"
    return len(re.findall(b"/" + b"".join(letters) + end, content))


ARCHIVE_KEYS = {"archive", "signature", "certificate"}
PAPER = "ho-so.pdf"


def load_archive(content):
    """Return the manifest of an archive; ``None``: it is another file."""
    if content.startswith(PDF):
        return None
    whole = load(content)
    if isinstance(whole, dict) and set(whole) == ARCHIVE_KEYS:
        return whole
    return None


def digest(stream):
    """Return size and SHA-256 of what can be read."""
    found, size = hashlib.sha256(), 0
    while chunk := stream.read(1 << 20):
        found.update(chunk)
        size += len(chunk)
    return {"size": size, "sha256": found.hexdigest()}


def verify_archive(whole, folder, trusted=(), revoked=()):
    """Check the packages of an archive beside its manifest; return sentences.

    :param dict whole: manifest, signature and certificate
    :param Path folder: where the packages lie
    """
    try:
        manifest = whole["archive"]
        check(manifest["version"] == 1, "bản kê lưu trữ không phải phiên bản 1")
        said = [f"Lưu trữ năm {manifest['year']}: {manifest['requests']} hồ sơ"]
        if whole["signature"]:
            signed = {"date": manifest["date"]} | {
                name: whole[name] for name in ("signature", "certificate")
            }
            certificate, _moment = check_signature(
                signed, dump(manifest), trusted, revoked
            )
            said.append(f"Người ký: {certificate.subject.rfc4514_string()}")
        else:
            said.append("Lưu ý: bản kê không được ký số")
        count, parts = 0, manifest["parts"]
        check(
            len({part["name"] for part in parts}) == len(parts),
            "bản kê lưu trữ kê một gói hai lần",
        )
        for part in parts:
            found = check_part(part, folder, trusted, revoked)
            count += found
            said.append(f"{part['name']}: {found} hồ sơ nguyên vẹn")
        check(count == manifest["requests"], "số hồ sơ không khớp với bản kê")
        return said
    except Fault:
        raise
    except Exception as error:  # what is broken breaks its readers in many ways
        raise Fault("bản kê lưu trữ bị hỏng") from error


def check_part(part, folder, trusted, revoked):
    """Check one package and each request in it; return how many there are."""
    name = part["name"]
    check(re.fullmatch(r"[\w.-]+", name), "tên gói không đúng")
    path = folder / name
    check(path.is_file(), f"thiếu gói {name}")
    with path.open("rb") as stream:
        found = digest(stream)
    check(
        found == {"size": part["size"], "sha256": part["sha256"]},
        f"gói {name} đã bị sửa: không khớp với bản kê",
    )
    with zipfile.ZipFile(path) as package:
        listed = load(read_entry(package, "manifest.json"))
        entries = package.infolist()
        names = {entry.filename for entry in entries}
        # Who unpacks it would get another file than the one checked, or elsewhere
        same = {plain(entry.filename) for entry in entries}
        check(len(same) == len(entries), f"gói {name} có hai tệp cùng tên")
        # A package whose files lie over one another is as large as one likes
        packed = sum(entry.compress_size for entry in entries)
        check(packed <= part["size"], f"gói {name} bị hỏng")
        check(
            not any(
                re.search(r"^/|\\|:|(^|/)\.\.(/|$)", entry.filename)
                or stat.S_ISLNK(entry.external_attr >> 16)
                for entry in entries
            ),
            f"gói {name} có tệp dẫn ra ngoài thư mục giải nén",
        )
        check(
            names == set(listed["files"]) | {"manifest.json"},
            f"gói {name} thiếu hoặc thừa tệp",
        )
        codes = listed["requests"]
        check(len(set(codes)) == len(codes), f"gói {name} kê một hồ sơ hai lần")
        check(
            {file.split("/")[0] for file in listed["files"]} <= set(codes),
            f"gói {name} có tệp không thuộc hồ sơ nào",
        )
        for file, expected in listed["files"].items():
            words = f"tệp {file} đã bị sửa"
            check(package.getinfo(file).file_size == expected["size"], words)
            with package.open(file) as stream:
                check(digest(stream) == expected, words)
        for code in codes:
            evidence = read(unpack(read_entry(package, f"{code}/{PAPER}")))
            try:
                check(evidence["code"] == code, "hồ sơ của mã khác")
                check_evidence(evidence, trusted, revoked)
            except Fault as fault:
                raise Fault(f"hồ sơ {code}: {fault}") from fault
            check_files(code, evidence, listed["files"])
    check(len(codes) == part["requests"], f"gói {name} thiếu hồ sơ")
    return len(codes)


def plain(name):
    """Return a name as computers compare it that know no case, accents or last dots."""
    steps = unicodedata.normalize("NFKC", name).casefold().split("/")
    return "/".join(step.rstrip(". ") for step in steps)


def read_entry(package, name):
    """Return a file of a package that is held in memory, unless it is a bomb."""
    size = package.getinfo(name).file_size
    check(size <= LARGEST, f"tệp {name} lớn bất thường")
    return package.read(name)


def check_files(code, evidence, listed):
    """Check that the files of a request are those under its seals, and all of them."""
    sealed = {
        f"{code}/tep/{row}-": values["sha256"]
        for row, values in evidence["state"].get("file", {}).items()
        if "sha256" in values
    }
    for path, file in listed.items():
        if path.startswith(f"{code}/tep/"):
            # Its name is the number under seal and what it was called
            start = path[: path.find("-", len(f"{code}/tep/")) + 1]
            check(
                sealed.pop(start, None) == file["sha256"],
                f"tệp {path} không phải tệp đã niêm phong trong hồ sơ",
            )
    check(not sealed, f"thiếu {len(sealed)} tệp đã niêm phong trong hồ sơ {code}")


def say(mark, sentence):
    """Print one line: what a file says of itself makes no lines of its own."""
    text = "".join(char if char.isprintable() else "�" for char in sentence)
    print(f"{mark} {text}")


def main(arguments=None):
    """Check one file and print what was found; return the exit code."""
    # Consoles of other alphabets cannot write Vietnamese
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    parser = argparse.ArgumentParser(
        description="Kiểm tra tệp chứng cứ của Tổng đài 1022, không cần mạng."
    )
    parser.add_argument("file", type=Path, help="tệp chứng cứ")
    parser.add_argument("--trust", type=Path, action="append", default=[])
    parser.add_argument("--crl", type=Path, action="append", default=[])
    given = parser.parse_args(arguments)
    try:
        trusted = [
            certificate
            for path in given.trust
            for certificate in x509.load_pem_x509_certificates(path.read_bytes())
        ]
        revoked = []
        for path in given.crl:
            data = path.read_bytes()
            load = (
                x509.load_pem_x509_crl
                if data.startswith(b"-----")
                else x509.load_der_x509_crl
            )
            revoked.append(load(data))
        content = given.file.read_bytes()
        archive = load_archive(content)
        if archive:
            folder = given.file.absolute().parent
            said = verify_archive(archive, folder, trusted, revoked)
        else:
            said = verify(unpack(content), trusted, revoked)
        if content.startswith(PDF):
            said.append("đã kiểm tra chứng cứ kèm trong PDF; so cả tệp PDF ở /van-ban")
    except OSError as error:
        say("✗", f"Không đọc được tệp {error.filename}.")
        return 1
    except ValueError:
        say("✗", "Không đọc được chứng thư số hoặc danh sách thu hồi đã cho.")
        return 1
    except Fault as fault:
        say("✗", f"{str(fault)[0].upper()}{str(fault)[1:]}.")
        return 1
    for sentence in said:
        say("✓", sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
