"""What PDF/A-2b and 3b ask that can be seen in the structure of a file (ISO 19005).

No whole validator: veraPDF is not among the packages of the distributions.
"""

import re
from io import BytesIO

from lxml import etree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

FORBIDDEN = ("/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData")
PRINT, HIDDEN = 4, 2 | 32


def find_faults(pdf, part):
    """Return what does not fit, in words; of a PDF that says it is of a part."""
    faults = []
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", pdf):
        faults.append("header")
    reader = PdfFileReader(BytesIO(pdf))
    root = reader.root
    if reader.encrypted:
        faults.append("encrypted")
    if "/ID" not in reader.trailer_view:
        faults.append("no identifier")
    faults += _find_metadata_faults(reader, root, part)
    intents = _get(root, "/OutputIntents", ())
    profiles = [one.get_object()["/DestOutputProfile"].data for one in intents]
    if not profiles or any(one[36:40] != b"acsp" for one in profiles):
        faults.append("no profile of colours")
    names = _get(root, "/Names", {})
    if "/EmbeddedFiles" in names and part == 2:
        faults.append("a file is attached")
    for file in _get(root, "/AF", ()):
        file = file.get_object()
        missing = {"/AFRelationship", "/F", "/UF", "/EF"} - set(file)
        faults += [f"attached file without {name}" for name in missing]
        if not isinstance(file["/EF"]["/F"]["/Params"].get("/Size"), int):
            faults.append("size of an attached file")
    for value in _walk(root):
        faults += _find_object_faults(value)
    return faults


def _get(dictionary, key, default):
    """Return what a key leads to: ``get`` alone returns where it is."""
    return dictionary.get(key, default).get_object() if key in dictionary else default


def _find_metadata_faults(reader, root, part):
    if "/Metadata" not in root:
        return ["no metadata"]
    stream = root["/Metadata"]
    faults = ["metadata is compressed"] if "/Filter" in stream else []
    tree = etree.fromstring(stream.data)

    def said(name):
        """Return what an element or attribute of this name says, wherever it stands."""
        found = tree.xpath(
            "string(//*[local-name() = $name])", name=name
        ) or tree.xpath("string(//@*[local-name() = $name])", name=name)
        return found.strip()

    if (said("part"), said("conformance")) != (str(part), "B"):
        faults.append("metadata names another part")
    info = reader.trailer_view["/Info"]
    for key, name in (("/Title", "title"), ("/Producer", "Producer")):
        if key in info and str(info[key]) != said(name):
            faults.append(f"{name} differs: {info[key]}, {said(name)}")
    for key, name in (("/CreationDate", "CreateDate"), ("/ModDate", "ModifyDate")):
        dates = [re.sub(r"\D", "", str(one))[:12] for one in (info[key], said(name))]
        if dates[0] != dates[1]:
            faults.append(f"{name} differs: {dates}")
    return faults


def _walk(value, seen=None):
    """Yield every dictionary and stream that can be reached."""
    seen = set() if seen is None else seen
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, generic.IndirectObject):
            if one.reference in seen:
                continue
            seen.add(one.reference)
            one = one.get_object()
        if isinstance(one, generic.DictionaryObject):
            yield one
            stack += [one.raw_get(key) for key in one]
        elif isinstance(one, generic.ArrayObject):
            stack += [one.raw_get(number) for number in range(len(one))]


def _find_object_faults(value):
    kind, subtype = value.get("/Type"), value.get("/Subtype")
    if kind == "/Font" and subtype in ("/TrueType", "/Type1", "/CIDFontType2"):
        descriptor = _get(value, "/FontDescriptor", {})
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor):
            yield f"font {value.get('/BaseFont')} is not embedded"
        elif descriptor["/FontName"] != value["/BaseFont"]:
            yield f"font {value['/BaseFont']} has two names"
    if subtype == "/CIDFontType2" and "/CIDToGIDMap" not in value:
        yield "font without a map of its glyphs"
    if subtype == "/Image" and value.get("/Interpolate"):
        yield "interpolated picture"
    if "/LZWDecode" in str(value.get("/Filter", "")):
        yield "LZW"
    if value.get("/S") in FORBIDDEN or "/AA" in value:
        yield "an action"
    if subtype == "/Widget":
        flags = value.get("/F", 0)
        if not flags & PRINT or flags & HIDDEN:
            yield "a field that is not printed"
