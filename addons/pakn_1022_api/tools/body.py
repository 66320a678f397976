"""The body of a call, an object of JSON: texts, numbers, lists. Nothing of Odoo."""

import hashlib
import json
from collections.abc import Iterable, Mapping

# Bytes of a body without files; how deep it may be
MOST, DEEP = 64 * 1024, 20


class WrongBody(ValueError):
    """``args[0]``: ``large``, ``utf8``, ``json`` or ``object``."""


def read_object(data: bytes) -> dict[str, object]:
    """Return the object that a body is.

    :raise WrongBody: it is none, or larger or deeper than any that is meant
    """
    if len(data) > MOST:
        raise WrongBody("large")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongBody("utf8") from error
    try:
        content = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WrongBody("json") from error
    if not isinstance(content, dict):
        raise WrongBody("object")
    return content


def _refuse(name):
    raise ValueError(name)


def find_wrong(
    content: Mapping[str, object], properties: Mapping[str, Mapping]
) -> dict[str, str]:
    """Return ``{name: what is wrong}`` of values that are of another kind than is said.

    What is wrong is ``text``, ``number``, ``boolean``, ``list``, ``object``: which it
    is not; or ``long``. A number does for a text, and its text for a number; ``null``
    is as missing.

    :param properties: name -> schema, as in a description of OpenAPI
    """
    wrong = {}
    for name, value in content.items():
        if value is None:
            continue
        reason = _find_wrong(value, properties[name])
        if reason:
            wrong[name] = reason
    return wrong


def _find_wrong(value, schema):
    kind = schema.get("type")
    if kind == "boolean":
        return "" if isinstance(value, bool) else "boolean"
    if kind == "object":
        return "" if isinstance(value, dict) else "object"
    if kind == "array":
        return "" if isinstance(value, list) else "list"
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return "number" if kind == "number" else "text"
    return "long" if len(str(value)) > schema.get("maxLength", MOST) else ""


def to_text(value: object) -> str:
    """Return a text or a number as a form would send it; anything else is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def to_texts(value: object) -> list[str]:
    """Return one value, or a list of them, as a form would send them."""
    values = value if isinstance(value, list) else [value]
    return [text for one in values if (text := to_text(one))]


def get_fingerprint(content: object, files: Iterable[bytes] = ()) -> str:
    """Return a hash of what was sent, the same for the same in any order of names."""
    hashes = [hashlib.sha256(data).hexdigest() for data in files]
    # Surrogates that stand alone, which JSON lets through, are kept escaped
    text = json.dumps([content, hashes], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
