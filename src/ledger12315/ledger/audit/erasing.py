"""Retention, and erasing personal data for good. Domain 7."""

import json
import os
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.tables import PERSONAL
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.audit.past import erased_values
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger, copied_rows, single, update
from ledger12315.ledger.store.history import digest_of
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import ERASED


class Expired(NamedTuple):
    """A complaint past its retention; `point` is a code, and a void one may be open."""

    number: str
    point: str
    received: date
    closed: date | None


def past_retention(
    ledger: Ledger, today: date, copy_and_unlock: bool = False
) -> Iterator[Expired]:
    """Yield complaints closed or voided so long ago that they may be erased.

    With `copy_and_unlock` others may write to the ledger once the first is yielded.
    """
    query = """
        SELECT complaint.number, point.code, complaint.received, complaint.closed
        FROM complaint JOIN point ON point.id = complaint.point_id
        WHERE coalesce(complaint.closed, complaint.voided) < :limit
            AND complaint.complainant <> :erased
        ORDER BY coalesce(complaint.closed, complaint.voided), complaint.year, complaint.serial"""
    execute = copied_rows if copy_and_unlock else Ledger.execute
    values = {"limit": _limit_of(ledger, today), "erased": ERASED}
    for number, point, received, closed in execute(ledger, query, values):
        yield Expired(number, point, DAY.stored(received), DAY.stored(closed))


def first_day_kept(years: int, today: date) -> str:
    """Return the first day that is still within retention, as text."""
    return (today - relativedelta(years=years)).isoformat()


def _limit_of(ledger: Ledger, today: date) -> str:
    return first_day_kept(retention_years(ledger), today)


def retention_years(ledger: Ledger) -> int:
    """Return the years for which complaints are kept after their closing."""
    return int(settings(ledger)["retention_years"])


def why_kept(ledger: Ledger, number: str, today: date) -> Message | None:
    """Return the reason why a complaint may not be erased, if there is one."""
    query = "SELECT complainant, coalesce(closed, voided) FROM complaint WHERE number = ?"
    complainant, ended = ledger.execute(query, (number,)).fetchone()
    if complainant == ERASED:
        return message("{number} is erased already.", number=number)
    if not ended:
        return message(
            "{number} is still open; it is kept for {years} years after its closing.",
            number=number,
            years=retention_years(ledger),
        )
    if ended < _limit_of(ledger, today):
        return None
    last = _retention_end(date.fromisoformat(ended), retention_years(ledger))
    return message("{number} must be kept until {day}.", number=number, day=last)


def _retention_end(ended: date, years: int) -> date:
    """Return the last day of a retention that began on this day."""
    last = ended + relativedelta(years=years)
    # From 28 February on it may end on the 29th.
    following = last + ONE_DAY
    within = ended.isoformat() >= first_day_kept(years, following)
    return following if within else last


def demand_past_retention(ledger: Ledger, numbers: list[str], today: date) -> None:
    """Raise Refused for a complaint that is not past its retention, or is erased already."""
    for number in numbers:
        if why := why_kept(ledger, number, today):
            raise Refused("{reason} Nothing was changed.", reason=why)


def erase(ledger: Ledger, numbers: list[str], today: date) -> None:
    """Erase all personal data of complaints; the figures stay.

    Raises Refused for a complaint that is not past its retention.
    """
    demand_past_retention(ledger, numbers, today)
    for number in numbers:
        row_id = single(ledger, "SELECT id FROM complaint WHERE number = ?", (number,))
        erase_row(ledger, "complaint", row_id)
    if numbers:
        _renew_indexes(ledger)


def old_texts(ledger: Ledger, today: date) -> list[tuple[str, int]]:
    """Return (table, row) of personal texts and informants of records past their retention.

    Records have no number to be erased by.
    """
    query = """
        SELECT DISTINCT change.table_name, change.row_id
        FROM record LEFT JOIN informant ON informant.record_id = record.id
        JOIN change ON (change.table_name = 'record' AND change.row_id = record.id)
                    OR (change.table_name = 'informant' AND change.row_id = informant.id)
        WHERE record.day < ? AND change.personal IS NOT NULL"""
    return [*map(tuple, ledger.execute(query, (_limit_of(ledger, today),)))]


def erase_texts(ledger: Ledger, today: date) -> None:
    """Erase the personal texts of old records."""
    found = old_texts(ledger, today)
    for table, row_id in found:
        erase_row(ledger, table, row_id)
    if found:
        _renew_indexes(ledger)


def _renew_indexes(ledger: Ledger) -> None:
    """Rebuild the indexes of people, since deleted values may remain in their pages."""
    query = """
        SELECT DISTINCT of_table.name
        FROM pragma_index_list(?) AS of_table JOIN pragma_index_info(of_table.name) AS part
        WHERE part.name IN (SELECT value FROM json_each(?))"""
    for table, columns in PERSONAL.items():
        for (index,) in ledger.execute(query, (table, json.dumps([*columns]))).fetchall():
            ledger.execute(f"REINDEX {index}")


def erase_row(ledger: Ledger, table: str, row_id: int) -> None:
    """Empty a row's personal columns, and remove their values from its history.

    Their digests stay, so that the chain of heads still matches.
    """
    row = dict(ledger.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone())
    update(ledger, table, row_id, erased_values(table, row))
    # A value emptied before is erased from the history only; the act is recorded all the same.
    ledger.execute(
        "INSERT INTO change (act_id, table_name, row_id, made, common)"
        " SELECT id, :table, :row, 0, '{}' FROM act WHERE id = (SELECT max(id) FROM act)"
        # The + avoids an index: an act may erase many rows, but a row has few changes.
        " AND NOT EXISTS (SELECT 1 FROM change"
        " WHERE +act_id = act.id AND table_name = :table AND row_id = :row)",
        {"table": table, "row": row_id},
    )
    query = (
        "SELECT id, personal, digest FROM change"
        " WHERE table_name = ? AND row_id = ? AND personal IS NOT NULL"
    )
    for change, personal, digest in ledger.execute(query, (table, row_id)).fetchall():
        # Without its salt the digest cannot reveal a short name.
        kept = digest or digest_of(os.urandom(16).hex(), personal)
        update(ledger, "change", change, {"personal": None, "salt": None, "digest": kept})
