"""Upgrades of an older ledger's schema, and refusal of one that no version made."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from ledger12315.errors import Unusable, message
from ledger12315.ledger.store import Ledger, clock_moment, schema, single
from ledger12315.ledger.store.atomic import new_file_beside, put
from ledger12315.ledger.store.explaining import backup_to_restore, damaged_error
from ledger12315.ledger.store.history import begin, seal
from ledger12315.ledger.store.versions import RELEASED, STEPS, fingerprint, version_of

BRINGING_OVER = message(
    "Bring its complaints over: write each point's register of each year with that build's own "
    "program (export 2 YEAR --point POINT) and take it into a new ledger: `ledger12315 --db NEW "
    "complaint import FILE --point POINT`. That brings what Attachment 2 shows; enter points, "
    "records and returns anew."
)


class EarlierBuild(Unusable):
    """The ledger was made by a build before the first release."""


class Foreign(NamedTuple):
    """A table, index, view or trigger in a ledger that is not the program's."""

    kind: str
    name: str
    sql: str | None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def harmless(self) -> bool:
        """Whether no row and no answer depends on it.

        Statistics, a view, and an index of plain columns that allows equal rows are harmless.
        """
        sql = self.sql or ""
        plain = re.fullmatch(r"CREATE INDEX [^()]*\([^()]*\)\s*", sql)
        collated = "COLLATE" in sql.upper()
        statistics = self.name.startswith("sqlite_stat")
        return self.kind == "view" or statistics or (plain is not None and not collated)


def run_steps_to(ledger: Ledger, version: int) -> None:
    """Run the missing steps up to this version, in the caller's one transaction."""
    from sqlite_utils import Database, Migrations  # slower to load than most commands

    for statement in schema.NOTES:
        ledger.execute(statement)
    migrations = Migrations("ledger12315")
    for name in (name for number, (name, _) in STEPS.items() if number <= version):
        migrations()(getattr(schema, name))
    migrations.apply(Database(ledger, execute_plugins=False))


def migrate(path: Path, ledger: Ledger, source: Ledger | None = None) -> Path | None:
    """Upgrade an older ledger in one transaction.

    Before, a checked copy is made of the file that `source` reads; its path is returned.
    """
    # Rebuilding a table would count as deleting it and its references; checked below.
    ledger.execute("PRAGMA foreign_keys = OFF")
    ledger.execute("BEGIN IMMEDIATE")
    version = version_of(ledger)
    if version >= max(STEPS):
        return None  # somebody else was first
    check_schema(path, ledger, version)
    kept = _keep_copy(path, source, version) if source else None
    try:
        begin(ledger, "migrate")
        run_steps_to(ledger, max(STEPS))
        seal(ledger)
        if broken := single(ledger, "PRAGMA foreign_key_check"):
            raise damaged_error(path, broken)
    except BaseException:
        if kept:  # the ledger stays as it is
            kept.unlink()
        raise
    ledger.execute(f"PRAGMA user_version = {max(STEPS)}")
    ledger.execute("COMMIT")
    return kept


def _keep_copy(path: Path, source: Ledger, version: int) -> Path:
    """Write a checked copy beside the ledger, named by its schema, the day and the time."""
    name = f"{path.name}.schema-{version}-{clock_moment():%Y-%m-%d-%H%M%S}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    copy = next(each for each in map(path.with_name, names) if not each.exists())
    with new_file_beside(copy, like=path) as fresh:
        source.execute("VACUUM INTO ?", (str(fresh),))
        with closing(sqlite3.connect(fresh)) as copied:
            _demand_sound(path, copied)
        put(fresh, copy)
    return copy


def _demand_sound(path: Path, ledger: Ledger) -> None:
    """Raise Unusable for a ledger with pages or rows that SQLite finds damaged."""
    if (found := single(ledger, "PRAGMA integrity_check(1)")) != "ok":
        raise damaged_error(path, found)


def check_schema(path: Path, ledger: Ledger, version: int) -> list[Foreign]:
    """Return harmless additions of another program, mostly none.

    Raises Unusable for any other difference from this version, before any of it can run.
    """
    if fingerprint(ledger) == STEPS[version][1]:
        return []
    query = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    with closing(ledger_of_version(version)) as made:
        expected = [Foreign(*row) for row in made.execute(query)]
    found = [Foreign(*row) for row in ledger.execute(query)]
    known = {each.name for each in expected}
    foreign = [each for each in found if each.name not in known]
    if changed := {*expected} ^ {*found} - {*foreign}:
        if version > RELEASED:
            raise earlier_build_error(path, ledger)
        raise Unusable(
            "The ledger {path} was altered by another program: {names}. Put a backup in its"
            " place.",
            *backup_to_restore(path),
            path=path,
            names=sorted({*map(str, changed)}),
        )
    if not all(each.harmless for each in foreign):
        raise Unusable(
            "Another program added to the ledger {path} something that could change its "
            "entries: {names}. Put a backup in the ledger's place, or remove it with that "
            "program: {statements}",
            *backup_to_restore(path),
            path=path,
            names=[str(each) for each in foreign if not each.harmless],
            statements=removal_sql(foreign),
        )
    return foreign


def earlier_build_error(path: Path, ledger: Ledger) -> Unusable:
    """Return the error of a ledger from before the first release, or of a damaged one."""
    _demand_sound(path, ledger)
    return EarlierBuild(
        "A build before the first release made the ledger {path}. It is whole, but this program "
        "cannot read it. Nothing was changed.",
        BRINGING_OVER,
        path=path,
    )


def removal_sql(foreign: Iterable[Foreign]) -> str:
    """Return the SQL that removes things from a ledger, with all that depends on them."""
    return " ".join(f'DROP {each.kind.upper()} "{each.name}";' for each in foreign if each.sql)


def ledger_of_version(version: int) -> sqlite3.Connection:
    """Return an empty ledger of this version, in memory."""
    ledger = sqlite3.connect(":memory:", isolation_level=None)
    run_steps_to(ledger, version)
    return ledger
