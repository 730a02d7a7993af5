"""The county's file: hand-ins and forms as they came, their facts, and the registry.

A row of `kept` is never changed or removed. Each has a seal, so that an altered one is found.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from errno import EINVAL, EMLINK, ENOSPC, ENOSYS, ENOTSUP, EOPNOTSUPP, EPERM
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple
from zipfile import ZipFile

from ledger12315.county.records import form_of, hand_in_of
from ledger12315.errors import SHARING, Refused, Unusable, message, reason
from ledger12315.facts.engine import (
    Duck,
    demand_engine,
    explain_disk_errors,
    open_engine,
    remove_left_over,
    sql_literal,
    system_error,
)
from ledger12315.facts.taking_in import make_fact_tables
from ledger12315.facts.writing import columns_of
from ledger12315.rules.county import CountyBook
from ledger12315.rules.facts import FACTS, FIRST_SCHEMA, SCHEMA
from ledger12315.rules.registry import RegistryEntry

_STORE_MEGABYTES = 700
_AT_ONCE = 100
"""The rows, each with its files, that stand in memory twice while they are written."""
_TABLES = {
    "county": "key VARCHAR, schema INTEGER",
    "kept": """id INTEGER, kind VARCHAR, loaded DATE, rehearsed BOOLEAN, station VARCHAR,
        period VARCHAR, sha256 VARCHAR, document VARCHAR, sealed VARCHAR, packet BLOB""",
    "registry": """key VARCHAR, name VARCHAR, county VARCHAR, code VARCHAR, county_code VARCHAR,
        since DATE, until DATE, follows VARCHAR[]""",
}
# What a stick or a share without links says of one; on Windows, that the call is invalid.
_NO_LINKS = {EPERM, ENOTSUP, EOPNOTSUPP, EMLINK, ENOSYS, EINVAL}
# Attachments 5 have names and phones: the file and its log, which are made while it is opened,
# written to or closed, are its owner's. What a command writes besides has its own mode.
_OWN = 0o077
_SEALED = "id, kind, loaded, rehearsed, station, period, sha256, document, sealed"
# What other programs could put into a file to be run when it is read.
_FOREIGN = """
    SELECT count(*) FROM (
        SELECT view_name FROM duckdb_views() WHERE NOT internal
        UNION ALL SELECT function_name FROM duckdb_functions() WHERE NOT internal
        UNION ALL SELECT type_name FROM duckdb_types() WHERE NOT internal)"""

_MAKING_ANEW = message(
    "Make a new one with --store FILE: load the list of stations, what the stations handed in, "
    "then the county's own forms."
)


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
    """Open a county's store; an empty one is read if there is none. Raises Unusable.

    Only one that is opened to write is changed: an earlier one is upgraded.
    """
    duckdb = demand_engine()
    # Resolved: DuckDB reads paths that look like addresses differently.
    file = store.resolve()
    if "?" in str(file):  # before one DuckDB would put the end of its log's name
        raise Unusable(
            "{path} cannot be a store, because its path contains a question mark. Move it to"
            " another folder, or choose one with --store.",
            path=store,
        )
    if writes:
        remove_left_over(file)
    mask = os.umask(_OWN)
    try:
        with ExitStack() as opened:
            if store.exists():
                duck = opened.enter_context(open_engine(_STORE_MEGABYTES, file, writes))
                earlier = _demand_own_tables(duck, store)
                if earlier and writes:
                    _upgrade_store(duck)
                elif earlier:
                    opened.close()
                    duck = opened.enter_context(open_engine(_STORE_MEGABYTES))
                    _view_store(duck, file)
            elif writes:
                duck = opened.enter_context(_new_store(store, file))
            else:
                duck = opened.enter_context(open_engine(_STORE_MEGABYTES))
                _make_tables(duck)
            os.umask(mask)
            opened.callback(os.umask, _OWN)
            yield duck
    except duckdb.Error as error:
        raise _store_error(store, error, writes) from error
    finally:
        os.umask(mask)


@contextmanager
def _new_store(store: Path, file: Path) -> Iterator[Duck]:
    """Make a store beside its place, and put it there once it holds something."""
    with explain_disk_errors(store):
        file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.urandom(4).hex()}.part")
    log = part.with_name(f"{part.name}.wal")
    try:
        with open_engine(_STORE_MEGABYTES, part) as duck:
            _make_tables(duck)
            yield duck
            [filled] = duck.execute(
                "SELECT EXISTS (FROM kept) OR EXISTS (FROM registry)"
            ).fetchall()
        with explain_disk_errors(store):
            if log.exists():
                raise OSError(ENOSPC, "", str(store))
            if filled[0]:
                _put_new(part, file, store)
    finally:
        part.unlink(missing_ok=True)
        log.unlink(missing_ok=True)


def _put_new(part: Path, file: Path, store: Path) -> None:
    """Put a new store in its place. Raises Unusable if another one came first."""
    try:
        os.link(part, file)
    except FileExistsError:
        raise _busy(store) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if file.exists():  # which a renaming would replace
            raise _busy(store) from None
        part.rename(file)


def _make_tables(duck: Duck) -> None:
    duck.execute("BEGIN")
    make_fact_tables(duck)
    key = os.urandom(16).hex()
    tables = "; ".join(f"CREATE TABLE {name} ({each})" for name, each in _TABLES.items())
    duck.execute(f"{tables}; INSERT INTO county VALUES ('{key}', {SCHEMA}); COMMIT")


def _demand_own_tables(duck: Duck, store: Path) -> bool:
    """Return whether a store is of an earlier schema. Raises Unusable for another program's file.

    A newer program's store is refused too, and one of a build before the first release.
    """
    [[foreign]] = duck.execute(_FOREIGN).fetchall()
    there = _columns_there(duck)
    if foreign or not there >= {("county", "schema"), ("kept", "id")}:
        raise _not_ours(store)
    [[schema]] = duck.execute("SELECT coalesce(max(schema)::INTEGER, 0) FROM county").fetchall()
    if schema > SCHEMA:
        raise Unusable("{path} was made by a newer program. Use the newest program.", path=store)
    ours = _columns_of_store(schema)
    if 0 < schema < FIRST_SCHEMA or not there >= ours:
        duck.execute("SELECT bit_xor(hash(kept)) FROM kept")  # is all of it legible?
        raise Unusable(
            "A build before the first release made the county's store {path}. It is whole, but "
            "this program cannot read it. Nothing was changed.",
            _MAKING_ANEW,
            path=store,
        )
    if there > ours:
        raise _not_ours(store)
    return bool(schema < SCHEMA)


def _columns_there(duck: Duck) -> set[tuple[str, str]]:
    query = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    return {*duck.execute(query).fetchall()}


def _columns_of_store(schema: int) -> set[tuple[str, str]]:
    """Return the columns of a store of a schema, each with its table."""
    tables = {name: declared.split(",") for name, declared in _TABLES.items()}
    tables |= {name: ["hand_in ", *columns_of(name, schema)] for name in FACTS}
    return {(name, each.split()[0]) for name, columns in tables.items() for each in columns}


def _upgrade_store(duck: Duck) -> None:
    """Give an earlier store the columns that its facts lack; they are empty there."""
    with transaction(duck):
        for table, lacking in _lacking_columns(duck).items():
            for column in lacking:
                duck.execute(f"ALTER TABLE facts.{table} ADD COLUMN {column}")
        duck.execute("UPDATE county SET schema = ?", [SCHEMA])


def _view_store(duck: Duck, file: Path) -> None:
    """Make views of an earlier store, with empty columns where its facts lack them."""
    duck.execute(f"ATTACH {sql_literal(file)} AS store (READ_ONLY); CREATE SCHEMA facts")
    for table in _TABLES:
        duck.execute(f"CREATE VIEW {table} AS FROM store.{table}")
    for table, lacking in _lacking_columns(duck).items():
        columns = (each.split(" ") for each in lacking)
        empty = "".join(f", NULL::{type_} AS {name}" for name, type_ in columns)
        duck.execute(f"CREATE VIEW facts.{table} AS SELECT *{empty} FROM store.facts.{table}")


def _lacking_columns(duck: Duck) -> dict[str, list[str]]:
    """Return the declarations of the columns that each table of facts lacks."""
    there, lacking = _columns_there(duck), {table: list[str]() for table in FACTS}
    for table, columns in lacking.items():
        declared = columns_of(table, SCHEMA)
        columns += [each for each in declared if (table, each.split()[0]) not in there]
    return lacking


def _not_ours(store: Path) -> Unusable:
    return Unusable(
        "{path} is not a county's store of this program, or it is damaged. Restore a copy, or "
        "make a new one.",
        _MAKING_ANEW,
        path=store,
    )


def _store_error(store: Path, error: Exception, writes: bool) -> Unusable:
    said, why = str(error), system_error(error)
    other = "set lock" in said or "used by another process" in said
    try:
        store.open("r+b" if writes else "rb").close()
    except OSError as refusal:  # DuckDB has that of Windows in the system's language
        other, why = other or getattr(refusal, "winerror", None) in SHARING, why or refusal
    if other:
        return _busy(store)
    if why:
        told = reason(why, reads=not writes)
        return Unusable("{path} cannot be used: {reason}.", path=store, reason=told)
    return _not_ours(store)


def _busy(store: Path) -> Unusable:
    return Unusable(
        "Another load is running in {path}, or it is being read. Try again in a moment.",
        path=store,
    )


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
    values = []
    for number, each in enumerate(rows, base):
        packet = _packed(each.files)
        document = {**each.document, "packet": sha256(packet).hexdigest()}
        text = json.dumps(document, ensure_ascii=False)
        about = [number, each.kind, day, rehearsed, each.station, each.period, each.sha256]
        values.append([*about, text, _seal_of_row(about, text), packet])
    _insert_by_columns(duck, "kept", values)
    return int(base)


def _insert_by_columns(duck: Duck, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows, some at once by their columns: one by one they take ten times as long."""
    for start in range(0, len(rows), _AT_ONCE):
        columns = [*map(list, zip(*rows[start : start + _AT_ONCE], strict=True))]
        lists = ", ".join(["unnest(?)"] * len(columns))
        duck.execute(f"INSERT INTO {table} SELECT {lists}", columns)


