"""`today` 待办: the work to do on a screen, and the same and `overdue` as a mail."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.amounts import DAYS_WITHIN
from ledger12315.boxes.kinds import DAY, FLAG
from ledger12315.boxes.people import STAFF_NAME
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import command
from ledger12315.cli.duties.notification import Notification
from ledger12315.cli.face.answers import (
    MAY_MOVE,
    PROVISIONAL_DAYS,
    Column,
    Part,
    Result,
    Row,
    ScreenLine,
    Table,
    Toned,
    aligned,
    aligned_lines,
    cells_of,
    due_tone,
    line_width,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.options import ALWAYS, EXIT_CODE, NOTIFY, WORKING_DAYS
from ledger12315.cli.face.terminals import terminal_columns, terminal_width
from ledger12315.errors import Message, Unclear, message
from ledger12315.ledger.calendar import is_day_off
from ledger12315.ledger.complaints.overdue import Pending
from ledger12315.ledger.duties import Duty, count_as_text, duties
from ledger12315.ledger.station import unit_name
from ledger12315.ledger.store import Ledger, clock_moment
from ledger12315.ledger.store.history import first_day, newest_day
from ledger12315.ledger.store.upkeep import backup_due
from ledger12315.locale import _, day_words, render
from ledger12315.words import OWED, Word, weekday_of

_NOTHING_TO_DO = message("There is nothing to do.")
_CLOSE = message("`close NUMBER --outcome OUTCOME`")
_ANSWERED = message("`complaint amend NUMBER... --answered today`")
_REPORTED = message("`record amend ID --reported today`")
TO_DO = {
    "late": _CLOSE,
    "due": _CLOSE,
    "promised": _ANSWERED,
    "reply_by": message("`complaint amend NUMBER... --replied today`"),
    "acceptance": message("`complaint amend NUMBER... --accepted today`"),
    "mediation": _CLOSE,
    "perform": message("`complaint amend NUMBER... --performed today`"),
    "tell": _ANSWERED,
    "archive": message("`complaint amend NUMBER... --archive-no TEXT`"),
    "return": message("`returns status`"),
    "visit": message("`record visit POINT...`"),
    "mend": message("`point inspect POINT`"),
    "lead": _REPORTED,
    "major": _REPORTED,
    "undertaking": message("`record amend ID --fulfilled today`"),
    "propose_major": message("`record major POINT --text TEXT`"),
    "propose_notice": message("`record notice POINT --respondent NAME`"),
    "untrained": message("`record training POINT`"),
    "officer": message('`point amend POINT --officer "NAME PHONE"`'),
    "file": message("`point amend POINT --filed today`"),
}
"""Kind of OWED -> the command for it; changes of the calendar need none."""
_BY_CASE = {"late": 5, "due": 0}
"""The kinds shown case by case, each with the least of them on a small screen."""
_BESIDE = 3
"""The other lines of a screen: the prompt, how to type, and one note."""
_HALF_A_YEAR = timedelta(days=183)


def mail_of_overdue(
    station: str, day: date, found: Sequence[Pending], table: Table, always: bool
) -> list[Part]:
    """Return the parts of a mail about these complaints.

    Without any it is empty, or one line that says so if the mail is `always` sent.
    """
    late = sum(each.due < day for each in found)
    owed = message("open and overdue {late}, falling due {due}", late=late, due=len(found) - late)
    line = _first_line(station, day, owed)
    return [line, table, _to_do("late")] if found else [line] * always


def _first_line(station: str, day: date, owed: Message) -> Message:
    """Return a mail's first line."""
    return message("{station}, {day}: {owed}", station=station, day=day_words(day), owed=owed)


def _to_do(kind: str) -> Message:
    """Return the instruction for a kind of OWED."""
    return message("to do: {command}", command=TO_DO[kind])


_KIND = Box("kind", "事项", OneWord(OWED), "only this kind, whole", metavar="[KIND]")
_WITHIN = Option("within", "临近", DAYS_WITHIN, "look N working days ahead [3]", default="3")
_NOTIFY_TEST = Option("notify_test", "试发", FLAG, "only send a line to the addresses of --notify")
_LATE = EXIT_CODE._replace(help="exit with 1 when something is late or due today")
_COLUMNS = (
    Column("kind", "事项", kind=OneWord(OWED)),
    Column("due", "期限", kind=DAY),
    Column("number", "编号"),
    Column("point", "服务点"),
    Column("point_name", "服务点名称"),
    Column("person", "人员", kind=STAFF_NAME),
    Column("what", "内容"),
)
_IN_JSON = (*_COLUMNS, Column("many", "件数", "count"), MAY_MOVE)


