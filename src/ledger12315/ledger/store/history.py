"""The history that triggers keep of every change, sealed act by act into a chain of SHA-256 heads.

An act is one command's transaction: who, when, which command. Its changes hold new rows whole and, of changed rows, each column's
old and new value. Personal values stand apart with a salt: only their digest enters the chain, so that they can be erased from
history and the chain stays right. Source: domain 5 and 7.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from ledger12315.ledger.store import Ledger, insert, now, update, user

# What is personal in each table: kept apart in its changes, so that it can be erased.
PERSONAL: Mapping[str, tuple[str, ...]] = {
    "complaint": (
        *("complainant", "phone", "consumer_address", "respondent_contact", "respondent_phone"),
        *(
            "facts",
            "handling",
            "agreement",
            "escalation_reason",
            "remark",
            "void_reason",
            "reopen_reason",
        ),
    ),
    "record": ("text", "raised", "result", "attended", "void_reason"),
    "informant": ("name", "phone"),
}
START = "0" * 64


def tables(ledger: Ledger) -> list[str]:
    """The tables whose history is kept: all but the history's own, the index of words, and files, which their checksums name."""
    names = ledger.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
        " ORDER BY name"
    )
    return [row[0] for row in names if row[0] not in ("act", "change", "file")]


def keep(ledger: Ledger) -> None:
    """Begin the history of a ledger: its tables, its guards, and the rows that stand already as the changes of an open act."""
    for statement in _TABLES:
        ledger.execute(statement)
    begin(ledger, "migrate")
    for table in tables(ledger):
        common, personal = _parted(ledger, table)
        ledger.execute(
            "INSERT INTO change (act_id, table_name, row_id, made, common, personal)"
            f" SELECT 1, '{table}', rowid, 1, {_made(common, '')}, {_made(personal, '')} FROM {table}"
        )
        for statement in triggers(ledger, table):
            ledger.execute(statement)


def keep_also(ledger: Ledger, altered: Iterable[str], made: Iterable[str]) -> None:
    """Keep the history of columns and tables that a later step added, in an open act of its own."""
    begin_migration(ledger)
    for table in altered:
        for event in ("insert", "update", "delete", "replace_insert", "replace_update"):
            ledger.execute(f"DROP TRIGGER {table}_{event}")
    for table in (*altered, *made):
        for statement in triggers(ledger, table):
            ledger.execute(statement)


def begin_migration(ledger: Ledger) -> None:
    """Open the act in which later steps write, once: even the note that a step was done is a change."""
    if ledger.execute("SELECT head FROM act ORDER BY id DESC LIMIT 1").fetchone()[0]:
        begin(ledger, "migrate")


_TABLES = (
    """
    CREATE TABLE act (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        user TEXT NOT NULL,
        command TEXT NOT NULL,
        head TEXT UNIQUE CHECK (length(head) = 64)
    ) STRICT""",
    """
    CREATE TABLE change (
        id INTEGER PRIMARY KEY,
        act_id INTEGER NOT NULL REFERENCES act (id),
        table_name TEXT NOT NULL,
        row_id INTEGER NOT NULL,
        made INTEGER NOT NULL CHECK (made IN (0, 1)),
        common TEXT CHECK (json_valid(common)),
        personal TEXT CHECK (json_valid(personal)),
        salt TEXT,
        digest TEXT CHECK (length(digest) = 64),
        CHECK ((salt IS NULL) OR (digest IS NOT NULL))
    ) STRICT""",
    "CREATE INDEX change_row ON change (table_name, row_id)",
    "CREATE INDEX change_act ON change (act_id)",
    # An act is sealed once; only one without changes goes.
    """
    CREATE TRIGGER act_seal BEFORE UPDATE ON act
    WHEN OLD.head IS NOT NULL OR OLD.id <> NEW.id OR OLD.at <> NEW.at OR OLD.user <> NEW.user OR OLD.command <> NEW.command
        OR EXISTS (SELECT 1 FROM act WHERE head = NEW.head) BEGIN
        SELECT RAISE(ABORT, 'history is only added to');
    END""",
    """
    CREATE TRIGGER act_delete BEFORE DELETE ON act WHEN OLD.head IS NOT NULL BEGIN
        SELECT RAISE(ABORT, 'history is only added to');
    END""",
    """
    CREATE TRIGGER act_replace BEFORE INSERT ON act WHEN EXISTS (SELECT 1 FROM act WHERE id = NEW.id OR head = NEW.head) BEGIN
        SELECT RAISE(ABORT, 'history is only added to');
    END""",
    # A change takes its digest once; its personal values can be erased, and nothing else.
    """
    CREATE TRIGGER change_seal BEFORE UPDATE ON change
    WHEN OLD.id <> NEW.id OR OLD.act_id <> NEW.act_id OR OLD.table_name <> NEW.table_name OR OLD.row_id <> NEW.row_id
        OR OLD.made <> NEW.made OR OLD.common IS NOT NEW.common OR (OLD.digest IS NOT NULL AND OLD.digest IS NOT NEW.digest)
        OR (OLD.digest IS NOT NULL AND NEW.salt IS NOT NULL AND OLD.salt IS NOT NEW.salt)
        OR (NEW.personal IS NOT NULL AND OLD.personal IS NOT NEW.personal) BEGIN
        SELECT RAISE(ABORT, 'history is only added to');
    END""",
    "CREATE TRIGGER change_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'history is only added to'); END",
    """
    CREATE TRIGGER change_replace BEFORE INSERT ON change WHEN EXISTS (SELECT 1 FROM change WHERE id = NEW.id) BEGIN
        SELECT RAISE(ABORT, 'history is only added to');
    END""",
)


