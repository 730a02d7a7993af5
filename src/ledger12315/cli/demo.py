"""`demo` 演示: an invented station, a quarter of its complaints, and its return."""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import count
from operator import itemgetter
from pathlib import Path

import typer

from ledger12315.boxes import Box, Filled, parse_all
from ledger12315.boxes.forms import AMENDED_POINT, CLOSE, INSPECT, LOG, POINT, RECORDS
from ledger12315.boxes.kinds import PATH
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.configuration import environment_with
from ledger12315.cli.face.desk import Desk, say
from ledger12315.cli.face.shells import line_for, own_name, starting_shell
from ledger12315.errors import Refused, explain_write_errors, message
from ledger12315.ledger import records
from ledger12315.ledger.calendar import library_calendar
from ledger12315.ledger.complaints import acts
from ledger12315.ledger.complaints.amending import correct_complaint
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.points import find_point
from ledger12315.ledger.points.acts import change_point, inspect
from ledger12315.ledger.points.setting_up import set_up
from ledger12315.ledger.returns.received import receive
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import WallClock
from ledger12315.ledger.store.making import create
from ledger12315.ledger.store.opening import writing
from ledger12315.ledger.words import add_local_word
from ledger12315.locale import by_language
from ledger12315.rules.periods import parse_period
from ledger12315.rules.settings import INITIAL_SETTINGS
from ledger12315.rules.workdays import ONE_DAY

_STATION, _COUNTY = "榕溪县东门市场监督管理所", "榕溪县市场监督管理局"
_QUARTER = "2026Q4"
_LAST_DAY_BEFORE = date(2026, 9, 30)
_LEVEL = [box for box in AMENDED_POINT if box.key == "demonstration"]
_DAYS = (
    "since",
    "received",
    "referred",
    "promised",
    "escalated",
    "accepted",
    "closed",
    "told",
    "answered",
    "on",
    "reported",
)


@command(Box("dir", "文件夹", PATH, "a new or empty folder [ledger12315-demo here]"), arguments=1)
def demo(_desk: Desk, filled: Filled) -> Result:
    """Make a demo: an invented station with a realistic quarter."""
    folder = _empty_folder(filled.given("dir", Path))
    ledger, today = folder / "ledger.sqlite", _day_of_token("63")  # the first after the quarter
    _say_what_was_done(_make_quarter(ledger, today), today)
    settings = {"LEDGER12315_TODAY": today.isoformat()}
    shell = starting_shell()
    # Other commands of the same window keep their own day.
    with environment_with(settings):
        _run_line(shell, ledger, by_language("超期", "overdue"))
        _run_line(shell, ledger, by_language("汇总", "rollup"), "6", _QUARTER)
        for code in ("3", "6"):
            file = str(folder / f"附件{code}_{_QUARTER}.xlsx")
            export = by_language("导出", "export")
            _run_line(shell, ledger, export, code, _QUARTER, "-o", file)
    print()
    go_on = message(
        "Ledger and workbooks are in {folder}. Go on with, for example:", folder=folder
    )
    listed = by_language("投诉 列表 --状态 处理中", "complaint list --state open").split()
    example = line_for(shell, own_name(), *_option_for(ledger), *listed, settings=settings)
    return Result((go_on, f"  {example}"))


def _make_quarter(ledger: Path, today: date) -> dict[str, int]:
    """Make the ledger and enter the quarter; remove a ledger that is left unfinished."""
    chosen = INITIAL_SETTINGS | {"begins": parse_period(_QUARTER).first.isoformat()}
    try:
        clock = WallClock(today, rehearsed=True)
        create(ledger, _STATION, _COUNTY, None, chosen, clock=clock)
        with writing(ledger, "demo", clock) as connection:
            return _enter_quarter(connection, today)
    except BaseException:
        for left in (ledger, Path(f"{ledger}-journal")):
            left.unlink(missing_ok=True)
        raise


def _say_what_was_done(done: Mapping[str, int], today: date) -> None:
    made = {"station": _STATION, "period": _QUARTER, "day": today}
    say(message("{station} (invented), {period}, with {day} as today:", **made))
    say(message("points registered: {points}; inquiries recorded: {inquiries}", **done))
    say(
        message(
            "complaints logged: {logged}; closed: {closed}; escalated to the station: {escalated}",
            **done,
        )
    )


