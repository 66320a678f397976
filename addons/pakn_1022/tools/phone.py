"""Phone numbers of citizens, as E.164."""

import phonenumbers


def normalize_phone(text: str | None, region: str = "VN") -> str:
    """Return ``text`` as an E.164 number.

    ``0905 123 456``, ``+84905123456``, ``0084905123456`` and ``84905123456`` are
    one number. Landlines and foreign numbers (with ``+`` or ``00``) are numbers
    too; short numbers such as ``1022`` are not a citizen's number.

    :param text: as typed or as a channel delivers it
    :param region: ISO 3166-1 code of the country whose national format is meant
    :raise ValueError: ``text`` is no phone number that can be called back
    """
    text = (text or "").strip()
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def find_phones(text: str | None, region: str = "VN") -> list[str]:
    """Return the different numbers in a text as E.164, in their order."""
    matches = phonenumbers.PhoneNumberMatcher(text or "", region)
    numbers = (
        phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        for match in matches
        if not match.number.extension
    )
    return list(dict.fromkeys(numbers))
