"""The version of a ledger's schema, and whether it is as that version was made."""

from ledger12315.ledger.store import Ledger, sha256, single

FIRST = 100
"""The schema of the first release; ledgers of the builds before it had 1 to 15."""
RELEASED = 0
"""The newest schema of a release, 0 before the first: up to it a step is never edited again."""
# Every schema: the step in `schema` that makes it from the one before, and the SHA-256 of the
# whole after it. The last is this program's. Each command reads this, and loads the steps only if
# some are missing.
STEPS = {
    FIRST: ("m100_create", "e1d6a19aa33494b3b2010fef3fd919fa4891de3ffa256aa2f783204926f4a9fe"),
}


def version_of(ledger: Ledger) -> int:
    """Return the version of the ledger's schema; 0 means none."""
    return int(single(ledger, "PRAGMA user_version"))


def fingerprint(ledger: Ledger) -> str:
    """Return the SHA-256 of the whole schema: every table, index, view and trigger."""
    # As bytes, sorted here: each command does this, and SQLite would take three times as long.
    query = """
        SELECT CAST(type || char(0) || name || char(0) || tbl_name || char(0) || ifnull(sql, '')
        AS BLOB) FROM sqlite_master"""
    things = sorted(thing for (thing,) in ledger.execute(query))
    return str(sha256(b"\0".join(things)).hexdigest())
