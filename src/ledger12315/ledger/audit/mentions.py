"""Erased names in the texts of others, where nothing would mask them any more. Domain 7."""

from collections.abc import Iterator
from itertools import islice

from ledger12315.boxes.masking import Names
from ledger12315.boxes.tables import TABLES
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.people import all_names
from ledger12315.ledger.store import Ledger
from ledger12315.words import visible_form

_TEXTS = {
    table: [box for box in boxes.values() if box.kind.names_people]
    for table, boxes in TABLES.items()
}
_NUMBERS = {"complaint": "number", "point": "code"}
"""The column that names a row to people; others have their id."""
_MOST_NAMED = 20


def demand_unmentioned(ledger: Ledger, before: set[str]) -> None:
    """Raise Refused if a text names somebody whose name is known no more, but was `before`."""
    lost = before - all_names(ledger)
    if found := [*islice(_mentions(ledger, Names(lost)), _MOST_NAMED + 1)] if lost else []:
        raise Refused(
            "Other texts name a consumer to be erased, and would show the name from then on: "
            "{places}. Nothing was erased. Put something else for the name first, with complaint "
            "amend or record amend.",
            places=[*found[:_MOST_NAMED], *["…"] * (len(found) > _MOST_NAMED)],
        )


def _mentions(ledger: Ledger, names: Names) -> Iterator[Message]:
    for table, boxes in _TEXTS.items():
        for box in boxes:
            row = _NUMBERS.get(table, "id")
            query = f"SELECT {row}, {box.key} FROM {table} WHERE {box.key} IS NOT NULL"
            for number, text in ledger.execute(query):
                if names.mask(seen := visible_form(text)) != seen:
                    of_record = message("record {id}", id=number)
                    what = of_record if table == "record" else number
                    yield message("{what} ({box})", what=what, box=box.name)
