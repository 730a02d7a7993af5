"""The names in a ledger, which are masked in every text. Source: domain 7."""

import json
from collections.abc import Iterator

from ledger12315.boxes.names import names_in, people_in
from ledger12315.boxes.people import Name
from ledger12315.boxes.tables import TABLES
from ledger12315.ledger.store import Ledger
from ledger12315.words import ERASED

_NAMES_OF_PEOPLE = {
    table: [key for key, box in boxes.items() if isinstance(box.kind, Name)]
    for table, boxes in TABLES.items()
}


def all_names(ledger: Ledger) -> set[str]:
    """Return all names in the ledger, former ones and trainees included.

    Every complaint is looked at; a box may hold several names.
    """
    found = set[str | None]()
    for table, columns in _NAMES_OF_PEOPLE.items():
        for column in columns:  # each column of complaints has its own index
            query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
            found.update(name for (name,) in ledger.execute(query))
    for (attended,) in ledger.execute("SELECT attended FROM record WHERE attended IS NOT NULL"):
        found.update(names_in(attended))
    found.update(_former_names(ledger))
    names = {name for name in found if name and name != ERASED}
    # Most have two or three characters, and a ledger has many.
    return names.union(*(people_in(name) for name in names if len(name) > 3))


def _former_names(ledger: Ledger) -> Iterator[str | None]:
    """Yield the earlier values of a box with names; only `amend` changes one."""
    query = """
        SELECT change.table_name, change.common, change.personal
        FROM act CROSS JOIN change ON change.act_id = act.id
        WHERE substr(act.command, -6) = ' amend' AND NOT change.made"""
    for table, *parts in ledger.execute(query):
        values = {key: value for part in parts for key, value in json.loads(part or "{}").items()}
        for was, _ in (values[key] for key in _NAMES_OF_PEOPLE.get(table, ()) if key in values):
            yield was
        if was := values.get("attended", (None,))[0]:
            yield from names_in(was)
