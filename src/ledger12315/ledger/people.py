"""The names and phones in a ledger that are masked in texts."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from ledger12315.boxes.masks import PEOPLE_OF_CASE, KnownPhones
from ledger12315.boxes.names import names_in, people_in
from ledger12315.boxes.people import Name
from ledger12315.boxes.tables import TABLES
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import written_values
from ledger12315.words import ERASED

_NAMES_OF_PEOPLE = {
    table: [key for key, box in boxes.items() if isinstance(box.kind, Name)]
    for table, boxes in TABLES.items()
}


def all_names(ledger: Ledger, but_for: Collection[tuple[str, int]] = ()) -> set[str]:
    """Return all names in the ledger, former ones and trainees included.

    Every complaint is looked at, but for these rows by table; a box may hold several names.
    """
    found = set[str | None]()
    for table, columns in _NAMES_OF_PEOPLE.items():
        for column in columns:  # each column of complaints has its own index
            found.update(_values_of_column(ledger, table, column, but_for))
    for attended in _values_of_column(ledger, "record", "attended", but_for):
        found.update(names_in(attended))
    found.update(_former_names(ledger, but_for))
    names = {name for name in found if name and name != ERASED and "*" not in name}
    # Most have two or three characters, and a ledger has many.
    return names.union(*(people_in(name) for name in names if len(name) > 3))


def _values_of_column(
    ledger: Ledger, table: str, column: str, but_for: Collection[tuple[str, int]]
) -> Iterator[str]:
    left_out = [row_id for name, row_id in but_for if name == table]
    query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
    query += " AND id NOT IN (SELECT value FROM json_each(:rows))" * bool(left_out)
    for (value,) in ledger.execute(query, {"rows": json.dumps(left_out)}):
        yield value


def _former_names(ledger: Ledger, but_for: Collection[tuple[str, int]]) -> Iterator[str | None]:
    """Yield the earlier values of a box with names; only `amend` changes one."""
    query = """
        SELECT change.table_name, change.row_id, change.common, change.personal
        FROM act CROSS JOIN change ON change.act_id = act.id
        WHERE substr(act.command, -6) = ' amend' AND NOT change.made"""
    for table, row_id, *parts in ledger.execute(query):
        if (table, row_id) in but_for:
            continue
        values = written_values(*parts)
        for was, _ in (values[key] for key in _NAMES_OF_PEOPLE.get(table, ()) if key in values):
            yield was
        if was := values.get("attended", (None,))[0]:
            yield from names_in(was)


def known_phones(ledger: Ledger, number: str | None = None) -> Mapping[str, Sequence[str]]:
    """Return the present and former phones of all complaints, or of one, by its number."""
    found = defaultdict[str, list[str]](list)
    of_one = " AND complaint.number = :number" if number else ""
    for of, *phones in ledger.execute(_PHONES + of_one, {"number": number}):
        found[of] += filter(None, phones)
    for of, *parts in ledger.execute(_AMENDED + of_one, {"number": number}):
        values = written_values(*parts)
        for key in _PHONES_OF_CASE:
            found[of] += filter(None, values.get(key, ())[:1])
    return found


def phones_in_ledger(ledger: Ledger) -> KnownPhones:
    """Return the function that looks up the phones of one complaint."""
    return lambda number: known_phones(ledger, number).get(number, ())


_PHONES_OF_CASE = PEOPLE_OF_CASE[1::2]
_PHONES = f"""
    SELECT number, {", ".join(_PHONES_OF_CASE)} FROM complaint
    WHERE coalesce({", ".join(_PHONES_OF_CASE)}) IS NOT NULL"""
_AMENDED = """
    SELECT complaint.number, change.common, change.personal
    FROM act CROSS JOIN change ON change.act_id = act.id
    JOIN complaint ON change.table_name = 'complaint' AND change.row_id = complaint.id
    WHERE substr(act.command, -6) = ' amend' AND NOT change.made
        AND change.personal LIKE '%phone%'"""
