"""Phone numbers of citizens, as E.164."""

import re

import phonenumbers

# Area codes of landlines until 2017 and since (Decision 2036/QĐ-BTTTT of 2016)
_OLD_AREAS = {
    **{"20": "214", "22": "212", "230": "215", "231": "213", "240": "204"},
    **{"241": "222", "25": "205", "26": "206", "27": "207", "280": "208"},
    **{"281": "209", "29": "216", "30": "229", "31": "225", "320": "220"},
    **{"321": "221", "33": "203", "350": "228", "351": "226", "36": "227"},
    **{"37": "237", "38": "238", "39": "239", "4": "24", "500": "262"},
    **{"501": "261", "510": "235", "511": "236", "52": "232", "53": "233"},
    **{"54": "234", "55": "255", "56": "256", "57": "257", "58": "258"},
    **{"59": "269", "60": "260", "61": "251", "62": "252", "63": "263"},
    **{"64": "254", "650": "274", "651": "271", "66": "276", "67": "277"},
    **{"68": "259", "70": "270", "710": "292", "711": "293", "72": "272"},
    **{"73": "273", "74": "294", "75": "275", "76": "296", "77": "297"},
    **{"780": "290", "781": "291", "79": "299", "8": "28"},
}
# Gia Lai's own, which a small mobile network has now: people here mean the landline
_OUR_OLD_AREA = "59"
# Mobile numbers had eleven digits until 2018; what they begin with now (plan of the
# Ministry of Information and Communications of 22 May 2018, carried out from 15
# September). No number of today is written so, which makes it certain.
_OLD_MOBILES = {
    **{"120": "70", "121": "79", "122": "77", "126": "76", "128": "78"},
    **{"123": "83", "124": "84", "125": "85", "127": "81", "129": "82"},
    **{"162": "32", "163": "33", "164": "34", "165": "35", "166": "36"},
    **{"167": "37", "168": "38", "169": "39"},
    **{"182": "52", "186": "56", "188": "58", "199": "59"},
}
# … and how one stands in a text
_OLD_MOBILE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)?84|0)[ .-]?1[2689]\d(?:[ .-]?\d){7}(?![ .-]?\d)"
)
# Digits, and what stands between them
_WHOLE = re.compile(r"\+?[\d\s().-]+")
# An area of three digits, and seven: not those of Hà Nội (24) and of the city (28)
_LANDLINE = re.compile(r"(2(?!4|8)\d\d)(\d)(\d{3})(\d{3})")
# Of a text, so many that look like a number and are none
TRIES = 2000


class OldLandline(ValueError):
    """A landline as it was written until 2017.

    :ivar number: the number it has now, as E.164
    """

    def __init__(self, text: str, number: str) -> None:
        super().__init__(text)
        self.number = number


def normalize_phone(text: str | None, region: str = "VN") -> str:
    """Return ``text`` as an E.164 number.

    ``0905 123 456``, ``+84905123456``, ``0084905123456`` and ``84905123456`` are
    one number, and so is a mobile number as it was written until 2018
    (``0120 512 3456``), which becomes that of today. Landlines and foreign numbers
    (with ``+`` or ``00``) are numbers too; short numbers such as ``1022`` are not a
    citizen's number.

    :param text: as typed or as a channel delivers it
    :param region: ISO 3166-1 code of the country whose national format is meant
    :raise OldLandline: it is a landline's number of before 2017
    :raise ValueError: ``text`` is no phone number that can be called back
    """
    text = (text or "").strip()
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    number = _renew_mobile(number)
    is_valid = phonenumbers.is_valid_number(number) and not number.extension
    if region == "VN" and not text.startswith("+"):
        digits = re.sub(r"\D", "", text)
        if digits.startswith("0") and not number.extension:
            _check_area(text, digits[1:], is_valid)
    if not is_valid:
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_phone(number: str | None) -> str:
    """Return a number as people here write and say it: ``0914 275 864``.

    A landline is said with its area, its exchange and two threes: ``0269 3 824 108``.
    What is no whole number, a masked one for instance, is returned as it is.

    :param number: E.164, or as somebody typed it
    """
    number = number or ""
    if not _WHOLE.fullmatch(number):
        return number
    try:
        parsed = phonenumbers.parse(number, "VN")
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed) or parsed.extension:
        return number
    style = phonenumbers.PhoneNumberFormat
    if parsed.country_code != 84:
        return phonenumbers.format_number(parsed, style.INTERNATIONAL)
    digits = str(parsed.national_number)
    if landline := _LANDLINE.fullmatch(digits):
        return "0" + " ".join(landline.groups())
    return phonenumbers.format_number(parsed, style.NATIONAL)


def find_phones(text: str | None, region: str = "VN") -> list[str]:
    """Return the different numbers in a text as E.164, in their order.

    After :data:`TRIES` that look like numbers and are none, the rest is not read: a
    text of nothing else would take seconds.
    """
    text = text or ""
    matcher = phonenumbers.PhoneNumberMatcher(text, region, max_tries=TRIES)
    written = [(match.start, match.raw_string) for match in matcher]
    written += [(match.start(), match[0]) for match in _OLD_MOBILE.finditer(text)]
    found = []
    for _start, number in sorted(written):
        try:
            found.append(normalize_phone(number, region))
        except OldLandline as landline:
            found.append(landline.number)
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _renew_mobile(number: phonenumbers.PhoneNumber) -> phonenumbers.PhoneNumber:
    """Return today's number of a mobile one of before 2018; any other as it is."""
    digits = str(number.national_number)
    begin = _OLD_MOBILES.get(digits[:3])
    if number.country_code != 84 or len(digits) != 10 or not begin:
        return number
    renewed = phonenumbers.PhoneNumber()
    renewed.merge_from(number)
    renewed.national_number = int(begin + digits[3:])
    return renewed


def _check_area(text: str, digits: str, is_valid: bool) -> None:
    """Refuse a landline of before 2017.

    Mobile networks have most of the old areas now. What is a number of theirs is one,
    but for our own old area.

    :raise OldLandline: with the number of now
    """
    if is_valid and not digits.startswith(_OUR_OLD_AREA):
        return
    for length in (1, 2, 3):
        area = _OLD_AREAS.get(digits[:length])
        if area:
            number = phonenumbers.parse(f"+84{area}{digits[length:]}")
            if phonenumbers.is_valid_number(number):
                raise OldLandline(
                    text,
                    phonenumbers.format_number(
                        number, phonenumbers.PhoneNumberFormat.E164
                    ),
                )
