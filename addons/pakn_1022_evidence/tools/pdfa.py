"""PDFs made fit to be kept (ISO 19005: PDF/A-2b, or 3b where a file is attached).

The renderer embeds its fonts as they are to be; what else the standard asks is added:
the profile of its colours, metadata, an identifier, nothing that is not allowed.
Signatures come afterwards: they stand in what is written here.
"""

import hashlib
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

from odoo.tools.misc import file_open
from odoo.tools.pdf import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    OdooPdfFileReader,
    OdooPdfFileWriter,
    create_string_object,
)

# Colours are those of the screen; its profile comes with Odoo
PROFILE = "tools/data/files/sRGB2014.icc"
# Which program made a file stands nowhere: what signs it later writes itself there, in
# one of the two places where both must be the same
PROGRAMS = {"/Creator", "/Producer"}
METADATA = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


class _Writer(OdooPdfFileWriter):
    def add_metadata(self, infos):
        return super().add_metadata(
            {name: value for name, value in infos.items() if name not in PROGRAMS}
        )

    addMetadata = add_metadata


def to_pdfa(
    pdf: bytes, title: str, now: datetime, files: dict[str, bytes] | None = None
) -> bytes:
    """Return a PDF as PDF/A.

    :param now: UTC, naive
    :param files: name -> content of JSON files to be attached; they make it PDF/A-3
    """
    writer = _Writer()
    writer.cloneReaderDocumentRoot(OdooPdfFileReader(BytesIO(pdf), strict=False))
    writer._header = b"%PDF-1.7"
    for name, content in (files or {}).items():
        writer.addAttachment(name, content, subtype="application/json")
    root = writer._root_object
    for file in root.get("/AF", []):
        _mend_file(file.get_object())
    for page in root["/Pages"]["/Kids"]:
        _mend_fonts(page.get_object())
    _add_profile(writer, root)
    identifier = ByteStringObject(hashlib.sha256(pdf).digest()[:16])
    writer._set_id(ArrayObject((identifier, identifier)))
    stamp = now.strftime("%Y%m%d%H%M%S")
    writer.addMetadata(
        {
            "/Title": title,
            "/CreationDate": f"D:{stamp}Z",
            "/ModDate": f"D:{stamp}Z",
        }
    )
    for name in PROGRAMS:
        writer._info.get_object().pop(name, None)
    writer.add_file_metadata(
        METADATA.format(
            part=3 if files else 2,
            title=escape(title),
            date=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        ).encode()
    )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _mend_file(file):
    """Odoo writes the size of an attached file as a name, and its digest as text."""
    stream = file["/EF"]["/F"].get_object()
    parameters = stream["/Params"]
    parameters[NameObject("/Size")] = NumberObject(len(stream.get_data()))
    parameters.pop("/CheckSum", None)


def _mend_fonts(page):
    fonts = page["/Resources"].get_object().get("/Font", {}).get_object()
    for font in fonts.values():
        font = font.get_object()
        for part in font.get("/DescendantFonts", []):
            part = part.get_object()
            descriptor = part["/FontDescriptor"].get_object()
            # Need not be there; where it is, it must name each glyph, and does not
            descriptor.pop("/CIDSet", None)
            for one in (font, part):
                one[NameObject("/BaseFont")] = NameObject(descriptor["/FontName"])


def _add_profile(writer, root):
    with file_open(PROFILE, "rb") as file:
        content = file.read()
    profile = DecodedStreamObject()
    profile.set_data(content)
    profile[NameObject("/N")] = NumberObject(3)
    target = writer._add_object(profile.flate_encode())
    intent = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): create_string_object("sRGB"),
            NameObject("/Info"): create_string_object("sRGB IEC61966-2.1"),
            NameObject("/DestOutputProfile"): target,
        }
    )
    root[NameObject("/OutputIntents")] = ArrayObject([writer._add_object(intent)])