def _empty_folder(asked: Path | None) -> Path:
    """Return the given folder if it is new or empty, else the first free name here.

    Raises Refused, Unusable.
    """
    folder = asked or Path("ledger12315-demo")
    numbers = count(2)
    while asked is None and folder.exists():
        folder = Path(f"ledger12315-demo-{next(numbers)}")
    with explain_write_errors(folder):
        folder.mkdir(parents=asked is None, exist_ok=True)
        if any(folder.iterdir()):
            raise Refused("The folder {folder} is not empty. Choose a new one.", folder=folder)
    return folder


@cache
def _day_of_token(token: str) -> date:
    """Return a day of the quarter: `12` is its 12th working day, `0` the last one before it.

    `12~` is the first day off after the 12th.
    """
    calendar = library_calendar()
    day = calendar.add(calendar.roll(_LAST_DAY_BEFORE, forward=False), int(token.rstrip("~")))
    while token.endswith("~") and calendar.working(day):
        day += ONE_DAY
    return day


def _enter_quarter(ledger: Ledger, today: date) -> dict[str, int]:
    period = parse_period(_QUARTER)
    points = list(_demo_rows("points"))
    for row in points:
        set_up(ledger, _parse_row(POINT.values(), row, today))
        if "demonstration" in row:
            level = _parse_row(_LEVEL, row, today)
            change_point(ledger, find_point(ledger, row["name"]), level, _LAST_DAY_BEFORE)
    for row in sorted(_demo_rows("complaints"), key=itemgetter("received")):
        _enter_complaint(ledger, row, today)
    for row in _demo_rows("records"):
        whose, kind = find_point(ledger, row["point"]) if "point" in row else None, row["kind"]
        records.write_record(ledger, kind, whose, _parse_row(RECORDS[kind], row, today))
    for row in _demo_rows("inspections"):
        found = _parse_row(INSPECT, row, today)
        inspect(ledger, find_point(ledger, row["point"]), found, found.day("on"))
    for row in points:
        if state := row.get("handed_in"):
            scope = Scope(period, None, find_point(ledger, row["name"]))
            receive(ledger, scope, state, today, today)
    add_local_word(ledger, "category", "家电", "electronics")
    query = """
        SELECT (SELECT count(*) FROM point) AS points,
               (SELECT sum(count) FROM record WHERE kind = 'inquiry') AS inquiries,
               count(*) AS logged, count(closed) AS closed, count(escalated) AS escalated
        FROM complaint"""
    return dict(ledger.execute(query).fetchone())


def _enter_complaint(ledger: Ledger, row: Mapping[str, str], today: date) -> None:
    point = find_point(ledger, row["point"])
    number = acts.log_complaint(ledger, point, _parse_row(LOG, row, today), today).number
    if "escalated" in row:
        on = date.fromisoformat(row["escalated"])
        acts.escalate(ledger, number, row["escalation_reason"], on)
    if "accepted" in row:
        correct_complaint(ledger, number, {"accepted": date.fromisoformat(row["accepted"])})
    if "outcome" in row:
        acts.close_complaint(ledger, number, _parse_row(CLOSE, row, today), today)


def _demo_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield a table of the demo as a clerk would type it, with its days in the quarter."""
    text = resources.files("ledger12315").joinpath("demo", f"{name}.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        filled = {key: value for key, value in row.items() if value}
        for key in _DAYS:
            if filled.get(key, "").rstrip("~").removeprefix("-").isdecimal():
                filled[key] = _day_of_token(filled[key]).isoformat()
        if "bought" in filled:
            filled["bought"] = str(
                date.fromisoformat(filled["received"]) + timedelta(days=int(filled["bought"]))
            )
        yield filled


def _parse_row(boxes: Iterable[Box], row: Mapping[str, str], today: date) -> Filled:
    asked = list(boxes)
    return parse_all(asked, {box.key: row[box.key] for box in asked if box.key in row}, today)


def _option_for(ledger: Path) -> tuple[str, str]:
    """Return the option that names a ledger."""
    return by_language("--台账", "--db"), str(ledger)


def _run_line(shell: str, ledger: Path, *command: str) -> None:
    from ledger12315.cli.app import run

    print()
    say("$ " + line_for(shell, own_name(), *_option_for(ledger), *command))
    sys.stdout.flush()
    if code := run([*_option_for(ledger), *command]):
        raise typer.Exit(code)