@command(
    *(_KIND, _WITHIN, NOTIFY, _NOTIFY_TEST, ALWAYS, WORKING_DAYS, _LATE),
    arguments=1,
    flags="json csv mail",
)
def today(desk: Desk, filled: Filled) -> Result:
    """List what has to be done: due, late, promised, visits, returns."""
    day, only = desk.today, filled.given("kind", str)
    notification = Notification.of(filled, day, desk.path)
    with notification.telling_failures(), desk.read() as ledger:
        name = unit_name(ledger)
        if "notify_test" in filled:
            return _test_notification(notification, name)
        desk.demand_clock(newest_day(ledger))
        if "working_days" in filled and is_day_off(ledger, day):
            return Result((_duty_table((), desk.format, day, whole=False),))
        found = duties(ledger, day, filled.number("within"), only)
        notes = [*_notes_about(found), *([] if only else _stale_backup(desk, ledger))]
    says = desk.format == "mail" and (found or notification.always)
    parts: list[Part] = _first_lines(name, found, day) if says else []
    parts.append(_duty_table(found, desk.format, day, whole=bool(only)))
    late = any(each.due and each.due <= day for each in found)
    error = notification.send(name, found, _NOTHING_TO_DO)
    code = int("exit_code" in filled and late)
    return Result(parts, notes=notes, exit_code=code, error=error)


def _notes_about(found: Sequence[Duty]) -> Iterator[Message]:
    if not found:
        yield _NOTHING_TO_DO
    if any(each.provisional for each in found):
        yield PROVISIONAL_DAYS


def _stale_backup(desk: Desk, ledger: Ledger) -> Iterator[Message]:
    """Yield a sentence if the last backup is too old; a rehearsal's day does not count."""
    said = backup_due(desk.path, first_day(ledger), clock_moment().date())
    if said and not desk.practises:
        yield said


def _test_notification(notification: Notification, station: str) -> Result:
    """Send one line to each address now. Raises Unclear if there is no address."""
    if not notification.addresses:
        raise Unclear("Say with --notify where the line is to be sent.")
    line = render(message("This is a test. Messages arrive here."))
    error = notification.deliver(notification.title(station), [line])
    sent = message("The line was delivered to every address.")
    return Result([] if error else [sent], error=error)


def _duty_table(found: Sequence[Duty], format_: str, today: date, whole: bool) -> Table:
    """Return the rows in a format; on a terminal as many as fit, unless `whole`."""
    if format_ == "json":
        return Table([each._asdict() for each in found], _IN_JSON)
    rows = [_duty_row(each, today) for each in found]
    drawn = _whole if whole else _screen
    return Table(rows, _COLUMNS, drawn=_paragraphs if format_ == "mail" else drawn)


def _duty_row(duty: Duty, today: date) -> Row:
    said = render(duty.said or duty.what or "")
    return {**duty._asdict(), "what": said, "tone": due_tone(duty.due, today), "today": today}


def _first_lines(station: str, found: Sequence[Duty], today: date) -> list[Part]:
    owed = [each for each in found if each.kind in TO_DO]
    count = sum(each.many for each in owed)
    late = sum(each.many for each in owed if each.is_late(today))
    said = message("to do {count}, late {late}", count=count, late=late)
    return [_first_line(station, today, said)]


