"""Phone numbers of citizens, as E.164 and as people read them."""

import phonenumbers


def normalize_phone(text, region="VN"):
    """Return ``text`` as an E.164 number.

    ``0905 123 456``, ``+84905123456``, ``0084905123456`` and ``84905123456`` are
    one number. Landlines and foreign numbers (with ``+`` or ``00``) are numbers
    too; short numbers such as ``1022`` are not a citizen's number.

    :param str text: as typed or as a channel delivers it
    :param str region: ISO 3166-1 code of the country whose national format is meant
    :rtype: str
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


def format_phone(e164):
    """Return an E.164 number as it is read out, e.g. ``0905 123 456``.

    Vietnamese numbers in national, others in international form; what is no
    number is returned unchanged.
    """
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 84
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


def find_phones(text, region="VN"):
    """Return the different numbers in a text as E.164, in their order."""
    matches = phonenumbers.PhoneNumberMatcher(text or "", region)
    numbers = (
        phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        for match in matches
        if not match.number.extension
    )
    return list(dict.fromkeys(numbers))
