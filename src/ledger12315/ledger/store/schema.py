"""The steps that make each version of the schema, numbered, appended and never edited."""

from typing import TYPE_CHECKING

from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.altering import make_history_triggers, rebuild
from ledger12315.ledger.store.derived import derived_view
from ledger12315.ledger.store.first import (
    GUARDS,
    PERSONAL_COLUMNS,
    REFUSED,
    STATEMENTS,
    day,
    one_of,
)
from ledger12315.ledger.store.history import begin, column_names, tables

if TYPE_CHECKING:  # slower to import than most commands
    from sqlite_utils import Database


def m001_create(db: "Database") -> None:
    """Create the station's tables, their history, and the index of words."""
    for statement in STATEMENTS:
        db.execute(statement)
    begin(db.conn, "migrate")
    _make_history_triggers(db.conn, *tables(db.conn))


def _make_history_triggers(ledger: Ledger, *names: str) -> None:
    for table in names:
        make_history_triggers(ledger, table, PERSONAL_COLUMNS.get(table, "").split())


def m002_desk(db: "Database") -> None:
    """Add the dates of rehearsals, and agreements that were not performed."""
    ledger = db.conn
    performed = "performed IS NULL AND unperformed >= received"
    rehearsed = "OLD.command <> NEW.command"
    for statement in (
        # The date that LEDGER12315_TODAY set; `at` is the system's clock.
        f"ALTER TABLE act ADD COLUMN {day('rehearsed')}",
        "DROP TRIGGER act_seal",
        "CREATE TRIGGER "
        + GUARDS[0].replace(rehearsed, f"{rehearsed} OR OLD.rehearsed IS NOT NEW.rehearsed")
        + f" {REFUSED}",
        f"ALTER TABLE complaint ADD COLUMN {day('unperformed')}"
        f" CHECK (unperformed IS NULL OR ({performed}))",
        "DROP INDEX complaint_unperformed",
        "CREATE INDEX complaint_unperformed ON complaint (perform_by) WHERE perform_by IS NOT NULL"
        " AND performed IS NULL AND unperformed IS NULL AND voided IS NULL",
    ):
        ledger.execute(statement)
    _make_history_triggers(ledger, "complaint")


def m003_words(db: "Database") -> None:
    """Add words of the station, and of points' registers; let headings belong to a point."""
    ledger = db.conn
    owner = "point_id INTEGER REFERENCES point (id)"  # NULL where it is the station's own
    boxes = "source channel kind category problem request rating outcome"
    rebuild(ledger, "heading", "name TEXT NOT NULL UNIQUE", f"name TEXT NOT NULL, {owner}")
    for statement in (
        "CREATE UNIQUE INDEX heading_once ON heading (point_id, name)",
        f"""
        CREATE TABLE local_word (
            id INTEGER PRIMARY KEY,
            {one_of("box", boxes, "NOT NULL")},
            word TEXT NOT NULL CHECK (word <> ''),
            standard TEXT NOT NULL CHECK (standard <> ''),
            {owner},
            {day("retired")},
            entered TEXT NOT NULL,
            UNIQUE (point_id, box, word)
        ) STRICT""",
        # Box -> the local word that was said; the box itself holds the standard one.
        "ALTER TABLE complaint ADD COLUMN local_words TEXT CHECK (json_valid(local_words))",
    ):
        ledger.execute(statement)
    _make_history_triggers(ledger, "heading", "local_word", "complaint")


