"""What a computation found out, given to many records at once."""

from collections import defaultdict
from collections.abc import Hashable, Iterable


def assign(records, name: str, values: Iterable[Hashable]) -> None:
    """Set a field of each record, each different value once for all that have it.

    An assignment costs the ORM about the same for one record as for a hundred, and a
    page of cards has a thousand values, most of them one of a few.

    :param records: recordset
    :param name: of a field that is no relation
    :param values: one of each record, in their order
    """
    ids = defaultdict(list)
    for record_id, value in zip(records._ids, values, strict=True):
        ids[value].append(record_id)
    for value, some in ids.items():
        records.browse(some)[name] = value
