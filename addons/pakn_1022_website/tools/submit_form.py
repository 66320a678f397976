"""The form of the site, as it came in and as far as it says itself what is wrong.

Nothing of Odoo's database: which field, ward or answer there is, ``pakn.ticket`` knows.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from odoo.addons.pakn_1022.tools.phone import OldLandline, normalize_phone

from .text import clean_line, clean_text, first_sentence, parse_id, parse_number

TITLE_LENGTH, TEXT_LENGTH, ANSWER_LENGTH = 120, 5000, 2000
# Field of one line -> characters kept of it
LINES = {
    "address": 250,
    "latitude": 20,
    "longitude": 20,
    "citizen_name": 100,
    "citizen_address": 250,
    "citizen_phone": 30,
    "citizen_email": 120,
    "code": 10,
    "account": 64,
}
# What names the field of a question, before the question's code
QUESTION = "q_"
# Gia Lai with a margin: south, north, west, east
PROVINCE = (12.8, 14.9, 107.2, 109.5)

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def parse_key(value: object) -> str:
    """Return the random key of a form or file (a UUID), empty where it is none."""
    return value if isinstance(value, str) and _UUID.fullmatch(value) else ""


@dataclass
class SubmitForm:
    """What was filled in, clean, whatever was sent."""

    # Of this one form, so that one sent twice is one request
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    description: str = ""
    category_id: int = 0
    area_id: int = 0
    address: str = ""
    # As they stand in the form; see `place`
    latitude: str = ""
    longitude: str = ""
    confidential: bool = False
    # Whether the place of a photo may be taken for that of the request
    use_photo_place: bool = False
    citizen_name: str = ""
    citizen_phone: str = ""
    citizen_address: str = ""
    citizen_email: str = ""
    # That was sent to the phone
    code: str = ""
    # For which account the form was opened, in words that only we can say
    account: str = ""
    # Code of a question -> what was answered
    answers: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def from_post(
        cls,
        post: Mapping[str, object],
        lists: Iterable[tuple[str, list[str]]] = (),
    ) -> SubmitForm:
        """Return the form of what was sent.

        :param post: name of a field -> the value that came first
        :param lists: name of a field, and all of its values; those of questions count
        """
        form = cls(
            description=clean_text(post.get("description"), TEXT_LENGTH),
            category_id=parse_id(post.get("category_id")),
            area_id=parse_id(post.get("area_id")),
            confidential=post.get("confidential") == "1",
            use_photo_place=post.get("use_photo_place") == "1",
            answers={
                name.removeprefix(QUESTION): [
                    clean_text(text, ANSWER_LENGTH) for text in texts
                ]
                for name, texts in lists
                if name.startswith(QUESTION)
            },
            **{name: clean_line(post.get(name), size) for name, size in LINES.items()},
        )
        form.key = parse_key(post.get("key")) or form.key
        return form

    def get_values(self) -> dict[str, object]:
        """Return what the page shows again, by name of the field."""
        values = asdict(self)
        answers = values.pop("answers")
        return values | {QUESTION + code: texts for code, texts in answers.items()}

    @property
    def title(self) -> str:
        return first_sentence(self.description, TITLE_LENGTH)

    @property
    def phone(self) -> str | None:
        """The phone in E.164, None where it is none."""
        try:
            return normalize_phone(self.citizen_phone)
        except ValueError:
            return None

    @property
    def is_old_landline(self) -> bool:
        """Whether the phone is a landline's as it was written until 2017."""
        try:
            normalize_phone(self.citizen_phone)
        except OldLandline:
            return True
        except ValueError:
            return False
        return False

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude, None where none or none of the province was given."""
        return parse_place(self.latitude, self.longitude)

    def check(self) -> dict[str, str]:
        """Return ``{field: what is wrong}``.

        What is wrong is ``short``, ``no_name``, ``no_address``, ``no_phone``,
        ``old_phone`` (a landline of before 2017) or ``outside`` (of the province).
        """
        errors = {}
        if len(self.description.split()) < 3:
            errors["description"] = "short"
        if len(self.citizen_name) < 2:
            errors["citizen_name"] = "no_name"
        if not self.citizen_address:
            errors["citizen_address"] = "no_address"
        if not self.phone:
            errors["citizen_phone"] = (
                "old_phone" if self.is_old_landline else "no_phone"
            )
        if (self.latitude or self.longitude) and not self.place:
            errors["latitude"] = "outside"
        return errors


def parse_place(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Return latitude and longitude of a place in the province, or ``None``."""
    place = (
        parse_number(latitude, *PROVINCE[:2]),
        parse_number(longitude, *PROVINCE[2:]),
    )
    return None if None in place else place
