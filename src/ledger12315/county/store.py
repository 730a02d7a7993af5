"""The county's file: hand-ins and forms as they came, their facts, and the registry.

A row of `kept` is never changed or removed. Each has a seal, so that an altered one is found.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from ledger12315.county.records import facts_of, form_of, hand_in_of
from ledger12315.errors import Unusable, message
from ledger12315.facts.engine import (
    MEMORY,
    Duck,
    demand_engine,
    explain_disk_errors,
    open_engine,
)
from ledger12315.facts.taking_in import make_fact_tables
from ledger12315.rules.county import CountyBook
from ledger12315.rules.facts import FACTS
from ledger12315.rules.registry import RegistryEntry

STORE_SCHEMA = 100
"""The version of the tables below; a newer one is refused."""
_STORE_MEGABYTES = 700
_TABLES = """
    CREATE TABLE county (key VARCHAR, schema INTEGER);
    CREATE TABLE kept (id INTEGER, kind VARCHAR, loaded DATE, rehearsed BOOLEAN, station VARCHAR,
        period VARCHAR, sha256 VARCHAR, document VARCHAR, seal VARCHAR, packet BLOB);
    CREATE TABLE registry (key VARCHAR, name VARCHAR, county VARCHAR, code VARCHAR,
        county_code VARCHAR, since DATE, until DATE, follows VARCHAR[])"""
_OURS = {"county", "kept", "registry", *FACTS}
# What other programs could put into a file to be run when it is read.
_FOREIGN = """
    SELECT count(*) FROM (
        SELECT view_name FROM duckdb_views() WHERE NOT internal
        UNION ALL SELECT function_name FROM duckdb_functions() WHERE NOT internal
        UNION ALL SELECT type_name FROM duckdb_types() WHERE NOT internal)"""


class Kept(NamedTuple):
    """What is kept of a hand-in or a form: one of return, points, facts, form, withdrawal.

    `sha256` is that of the Attachment 6 that it is or belongs to, `files` the files by name.
    """

    kind: str
    station: str
    period: str
    sha256: str
    document: Mapping[str, Any]
    files: Mapping[str, bytes]


@contextmanager
def open_store(store: Path, writes: bool = False) -> Iterator[Duck]:
    """Open a county's store; an empty one is read if there is none. Raises Unusable."""
    duckdb = demand_engine()
    # Resolved: DuckDB reads paths that look like addresses differently.
    file = store.resolve()
    if "?" in str(file):  # before one DuckDB would put the end of its log's name
        raise Unusable(
            "{path} cannot be a store, because its path contains a question mark. Move it to"
            " another folder, or choose one with --store.",
            path=store,
        )
    # Attachments 5 have names and phones: the file and its log are its owner's.
    mask = os.umask(0o077)
    try:
        if writes and not store.exists():
            _make_store(store, file)
        there = store.exists()
        with open_engine(_STORE_MEGABYTES, file if there else MEMORY, writes or not there) as duck:
            if not there:
                _make_tables(duck)
            _demand_own_tables(duck, store)
            yield duck
    except duckdb.Error as error:
        raise _store_error(store, error) from error
    finally:
        os.umask(mask)


def _make_store(store: Path, file: Path) -> None:
    """Make a new store beside its place, so that no half of one is ever in it."""
    part = file.with_name(f".{file.name}.{os.urandom(4).hex()}.part")
    try:
        with explain_disk_errors(store):
            store.parent.mkdir(parents=True, exist_ok=True)
            with open_engine(_STORE_MEGABYTES, part) as duck:
                _make_tables(duck)
            part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def _make_tables(duck: Duck) -> None:
    duck.execute("BEGIN")
    make_fact_tables(duck)
    key = os.urandom(16).hex()
    duck.execute(f"{_TABLES}; INSERT INTO county VALUES ('{key}', {STORE_SCHEMA}); COMMIT")


