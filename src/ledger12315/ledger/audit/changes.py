"""The history for readers: the act behind a head, and the changes of each act."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ledger12315.ledger.store import Ledger, copied_rows_in_pieces, single
from ledger12315.ledger.store.history import column_names, tables, written_values


class WrittenAct(NamedTuple):
    """One command's transaction; `at` is its time in China, as ISO 8601."""

    at: str
    user: str
    command: str


class RowChange(NamedTuple):
    """The changes of an act to one row, by its number; `values` maps a column to [old, new].

    `rehearsed` is the day that a rehearsal used as today. `what` is a number, a code or a
    setting's key; for other rows the row's id and the code of its point. A row that another refers
    to is named by its code or number.
    """

    act: int
    at: str
    user: str
    command: str
    rehearsed: str | None
    what: str
    table: str
    made: bool
    values: dict[str, list[Any]]
    erased: bool


def act_of(ledger: Ledger, head: str) -> WrittenAct | None:
    """Return the act with this head, or with a head that begins with it."""
    query = "SELECT at, user, command FROM act WHERE substr(head, 1, length(:head)) = :head"
    row = ledger.execute(query, {"head": head}).fetchone()
    return WrittenAct(*row) if row else None


def row_changes(ledger: Ledger, table: str | None, row_id: int | None) -> Iterator[RowChange]:
    """Yield every change, or those of one row, in order.

    Others may write to the ledger once the first is yielded.
    """
    query = f"""
        SELECT act.id, act.at, act.user, act.command, act.rehearsed,
            change.table_name, change.made, change.common, change.personal,
            change.salt IS NULL AND change.digest IS NOT NULL AS erased,
            coalesce(complaint.number, point.code, setting.key,
                change.row_id || ' (' || owner.code || ')', change.row_id) AS what
        FROM change JOIN act ON act.id = change.act_id
        LEFT JOIN complaint ON change.table_name = 'complaint' AND complaint.id = change.row_id
        LEFT JOIN point ON change.table_name = 'point' AND point.id = change.row_id
        LEFT JOIN setting ON change.table_name = 'setting' AND setting.id = change.row_id
        LEFT JOIN point AS owner ON owner.id = {_owner_of_change(ledger)}
        WHERE :table IS NULL OR (change.table_name = :table AND change.row_id = :row)
        ORDER BY change.id"""
    asked = {"table": table, "row": row_id}
    for row in copied_rows_in_pieces(ledger, query, asked):
        act, at, user, command, rehearsed, of_table, made, common, personal, *others = row
        erased, what = others
        # Informants are never shown here, not even with --reveal: 三(三)5.
        values = written_values(common, None if of_table == "informant" else personal)
        if made:
            values = {column: [None, value] for column, value in values.items()}
        values = dict(_references_in_words(ledger, of_table, values))
        about = act, at, user, command, rehearsed
        yield RowChange(*about, str(what), of_table, bool(made), values, bool(erased))


# A column that refers to a row -> its box, and the column that names the row.
_REFERS = {
    ("complaint", "point_id"): ("point", "SELECT code FROM point WHERE id = ?"),
    ("complaint", "previous_id"): ("previous", "SELECT number FROM complaint WHERE id = ?"),
    ("record", "complaint_id"): ("number", "SELECT number FROM complaint WHERE id = ?"),
}


def _references_in_words(
    ledger: Ledger, table: str, values: Mapping[str, list[Any]]
) -> Iterator[tuple[str, list[Any]]]:
    for column, pair in values.items():
        if referring := _REFERS.get((table, column)):
            box, query = referring
            yield box, [row and single(ledger, query, (row,)) for row in pair]
        else:
            yield column, pair


def _owner_of_change(ledger: Ledger) -> str:
    """Return SQL for the id of the point that owns a change's row."""
    owned = [each for each in tables(ledger) if "point_id" in column_names(ledger, each)]
    cases = (
        f"WHEN '{each}' THEN (SELECT point_id FROM {each} WHERE id = change.row_id)"
        for each in owned
    )
    return f"CASE change.table_name {' '.join(cases)} END"
