"""Making a new ledger."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from ledger12315.errors import Refused
from ledger12315.ledger.store import insert, new_key
from ledger12315.ledger.store.atomic import link, new_file_beside, sync_folder
from ledger12315.ledger.store.explaining import explain_sqlite_errors
from ledger12315.ledger.store.files import demand_alone
from ledger12315.ledger.store.history import WallClock, begin, seal
from ledger12315.ledger.store.migrating import run_steps_to
from ledger12315.ledger.store.opening import APPLICATION_ID, connect
from ledger12315.ledger.store.practice import is_for_practice, mark_as_practice
from ledger12315.ledger.store.versions import STEPS


def create(
    path: Path,
    station: str,
    county: str,
    code: str | None,
    settings: Mapping[str, str],
    make_folder: bool = False,
    clock: WallClock | None = None,
) -> None:
    """Make a new ledger, in full or not at all.

    Raises Refused if a file exists already, Unusable if none can be written.
    """
    demand_no_file(path)
    demand_alone(path)
    whose = {"id": 1, "key": new_key(), "name": station, "county": county, "code": code}
    with new_file_beside(path, make_folder) as fresh:
        with explain_sqlite_errors(path), closing(connect(fresh, "rw")) as ledger:
            ledger.execute("BEGIN IMMEDIATE")
            run_steps_to(ledger, max(STEPS))
            seal(ledger)
            begin(ledger, "init", clock and clock._replace(sure=True))
            insert(ledger, "station", whose)
            for key, value in settings.items():
                insert(ledger, "setting", {"key": key, "value": value})
            if is_for_practice(path):
                mark_as_practice(ledger)
            seal(ledger)
            ledger.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            ledger.execute(f"PRAGMA user_version = {max(STEPS)}")
            ledger.execute("COMMIT")
        try:
            link(fresh, path)
        except FileExistsError:
            raise _path_taken(path) from None
        sync_folder(path)


def demand_no_file(path: Path) -> None:
    """Raise Refused if a file exists where a ledger is to be made."""
    if path.exists():
        raise _path_taken(path)


def _path_taken(path: Path) -> Refused:
    return Refused(
        "{path} exists already; nothing was changed. Choose another file with --db.", path=path
    )
