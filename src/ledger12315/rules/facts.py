"""The facts that a station sends: countable, without persons.

A hand-in holds the facts of one submitted period, a table each. It is read together with other
stations', so a point's key begins with its station's.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from ledger12315.boxes.reading import MOST_FEN, YEARS
from ledger12315.boxes.tables import VOCABULARIES
from ledger12315.rules.measures import (
    MEASURES,
    TOTAL,
    Figures,
    measures_of_schema,
    with_totals,
    without_zeros,
    zero_figures,
)
from ledger12315.rules.periods import Period, parse_period
from ledger12315.words import DEMONSTRATION, RECORD_KINDS, TYPES

SCHEMA = 3
"""The version of the tables below and their manifest; a county takes no other.

From 2 on a case may be closed without an amount recovered: nobody stated it. From 3 on the
manifest states at which moment and after which act the facts were taken.
"""
MOST_VALUE, MOST_FIGURE = MOST_FEN, 10 * MOST_FEN
"""No case has more 分; no station has more of a type and period, so that sums fit 64 bits."""
_LONGEST_TEXT = 1_000  # bytes
OF_STATION = ("station", "county")
"""The first columns of each table: the key of the station, and its county."""


class Fact(NamedTuple):
    """A column of facts; `type` is one of a data package.

    A string is one of `words`, or without them a key, a period or the county's name.
    """

    name: str
    type: str = "string"
    words: Collection[str] = ()

    @property
    def described(self) -> dict[str, Any]:
        """The column's description in a data package."""
        words = {"constraints": {"enum": [*self.words]}} if self.words else {}
        return {"name": self.name, "type": self.type} | words

    @property
    def of_point(self) -> bool:
        """Whether it names a point, by its station's key and its number in the ledger."""
        return self.type == "string" and self.name in ("id", "point_id", "of_point")


# Nothing else leaves the station. `id` is the case's within its station, a lead is a sum of the
# whole period, `sent` are the days whose cases `totals` replace.
_FACT_TABLES = """
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
_FACT_WORDS: Mapping[str, Collection[str]] = {
    **VOCABULARIES,
    "record.kind": RECORD_KINDS,
    "role": ("liaison", "officer"),
    "level": DEMONSTRATION,
    "measure": MEASURES,
}


def _facts(line: str) -> tuple[str, tuple[Fact, ...]]:
    table, _, columns = line.partition(": ")
    found = []
    for column in [*OF_STATION, *columns.split()]:
        name, _, type_ = column.partition(":")
        words = _FACT_WORDS.get(f"{table}.{name}", _FACT_WORDS.get(name, ()))
        found.append(Fact(name, type_ or "string", tuple(words)))
    return table, tuple(found)


FACTS: Mapping[str, tuple[Fact, ...]] = dict(map(_facts, _FACT_TABLES.strip().splitlines()))
"""Table -> its columns: all that ever leaves a station."""


def digest(found: Figures) -> str:
    """Return the SHA-256 of figures, equal on every engine."""
    text = json.dumps(without_zeros(found), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def figures_from_json(document: Mapping[str, Mapping[str, int]]) -> Figures:
    """Return figures from their JSON.

    Raises KeyError, TypeError or ValueError if it is invalid.
    """
    found = zero_figures()
    for key, by_type in document.items():
        if not by_type.keys() <= found[key].keys():
            raise KeyError
        found[key] |= {type_: checked_count(figure) for type_, figure in by_type.items()}
    return with_totals(found)


def checked_count(number: int) -> int:
    """Return a number of cases, rows or 分. Raises ValueError for an impossible one."""
    if type(number) is not int or not 0 <= number <= MOST_FIGURE:
        raise ValueError
    return number


def checked_day(text: str) -> date:
    """Return a day of facts. Raises ValueError."""
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError
    return day


def checked_moment(text: str) -> datetime:
    """Return a moment with its time zone. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    checked_day(moment.date().isoformat())
    if moment.tzinfo is None:
        raise ValueError
    return moment


