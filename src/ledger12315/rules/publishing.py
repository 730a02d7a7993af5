"""What a station gives away beyond the county: counted facts, without a person in them.

A publication holds the facts of one submitted period, a table each, and is read together with
other stations': a point's key begins with its station's.
"""

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import NamedTuple

from ledger12315.boxes.tables import VOCABULARIES
from ledger12315.rules.measures import MEASURES, TOTAL, Figures, counted_by, sparse
from ledger12315.words import DEMONSTRATION, RECORDS, TYPES

SCHEMA = 2
"""The version of the tables below; a county refuses what is newer.

From 2 on a case may be closed without an amount recovered: nobody stated it.
"""
OF_STATION = ("station", "county")
"""The first columns of each table: the key of the station, and its county."""


class Fact(NamedTuple):
    """A column that is given away; `type` is one of a data package.

    A string is one of `words`, or without them a key, a period or the county's name.
    """

    name: str
    type: str = "string"
    words: Collection[str] = ()

    @property
    def of_point(self) -> bool:
        """Whether it names a point: by its station's key and its number in the ledger."""
        return self.type == "string" and self.name in ("id", "point_id", "of_point")


# Nothing that is not named here leaves the station. `id` is the case's own within its station, a
# lead is a sum of the whole period, `sent` are days for which `totals` stand.
_TABLES = """
complaint: id:integer point_id type source kind category problem channel outcome rating \
received:date due:date escalated:date closed:date voided:date disputed:integer recovered:integer \
reopened:boolean
record: id:integer point_id type kind day:date count:integer voided:date
point: id since:date retired:date begins:date
point_type: point_id type since:date until:date
contact: point_id role since:date until:date
demonstration: point_id level since:date until:date
point_return: point_id period day:date
sent: of_point on_day:date
totals: of_point type measure figure:integer
"""
_WORDS: Mapping[str, Collection[str]] = {
    **VOCABULARIES,
    "record.kind": RECORDS,
    "role": ("liaison", "officer"),
    "level": DEMONSTRATION,
    "measure": MEASURES,
}


def _facts(line: str) -> tuple[str, tuple[Fact, ...]]:
    table, _, columns = line.partition(": ")
    found = []
    for column in [*OF_STATION, *columns.split()]:
        name, _, type_ = column.partition(":")
        words = _WORDS.get(f"{table}.{name}", _WORDS.get(name, ()))
        found.append(Fact(name, type_ or "string", tuple(words)))
    return table, tuple(found)


FACTS: Mapping[str, tuple[Fact, ...]] = dict(map(_facts, _TABLES.strip().splitlines()))
"""Table -> its columns: all that is ever published."""


def digest(found: Figures) -> str:
    """Return the SHA-256 of figures, by which they are known as the same on every engine."""
    text = json.dumps(sparse(found), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def differences(submitted: Figures, schema: int, now: Figures) -> list[dict[str, str | int]]:
    """Return each cell that is not as it was submitted, and by how much. Money in 分.

    A measure that a return of this schema did not count has none.
    """
    return [
        {"key": key, "type": type_, "submitted": was, "now": is_, "difference": is_ - was}
        for key in (measure.key for measure in counted_by(schema))
        for type_ in (*TYPES, TOTAL)
        if (was := submitted[key][type_]) != (is_ := now[key][type_])
    ]
