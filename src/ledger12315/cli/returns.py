"""`returns` 报表: who owes one, taking in points', submitting the station's, what has changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.arguments import PERIOD, POINT_WORD, REASON
from ledger12315.boxes.kinds import DAY, OneWord
from ledger12315.cli.face.answers import Column, Result, Table, done
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole, written_beside
from ledger12315.cli.face.lookups import period_named
from ledger12315.errors import (
    Message,
    Refused,
    Unclear,
    Unusable,
    message,
    reason,
)
from ledger12315.ledger.figures import Scope, Snapshot
from ledger12315.ledger.figures.grounds import missing_returns
from ledger12315.ledger.points import Point, find_point
from ledger12315.ledger.returns import received, submitted
from ledger12315.ledger.returns.owing import OwnReturn, over, returns_owed, station_owes
from ledger12315.ledger.station import begins, station
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.words import learned
from ledger12315.locale import _, render
from ledger12315.register.stated import Stated
from ledger12315.rules.measures import MEASURES, TOTAL
from ledger12315.rules.periods import Period
from ledger12315.rules.returns import Correction
from ledger12315.words import RETURN_STATES, TYPES, Vocabulary, Word

_ON = Box("on", "收到日期", DAY, "day it was received [today]")
_STATUS = (
    Column("point", "服务点", "point"),
    Column("period", "报告期", "period"),
    Column("state", "状态", "state", OneWord(RETURN_STATES)),
    Column("late", "逾期", "late"),
    Column("on", "收到日期", "received on", DAY),
    Column("nominal", "方案规定", "nominal", DAY),
    Column("due", "应报", "due", DAY),
)
# In Chinese a measure is called as on the form.
_MEASURE = OneWord(
    Vocabulary(
        *(Word(key, each.name.removeprefix("其中："), key) for key, each in MEASURES.items())
    )
)
_CORRECTIONS = (
    Column("period", "报告期", "period", screen=False),
    Column("code", "代码", "code"),
    Column("key", "指标", "measure", _MEASURE, narrow=True),
    Column(
        "type",
        "类型",
        "type",
        OneWord(Vocabulary(Word("total", "合计", "total"), *TYPES.values())),
    ),
    Column("submitted", "已报", "submitted", right=True),
    Column("now", "现为", "now", right=True),
    Column("difference", "更正", "difference", right=True),
    Column("numbers", "涉及投诉、登记", "complaints, records", narrow=True),
)
_OTHERS = Column("others", "涉及登记", "records")
_SHOWN_PROBLEMS = 20


@command(PERIOD.optional(), arguments=1, takes="json csv")
def show_status(
    desk: Desk,
    filled: Filled,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="exit with 1 when a return is due or late")
    ] = False,
) -> Result:
    """Who owes which return, and by when."""
    day = desk.today
    with desk.read() as ledger:
        if "period" in filled:
            asked = [period_named(ledger, filled.text("period"))]
        else:
            asked = over(ledger, day)
        rows = [each for period in asked for each in returns_owed(ledger, day, period)]
        begun = begins(ledger)
        owed = [period for period in asked if period.last >= begun]
        own = [station_owes(ledger, day, period) for period in owed]
    notes = [note for each in zip(own, owed, strict=True) for note in _of_station(desk, *each)]
    notes += [_before(period, begun) for period in asked if period not in owed]
    table = Table([each._asdict() for each in rows], _STATUS)
    due = [each.state for each in rows if each.due <= day]
    due += [each.state for each in own if each.due <= day]
    wanting = "missing" in due
    return Result((table,), notes=notes, exit_code=int(exit_code and wanting))


def _before(period: Period, begun: date) -> Message:
    return message(
        "Nothing is owed for {period}: the ledger begins on {day}.", period=period.code, day=begun
    )


def _of_station(desk: Desk, own: OwnReturn, period: Period) -> Iterator[Message]:
    if period.closes >= desk.today:
        yield message(
            "{period} is over only after {last}; nothing is owed yet.",
            period=period.code,
            last=period.closes,
        )
    if desk.form == "table" or (own.late and not own.on):
        yield _own_return(own)


def _own_return(own: OwnReturn) -> Message:
    state: Word | Message = RETURN_STATES[own.state]
    if own.late:
        state = message("{state}, late", state=state)
    return message(
        "{period}: the station's return is due on {due} ({state}); the plan says {nominal},"
        " the last working day before is {before}, the first after {after}.",
        **{**own._asdict(), "state": state},
    )


_File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="the point's own Attachment 3 or register, compared with the ledger",
    ),
]
_Totals = Annotated[
    Path | None,
    typer.Option(
        "--totals",
        metavar="FILE",
        help="figures by code (xlsx, csv, json) that stand for the point's cases",
    ),
]


@command(POINT_WORD, PERIOD, _ON, arguments=2)
def receive_return(
    desk: Desk,
    filled: Filled,
    nil: Annotated[bool, typer.Option("--nil", help="the point had nothing to report")] = False,
    file: _File = None,
    totals: _Totals = None,
) -> Result:
    """Take in a point's return."""
    if nil + bool(file) + bool(totals) > 1:
        raise Unclear("--nil, --file and --totals exclude each other.")
    state = "nil" if nil else "received"
    if totals:
        state = "totals"
    with desk.write() as ledger:
        point = find_point(ledger, filled.text("point"))
        scope = Scope(period_named(ledger, filled.text("period")), None, point)
        compared = file and _is_register(ledger, file, desk.today, point, scope.period)
        sent = None if compared else file or totals
        told = _stated(sent, scope.period, point) if sent else {}
        day = filled.day("on", desk.today)
        aside = received.receive(ledger, scope, state, day, desk.today, told)
        untied = None
        if totals and scope.period.is_quarter:
            untied = received.untied(Snapshot(ledger), scope)
    notes = _after_totals(aside if totals else (), untied)
    return done(
        message(
            "{point}, {period}: {state}",
            point=point.name,
            period=scope.period.code,
            state=RETURN_STATES[state],
        ),
        notes=list(notes),
    )