def _demand_own_tables(duck: Duck, store: Path) -> None:
    """Raise Unusable for another program's file, or a newer program's store."""
    [[foreign]] = duck.execute(_FOREIGN).fetchall()
    tables = {name for [name] in duck.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if foreign or tables != _OURS:
        raise _not_ours(store)
    schema = max(each for [each] in [(0,), *duck.execute("SELECT schema FROM county").fetchall()])
    if schema > STORE_SCHEMA:
        raise Unusable("{path} was made by a newer program. Use the newest program.", path=store)
    if schema < STORE_SCHEMA:
        raise _not_ours(store)


def _not_ours(store: Path) -> Unusable:
    return Unusable(
        "{path} is not a county's store of this program, or it is damaged. Restore a copy, or "
        "make a new one with --store FILE: load the list of stations, what the stations handed "
        "in, then the county's own forms.",
        path=store,
    )


def _store_error(store: Path, error: Exception) -> Unusable:
    duckdb = demand_engine()
    if isinstance(error, duckdb.OutOfMemoryException):
        why = message("there is not enough memory; load fewer hand-ins at a time")
        return Unusable("{path} cannot be used: {reason}.", path=store, reason=why)
    if "set lock" in str(error) or "being used" in str(error):
        return Unusable(
            "Another load is running in {path}, or it is being read. Try again in a moment.",
            path=store,
        )
    return _not_ours(store)


def county_key(duck: Duck) -> str:
    """Return the key by which a province knows this county."""
    [[key]] = duck.execute("SELECT key FROM county").fetchall()
    return str(key)


def take_over_key(duck: Duck, key: str) -> None:
    """Let a store that was made again be the county that its forms name."""
    duck.execute("UPDATE county SET key = ?", [key])


def keep(duck: Duck, rows: Sequence[Kept], day: date, rehearsed: bool) -> int:
    """Add rows within a transaction; return the number of the first. Raises duckdb.Error.

    `rehearsed` says that the day is no clock's.
    """
    [[base]] = duck.execute("SELECT coalesce(max(id) + 1, 0) FROM kept").fetchall()
    for number, each in enumerate(rows, base):
        text = json.dumps(each.document, ensure_ascii=False)
        about = [number, each.kind, day, rehearsed, each.station, each.period, each.sha256]
        values = [*about, text, _seal(about, text), _packed(each.files)]
        duck.execute(f"INSERT INTO kept VALUES ({', '.join('?' * len(values))})", values)
    return int(base)


def newest_entry(duck: Duck) -> date | None:
    """Return the day on which the store's newest row that was not rehearsed came."""
    [[day]] = duck.execute("SELECT max(loaded) FROM kept WHERE NOT rehearsed").fetchall()
    assert day is None or isinstance(day, date)  # noqa: S101  a column of days
    return day


@contextmanager
def transaction(duck: Duck) -> Iterator[None]:
    """Run a block as one transaction."""
    duck.execute("BEGIN")
    yield
    duck.execute("COMMIT")
    # On a full disk its log stays beside the store, and the next load tries again.
    with suppress(demand_engine().Error):
        duck.execute("CHECKPOINT")


def _seal(about: Sequence[object], text: str) -> str:
    parts = json.dumps([*map(str, about), text], ensure_ascii=False)
    return sha256(parts.encode()).hexdigest()


def _packed(files: Mapping[str, bytes]) -> bytes:
    with ZipFile(whole := BytesIO(), "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def files_of(duck: Duck, sha256_: str) -> dict[str, bytes]:
    """Return the files of a hand-in or a form, by name; its last facts win."""
    query = "SELECT packet FROM kept WHERE sha256 = ? AND kind <> 'withdrawal' ORDER BY id"
    found: dict[str, bytes] = {}
    for [packet] in duck.execute(query, [sha256_]).fetchall():
        with ZipFile(BytesIO(packet)) as archive:
            found |= {name: archive.read(name) for name in archive.namelist()}
    return found


def read_book(duck: Duck, as_of: date | None = None) -> tuple[CountyBook, set[str]]:
    """Return the county's book as of a day, and the names of stations whose rows were altered."""
    query = "SELECT id, kind, loaded, rehearsed, station, period, sha256, document, seal FROM kept"
    more = f" WHERE loaded <= DATE '{as_of}'" if as_of else ""
    found: dict[str, list[tuple[int, date, str, dict[str, Any]]]] = {}
    altered = set()
    for *about, text, seal in duck.execute(f"{query}{more} ORDER BY id").fetchall():
        if _seal(about, text) != seal:
            altered.add(_name_in(text) or about[4])
            continue
        number, kind, loaded, _, _, _, digest = about
        found.setdefault(kind, []).append((number, loaded, digest, json.loads(text)))
    facts: dict[str, list[Any]] = {}
    for number, loaded, digest, document in found.get("facts", ()):
        facts.setdefault(digest, []).append(facts_of(number, loaded, document))
    points = {digest: document["points"] for _, _, digest, document in found.get("points", ())}
    back = {digest: document for _, _, digest, document in found.get("withdrawal", ())}
    hand_ins = [
        hand_in_of(loaded, digest, document, facts.get(digest, ()), points.get(digest))
        for _, loaded, digest, document in found.get("return", ())
    ]
    forms = [
        form_of(digest, document, back.get(digest))
        for _, _, digest, document in found.get("form", ())
    ]
    return CountyBook(hand_ins, registry(duck), forms), altered


def _name_in(text: str) -> str:
    """Return the station that an altered row names, if it can be read."""
    with suppress(ValueError, AttributeError):
        return str(json.loads(text).get("station", ""))
    return ""


def registry(duck: Duck) -> list[RegistryEntry]:
    """Return the registry's entries."""
    rows = duck.execute("FROM registry").fetchall()
    return [RegistryEntry._make((*each[:-1], tuple(each[-1] or ()))) for each in rows]


def replace_registry(duck: Duck, entries: Iterable[RegistryEntry]) -> None:
    """Replace the registry with a new one."""
    with transaction(duck):
        duck.execute("DELETE FROM registry")
        rows = [[*each[:-1], [*each.follows]] for each in entries]
        duck.executemany("INSERT INTO registry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