def m004_terms(db: "Database") -> None:
    """Date the settings; add a referral's answer, acceptance, follow-up, a point's own data.

    No column is filled in existing rows, whose history does not mention it.
    """
    ledger = db.conn
    rebuild(
        ledger,
        "setting",
        "key TEXT PRIMARY KEY, value TEXT NOT NULL",
        f"key TEXT NOT NULL, value TEXT NOT NULL, {day('since')}",
    )
    referral = "CHECK (source <> 'direct' OR {} IS NULL)".format
    for column in (
        "headcount INTEGER CHECK (headcount BETWEEN 1 AND 1000000)",
        f"{day('reply_by')} {referral('reply_by')}",
        f"{day('replied')} CHECK (replied >= received) {referral('replied')}",
        f"{day('accepted')} CHECK (accepted IS NULL OR (escalated IS NOT NULL"
        " AND accepted >= escalated))",
        f"{day('followed_up')} CHECK (followed_up >= received)",
        "followed_up_how TEXT",
        "followed_up_by TEXT",
    ):
        ledger.execute(f"ALTER TABLE complaint ADD COLUMN {column}")
    ledger.execute(
        "CREATE INDEX complaint_unanswered ON complaint (reply_by)"
        " WHERE reply_by IS NOT NULL AND replied IS NULL AND voided IS NULL"
    )
    for column in ("phone", "credit_code", "principal"):
        ledger.execute(f"ALTER TABLE point ADD COLUMN {column} TEXT")
    _make_history_triggers(ledger, "setting", "complaint", "point")


def m005_conditions(db: "Database") -> None:
    """Add a condition's missing parts 三(二), and the day the notice board was updated."""
    for column in (
        "lacking TEXT CHECK (lacking IS NULL OR met = 0)",
        f"{day('updated')} CHECK (updated IS NULL OR (item = 'board' AND updated <= day))",
    ):
        db.execute(f"ALTER TABLE inspection ADD COLUMN {column}")
    _make_history_triggers(db.conn, "inspection")


def m006_views(db: "Database") -> None:
    """Add the views for other programs."""
    from ledger12315.ledger.store.readable import NEW_COLUMNS, READABLE  # slow, and seldom needed

    for view in READABLE:
        db.conn.execute(view.without(NEW_COLUMNS[14]).sql)


def m007_names(db: "Database") -> None:
    """Index the names to be masked, since all of them are read at once."""
    # Everybody has one; of a column that is never empty SQLite takes no partial index.
    db.conn.execute("CREATE INDEX complaint_complainant ON complaint (complainant)")
    db.conn.execute("CREATE INDEX act_amend ON act (id) WHERE substr(command, -6) = ' amend'")
    for column in ("respondent_contact", "handler", "followed_up_by"):
        db.conn.execute(
            f"CREATE INDEX complaint_{column} ON complaint ({column}) WHERE {column} IS NOT NULL"
        )


def m008_order(db: "Database") -> None:
    """Number the settings in their order of entry: the last one holds."""
    rebuild(db.conn, "setting", "key TEXT NOT NULL", "id INTEGER PRIMARY KEY, key TEXT NOT NULL")
    _make_history_triggers(db.conn, "setting")


def m009_registers(db: "Database") -> None:
    """Index the numbers of registers at all points."""
    db.conn.execute("DROP INDEX complaint_external")
    db.conn.execute(
        "CREATE UNIQUE INDEX complaint_external ON complaint (external_no, point_id)"
        " WHERE external_no IS NOT NULL"
    )


def m010_unsaid(db: "Database") -> None:
    """Allow boxes that nobody filled to be empty, and add the view that derives their values.

    Values in existing rows stay: they count as stated.
    """
    from ledger12315.ledger.store.readable import READABLE  # slow, and seldom needed

    ledger = db.conn
    amounts, of = ("recovered", "multiple_damages"), "CHECK (category IS NULL"
    rebuild(
        ledger,
        "complaint",
        "kind TEXT NOT NULL",
        "kind TEXT",
        (of, f"CHECK (category IS NOT NULL OR kind IS NOT NULL), {of}"),
        ("disputed INTEGER NOT NULL", "disputed INTEGER"),
        *((f"{key} INTEGER NOT NULL DEFAULT 0", f"{key} INTEGER") for key in amounts),
        ("recovered = 0 AND", "coalesce(recovered, 0) = 0 AND"),
        ("multiple_damages <= recovered", "multiple_damages <= coalesce(recovered, 0)"),
    )
    # Each shown complaint looks up its liaison.
    ledger.execute("CREATE INDEX contact_point ON contact (point_id, role)")
    _derive(ledger)
    [complaints] = (view for view in READABLE if view.name == "投诉")
    ledger.execute(f'DROP VIEW "{complaints.name}"')
    ledger.execute(complaints._replace(source=f"complaint_derived AS {complaints.source}").sql)


