"""Forgeries: rows that match their history, but that the program never writes."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ledger12315.errors import Message, message
from ledger12315.ledger.audit.erasing import first_day_kept
from ledger12315.ledger.store import Ledger, single
from ledger12315.ledger.store.history import row_after
from ledger12315.rules.settings import SETTINGS
from ledger12315.words import TABLE_NAMES

_RETENTION = "retention_years"
# Emptied rows, and the last act whose texts are erased. The + keeps SQLite from scanning
# all changes by row.
_EMPTIED = """
    SELECT table_name, row_id, max(act_id) FROM change
    WHERE salt IS NULL AND digest IS NOT NULL GROUP BY +table_name, row_id"""
_ERASING = """
    SELECT DISTINCT act.id, coalesce(act.rehearsed, substr(act.at, 1, 10))
    FROM change JOIN act ON act.id = change.act_id
    WHERE table_name = ? AND row_id = ? AND command = 'complaint erase' ORDER BY act.id"""


def forgeries(ledger: Ledger) -> Iterator[Message]:
    """Yield erasures and submissions that the program never makes."""
    yield from forged_erasures(ledger)
    query = "SELECT period, day FROM submission WHERE head NOT IN (SELECT head FROM act)"
    for period, day in ledger.execute(query):
        yield message(
            "{period}, submitted on {day}: the head on its forms is not in this history",
            period=period,
            day=day,
        )


def forged_erasures(ledger: Ledger) -> Iterator[Message]:
    """Yield rows erased without an act, or by an act before the end of their retention."""
    for table, row, emptied in ledger.execute(_EMPTIED).fetchall():
        acts = ledger.execute(_ERASING, (table, row)).fetchall()
        place = {"table": TABLE_NAMES[table], "row": row}
        if not acts or acts[-1][0] < emptied:
            yield message("{table} row {row}: emptied, but not by an act of erasing", **place)
        for act, day in acts:
            ended = _day_of_ending(ledger, table, row, act)
            if ended is None or ended >= first_day_kept(
                _years(ledger, act), date.fromisoformat(day)
            ):
                yield message(
                    "{table} row {row}: erased on {day}, before its retention was over",
                    **place,
                    day=day,
                )


def _day_of_ending(ledger: Ledger, table: str, row: int, act: int) -> str | None:
    """Return the first day of a row's retention; None while it has not begun."""
    was = _row_at(ledger, table, row, act)
    if table == "informant":
        was = _row_at(ledger, "record", was["record_id"], act)
    return was.get("closed") or was.get("voided") if table == "complaint" else was.get("day")


def _years(ledger: Ledger, act: int) -> int:
    row = single(ledger, "SELECT id FROM setting WHERE key = ?", (_RETENTION,))
    was = _row_at(ledger, "setting", row, act)
    return int(was.get("value", SETTINGS[_RETENTION].default))


def _row_at(ledger: Ledger, table: str, row: int, act: int) -> dict[str, Any]:
    """Return a row's values before an act, without personal ones."""
    query = """
        SELECT made, common FROM change
        WHERE table_name = ? AND row_id = ? AND act_id < ? AND common IS NOT NULL ORDER BY id"""
    return row_after(ledger.execute(query, (table, row, act)))