def newest_entry(duck: Duck) -> date | None:
    """Return the day on which the store's newest row that was not rehearsed came."""
    [[day]] = duck.execute("SELECT max(loaded) FROM kept WHERE NOT rehearsed").fetchall()
    assert day is None or isinstance(day, date)  # noqa: S101  a column of days
    return day


@contextmanager
def transaction(duck: Duck) -> Iterator[None]:
    """Run a block as one transaction."""
    mask = os.umask(_OWN)
    try:
        duck.execute("BEGIN")
        yield
        duck.execute("COMMIT")
        # On a full disk its log stays beside the store, and the next load tries again.
        with suppress(demand_engine().Error):
            duck.execute("CHECKPOINT")
    finally:
        os.umask(mask)


def _seal_of_row(about: Sequence[object], text: str) -> str:
    head = json.dumps([*map(str, about)], ensure_ascii=False)
    return sha256(f"{head}{text}".encode()).hexdigest()


def _packed(files: Mapping[str, bytes]) -> bytes:
    with ZipFile(whole := BytesIO(), "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def files_of(duck: Duck, sha256_: str) -> dict[str, bytes]:
    """Return the files of a hand-in or a form, by name; its youngest facts win, as in figures.

    Raises Refused if they are not as they came, or if one would be written elsewhere.
    """
    query = f"""
        SELECT {_SEALED}, packet FROM kept WHERE sha256 = ? AND kind <> 'withdrawal'
        ORDER BY CAST(document ->> '$.moment' AS TIMESTAMPTZ) NULLS FIRST,
            CAST(document ->> '$.act' AS BIGINT), id"""
    found: dict[str, bytes] = {}
    rows = duck.execute(query, [sha256_]).fetchall()
    named = [name for *_, text, _, _ in rows if (name := _name_in(text))]
    altered = altered_error(named[:1])
    for *about, text, seal, packet in rows:
        is_as_it_came = _seal_of_row(about, text) == seal
        if not is_as_it_came or json.loads(text)["packet"] != sha256(packet).hexdigest():
            raise altered
        with ZipFile(BytesIO(packet)) as archive:
            found |= {name: archive.read(name) for name in archive.namelist()}
        if any(PureWindowsPath(name).name != name for name in found):
            raise altered
    return found


def altered_error(stations: Sequence[object]) -> Refused:
    """Return the error of a store in which not what came of these stations is kept."""
    return Refused(
        "Altered in the store: {stations}. Restore a copy of it, or make it again from what the "
        "stations hold.",
        stations=stations,
    )


def read_book(duck: Duck, as_of: date | None = None) -> tuple[CountyBook, list[object]]:
    """Return the county's book as of a day, and what was altered.

    That is the names of stations and counties, and how many rows are gone.
    """
    rows = duck.execute(f"SELECT {_SEALED} FROM kept ORDER BY id NULLS FIRST").fetchall()
    found: dict[str, list[tuple[int, date, str, dict[str, Any]]]] = {}
    altered: dict[str, str] = {}
    for *about, text, seal in rows:
        number, kind, loaded, _, station, _, digest = about
        if as_of and loaded and loaded > as_of:
            continue
        if _seal_of_row(about, text) != seal:
            altered[station] = _name_in(text) or altered.get(station, "")
            continue
        found.setdefault(kind, []).append((number, loaded, digest, json.loads(text)))
    facts: dict[str, list[tuple[int, date, dict[str, Any]]]] = {}
    for number, loaded, digest, document in found.get("facts", ()):
        facts.setdefault(digest, []).append((number, loaded, document))
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
    book = CountyBook(hand_ins, registry(duck), forms)
    # `keep` numbers rows from 0 without a gap.
    gone = (rows[-1][0] or 0) + 1 - len(rows) if rows else 0
    removed = message("removed entries: {count}", count=gone)
    return book, [*_names_of_altered(book, altered), *[removed] * bool(gone)]


def _names_of_altered(book: CountyBook, altered: Mapping[str, str]) -> list[str]:
    """Return the names of what has these keys; of an unknown one as its altered row has it."""
    names = {each.sent.key: each.sent.station for each in book.hand_ins}
    names |= {each.key: each.name for each in book.registry}
    return sorted({names.get(key) or name or key for key, name in altered.items()})


def _name_in(text: str) -> str:
    """Return the station or county that an altered row names, if it can be read."""
    with suppress(ValueError, AttributeError):
        document = json.loads(text)
        return str(document.get("station") or document.get("county", ""))
    return ""


def registry(duck: Duck) -> list[RegistryEntry]:
    """Return the registry's entries."""
    rows = duck.execute("FROM registry").fetchall()
    return [RegistryEntry._make((*each[:-1], tuple(each[-1] or ()))) for each in rows]


def replace_registry(duck: Duck, entries: Iterable[RegistryEntry]) -> None:
    """Replace the registry with a new one."""
    with transaction(duck):
        duck.execute("DELETE FROM registry")
        _insert_by_columns(duck, "registry", [[*each[:-1], [*each.follows]] for each in entries])
