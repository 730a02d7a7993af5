"""The law of reported figures: at every level last report + corrections since = now."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ledger12315.cli.forms.contents import attachment_workbook
from ledger12315.county.arriving import told_form
from ledger12315.ledger.figures import Scope, Snapshot, figures
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.returns import submitted
from ledger12315.ledger.returns.corrections import corrections
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import begin
from ledger12315.rules.county import CountyBook, CountyForm, CountyReturn
from ledger12315.rules.hand_ins import HandIn, StationReturn, sum_figures
from ledger12315.rules.measures import COLUMNS, MEASURES, Figures
from ledger12315.rules.periods import parse_period
from ledger12315.rules.reported import OPENINGS, Correction, Stamp, chain_of
from ledger12315.sheets import workbook
from ledger12315.sheets.incoming.basis import read_station_return
from tests.building import DEFAULTS, act, built, of_station
from tests.ledger.drawn import OFTEN

# The returns in the order in which they go out, and the day of each.
ROUNDS = {
    "2025A": "2025-12-03",
    "2025Q4": "2026-01-08",
    "2026Q1": "2026-04-09",
    "2026A": "2026-12-03",
}
_BEGUN = """
    settings set begins 2025-10-01
    register 甲 --type mall --since 2025-10-08 --liaison 李四
    register 乙 --type market --since 2025-10-08 --liaison 李四
"""
_ACTS = """
    log {point} --received {day} --disputed {count}.50
    log {point} --received {day} --source other
    close {number} --outcome settled --closed {day} --recovered {count}.25 --rating satisfied
    close {number} --outcome mediated --closed {day}
    complaint void {number} --reason 重复
    complaint reopen {number} --reason 未结
    complaint escalate {number} --reason 疑难 --on {day}
    complaint amend {number} --received {day}
    record visit {point} --on {day} --count {count}
    record interview {point} --on {day} --text 请整改 --respondent 3号摊
    record inquiry {point} --on {day} --count {count}
    record training - --on {day}
    record void {count} --reason 错
    register 新 --type other --since {day} --liaison 王五
    point amend {point} --type supermarket --on {day}
    point amend {point} --demonstration municipal --on {day}
    point amend {point} --liaison 李四;王五 --on {day}
    point amend {point} --since {day}
    point retire {point} --on {day}
    returns receive {point} {quarter} --on {today}
    calendar day {day} --rest --why 水灾"""
# Entries of both kinds of period after their returns, by round and station.
_LATE: tuple[tuple[list[str], list[str]], ...] = (
    (["log P001 --received 2025-10-10 --disputed 5.50"], []),
    (["log P001 --received 2025-11-10 --source other"], ["log P002 --received 2025-11-20"]),
    (["close 2025-0001 --outcome settled --closed 2025-12-20 --rating satisfied"], []),
    (
        ["log P001 --received 2026-05-10 --disputed 3.50"],
        [
            "log P001 --received 2026-01-05",
            "complaint void 2025-0001 --reason 重复",
            "record visit P001 --on 2025-11-30",
        ],
    ),
)
Cell = tuple[str, str]
Cells = dict[Cell, int]
Unit = tuple[int | None, int | None]
"""A station and a point of it; None for all of the station, and for the county."""


@st.composite
def _entered(draw: st.DrawFn, code: str) -> list[str]:
    """Draw a station's entries before a return, around the ends of reported periods."""
    today = date.fromisoformat(ROUNDS[code])
    templates = [line for line in map(str.strip, _ACTS.splitlines()) if line]
    lines = []
    for template in draw(st.lists(st.sampled_from(templates), max_size=4)):
        back = draw(st.integers(0, min(400, (today - date(2025, 10, 8)).days)))
        lines.append(
            template.format(
                point=f"P00{draw(st.integers(1, 3))}",
                day=today - timedelta(days=back),
                today=today,
                number=f"{draw(st.integers(2025, 2026))}-000{draw(st.integers(1, 4))}",
                count=draw(st.integers(1, 9)),
                quarter=draw(st.sampled_from([each for each in ROUNDS if chain_of(each) == "Q"])),
            )
        )
    return lines