def period_with_days(code: str, first: date, last: date) -> Period:
    """Return the period with this code and these days, by either reading of a year.

    Raises ValueError if there is none, and Unclear.
    """
    for annual in ("statistical", "calendar"):
        period = parse_period(code, annual, last)
        if period[:3] == (code, first, last) and period.owes_return:
            return period
    raise ValueError


def identity(head: str, days: Period, tables: Mapping[str, Sequence[int]]) -> str:
    """Return the SHA-256 that identifies a revision, independent of how its rows are stored.

    `head` is that of the act that froze the return, `tables` the `row_sums_sql` of each table with
    rows.
    """
    filled = [[table, *sums] for table in FACTS if (sums := tables.get(table, [0]))[0]]
    parts = [head, days.code, days.first, days.last, filled]
    return sha256(json.dumps(parts, default=str, separators=(",", ":")).encode()).hexdigest()


def row_sums_sql(table: str) -> str:
    """Return SQL that counts a table's rows and adds their SHA-256, 60 bits of each at a time.

    A sum does not depend on the order. A row is its values with | between them, NULL being empty.
    """
    values = ", ".join(f"coalesce(CAST({each.name} AS VARCHAR), '')" for each in FACTS[table])
    row = f"sha256(concat_ws('|', {values}))"
    sums = (f"sum(CAST('0x' || substr({row}, {at}, 15) AS BIGINT))" for at in (1, 16))
    return ", ".join(("count(*)", *sums))


def invalid_rows_sql(table: str, quarters: Iterable[str]) -> str:
    """Return SQL that tests whether a table has invalid rows.

    `quarters` are the quarters of returns that may be included. All are plain comparisons, since a
    pattern takes a hundred times as long per row.
    """
    right = (_validity_condition(fact, quarters) for fact in FACTS[table])
    wrong = " OR ".join(f"NOT ({each})" for each in right if each)
    # Long texts make every comparison slow, and each row may have one.
    texts = (each.name for each in FACTS[table] if each.type == "string")
    long = " OR ".join(f"coalesce(strlen({each}) > {_LONGEST_TEXT}, false)" for each in texts)
    summed = (each.name for each in FACTS[table] if each.type == "integer" and each.name != "id")
    # The sum of a column that is empty in every row is none, and too small for anybody.
    most = (f"coalesce(sum({name}), 0) > {MOST_FIGURE}" for name in summed)
    return " OR ".join(
        (f"coalesce(bool_or(CASE WHEN {long} THEN true ELSE {wrong} END), false)", *most)
    )


def _validity_condition(fact: Fact, quarters: Iterable[str]) -> str:
    """Return the condition for valid values in a column; NULL is valid, except in OF_STATION."""
    name, words = fact.name, quarters if fact.name == "period" else fact.words
    if name in OF_STATION:
        return f"{name} IS NOT NULL"
    if words:
        return f"{name} IN ({', '.join(map(repr, sorted(words)))})"
    if fact.of_point:
        number = f"TRY_CAST(substr({name}, length(station) + 2) AS BIGINT)"
        return f"{name} IS NULL OR coalesce({name} = station || '/' || {number}, false)"
    if fact.type == "date":
        return f"{name} BETWEEN DATE '{YEARS[0]}-01-01' AND DATE '{YEARS[-1]}-12-31'"
    return f"{name} BETWEEN 0 AND {MOST_VALUE}" if fact.type == "integer" else ""


def differences(submitted: Figures, schema: int, now: Figures) -> list[dict[str, str | int]]:
    """Return each cell that differs from the submitted one, with the difference. Money in 分.

    A measure that the return's schema did not count is left out.
    """
    return [
        {"key": key, "type": type_, "submitted": was, "now": is_, "difference": is_ - was}
        for key in (measure.key for measure in measures_of_schema(schema))
        for type_ in (*TYPES, TOTAL)
        if (was := submitted[key][type_]) != (is_ := now[key][type_])
    ]
