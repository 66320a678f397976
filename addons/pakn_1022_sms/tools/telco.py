"""Which network a Vietnamese mobile number was given out by. No Odoo.

Prefixes of the Ministry's number plan since 2018. Numbers can be taken along to
another network since; the gateway alone knows, so this is for routing and counting.
"""

_PREFIXES = {
    "viettel": "32 33 34 35 36 37 38 39 86 96 97 98",
    "mobifone": "70 76 77 78 79 89 90 93",
    "vinaphone": "81 82 83 84 85 88 91 94",
    "vietnamobile": "52 56 58 92",
    "gmobile": "59 99",
    "wintel": "55",
    "itel": "87",
}
TELCOS = {
    f"+84{prefix}": telco
    for telco, prefixes in _PREFIXES.items()
    for prefix in prefixes.split()
}


def get_telco(number: str) -> str:
    """Return the network of an E.164 number, ``"other"`` if it is no mobile of ours."""
    return TELCOS.get(number[:5], "other") if len(number) == 12 else "other"


def matches_prefix(number: str, prefixes: str) -> bool:
    """Return whether an E.164 number begins with one of ``prefixes``.

    :param prefixes: as people write them: ``090, 093`` or ``viettel``
    """
    for prefix in prefixes.replace(",", " ").split():
        if prefix.lower() == get_telco(number):
            return True
        if prefix.startswith("0"):
            prefix = f"+84{prefix[1:]}"
        elif prefix.startswith("84"):
            prefix = f"+{prefix}"
        if prefix.startswith("+") and number.startswith(prefix):
            return True
    return False
