"""`returns` 报表: returns due, receiving points', withdrawing the station's, corrections."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.forms import PERIOD, POINT_WORD, REASON
from ledger12315.boxes.kinds import DAY, FLAG, NARRATIVE, PATH
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import (
    Column,
    Result,
    Table,
    answer_of_change,
    answer_of_list,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import CORRECTION_COLUMNS
from ledger12315.cli.face.lookups import read_own_period
from ledger12315.cli.face.options import EXIT_CODE, at_most_one_given
from ledger12315.errors import Message, Refused, Unacceptable, message
from ledger12315.ledger.figures import Scope, Snapshot
from ledger12315.ledger.points import Point, find_point, names_of_point
from ledger12315.ledger.returns import received, submitted
from ledger12315.ledger.returns.corrections import corrections
from ledger12315.ledger.returns.owing import (
    OwedReturn,
    OwnReturn,
    owed_returns,
    periods_over,
    return_of_station,
)
from ledger12315.ledger.settings import first_day_of_ledger
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import newest_day
from ledger12315.ledger.words import learned_meanings
from ledger12315.locale import by_language, render
from ledger12315.register.stated import Stated
from ledger12315.rules.periods import Period, quarter_of
from ledger12315.rules.reported import Cause, Correction, correction_in_units
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import CAUSES, RETURN_STATES, Word

_ON = Box("on", "收到日期", DAY, "day it was received [today]", default="today")
_DUE = EXIT_CODE._replace(help="exit with 1 when a return is due or late")
_NIL = Option("nil", "零报", FLAG, "the point had nothing to report")
_RETURN = Option(
    "file", "文件", PATH, "the point's own Attachment 3 or register, compared with the ledger"
)
_TOTALS = Option(
    "totals", "上报数", PATH, "figures by code (xlsx, csv, json) that replace the point's cases"
)
_STATUS = (
    Column("point", "服务点"),
    Column("period", "报告期"),
    Column("state", "状态", kind=OneWord(RETURN_STATES)),
    Column("late", "逾期"),
    Column("on", "收到日期", "received on", DAY),
    Column("nominal", "方案规定", kind=DAY),
    Column("due", "应报", kind=DAY),
)
_NUMBERS = Column("numbers", "涉及投诉", "complaints")
_CAUSES = Column("causes", "缘由", narrow=True)
_CASES = Column("cases", "涉及登记", narrow=True)
_DONE = (
    Column("case", "登记"),
    Column("how", "更正方式", "done", OneWord(CAUSES)),
    Column("day", "更正日期", kind=DAY),
    Column("reason", "理由", narrow=True),
)
_SHOWN_PROBLEMS = 20


@command(PERIOD.optional(), _DUE, arguments=1, flags="json csv")
def show_status(desk: Desk, filled: Filled) -> Result:
    """List returns due, received and missing, with their due dates."""
    day, text = desk.today, filled.get("period")
    with desk.read() as ledger:
        desk.demand_clock(newest_day(ledger))
        asked = [read_own_period(ledger, str(text))] if text else periods_over(ledger, day)
        owed = [each for period in asked for each in owed_returns(ledger, day, period)]
        begun = first_day_of_ledger(ledger)
        own = {each: return_of_station(ledger, day, each) for each in asked if each.last >= begun}
    notes = [
        note for period in asked for note in _notes_on_return(desk, period, own.get(period), begun)
    ]
    returns: list[OwedReturn | OwnReturn] = [*owed, *own.values()]
    wanting = any(each.state == "missing" and each.due <= day for each in returns)
    code = int("exit_code" in filled and wanting)
    return answer_of_list([each._asdict() for each in owed], _STATUS, notes=notes, exit_code=code)


def _notes_on_return(
    desk: Desk, period: Period, own: OwnReturn | None, begun: date
) -> Iterator[Message]:
    """Yield notes on the station's own return."""
    if not own:
        yield message(
            "No return is due for {period}: the ledger begins on {day}.",
            period=period.code,
            day=begun,
        )
        return
    if period.closes >= desk.today:
        yield message(
            "{period} ends on {last}; no return is due yet.",
            period=period.code,
            last=period.closes,
        )
    if desk.format == "table" or (own.late and not own.on):
        yield _own_return(own)


def _own_return(own: OwnReturn) -> Message:
    state: Word | Message = RETURN_STATES[own.state]
    if own.late:
        state = message("{state}, late", state=state)
    values = {**own._asdict(), "state": state}
    if own.before is None:
        return message(
            "{period}: the station's return is due on {due} ({state}); the plan says {nominal} "
            "for the county desk.",
            **values,
        )
    return message(
        "{period}: the station's return is due on {due} ({state}); the plan says {nominal} for "
        "the county desk, a day off: the last working day before is {before}, the first after "
        "{after}.",
        **values,
    )


@command(POINT_WORD, PERIOD, _NIL, _RETURN, _TOTALS, _ON, arguments=2)
def receive_return(desk: Desk, filled: Filled) -> Result:
    """Receive a point's return."""
    file, totals = filled.given("file", Path), filled.given("totals", Path)
    given = at_most_one_given(filled, _NIL, _RETURN, _TOTALS)
    # The options but --file are called as the states of RETURN_STATES.
    state = "received" if file or not given else given[0]
    with desk.write() as ledger:
        point = find_point(ledger, filled.text("point"))
        scope = Scope(read_own_period(ledger, filled.text("period")), None, point)
        compared = file and _compare_register(ledger, file, desk.today, point, scope.period)
        sent = None if compared else file or totals
        stated = _stated_figures(ledger, sent, scope.period, point) if sent else {}
        day = filled.day("on", desk.today)
        aside = received.receive(ledger, scope, state, day, desk.today, stated)
        notes = list(_after_totals(ledger, scope, aside, desk.today)) if totals else []
    sentence = message(
        "{point}, {period}: {state}",
        point=point.name,
        period=scope.period.code,
        state=RETURN_STATES[state],
    )
    return answer_of_change(sentence, notes=notes)