# The first that Hypothesis draws has no entries at all.
_story = st.tuples(*(st.tuples(*(_entered(code) for _ in range(2))) for code in ROUNDS)).filter(
    lambda story: any(lines for entered in story for lines in entered)
)


def cells(found: Figures) -> Cells:
    return {(key, column): found[key][column] for key in MEASURES for column in COLUMNS}


def now(ledger: Ledger, code: str, point: Point | None = None) -> Cells:
    return cells(figures(ledger, Scope(parse_period(code), None, point)))


def plus(told: Cells, lines: Sequence[Correction]) -> Cells:
    """Return reported figures plus their corrections; rates follow from measures."""
    found = dict(told)
    for line in lines:
        if line.key in MEASURES:
            assert line.told in (None, found[line.key, line.type])
            found[line.key, line.type] += line.difference or 0
            assert line.now in (None, found[line.key, line.type])
    return found


class Told:
    """The reports of two stations, their points and the county, added up by hand."""

    def __init__(self, ledgers: Sequence[Ledger], folder: Path) -> None:
        self.ledgers, self.folder = ledgers, folder
        self.told: dict[Unit, dict[str, Cells]] = {}
        self.hand_ins: list[HandIn] = []
        self.forms: list[CountyForm] = []

    def goes_out(self, code: str) -> None:
        """Submit a return of each station, add them, and check the law."""
        returns = []
        for number, ledger in enumerate(self.ledgers):
            self._owed_is_now(number, ledger)
            returns.append(self._submitted(number, ledger, code))
            for unit, told in self.told.items():
                if unit[0] == number:
                    self._is_now(ledger, unit, told, chain_of(code))
        self._added(code, returns)

    def _owed_is_now(self, number: int, ledger: Ledger) -> None:
        """Check that reports and due corrections of both chains give the ledger's figures."""
        for code, told in self.told.get((number, None), {}).items():
            assert plus(told, corrections(ledger, parse_period(code))) == now(ledger, code)

    def _submitted(self, number: int, ledger: Ledger, code: str) -> StationReturn:
        period, day = parse_period(code), datetime.fromisoformat(f"{ROUNDS[code]} 09:00+08:00")
        full = Snapshot(ledger, full=True)
        prepared = submitted.prepare(full, period, day)
        drawn = attachment_workbook(full, prepared.forms[0], prepared)
        ledger.execute("BEGIN IMMEDIATE")
        begin(ledger, "returns submit")
        contents = [drawn, *(f"{code}{each}".encode() for each in prepared.forms[1:])]
        submitted.submit(ledger, prepared, contents)
        ledger.execute("COMMIT")
        for form in prepared.forms[2:]:
            lines = form.carried.of_chain(code) if form.carried else ()
            for line in lines:
                assert line.key not in MEASURES or line.difference == _caused(line), line
            point = form.point and form.point.id
            self._went_out((number, point), code, cells(form.figures), lines)
        sent = self._read(drawn)
        assert cells(sent.figures) == cells(prepared.forms[0].figures)
        carried = prepared.forms[0].carried
        told = {
            (line.period, line.key, line.type): line.difference
            for line in (carried.corrections if carried else ())
            if line.key in MEASURES and line.difference
        }
        assert told == {
            (period_, *cell): difference
            for period_, each in sent.corrections.items()
            for cell, difference in each.items()
        }
        return sent

    def _went_out(
        self, unit: Unit, code: str, figures_: Cells, lines: Sequence[Correction]
    ) -> None:
        known = self.told.setdefault(unit, {})
        alike = [each for each in known if chain_of(each) == chain_of(code)]
        before = known[max(alike)] if alike else None
        for period in alike:
            mine = [line for line in lines if line.period == period]
            known[period] = plus(known[period], mine)
        assert {line.period for line in lines} <= {*alike}
        if before:
            last = known[max(alike)]
            for opening, end in OPENINGS.items():
                # A point's return is Attachment 3, which has no points.
                if unit[1] is None or opening == "open_start":
                    for column in COLUMNS:
                        assert figures_[opening, column] == last[end, column]
        known[code] = figures_

    def _is_now(self, ledger: Ledger, unit: Unit, told: dict[str, Cells], kind: str) -> None:
        """Check that a chain's reports give the ledger's figures, in each cell of its forms."""
        [point] = points(ledger, "id = ?", (unit[1],)) if unit[1] else [None]
        for code, figures_ in told.items():
            if chain_of(code) == kind:
                found = now(ledger, code, point)
                for (key, column), figure in figures_.items():
                    if point is None or MEASURES[key].code:
                        assert figure == found[key, column], (code, unit, key, column)

    def _added(self, code: str, returns: list[StationReturn]) -> None:
        """Hand the returns in, let the county tell them, and read its form back."""
        day = date.fromisoformat(ROUNDS[code])
        self.hand_ins += [HandIn(each, f"{code}{each.key}", day) for each in returns]
        book, days = CountyBook(self.hand_ins, (), self.forms), returns[0].period
        carried, found = book.carried(days), book.figures(days)
        assert not [*book.unlike_openings(days)] and not [*book.waiting(days)]
        for tie in carried.ties.values() if carried else ():
            assert all(was + by == start for was, by, start in tie.values())
        lines = carried.of_chain(code) if carried else ()
        self._went_out((None, None), code, cells(sum_figures(found.values())), lines)
        for period, told_ in self.told[None, None].items():
            if chain_of(period) == chain_of(code):
                each = [now(ledger, period) for ledger in self.ledgers]
                assert told_ == {cell: sum(found[cell] for found in each) for cell in told_}
        names = {each.key: each.station for each in returns}
        stamp = Stamp(datetime.fromisoformat(f"{day} 10:00+08:00"), 1, "0" * 64)
        about = "县局", stamp, found, book.carried_cells(days), names, DEFAULTS, code
        form = CountyForm(days, *about)
        members = tuple(book.members(days))
        sent = self._read(workbook("county", CountyReturn(form, "0" * 32, members, carried, None)))
        told = told_form(sent, code)
        assert (told.figures, told.carried) == (form.figures, form.carried)
        self.forms.append(form)
        assert {code: CountyBook(self.hand_ins, (), self.forms).untold(code)} == {code: {}}

    def _read(self, drawn: bytes) -> StationReturn:
        file = self.folder / "form.xlsx"
        file.write_bytes(drawn)
        return read_station_return(file)


def _caused(line: Correction) -> int:
    """Return what the causes of a correction add up to."""
    return sum(cause.value for cause in line.causes)


@pytest.mark.slow
@settings(
    max_examples=OFTEN,
    phases=[Phase.explicit, *[Phase.generate] * (OFTEN > 1)],
    suppress_health_check=list(HealthCheck),
)
@example(_LATE)
@given(_story)
def test_last_told_and_corrections_told_since_are_now(story: Any) -> None:
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        ledgers = [*_stations(opened)]
        told = Told(ledgers, folder)
        for code, entered in zip(ROUNDS, story, strict=True):
            today = date.fromisoformat(ROUNDS[code])
            for ledger, lines in zip(ledgers, entered, strict=True):
                act(ledger, *lines, today=today, refused=True)
            told.goes_out(code)


def _stations(opened: ExitStack) -> Iterator[Ledger]:
    for name in ("东门所", "西门所"):
        ledger = opened.enter_context(built(_BEGUN, today=date(2025, 10, 8)))
        of_station(ledger, name)
        yield ledger