def _after_totals(aside: Sequence[str], untied: Message | None) -> Iterator[Message]:
    if aside:
        yield message(
            "These totals stand for {count} complaints of the ledger: {numbers}",
            count=len(aside),
            numbers=aside,
        )
    if untied:
        yield message("Look at this: {sentence}.", sentence=untied)


def _stated(file: Path, period: Period, point: Point) -> Mapping[str, Stated]:
    """Return the figures of somebody's Attachment 3 by measure. Raises Unacceptable."""
    from ledger12315.register.stated import read_stated
    from ledger12315.sheets.incoming.attachment3 import stated_cells

    return read_stated(stated_cells(file, period, point.name), file)


def _is_register(ledger: Ledger, file: Path, day: date, point: Point, period: Period) -> bool:
    """Return whether it is the point's register and not its Attachment 3.

    Raises Refused if a register tells other cases than the ledger.
    """
    if file.suffix.lower() == ".json":
        return False

    from ledger12315.ledger.returns.compared import disagreements
    from ledger12315.register.rows import Register
    from ledger12315.sheets.incoming.reading import read_sheets

    register = Register(learned(ledger, point), day, True)
    pages = (sheet for sheet in read_sheets(file) if not sheet.hidden)
    entries = [entry for sheet in pages for entry in register.entries(sheet.name, sheet.rows)]
    if not register.headed:
        return False
    if found := list(disagreements(ledger, entries, register.problems, point, period)):
        raise Refused(
            "The register of {point} and the ledger do not tell the same of {period};"
            " nothing was recorded.",
            *found[:_SHOWN_PROBLEMS],
            point=point.name,
            period=period.code,
        )
    return True


_Folder = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FOLDER", help="where Attachment 6 is written [here]"),
]


_Yes = Annotated[bool, typer.Option("--yes", help="submit without asking")]


class _Drawn(NamedTuple):
    """What is about to be submitted: the workbooks with their names, and the receipt's name."""

    prepared: submitted.Submission
    contents: list[bytes]
    names: list[str]
    slip: str
    unit: str
    missing: Sequence[str]
    late: Sequence[str]


@command(PERIOD, arguments=1, takes="json")
def submit_return(desk: Desk, filled: Filled, folder: _Folder = None, yes: _Yes = False) -> Result:
    """Freeze a period's figures and forms as what is submitted."""
    from ledger12315.sheets.receipt import receipt

    drawn = _drawn(desk, filled.text("period"))
    prepared, period = drawn.prepared, drawn.prepared.period
    if desk.asks and not yes:
        going = _going_out(prepared, drawn.missing, drawn.late)
        desk.demand(*going, question=_("Submit it? [y/N]"))
    target = (folder or Path()) / drawn.names[0]
    slip = target.with_name(drawn.slip)
    with written_beside(target, drawn.contents[0], desk.path) as place:
        with desk.write() as ledger:
            made = submitted.submit(ledger, prepared, drawn.contents)
        replaced = _placed(place, target, period)
    files = zip(drawn.names, made.digests, strict=True)
    told = receipt(drawn.unit, period, prepared.day, files, made.head)
    replaced += _placed(lambda: write_whole(slip, told, desk.path), slip, period)
    document = {
        "period": period.code,
        "submitted": prepared.day,
        "sha256": made.digests[0],
        "file": str(target),
        "head": made.head,
        "receipt": str(slip),
    }
    without = message("Submitted without the returns of: {points}", points=drawn.missing)
    notes = [without] if drawn.missing else []
    parts = (
        message(
            "{period} is submitted as of {day}; Attachment 6 is written: {path}",
            period=period.code,
            day=desk.today,
            path=target,
        ),
        message("SHA-256: {digest}", digest=made.digests[0]),
        message("Send the receipt with it, and keep it: {path}", path=slip),
        message("Head of the history with this submission in it: {head}", head=made.head),
    )
    return Result(parts, document, before=replaced, notes=notes)