def _after_totals(
    ledger: Ledger, scope: Scope, aside: Sequence[str], today: date
) -> Iterator[Message]:
    """Yield notes on cases that totals replace, and on totals that do not carry over."""
    if aside:
        yield message(
            "Complaints of the ledger that these totals replace: {count} ({numbers})",
            count=len(aside),
            numbers=aside,
        )
    snapshot, period = Snapshot(ledger), scope.period
    for each in (period, quarter_of(period.last + ONE_DAY)) if period.is_quarter else ():
        began = each.first <= today
        if mismatch := began and received.opening_mismatch(snapshot, scope._replace(period=each)):
            yield message("Please check: {sentence}.", sentence=mismatch)


def _stated_figures(
    ledger: Ledger, file: Path, period: Period, point: Point
) -> Mapping[str, Stated]:
    """Return the figures of a point's Attachment 3 by measure. Raises Unacceptable."""
    from ledger12315.register.stated import read_stated
    from ledger12315.sheets.incoming.attachment3 import stated_cells

    names = [point.name, *names_of_point(ledger, point.id)]  # the first is named in an error
    return read_stated(stated_cells(file, period, names), file)


def _compare_register(ledger: Ledger, file: Path, day: date, point: Point, period: Period) -> bool:
    """Return whether a file is the point's register and not its Attachment 3.

    Raises Refused if a register's cases differ from the ledger's, and Unacceptable for headings
    that nobody has explained.
    """
    if file.suffix.lower() == ".json":
        return False

    from ledger12315.ledger.returns.compared import disagreements
    from ledger12315.register.file import Register
    from ledger12315.sheets.incoming.reading import read_sheets

    register = Register(learned_meanings(ledger, point), day, True)
    pages = (sheet for sheet in read_sheets(file) if not sheet.hidden)
    entries = [entry for sheet in pages for entry in register.entries(sheet.name, sheet.rows)]
    if not register.headed:
        return False
    if unknown := [*register.unknown_headings]:
        raise Unacceptable(
            "The headings {names} in {file} are unknown. Import it first, which asks what they "
            "mean: `complaint import {file} --point {point}`",
            file=file,
            names=unknown,
            point=point.code,
        )
    if found := list(disagreements(ledger, entries, register.problems, point, period)):
        raise Refused(
            "The register of {point} differs from the ledger for {period}; nothing was recorded.",
            *found[:_SHOWN_PROBLEMS],
            point=point.name,
            period=period.code,
        )
    return True


@command(PERIOD, REASON, arguments=1)
def withdraw_return(desk: Desk, filled: Filled) -> Result:
    """Withdraw a return that the county sent back."""
    with desk.write() as ledger:
        period = read_own_period(ledger, filled.text("period"))
        submitted.withdraw(ledger, period, filled.text("reason"), desk.today)
    return answer_of_change(
        message("{period} is withdrawn; what was submitted stays recorded.", period=period.code)
    )


@command(PERIOD, arguments=1, flags="json csv")
def list_corrections(desk: Desk, filled: Filled) -> Result:
    """Show what has changed since a return was submitted."""
    text = filled.text("period")
    with desk.read() as ledger:
        found = corrections(ledger, read_own_period(ledger, text), desk.today)
    found = [line._replace(causes=tuple(_masked(desk, line.causes))) for line in found]
    if desk.format == "json":
        columns = (*CORRECTION_COLUMNS, _NUMBERS, _CAUSES)
        return answer_of_list(map(correction_in_units, found), columns)
    if not found and desk.format != "csv":
        return Result(notes=[message("Nothing has changed since {period} was told.", period=text)])
    rows = map(_correction_row, found)
    if desk.format != "table":
        return answer_of_list(rows, (*CORRECTION_COLUMNS, _CAUSES))
    done = {_done_row(each): None for line in found for each in line.causes}
    tables = Table(rows, (*CORRECTION_COLUMNS, _CASES)), Table(map(dict, done), _DONE)
    return Result(tables)


def _masked(desk: Desk, causes: Iterable[Cause]) -> Iterator[Cause]:
    for each in causes:
        yield each._replace(reason=desk.mask(NARRATIVE, each.reason))


def _correction_row(line: Correction) -> dict[str, Any]:
    # The blank lets a narrow column break between two.
    cases = by_language("、 ", ", ").join(render(_name_of_cause(each)) for each in line.causes)
    causes = render([*map(_cause_in_words, line.causes)])
    return correction_in_units(line) | {"cases": cases, "causes": causes}


def _done_row(cause: Cause) -> tuple[tuple[str, object], ...]:
    """Return what was done to a case as a row of its own."""
    case = render(_name_of_cause(cause))
    return (("case", case), ("how", cause.how), ("day", cause.day), ("reason", cause.reason))


def _name_of_cause(cause: Cause) -> object:
    """Return a complaint's number, or the name of a case without one."""
    if cause.number or not cause.date:
        return cause.number
    case = received.case_of_day(cause.kind, cause.date)
    if cause.point:
        return message("{case} ({point})", case=case, point=cause.point)
    return case


def _cause_in_words(cause: Cause) -> Message:
    """Return what was done to a case, and when."""
    case = _name_of_cause(cause)
    values = {"case": case, "how": CAUSES[cause.how], "day": cause.day, "reason": cause.reason}
    if not cause.day:
        return message("{case} {how}", **values)
    if not cause.reason:
        return message("{case} {how} {day}", **values)
    return message("{case} {how} {day}: {reason}", **values)
