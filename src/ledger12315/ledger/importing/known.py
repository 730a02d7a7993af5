"""News of a register's row about a known complaint, and contradictions to it."""

from collections.abc import Mapping
from math import inf
from typing import Any

from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.tables import APART, row_with_dates
from ledger12315.errors import Message, message
from ledger12315.ledger.points import Point, names_of_point
from ledger12315.ledger.store import Ledger, LedgerRow, single
from ledger12315.register.headings import BOXES
from ledger12315.register.meaning import (
    WrongBoxes,
    inconsistencies,
    printed_in_register,
    told_on_closing,
)
from ledger12315.words import ERASED

EntryBoxes = Mapping[str, Any]
"""The values in a register's row, by key."""
_STORED = """
    SELECT this.*, (SELECT number FROM complaint WHERE id = this.previous_id) AS previous
    FROM complaint_derived AS this WHERE """
_SAME_PERSON = "complainant IN (:complainant, :erased)"
_BY_NUMBER = (
    "external_no = :external_no",
    f"number = :external_no AND received = :received AND {_SAME_PERSON}",
)
_BY_MATTER = f"""
    received = :received AND {_SAME_PERSON} AND item = :item
    AND (:external_no IS NULL OR :external_no = substr(received, 1, 8) || external_no)
    ORDER BY voided IS NOT NULL, id"""


def known_complaint(ledger: Ledger, point: Point, boxes: EntryBoxes) -> LedgerRow | None:
    """Return the complaint of a row, if the ledger has it.

    It is found by the point's number, or by its own if the register was exported from here; by
    day, consumer and goods if it has no number, or was imported before months were put in front.
    """
    values: LedgerRow = {"point": point.id, "erased": ERASED} | {
        key: boxes.get(key) for key in ("external_no", "received", "complainant", "item")
    }
    number, month = values["external_no"], str(values["received"])[:8]
    conditions = [*_BY_NUMBER]
    if number is None or number.startswith(month):
        conditions.append(_BY_MATTER)
    for condition in conditions:
        query = f"{_STORED} point_id = :point AND {condition}"
        if row := ledger.execute(query, values).fetchone():
            return row_with_dates("complaint", row)
    return None


def is_other_matter(known: EntryBoxes, boxes: EntryBoxes) -> bool:
    """Return whether two rows with one number differ in day and consumer."""
    one, other = (comparable_name(str(each.get("complainant"))) for each in (known, boxes))
    return known["received"] != boxes.get("received") and one not in (
        other,
        comparable_name(ERASED),
    )


def earlier_missing(ledger: Ledger, boxes: EntryBoxes, known: EntryBoxes) -> WrongBoxes:
    """Yield a problem if the earlier complaint does not exist, or is not earlier.

    A new complaint comes after all those that the ledger has of its day.
    """
    if "previous" in boxes:
        query = "SELECT 1 FROM complaint WHERE number = ? AND (received, year, serial) < (?, ?, ?)"
        place = boxes["received"], known.get("year", inf), known.get("serial", inf)
        if not single(ledger, query, (boxes["previous"], *place)):
            yield "previous", message("there is no such complaint, or it is later")


def news_of_row(
    ledger: Ledger, known: LedgerRow, boxes: EntryBoxes
) -> tuple[LedgerRow, list[tuple[str, Message]]]:
    """Return the boxes that a row adds to a complaint, and the problems that prevent it."""
    if not known["closed"] and not known["told"]:
        boxes = {**told_on_closing(boxes), **boxes}
    new = _different_boxes(ledger, known, boxes)
    if not new:
        return new, []
    stated = ledger.execute("SELECT * FROM complaint WHERE id = ?", (known["id"],))
    said = row_with_dates("complaint", stated.fetchone())
    if "category" in new and said["kind"] == "other":  # as in a register without categories
        said["kind"] = None
        new.setdefault("kind", None)
    said = {**known, **said}  # no column has the earlier complaint's number
    if other := [key for key in new if not _may_fill(said, key)]:
        return new, [(key, _stored_in_words(known, key)) for key in other]
    if known["closed"]:
        why = message("{number} is closed without it", number=known["number"])
        return new, [(key, why) for key in new if key in boxes]
    return new, [*inconsistencies({**said, **new})]


def _different_boxes(ledger: Ledger, known: LedgerRow, boxes: EntryBoxes) -> LedgerRow:
    left_out = {"type", "external_no"}
    if known["complainant"] == ERASED:
        left_out.update(APART["complaint"])
    if not known["respondent"] and "respondent" in boxes:
        names = map(comparable_name, names_of_point(ledger, known["point_id"]))
        if comparable_name(boxes["respondent"]) in names:
            left_out.add("respondent")  # as our register prints it without a tenant
    held = known.keys() - left_out
    return {
        key: value
        for key, value in boxes.items()
        if key in held and not BOXES[key].kind.same(value, known[key])
    }


def _may_fill(said: LedgerRow, key: str) -> bool:
    """Return whether a row may fill this box of a known complaint: nobody has stated it.

    An amount of 0 counts as not stated, since it was the default.
    """
    if said[key] in (None, ""):
        return True
    return said[key] == 0 and BOXES[key].kind.entry == "money"


def _stored_in_words(known: LedgerRow, key: str) -> Message:
    if BOXES[key].kind.masked:
        return message("{number} has a different one", number=known["number"])
    there = printed_in_register(BOXES[key], known[key])
    return message("{number} has {stored}", number=known["number"], stored=there)
