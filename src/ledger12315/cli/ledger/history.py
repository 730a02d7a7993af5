"""`ledger history` 历史: changes, with their time and user."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.arguments import COMPLAINT_NUMBER
from ledger12315.boxes.kinds import SENTENCE
from ledger12315.boxes.tables import column_box
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Column, Result, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import number_of_complaint
from ledger12315.cli.table import chinese_name
from ledger12315.errors import message
from ledger12315.ledger.audit.changes import RowChange, row_changes
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.ledger.points import points
from ledger12315.ledger.store import Ledger
from ledger12315.locale import by_language, render
from ledger12315.words import ERASED, TABLE_NAMES

_ONE_COMPLAINT = COMPLAINT_NUMBER._replace(
    required=False, metavar="[NUMBER]", help="only this complaint"
)
# The values of a change are masked by the kind of their box before they are in a column.
_history_column = partial(Column, kind=SENTENCE)
_HISTORY = (
    _history_column("at", "时间"),
    _history_column("user", "操作人", narrow=True),
    _history_column("command", "命令", narrow=True),
    _history_column("what", "对象"),
    _history_column("box", "栏目", narrow=True),
    _history_column("was", "原值", narrow=True),
    _history_column("becomes", "新值", narrow=True),
)
# In JSON alone.
_ACT, _REHEARSED = Column("act", "操作号"), _history_column("rehearsed", "演练日期")
# Columns that only the program needs.
_INNER = ("id", "key", "year", "serial", "point_id", "entered", "salt")


def shown_minute(moment: str) -> str:
    """Return the minute of an act for people."""
    return moment[:16].replace("T", " ")


@command(_ONE_COMPLAINT, arguments=1, takes="json csv reveal")
def show_history(desk: Desk, filled: Filled) -> Result:
    """List changes: what, when and by whom."""
    wanted = number_of_complaint(desk, filled.text("number")) if filled else None

    def rows(ledger: Ledger) -> Iterator[dict[str, Any]]:
        row_id = find_complaint(ledger, wanted)["id"] if wanted else None
        names = {each.code: f"{each.code} {each.name}" for each in points(ledger)}
        for change in row_changes(ledger, "complaint" if wanted else None, row_id):
            yield from _change_lines(desk, change, names)

    at, *others = _HISTORY
    columns = (_ACT, at, _REHEARSED, *others) if desk.form == "json" else _HISTORY
    return answer_of_list(desk.stream(rows), columns, about=wanted or "")


def _change_lines(
    desk: Desk, change: RowChange, names: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield a line for each box of a change, personal values masked.

    Only JSON lists the boxes of a new row. `names` are the points' names by code.
    """
    whole = desk.form == "json"
    head = _act_head(change, whole)
    if change.made and not whole:
        yield head | {"box": render(message("new entry")), "was": "", "becomes": ""}
        return
    for key, values in change.values.items():
        if _is_inner(change.table, key):
            continue
        box = column_box(change.table, key)
        if key == "point" and not whole:
            values = [names.get(value, value) for value in values]
        was, becomes = (_visible_value(desk, box, value) for value in values)
        name = key if whole else render(box.name)
        yield head | {"box": name, "was": was, "becomes": becomes}
    if change.erased:
        name = "personal" if whole else render(message("personal data"))
        yield head | {"box": name, "was": ERASED, "becomes": ""}


def _is_inner(table: str, key: str) -> bool:
    """Return whether a column is the ledger's own, which nobody fills."""
    return key in _INNER or key.endswith("_entered") or (table, key) == ("complaint", "number")


def _act_head(change: RowChange, whole: bool) -> dict[str, Any]:
    keys = ("act", "at", "rehearsed", "user", "command", "what")
    head = {key: getattr(change, key) for key in keys}
    if change.table not in ("complaint", "point"):
        noun = change.table if whole else render(TABLE_NAMES[change.table])
        head["what"] = f"{noun} {head['what']}"
    if not whole:
        moment = shown_minute(head["at"])
        if change.rehearsed:
            day = change.rehearsed
            moment = render(message("{moment}, rehearsal of {day}", moment=moment, day=day))
        head |= {"at": moment, "command": shown_command(head["command"])}
    return head


def _visible_value(desk: Desk, box: Box, value: object) -> str:
    column, plain = Column.of(box), desk.form == "json" and value is not None
    text = str(column.plain(value)) if plain else column.text(value)
    return desk.visible(text, desk.mask(box.kind, text))


def shown_command(name: str) -> str:
    """Return a command's name in the reader's language."""
    words = chinese_name(name).split()
    return by_language(" ".join(dict.fromkeys(words)), name)  # settings set is 设置 设置
