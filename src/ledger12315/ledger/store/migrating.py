"""Upgrades of an older ledger's schema, and refusal of one that no version made."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ledger12315.errors import Unusable, message
from ledger12315.ledger.store import Ledger, schema, single
from ledger12315.ledger.store.atomic import new_file_beside, put
from ledger12315.ledger.store.explaining import damaged_error
from ledger12315.ledger.store.history import begin, seal
from ledger12315.ledger.store.known_backups import newest_backup
from ledger12315.ledger.store.versions import STEPS, fingerprint, version_of

COMING_OVER = message(
    "Keep the old program for it. To move to this version, export its registers with the old "
    "program (export 2) and import them into a new ledger: ledger12315 complaint import FILE "
    "--point POINT"
)


class Outdated(Unusable):
    """The ledger was made by steps that have been rewritten since."""


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
    for number in range(1, version + 1):
        migrations()(getattr(schema, STEPS[number][0]))
    migrations.apply(Database(ledger, execute_plugins=False))


def migrate(path: Path, ledger: Ledger, keep: bool = True) -> None:
    """Upgrade an older ledger in one transaction; a checked copy is kept before."""
    # Rebuilding a table would count as deleting it and its references; checked below.
    ledger.execute("PRAGMA foreign_keys = OFF")
    if keep:
        _keep_copy(path, ledger)
    ledger.execute("BEGIN IMMEDIATE")
    version = version_of(ledger)
    if version >= max(STEPS):
        return  # somebody else was first
    check_schema(path, ledger, version)
    begin(ledger, "migrate")
    run_steps_to(ledger, max(STEPS))
    seal(ledger)
    if broken := single(ledger, "PRAGMA foreign_key_check"):
        raise damaged_error(path, broken)
    ledger.execute(f"PRAGMA user_version = {max(STEPS)}")
    ledger.execute("COMMIT")


def _keep_copy(path: Path, ledger: Ledger) -> None:
    version = version_of(ledger)
    copy = path.with_name(f"{path.name}.schema-{version}")
    if copy.exists() or version == max(STEPS):
        return
    with new_file_beside(copy) as fresh:
        ledger.execute("VACUUM INTO ?", (str(fresh),))
        with closing(sqlite3.connect(fresh)) as copied:
            if version_of(copied) != version:
                return  # another command was first, and kept a copy
            check_schema(path, copied, version)
            found = single(copied, "PRAGMA integrity_check(1)")
        if found != "ok":
            raise damaged_error(path, found)
        put(fresh, copy)


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
        _demand_known_steps(path, ledger)
        raise Unusable(
            "The ledger {path} was altered by another program: {names}. Put a backup in its"
            " place.",
            *newest_backup(path),
            path=path,
            names=sorted({*map(str, changed)}),
        )
    if not all(each.harmless for each in foreign):
        raise Unusable(
            "Another program added to the ledger {path} something that could change its "
            "entries: {names}. Put a backup in the ledger's place, or remove it with that "
            "program: {statements}",
            *newest_backup(path),
            path=path,
            names=[str(each) for each in foreign if not each.harmless],
            statements=removal_sql(foreign),
        )
    return foreign


def _demand_known_steps(path: Path, ledger: Ledger) -> None:
    """Raise Outdated for steps in the ledger that this program does not have."""
    try:
        noted = {name for (name,) in ledger.execute("SELECT name FROM _sqlite_migrations")}
    except sqlite3.DatabaseError:
        return  # an altered schema does not show its steps
    if noted - {name for name, _ in STEPS.values()}:
        raise Outdated(
            "The ledger {path} was made by a program version of 2026-11-26 or earlier, which "
            "this version cannot upgrade. Nothing was changed.",
            COMING_OVER,
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
