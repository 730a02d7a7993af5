"""Checks of a ledger: SQLite's own, the figures' controls, and the history."""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

from ledger12315.boxes.reading import YEARS
from ledger12315.errors import LedgerError, Message, message
from ledger12315.ledger.audit.erasing import texts_as_json
from ledger12315.ledger.audit.forgeries import forgeries
from ledger12315.ledger.audit.past import rows_unlike_history
from ledger12315.ledger.figures import Scope, figures
from ledger12315.ledger.store import (
    Ledger,
    Progress,
    count_passing,
    no_progress,
    sha256,
    single,
)
from ledger12315.ledger.store.files import header_of
from ledger12315.ledger.store.history import (
    ACT_COLUMNS,
    START,
    digest_of,
    next_head,
    tables,
)
from ledger12315.ledger.store.opening import Tell, connect, no_remark, reading
from ledger12315.rules.periods import parse_period
from ledger12315.words import TABLE_NAMES

_MOST_OF_EACH_KIND = 100
Watched = Callable[[Iterable[Any]], Iterator[Any]]


def ledger_problems(
    path: Path, tell: Progress = no_progress, remark: Tell = no_remark
) -> list[Message]:
    """Return the problems of the ledger at `path`, at most a hundred of each kind.

    Raises Unusable if it cannot be opened, also because of its schema.
    """
    if _in_wal(path):  # opening it would switch it back and hide the finding
        return [
            message(
                "Another program switched the ledger to WAL mode. Its last changes may be only "
                "in {path}-wal, so keep that file. Any other command switches the ledger back.",
                path=path,
            )
        ]
    stop = Event()
    # SQLite checks the pages, and the rows against their history, while the chain is checked here.
    # In this thread a long query would not end with Ctrl-C.
    with reading(path, remark) as ledger, ThreadPoolExecutor(2) as others:
        pages = others.submit(_unsound_pages, path, stop)
        rows = others.submit(_look_through_rows, path, stop)
        try:
            changes = single(ledger, "SELECT max(id) FROM change")
            watched: Watched = count_passing(tell, message("Checking"), changes)
            broken = _first_of_each(chain_problems(ledger, watched))
            files = _first_of_each(_strayed_files(ledger))
            found = [*pages.result(), *broken, *rows.result(), *files]
            # Figures of altered rows would only repeat the problem.
            return found or _first_of_each(forgeries(ledger), _unbalanced_quarters(ledger))
        finally:
            stop.set()


def _first_of_each(*kinds: Iterator[Message]) -> list[Message]:
    return [each for kind in kinds for each in islice(kind, _MOST_OF_EACH_KIND)]


def _in_wal(path: Path) -> bool:
    with suppress(OSError):
        return header_of(path).in_wal
    return False


def _unsound_pages(path: Path, stop: Event) -> list[Message]:
    """Return SQLite's own findings and references to missing rows.

    Raises sqlite3.OperationalError once `stop` is set.
    """
    # SQLite tests the CHECK constraints only where it could write.
    with closing(connect(path, "rw")) as ledger:
        ledger.execute("PRAGMA query_only = ON")
        ledger.set_progress_handler(stop.is_set, 100_000)
        found = [
            message("SQLite: {reason}", reason=reason)
            for (reason,) in ledger.execute("PRAGMA integrity_check(20)")
            if reason != "ok"
        ]
        orphans = islice(ledger.execute("PRAGMA foreign_key_check"), _MOST_OF_EACH_KIND)
        return found + [
            message(
                "{table} row {row}: refers to a row that is missing",
                table=TABLE_NAMES.get(table, table),
                row=row_id,
            )
            for table, row_id, *_ in orphans
        ]


def _look_through_rows(path: Path, stop: Event) -> list[Message]:
    """Return the rows that differ from their history.

    Raises sqlite3.OperationalError once `stop` is set.
    """
    with closing(connect(path, "ro")) as ledger:
        ledger.set_progress_handler(stop.is_set, 100_000)
        return _first_of_each(altered_rows(ledger))