def _screen(rows: Sequence[Row]) -> Iterator[ScreenLine]:
    """Yield what is overdue and what falls due, whole if there is room, then a line a kind."""
    groups = _rows_by_kind(rows)
    provisional = any(row["provisional"] for row in rows)
    # A line that ends with a hint about a ledger in a long path goes on in a second one.
    tall = 1 + (terminal_width(_hint_of_kind("late")) > terminal_columns() // 2)
    room = shutil.get_terminal_size().lines - _BESIDE - provisional - tall * len(groups)
    heads, below = list[Sequence[str]](), list[list[ScreenLine]]()
    for kind, group in groups.items():
        most = max(room, _BY_CASE[kind]) if kind in _BY_CASE else 0
        shown = len(group[:most])
        while len(lines := [*_row_lines(group[:shown])]) > most:
            shown -= 1
        heads.append(_cells_of_kind(kind, group, shown))
        below.append(lines)
        room -= len(lines)
    for head, lines in zip(aligned(heads), below, strict=True):
        yield head
        yield from lines


def _cells_of_kind(kind: str, group: Sequence[Row], shown: int) -> Sequence[str]:
    """Return the cells of a kind's line: count, urgency, and the row or what lists them all."""
    heading = _group_heading(kind, group)
    if shown == len(group):
        return Toned(heading, group[0]["tone"]), "", ""
    first, late = group[0], [row for row in group if row["tone"] == "late"]
    urgency = _short_day({**first, "days_over": 0})
    if late and len(group) > 1 and kind not in _BY_CASE:
        urgency = render(message("late {count}", count=_count_duties(late)))
    number, _day, *others = _row_cells(first)
    said = "  ".join(filter(None, (number, *others)))
    if len(group) > 1 or terminal_width(said) > terminal_columns() // 2:
        said = _hint_of_kind(kind)
    return heading, Toned(urgency, first["tone"]), said


def _hint_of_kind(kind: str) -> str:
    """Return the command that lists all of a kind."""
    return render(message("`today {kind}`", kind=Word(kind, OWED[kind].zh, kind)))


def _whole(rows: Sequence[Row]) -> Iterator[ScreenLine]:
    """Yield each kind with all its rows and the instruction."""
    for kind, group in _rows_by_kind(rows).items():
        yield _group_heading(kind, group)
        yield from _row_lines(group)
        if kind in TO_DO:
            yield f"  {render(_to_do(kind))}"


def _row_lines(rows: Sequence[Row]) -> Iterator[ScreenLine]:
    """Yield rows below each other, each on one line if the terminal is wide enough."""
    cells, room = [*map(_row_cells, rows)], terminal_columns()
    if not cells:
        return
    if any(line_width(line) > room for line in aligned(cells, indent=2)):
        cells = [(*most, f"{point}  {what}") for *most, point, what in cells]
    for line, row in zip(aligned(cells, indent=2), rows, strict=True):
        last = len(line) - 1
        if row["provisional"]:
            line += ["  ", Toned(_("provisional"), "provisional")]
        if line_width(line) <= room or last < 2:
            yield line
        else:
            yield line[: last - 1]
            yield ["    ", *line[last:]]


def _row_cells(row: Row) -> tuple[str, ...]:
    number, point, name, person, what = next(cells_of([row], _COLUMNS[2:]))
    return number, Toned(_short_day(row), row["tone"]), person, f"{point} {name}".strip(), what


def _short_day(row: Row) -> str:
    """Return a due day without the year that is understood, and how urgent it is."""
    due, today = row["due"], row["today"]
    if not due:
        return ""
    day = f"{due:%m-%d}" if abs(due - today) < _HALF_A_YEAR else str(due)
    if row["days_over"]:
        said: object = message("{day} days over: {count}", day=day, count=row["days_over"])
    elif row["tone"] == "late":
        said = message("{day} late", day=day)
    elif due == today:
        said = message("{day} today", day=day)
    elif row["tone"]:
        said = message("{day} tomorrow", day=day)
    else:
        said = f"{day} {render(weekday_of(due))}"
    return render(said)


def _paragraphs(rows: Sequence[Row]) -> Iterator[str]:
    """Yield each kind for a mail, with all its rows and the instruction."""
    for kind, group in _rows_by_kind(rows).items():
        yield from ("", _group_heading(kind, group), *(f"  {line}" for line in _duty_lines(group)))
        if kind in TO_DO:
            yield f"  {render(_to_do(kind))}"


def _rows_by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows by kind: what is overdue, what falls due, other kinds with late rows."""
    late = {row["kind"] for row in rows if row["tone"] == "late"}
    kinds = sorted(OWED, key=lambda kind: (kind not in _BY_CASE, kind not in late))
    groups: dict[str, list[Row]] = {kind: [] for kind in kinds}
    for row in rows:
        groups[row["kind"]].append(row)
    return {kind: group for kind, group in groups.items() if group}


def _duty_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Return rows below each other, late and provisional days marked."""
    shown = [{**row, "due": row["due"] and " ".join(_day_with_marks(row))} for row in rows]
    return aligned_lines(list(cells_of(shown, _COLUMNS[1:])))


def _day_with_marks(row: Row) -> Iterator[str]:
    yield day_words(row["due"])
    if row["tone"] == "late" and not row["days_over"]:  # the heading says what is overdue
        yield _("late")
    if row["provisional"]:
        yield _("provisional")


def _count_duties(group: Sequence[Row]) -> int:
    return sum(row["many"] for row in group)


def _group_heading(kind: str, group: Sequence[Row]) -> str:
    return render(
        message("{kind}: {count}", kind=OWED[kind], count=count_as_text(_count_duties(group)))
    )
