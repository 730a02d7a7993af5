"""Corrections and later entries of a complaint's boxes, and their consequences. 三(四)4"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes.forms import AMENDED_COMPLAINT, COMPLAINT
from ledger12315.boxes.kinds import Boxes
from ledger12315.boxes.reading import yuan
from ledger12315.boxes.tables import column_box
from ledger12315.boxes.worded import local_words_json, read_local_words
from ledger12315.errors import Message, Refused, Unclear, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.acts import (
    CLOSING,
    RECOVERED,
    demand_in_order,
    demand_not_retired,
    notes_on_late_promise,
)
from ledger12315.ledger.complaints.finding import complaint_allowing, complaint_columns
from ledger12315.ledger.complaints.recent import unusual_amount
from ledger12315.ledger.points import find_point, type_on
from ledger12315.ledger.store import Ledger, LedgerRow, update
from ledger12315.rules.checks import (
    agreement_sentence,
    demand_no_problem,
    disputed_amount,
    notes_on_surplus,
)
from ledger12315.rules.deadlines import due_date_of
from ledger12315.words import LIFE, kind_of


class AmendedComplaint(NamedTuple):
    """The keys of the changed boxes; `notes` are for the clerk."""

    number: str
    boxes: tuple[str, ...]
    notes: tuple[Message, ...]


_COMPLAINT_NEEDS = (
    *("point", "received", "source", "channel", "problem", "complainant", "item", "facts"),
    *("outcome", "closed"),
)
_AMOUNTS = (*RECOVERED, "disputed", "purchase")
# The values that follow from a complaint's point, day of receipt and other boxes.
_FOLLOWING = ("type", "kind", "disputed", "handler")


def correct_complaint(ledger: Ledger, number: str, boxes: Boxes) -> AmendedComplaint:
    """Correct or fill boxes; None empties one.

    Raises Unclear or Refused. 三(四)4
    """
    row = complaint_allowing(ledger, number, "amend")
    _demand_amendable(row, boxes)
    _demand_in_full(row, boxes)
    _demand_recovered(row, boxes)
    changes = _with_what_follows(ledger, row, boxes)
    if changes.keys() & {"received", "point"}:
        changes |= _moved_columns(ledger, row, changes.pop("point", None), changes.get("received"))
    if changes.keys() & {"respondent", "point_id"}:
        changes["respondent_key"] = None
    demand_no_problem({**row, **changes})
    changed = tuple(_changed_boxes(row, changes, boxes))
    notes = [why for why, _ in doubts(ledger, row, changes)]
    before = _derived_values(ledger, row["id"])
    update(ledger, "complaint", row["id"], changes)
    if changes.keys() & {"previous_id", "received"}:
        demand_in_order(ledger, row["id"])
    after = _derived_values(ledger, row["id"])
    if changes.keys() & {"received", "promised"}:
        notes += notes_on_late_promise({**row, **changes}, after["due"])
    notes += _notes_on_other_changes(before, after, boxes)
    notes += _outdated_drafts(row, {**row, **changes})
    return AmendedComplaint(row["number"], changed, tuple(notes))


def _changed_boxes(row: LedgerRow, changes: LedgerRow, boxes: Boxes) -> Iterator[str]:
    """Yield the keys of boxes with another value than before, or the same in another word."""
    said, says = (read_local_words(each["local_words"]) for each in (row, changes))
    for key in boxes:
        column = {"point": "point_id", "previous": "previous_id"}.get(key, key)
        if changes[column] != row[column] or said.get(key) != says.get(key):
            yield key


def doubts(ledger: Ledger, row: LedgerRow, changes: Boxes) -> Iterator[tuple[Message, str]]:
    """Yield doubts about amended amounts, and the box that settles each."""
    whole = {**row, **changes}
    if changes.keys() & {*_AMOUNTS}:
        for why in notes_on_surplus(whole):
            yield why, "recovered"
    if disputed_amount(whole) != disputed_amount(row):
        for why in unusual_amount(ledger, whole):
            yield why, "disputed" if changes.get("disputed") else "purchase"


def _derived_values(ledger: Ledger, row_id: int) -> LedgerRow:
    """Return the values of a complaint that follow from other boxes."""
    query = f"SELECT received, {', '.join(_FOLLOWING)} FROM complaint_derived WHERE id = ?"
    found = dict(ledger.execute(query, (row_id,)).fetchone())
    received = date.fromisoformat(found.pop("received"))
    return found | {"due": due_date_of(received, calendar_of(ledger))}


def _notes_on_other_changes(
    before: LedgerRow, after: LedgerRow, boxes: Boxes
) -> Iterator[Message]:
    """Yield notes on changes besides the amended boxes."""
    changed = [key for key in after if after[key] != before[key] and key not in boxes]
    others = [
        message(
            "{box} from {was} to {now}",
            box=LIFE["due"] if key == "due" else column_box("complaint", key).name,
            was=_value_in_words(key, before[key]),
            now=_value_in_words(key, after[key]),
        )
        for key in changed
    ]
    if others:
        yield message("This also changes: {changes}.", changes=others)


def _outdated_drafts(before: LedgerRow, after: LedgerRow) -> Iterator[Message]:
    """Yield a note on texts that the program drafted from values which are corrected now."""
    drafted = agreement_sentence(before)
    if drafted == agreement_sentence(after):
        return
    if texts := [key for key in ("handling", "agreement") if after[key] == drafted]:
        yield message(
            "{boxes} still has the sentence drafted before. Correct it too.",
            boxes=[COMPLAINT[key].label for key in texts],
        )


def _value_in_words(key: str, value: Any) -> object:
    if value is None:
        return message("nothing")
    return value.day if key == "due" else column_box("complaint", key).kind.shown(value)


def _demand_amendable(row: LedgerRow, boxes: Boxes) -> None:
    early = [key for key in CLOSING if boxes.get(key) is not None and key != "told"]
    if early and not row["closed"]:
        raise Refused(
            "{number} is open. Fill in {boxes} when you close it: `close {number}`",
            number=row["number"],
            boxes=[COMPLAINT[key].label for key in early],
        )
    for key in _COMPLAINT_NEEDS:
        if key in boxes and boxes[key] is None:
            raise Unclear("{box} cannot be empty.", box=AMENDED_COMPLAINT[key].label).about(key)


def _demand_in_full(row: LedgerRow, boxes: Boxes) -> None:
    """Raise Unclear if a name, phone or address with * would replace one without."""
    for key, value in boxes.items():
        kind, kept = AMENDED_COMPLAINT[key].kind, str(row.get(key) or "*")
        personal = kind.masked and not kind.names_people
        if personal and "*" in str(value) and "*" not in kept:
            raise Unclear(
                "{box}: * stands for what is hidden. Write it in full.",
                box=AMENDED_COMPLAINT[key].label,
            ).about(key)


def _demand_recovered(row: LedgerRow, boxes: Boxes) -> None:
    """Raise Unclear if an agreement was not performed and the recovered amount is missing."""
    if boxes.get("unperformed") and row["recovered"] and "recovered" not in boxes:
        raise Unclear(
            "{number} has {amount} yuan recovered by the agreement. Give the amount really "
            "recovered: --recovered YUAN.",
            number=row["number"],
            amount=yuan(row["recovered"]),
        )


def _with_what_follows(ledger: Ledger, row: LedgerRow, boxes: Boxes) -> LedgerRow:
    """Return amended boxes as columns, with those that depend on them."""
    changes = complaint_columns(ledger, boxes)
    category = changes.get("category")
    if category and row["kind"] != kind_of(category):
        changes.setdefault("kind", None)
    return {**changes, "local_words": local_words_json(row["local_words"], changes)}


def _moved_columns(
    ledger: Ledger, row: LedgerRow, word: str | None, received: date | None
) -> LedgerRow:
    """Return the columns for another point or day of receipt, and its type. Raises Refused."""
    day = received or row["received"]
    if day.year != row["year"]:
        raise Refused(
            "{number} contains its year of receipt, so its date cannot move to another year. "
            "Void it and log it again.",
            number=row["number"],
        )
    point = find_point(ledger, word or row["point"])
    demand_not_retired(point, day)
    taken = "SELECT number FROM complaint WHERE point_id = ? AND external_no = ? AND id <> ?"
    for found in ledger.execute(taken, (point.id, row["external_no"], row["id"])):
        raise Refused(
            "{point} already has {other} with the register's number {external_no}.",
            point=point.name,
            other=found["number"],
            external_no=row["external_no"],
        )
    return {"point_id": point.id, "type": type_on(ledger, point, day)}