def _unbalanced_quarters(ledger: Ledger) -> Iterator[Message]:
    """Yield the controls that fail in each quarter's figures."""
    first, last = ledger.execute(
        "SELECT min(received), max(coalesce(closed, received)) FROM complaint"
    ).fetchone()
    years = range(int(first[:4]), int(last[:4]) + 1) if first else range(0)
    shared = range(max(years.start, YEARS.start), min(years.stop, YEARS.stop))
    for period in (f"{year}Q{quarter}" for year in shared for quarter in range(1, 5)):
        try:
            figures(ledger, Scope(parse_period(period)))
        except LedgerError as error:
            yield error.message


def chain_problems(ledger: Ledger, watched: Watched) -> Iterator[Message]:
    """Yield acts whose head does not match their content, and changes without an act.

    Changes whose personal values do not match their digest are yielded too.
    """
    query = (
        "SELECT id, table_name, row_id, made, common, digest, salt, personal FROM change"
        " WHERE act_id = ? ORDER BY id"
    )
    previous: str | None = START
    acts = ledger.execute(f"SELECT head, {ACT_COLUMNS} FROM act ORDER BY id")
    for head, *row in acts:
        act, at, _, command, _ = row
        unfit: list[int] = []
        sealed = _check_seals(watched(ledger.execute(query, (act,))), unfit)
        fits = head == next_head(previous, row, sealed)
        for change in unfit:
            yield message(
                "change {id} of act {act}: personal values differ from those that were sealed",
                id=change,
                act=act,
            )
        if not fits:
            yield message(
                "act {act} ({at}, {command}): the act or its changes differ from what was "
                "recorded",
                act=act,
                at=at,
                command=command,
            )
        previous = head
    yield from _idle_acts(ledger)
    query = "SELECT DISTINCT act_id FROM change WHERE act_id NOT IN (SELECT id FROM act)"
    for (act,) in ledger.execute(query):
        yield message("act {act} is missing, but its changes are there", act=act)


def _idle_acts(ledger: Ledger) -> Iterator[Message]:
    """Yield acts without a change, or with a change of an unknown table.

    The program never writes such an act: another one did.
    """
    kept = f"table_name IN ({', '.join('?' * len(tables(ledger)))})"
    query = f"""
        SELECT id, at, command FROM act WHERE head IS NOT NULL AND (
            NOT EXISTS (SELECT 1 FROM change WHERE act_id = act.id)
            OR EXISTS (SELECT 1 FROM change WHERE act_id = act.id AND NOT {kept}))"""
    for act, at, command in ledger.execute(query, tables(ledger)):
        yield message(
            "act {act} ({at}, {command}): it changed nothing, so no command wrote it",
            act=act,
            at=at,
            command=command,
        )


def _check_seals(changes: Iterable[Any], unfit: list[int]) -> Iterator[Any]:
    """Yield the sealed values of each change; add to `unfit` those unlike their digest."""
    for change in changes:
        if not _fits_digest(*change[5:]) and len(unfit) < _MOST_OF_EACH_KIND:
            unfit.append(change[0])
        yield change[:6]


def _fits_digest(digest: str | None, salt: str | None, personal: str | None) -> bool:
    """Return whether texts match their digest, or are erased with their salt."""
    if salt is None:  # whether an act erased them, `forgeries` finds out
        return personal is None or (digest is not None and _left_by_erasing(personal))
    return personal is not None and digest_of(salt, personal) == digest


def _left_by_erasing(personal: str) -> bool:
    """Return whether texts are written as erasing leaves them; it leaves none that are empty."""
    with suppress(ValueError):
        texts = json.loads(personal)
        return isinstance(texts, dict) and texts_as_json(texts) == personal
    return False


def altered_rows(ledger: Ledger) -> Iterator[Message]:
    """Yield rows that differ from their history, or are missing."""
    for table in tables(ledger):
        for row_id, is_there in rows_unlike_history(ledger, table):
            place = {"table": TABLE_NAMES[table], "row": row_id}
            if is_there:
                yield message("{table} row {row}: differs from its history", **place)
            else:
                yield message("{table} row {row}: missing", **place)


def _strayed_files(ledger: Ledger) -> Iterator[Message]:
    """Yield files that differ from the submitted ones; the history has their checksums."""
    query = "SELECT sha256, content, sha256 IN (SELECT sha256 FROM submitted) FROM file"
    for digest, content, known in ledger.execute(query):
        if not known or sha256(content).hexdigest() != digest:
            yield message("file {digest}: not as submitted", digest=digest)