def _derive(ledger: Ledger) -> None:
    """Make the view of complaints anew, after a step has added a column to them."""
    ledger.execute("DROP VIEW IF EXISTS complaint_derived")
    ledger.execute(derived_view(column_names(ledger, "complaint")))


def m011_told(db: "Database") -> None:
    """Keep a return's schema, points' resubmissions, and who set each day."""
    ledger = db.conn
    rebuild(ledger, "special_day", "NOT NULL UNIQUE", "NOT NULL")
    for statement in (
        # The station's own day, with notice 0, is kept beside a notice's.
        "CREATE UNIQUE INDEX special_day_once ON special_day (day, notice)",
        "ALTER TABLE submission ADD COLUMN schema INTEGER",
        # Period -> figures reported again with a point's form; the station's are `restated`.
        "ALTER TABLE submitted ADD COLUMN earlier TEXT CHECK (json_valid(earlier))",
    ):
        ledger.execute(statement)
    _make_history_triggers(ledger, "special_day", "submission", "submitted")


def m012_published(db: "Database") -> None:
    """Record the published revisions of submitted periods."""
    db.execute(
        """
        CREATE TABLE published (
            id INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            revision INTEGER NOT NULL CHECK (revision > 0),
            act INTEGER NOT NULL,
            identity TEXT NOT NULL CHECK (length(identity) = 64),
            manifest TEXT NOT NULL CHECK (json_valid(manifest)),
            entered TEXT NOT NULL,
            UNIQUE (period, revision)
        ) STRICT"""
    )
    _make_history_triggers(db.conn, "published")


def m013_meetings(db: "Database") -> None:
    """Add decisions of meetings, promises of interviews, and a filing's number."""
    for table, columns in {
        "record": (
            *(f"{name} TEXT" for name in ("place", "host", "decided", "interviewed")),
            *("complaints TEXT", "promised TEXT"),
            f"{day('promised_by')} CHECK (promised_by IS NULL OR promised IS NOT NULL)",
            f"{day('fulfilled')} CHECK (fulfilled IS NULL OR promised IS NOT NULL)",
        ),
        "point": ("filing_no TEXT CHECK (filing_no IS NULL OR filed IS NOT NULL)",),
    }.items():
        for column in columns:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    db.execute(
        "CREATE INDEX record_undertaking ON record (promised_by)"
        " WHERE promised IS NOT NULL AND fulfilled IS NULL AND voided IS NULL"
    )
    _make_history_triggers(db.conn, "record", "point")


def m014_readable(db: "Database") -> None:
    """Show a filing's number, and boxes of meetings and interviews that name nobody."""
    from ledger12315.ledger.store.readable import NEW_COLUMNS, READABLE  # slow, and seldom needed

    for view in READABLE:
        if view.sql != view.without(NEW_COLUMNS[14]).sql:
            db.conn.execute(f'DROP VIEW "{view.name}"')
            db.conn.execute(view.sql)


def m015_said(db: "Database") -> None:
    """Keep apart, and erase, how consumers were told and followed up, and what was said.

    Changes up to now have these texts in their sealed part, where they stay.
    """
    ledger, apart = db.conn, ("answered_how", "followed_up_how")
    # Without the trigger nothing is recorded: that these rows were erased is in the history.
    ledger.execute("DROP TRIGGER complaint_update")
    emptied = ", ".join(f"{column} = NULL" for column in apart)
    ledger.execute(f"UPDATE complaint SET {emptied} WHERE complainant = '〔已清除〕'")
    make_history_triggers(ledger, "complaint", [*PERSONAL_COLUMNS["complaint"].split(), *apart])


# The table in which sqlite-utils records finished steps, as its version 4.2 makes it: another
# version could change it, and with it the fingerprint of a new ledger.
NOTES = (
    """
        CREATE TABLE IF NOT EXISTS _sqlite_migrations (
            id INTEGER PRIMARY KEY,
            migration_set TEXT,
            name TEXT,
            applied_at TEXT
        )""",
    "CREATE UNIQUE INDEX IF NOT EXISTS _sqlite_migrations_set"
    " ON _sqlite_migrations (migration_set, name)",
)