def _drawn(desk: Desk, text: str) -> _Drawn:
    """Draw what is to be submitted of a period. Raises Unclear and Refused."""
    from ledger12315.cli.forms import attachment, file_name

    with desk.read() as ledger:
        period = period_named(ledger, text, desk.today)
        full = Snapshot(ledger, full=True)
        prepared = submitted.prepare(full, period, desk.today)
        contents = [
            attachment(full, each.form, Scope(period, None, each.point), prepared.day)
            for each in prepared.forms
        ]
        names = [
            f"{file_name(ledger, f'附件{each.form}', period.code, point=each.point)}.xlsx"
            for each in prepared.forms
        ]
        slip = f"{file_name(ledger, '报送回执', period.code)}.txt"
        missing = missing_returns(ledger, Scope(period)) or ()
        late = submitted.late_points(ledger, period)
        return _Drawn(prepared, contents, names, slip, station(ledger).name, missing, late)


def _placed(place: Callable[[], list[Message]], target: Path, period: Period) -> list[Message]:
    """Put the workbook in place; it can still be had of the ledger where that fails."""
    try:
        return place()
    except OSError as error:
        raise Unusable(
            "{period} is submitted, but {path} cannot be written: {reason}."
            " Write it with: ledger12315 export 6 {period}",
            period=period.code,
            path=target,
            reason=reason(error),
        ) from error


def _going_out(
    prepared: submitted.Submission, missing: Sequence[str], late: Sequence[str]
) -> Iterator[Message]:
    """Yield what is about to be submitted, and what it lacks."""
    first, *others = prepared.forms
    told = ("received", "closed", "open_end", "overdue_end")
    figures = [received.figure_of(MEASURES[key], first.figures[key][TOTAL]) for key in told]
    yield message(
        "{period} goes out with Attachment 6 and {count} of Attachment 3: {figures}",
        period=prepared.period.code,
        count=len(others),
        figures=figures,
    )
    if missing:
        yield message("Without the returns of: {points}", points=missing)
    if late:
        yield message("Returns that came late: {points}", points=late)


@command(PERIOD, REASON, arguments=1)
def withdraw_return(desk: Desk, filled: Filled) -> Result:
    """Take back a return that the county sent back."""
    with desk.write() as ledger:
        period = period_named(ledger, filled.text("period"))
        submitted.withdraw(ledger, period, filled.text("reason"), desk.today)
    return done(
        message("{period} is withdrawn; what was submitted stays recorded.", period=period.code)
    )


@command(PERIOD, arguments=1, takes="json csv")
def list_corrections(desk: Desk, filled: Filled) -> Result:
    """What has changed since a return was submitted."""
    text = filled.text("period")
    with desk.read() as ledger:
        found = submitted.corrections(ledger, Scope(period_named(ledger, text)), desk.today)
    if desk.form == "json":
        rows = [_in_units(each) for each in found]
        return Result((Table(rows, [*_CORRECTIONS, _OTHERS]),))
    if found or desk.form == "csv":
        return Result((Table([_told(each) for each in found], _CORRECTIONS),))
    nothing = message("Nothing has changed since {period} was told last.", period=text)
    return Result(notes=[nothing])


def _in_units(line: Correction) -> dict[str, Any]:
    measure = MEASURES[line.key]
    row = line._asdict() | {"others": [each._asdict() for each in line.others]}
    figures = {key: measure.in_unit(row[key]) for key in ("submitted", "now", "difference")}
    return row | figures


def _told(line: Correction) -> dict[str, Any]:
    others = [received.case_of_day(*each) for each in line.others]
    return _in_units(line) | {"numbers": render([*line.numbers, *others])}