def triggers(ledger: Ledger, table: str) -> Iterator[str]:
    """The SQL that keeps the history of one table, and lets none of its rows be deleted or replaced."""
    common, personal = _parted(ledger, table)
    for event, values in (("INSERT", _made), ("UPDATE", _changed)):
        yield f"""
            CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} BEGIN
                INSERT INTO change (act_id, table_name, row_id, made, common, personal)
                SELECT (SELECT max(id) FROM act), '{table}', NEW.rowid, {int(event == "INSERT")}, common, personal
                FROM (SELECT {values(common)} AS common, {values(personal)} AS personal)
                WHERE common IS NOT NULL OR personal IS NOT NULL;
            END"""
    yield f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'rows are never deleted'); END"
    # REPLACE removes the row it clashes with, and no trigger sees it.
    clash = " OR ".join(
        [
            "rowid = NEW.rowid",
            *(
                f"({' AND '.join(f'{each} = NEW.{each}' for each in key)})"
                for key in _keys(ledger, table)
            ),
        ]
    )
    for event, others in (("INSERT", ""), ("UPDATE", "rowid <> OLD.rowid AND ")):
        yield f"""
            CREATE TRIGGER {table}_replace_{event.lower()} BEFORE {event} ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {others}({clash})) BEGIN
                SELECT RAISE(ABORT, 'a row with this key exists already');
            END"""


def _parted(ledger: Ledger, table: str) -> tuple[list[str], list[str]]:
    """A table's columns that anybody may read for ever, and its personal ones."""
    columns = [row[1] for row in ledger.execute(f"PRAGMA table_info({table})")]
    personal = PERSONAL.get(table, ())
    return [column for column in columns if column not in personal], [
        column for column in columns if column in personal
    ]


def _keys(ledger: Ledger, table: str) -> Iterator[list[str]]:
    for index in ledger.execute(f"PRAGMA index_list({table})").fetchall():
        if index[2]:  # unique
            yield [row[2] for row in ledger.execute(f"PRAGMA index_info({index[1]})")]


def _made(columns: list[str], row: str = "NEW.") -> str:
    """SQL for the filled columns of a new row as JSON, NULL where there are none."""
    pairs = ", ".join(f"'{column}', {row}{column}" for column in columns)
    return f"nullif(json_patch('{{}}', json_object({pairs})), '{{}}')" if columns else "NULL"


def _changed(columns: list[str]) -> str:
    """SQL for {column: [old, new]} of what changed, NULL where nothing did."""
    if not columns:
        return "NULL"
    rows = " UNION ALL ".join(
        f"SELECT '{column}' AS name, OLD.{column} AS was, NEW.{column} AS becomes"
        for column in columns
    )
    return f"(SELECT nullif(json_group_object(name, json_array(was, becomes)), '{{}}') FROM ({rows}) WHERE was IS NOT becomes)"


def begin(ledger: Ledger, command: str) -> None:
    """Open the act that the changes to come belong to."""
    insert(ledger, "act", {"at": now(), "user": user(), "command": command})


