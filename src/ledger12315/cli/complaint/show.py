"""`complaint list`, `find` and `show`: the complaints in the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.amounts import MONEY
from ledger12315.boxes.forms import COMPLAINT, COMPLAINT_NUMBER, LATER, SEARCHED_WORDS
from ledger12315.boxes.kinds import DAY, LINE, REPORTING_PERIOD
from ledger12315.boxes.masks import PEOPLE_OF_CASE
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import (
    MAY_MOVE,
    Column,
    Part,
    Record,
    Result,
    Row,
    Table,
    Toned,
    aligned_lines,
    answer_of_list,
    cells_of,
    due_tone,
    masked_rows,
    provisional_mark,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import read_own_period
from ledger12315.cli.face.options import ONE_POINT
from ledger12315.errors import message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints import views
from ledger12315.ledger.points import given_point, points_named, several_points
from ledger12315.ledger.store import Ledger, LedgerRow
from ledger12315.locale import day_words, render
from ledger12315.rules.clocks import CLOCKS
from ledger12315.rules.deadlines import on_time
from ledger12315.words import LIFE, STATES, TYPES, Word

_TOP = (
    Column("number", "编号"),
    Column("point", "服务点"),
    Column("due", "应办结", kind=DAY),
    MAY_MOVE,
    Column("state", "状态", kind=OneWord(STATES), narrow=True),
)
_ON_SCREEN = ("received", "complainant", "item")
_BOXES = tuple(
    Column.of(box, narrow=key == "item", screen=key in _ON_SCREEN)
    for key, box in COMPLAINT.items()
)
_CHANGES = Word("changes", "变动", "Changes")
_CASE = (*_BOXES, *(Column.of(box)._replace(group=_CHANGES) for box in LATER.values()))
_ALL = (
    *_TOP,
    Column("point_name", "服务点名称"),
    Column("type", "经营者类型", "operator type", OneWord(TYPES)),
    *_CASE,
)
_SHORT_KEYS = (*_ON_SCREEN, "problem", "disputed", "outcome", "closed")
_LIST_COLUMNS = (*_TOP, *(each for each in _BOXES if each.key in _SHORT_KEYS))
_TIMELINE = (
    Column("day", "日期"),
    Column("event", "经过", kind=OneWord(LIFE)),
    Column("working_days", "工作日"),
    Column("note", "说明"),
)
_FILTERS = (
    Box("state", "状态", OneWord(STATES), "its state"),
    *(COMPLAINT[key].optional() for key in ("outcome", "category")),
    Box(
        "respondent",
        "被投诉经营者",
        LINE,
        "the respondent's name (the host's where none is given) contains this text",
    ),
    Box("at_least", "争议金额下限", MONEY, "minimum disputed amount, yuan"),
    Box("at_most", "争议金额上限", MONEY, "maximum disputed amount, yuan"),
    Box(
        "text",
        "内容",
        LINE,
        "names, goods, facts, handling, reasons, remark or a number contain this text",
    ),
)
_RECEIVED = Option(
    "period", "报告期", REPORTING_PERIOD, "received in this period", metavar="PERIOD"
)


def _listed_columns(desk: Desk) -> tuple[Sequence[Column], list[str]]:
    """Return the columns of a list, and the keys that the ledger is asked for."""
    columns = _ALL if desk.format in ("json", "csv") else _LIST_COLUMNS
    keys = [column.key for column in columns if column.key not in ("due", "provisional")]
    return columns, [*dict.fromkeys([*keys, *PEOPLE_OF_CASE, "local_words"])]


@command(*_FILTERS, ONE_POINT, _RECEIVED, flags="json csv reveal")
def list_complaints(desk: Desk, filled: Filled) -> Result:
    """List complaints."""
    columns, keys = _listed_columns(desk)

    def rows(ledger: Ledger) -> Iterator[Row]:
        only = given_point(ledger, filled)
        within = read_own_period(ledger, filled.text("period")) if "period" in filled else None
        # A pager may stay open for long; the ledger is free for others meanwhile.
        sought = {box.key: filled[box.key] for box in _FILTERS if box.key in filled}
        found = views.select_complaints(ledger, only, within, sought, keys, copy_and_unlock=True)
        return _complaints_in_words(desk, found)

    return answer_of_list(desk.stream(rows), columns)


def _complaints_in_words(desk: Desk, rows: Iterator[LedgerRow]) -> Iterator[Row]:
    """Return complaints in local words; JSON has the fixed ones."""
    return rows if desk.format == "json" else map(views.with_local_words, rows)


@command(SEARCHED_WORDS, arguments=1, flags="json csv reveal")
def find_complaints(desk: Desk, filled: Filled) -> Result:
    """Find complaints by phone, name, goods or number, newest first."""
    columns, keys = _listed_columns(desk)
    words = " ".join(filled.take_lines("words"))
    with desk.read() as ledger:
        named = points_named(ledger, words)
        point = named[0] if len(named) == 1 else None
        found = views.search_complaints(ledger, words, keys, point)
        rows = list(_complaints_in_words(desk, found))
    nothing = several_points(words, named) if len(named) > 1 else message("Nothing is found.")
    notes = [] if rows else [nothing]
    if point and rows:
        count = sum(row["point"] == point.code for row in rows)
        said = f"{point.code} {point.name}"
        notes.append(message("Complaints of {point}: {count}", point=said, count=count))
    return Result((Table(rows, columns),), notes=notes)


@command(COMPLAINT_NUMBER, arguments=1, flags="json reveal")
def show_complaint(desk: Desk, filled: Filled) -> Result:
    """Show one complaint with all its boxes and its timeline."""
    with desk.read() as ledger:
        row = views.listed_complaint(ledger, filled.text("number"))
        moments = views.timeline(ledger, row)
        left = row["escalated"] or row["closed"] or desk.today
        over = calendar_of(ledger).count(row["due"], left)
    if desk.format == "json":
        dated = [
            {"date": each.day, "event": each.event, "working_days": each.working_days}
            for each in moments
        ]
        columns = (*_ALL, Column("timeline", "经过"))
        return Result((Record(row | {"timeline": dated}, columns),), about=row["number"])
    said = views.with_local_words(row)
    [seen] = masked_rows(desk, [said], _ALL)
    lines = [_timeline_row(each, seen, desk.today) for each in moments]
    timeline = Table(lines, _TIMELINE, drawn=_timeline_lines)
    parts = [*_first_two_lines(row, over, desk.today), Record(said, _CASE), timeline]
    if desk.format != "table":
        parts = [Record(said, _ALL), timeline]
    return Result(parts, about=row["number"])


def _first_two_lines(row: Mapping[str, Any], over: int, today: date) -> Iterator[Part]:
    """Yield a complaint's number and point, then its state and due day, with what came of it.

    It was with the point for `over` working days after the due day.
    """
    number, due, last = row["number"], row["due"], day_words(row["due"])
    yield f"{number}  {row['point']} {row['point_name']} {render(TYPES[row['type']])}"
    state, left = STATES[row["state"]], row["closed"] or row["escalated"]
    if row["voided"]:
        yield render(state)
        return
    tone = due_tone(due, today)
    if left:
        tone = "met" if on_time(left, row["escalated"], due) else "late"
    said = message("due {day}", day=last)
    if tone == "met":
        said = message("on time, due {day}", day=last)
    elif tone == "late":
        said = message("due {day}, overdue by {count} working days", day=last, count=over)
    mark = provisional_mark(row["provisional"])
    yield Toned(render(message("{state}, {due}{mark}", state=state, due=said, mark=mark)), tone)


# The event of a clock's last day -> the boxes that end the clock.
_ENDS = {clock.key if clock.length else clock.starts: clock.ends.split() for clock in CLOCKS}
_ENDS["due"] = _ENDS.pop("point")


def _timeline_row(moment: views.Moment, row: Mapping[str, Any], today: date) -> dict[str, object]:
    """Return a line of the timeline; a limit that is still to come and runs is marked."""
    notes: dict[str, object] = {
        "closed": row["outcome"] and COMPLAINT["outcome"].kind.shown(row["outcome"]),
        "archived": row["archive_no"],
    }
    ahead = moment.day and moment.day > today
    ahead = ahead and not any(map(row.get, _ENDS.get(moment.event, ())))
    note = message("not yet due") if ahead else notes.get(moment.event)
    return {
        "day": moment.day and day_words(moment.day),
        "event": moment.event,
        "working_days": moment.working_days,
        "note": note and render(note),
    }


def _timeline_lines(rows: Sequence[Row]) -> Iterator[str]:
    headings = [column.heading for column in _TIMELINE]
    return aligned_lines([headings, *cells_of(rows, _TIMELINE)])
