"""Names that erasing would uncover in the texts of others: nothing masks them then."""

from collections.abc import Collection, Iterator

from ledger12315.boxes.masks import Names
from ledger12315.boxes.tables import TABLES
from ledger12315.errors import Message, first_few, message
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


def note_on_mentions(ledger: Ledger, erased: Collection[tuple[str, int]]) -> Message | None:
    """Return a note on the texts that would show a name once these rows, by table, are erased."""
    lost = all_names(ledger) - all_names(ledger, erased)
    places = first_few(_mentions(ledger, Names(lost), erased), _MOST_NAMED) if lost else []
    if not places:
        return None
    return message(
        "Other texts name a consumer to be erased, and show the name from then on, as does their "
        "history: {places}. Put something else for the name first: `complaint amend NUMBER` or "
        "`record amend ID`",
        places=places,
    )


def _mentions(
    ledger: Ledger, names: Names, erased: Collection[tuple[str, int]]
) -> Iterator[Message]:
    for table, boxes in _TEXTS.items():
        for box in boxes:
            row = _NUMBERS.get(table, "id")
            query = f"SELECT id, {row}, {box.key} FROM {table} WHERE {box.key} IS NOT NULL"
            for row_id, number, text in ledger.execute(query):
                seen = visible_form(text)
                if (table, row_id) not in erased and names.mask(seen) != seen:
                    of_record = message("record {id}", id=number)
                    what = of_record if table == "record" else number
                    yield message("{what} ({box})", what=what, box=box.name)