def seal(ledger: Ledger) -> None:
    """Close the open act over its changes: salt what is personal, and add a head to the chain. An act without changes goes."""
    act = ledger.execute("SELECT max(id) FROM act").fetchone()[0]
    if not ledger.execute("SELECT 1 FROM change WHERE act_id = ?", (act,)).fetchone():
        ledger.execute("DELETE FROM act WHERE id = ?", (act,))
        return
    # Read as they are needed: an act may be an import of many thousands of complaints.
    ledger.executemany("UPDATE change SET salt = ?, digest = ? WHERE id = ?", _salted(ledger, act))
    before = ledger.execute(
        "SELECT head FROM act WHERE id < ? ORDER BY id DESC LIMIT 1", (act,)
    ).fetchone()
    of_act = ledger.execute("SELECT id, at, user, command FROM act WHERE id = ?", (act,)).fetchone()
    changes = ledger.execute(
        "SELECT id, table_name, row_id, made, common, digest FROM change WHERE act_id = ? ORDER BY id",
        (act,),
    )
    update(ledger, "act", act, {"head": next_head(before[0] if before else START, of_act, changes)})


def _salted(ledger: Ledger, act: int) -> Iterator[tuple[str, str, int]]:
    query = "SELECT id, personal FROM change WHERE act_id = ? AND personal IS NOT NULL ORDER BY id"
    for change, personal in ledger.execute(query, (act,)):
        salt = os.urandom(16).hex()
        yield salt, digest_of(salt, personal), change


def digest_of(salt: str, personal: str) -> str:
    return sha256(f"{salt}{personal}".encode()).hexdigest()


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def next_head(before: str | None, act: Iterable[Any], changes: Iterable[Iterable[Any]]) -> str:
    """The chain's next head: over the one before, the act and its changes, personal values by their digests."""
    digest = sha256(f"[{_encode(before)},{_encode(list(act))},[".encode())
    for number, change in enumerate(changes):
        digest.update(f"{',' if number else ''}{_encode(list(change))}".encode())
    digest.update(b"]]")
    return digest.hexdigest()


def head(ledger: Ledger) -> str:
    """The chain's present head: printed on what leaves the station, it shows there when the history was rewritten."""
    row = ledger.execute(
        "SELECT head FROM act WHERE head IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return str(row[0])


def act_of(ledger: Ledger, head: str) -> dict[str, str] | None:
    """The act (at, user, command) that was sealed with this head, or with one that begins so."""
    row = ledger.execute(
        "SELECT at, user, command FROM act WHERE substr(head, 1, length(?1)) = ?1", (head,)
    ).fetchone()
    return dict(row) if row else None


def history_told(
    ledger: Ledger, table: str | None = None, row_id: int | None = None
) -> Iterator[dict[str, Any]]:
    """Every change, or those of one row: at, user, command, table, what, and of each column what it was and became.

    `what` is a number, a code or a setting's key; of other rows the row, and the point that it belongs to.
    """
    whose = " ".join(
        f"WHEN '{each}' THEN (SELECT point_id FROM {each} WHERE id = change.row_id)"
        for each in tables(ledger)
        if any(column[1] == "point_id" for column in ledger.execute(f"PRAGMA table_info({each})"))
    )
    query = f"""
        SELECT act.at, act.user, act.command, change.table_name, change.made, change.common, change.personal, change.digest,
               coalesce(complaint.number, point.code, setting.key, change.row_id || ' (' || owner.code || ')', change.row_id)
               AS what
        FROM change JOIN act ON act.id = change.act_id
        LEFT JOIN complaint ON change.table_name = 'complaint' AND complaint.id = change.row_id
        LEFT JOIN point ON change.table_name = 'point' AND point.id = change.row_id
        LEFT JOIN setting ON change.table_name = 'setting' AND setting.rowid = change.row_id
        LEFT JOIN point AS owner ON owner.id = CASE change.table_name {whose} END
        WHERE :table IS NULL OR (change.table_name = :table AND change.row_id = :row) ORDER BY change.id"""
    for row in ledger.execute(query, {"table": table, "row": row_id}):
        values: dict[str, list[Any]] = {}
        # An informant is shown to nobody here, not even to who asks for names: 三(三)5.
        personal = None if row["table_name"] == "informant" else row["personal"]
        for text in (row["common"], personal):
            read = json.loads(text) if text else {}
            values |= {key: [None, value] for key, value in read.items()} if row["made"] else read
        head = {key: row[key] for key in ("at", "user", "command", "what")}
        erased = row["digest"] is not None and row["personal"] is None
        yield head | {
            "table": row["table_name"],
            "made": bool(row["made"]),
            "values": values,
            "erased": erased,
        }
