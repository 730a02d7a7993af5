"""The year 2025 of a made-up station, drawn from a fixed seed: who stood where, what came in, what was recorded and reported."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ledger12315.ledger.store.opening import PRAGMAS
from ledger12315.words import CONDITIONS
from tests.year.counted import PERIODS, TYPES, attachment3, attachment6, stands
from tests.year.facts import (
    ANYWHERE,
    BEGIN,
    BEGUN,
    BOXES,
    BUSY,
    CHANGES,
    EDGES,
    END,
    FILED,
    HABITS,
    LEFT,
    LIAISONS,
    MENDED,
    MODEL,
    NAMES,
    OFFICERS,
    QUIET,
    RECORDS,
    RETIRED,
    RETURNS,
    SUBMITTED,
)
from tests.year.lives import Habits, Life
from tests.year.station import ONE_DAY, Row, Station

_day = date.fromisoformat


class Story:
    """Draws the plan, then lets it happen in the order of the days of entry."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.random = Random(12315)  # noqa: S311  # the same year each time
        self.plan: list[tuple[date, int, Callable[..., object], tuple[Any, ...]]] = []
        self.since = {f"P{number:03}": _day(text) for number, text in enumerate(BEGUN.split(), 1)}
        self.station.run(BEGIN, "init --station 东门所 --county 榕溪县")

    def live(self) -> None:
        for part in (
            self._points,
            self._changes,
            self._inspections,
            self._complaints,
            self._visits,
            self._records,
            self._returns,
        ):
            part()
        for day, _, act, given in sorted(self.plan, key=lambda each: each[:2]):
            act(day, *given)
        self.station.flush()

    def _at(self, day: date, act: Callable[..., object], *given: Any, place: int = 5) -> None:
        """Of what is entered on one day, what has the lower `place` comes first."""
        if day <= END:
            self.plan.append((day, place, act, given))

    def _stands(self, code: str, day: date) -> bool:
        return stands(
            {"since": str(self.since[code]), "retired": str(LEFT) if code == RETIRED else None},
            str(day),
        )

    def _days(self, count: int) -> Iterator[date]:
        for _ in range(count):
            yield _day("2024-12-01") + self.random.randrange(395) * ONE_DAY

    def _entered(self, day: date, code: str) -> date:
        """The day it is typed in: mostly the same, not before the point is known, not while returns are on their way."""
        late = (
            self.random.randrange(1, 7) if self.random.random() < 0.12 and code != RETIRED else 0
        )
        entered = max(day + late * ONE_DAY, self.since[code])
        for first, last in RETURNS.values():
            if _day(first) <= entered <= _day(last):
                entered = _day(last) + ONE_DAY
        return entered

    def _points(self) -> None:
        liaisons, officers = LIAISONS.split(), OFFICERS.split()
        for place, (name, code) in enumerate(zip(NAMES.split(), self.since, strict=True)):
            type_ = TYPES[place % len(TYPES)]
            boxes = BOXES[type_] | {"host": f"{name}有限公司", "address": f"中山路{place + 1}号"}
            terms = "专职" if place % 3 else f"兼职 K{place}"
            people = {"liaison": f"{liaisons[place % 12]} 139000001{place:02} {terms}"}
            people["officer"] = f"{officers[place % 4]} 1390000020{place % 4 + 1}"
            for role, late in (("liaison", ("P010",)), ("officer", ("P008", "P017"))):
                if code in late:
                    del people[role]
            self._at(self.since[code], self.station.register, type_, name, boxes, people, place=1)
            if place % 4 == 0:
                self._at(self.since[code] + 9 * ONE_DAY, self.station.file, code)

    def _changes(self) -> None:
        for line in CHANGES.strip().splitlines():
            on, entered, code, box, text, more = (cell.strip() for cell in line.split("|"))
            self._at(
                _day(entered or on), self.station.turn, code, box, text, _day(on), more, place=6
            )
        for code, on in FILED.items():
            self._at(_day(on), self.station.file, code, place=7)
        self._at(LEFT + ONE_DAY, self.station.retire, RETIRED, LEFT, place=9)
        self._at(_day("2025-07-24"), self.station.set_day, _day("2025-07-25"), False)
        self._at(_day("2025-09-12"), self.station.set_day, _day("2025-09-13"), True)

    def _inspections(self) -> None:
        """In spring a part of two points in three, in autumn the whole."""
        for place, code in enumerate(self.since):
            for begun, looked_at in (
                (_day("2025-02-20"), list(CONDITIONS)[:7]),
                (_day("2025-09-03"), list(CONDITIONS)),
            ):
                day = begun + place * ONE_DAY
                if self._stands(code, day) and (place % 3 or code == MODEL):
                    answers = ["yes"] * 8 + ["no:破损", "no"] * (code != MODEL)
                    found = {item: self.random.choice(answers) for item in looked_at}
                    self._at(day, self.station.inspect, code, "陈建平", found)

    def _complaints(self) -> None:
        for line in EDGES.strip().splitlines():
            received, escalated, closed = line.split()
            life = self._life("P004", _day(received))
            life.on(None if escalated == "-" else _day(escalated), _day(closed))
            self._enter(life)
        weights = [BUSY.get(code, 1) for code in self.since]
        for _ in range(389):
            code = self.random.choices(list(self.since), weights)[0]
            life = self._life(
                code, next(day for day in self._days(10**4) if self._stands(code, day))
            )
            life.by_chance()
            self._enter(life)
        # One is older than its point.
        life = self._life("P019", _day("2025-03-26"))
        life.by_chance()
        self._enter(life)

    def _life(self, code: str, received: date) -> Life:
        return Life(self.random, self.station, code, received, HABITS.get(code, Habits(ANYWHERE)))

    def _enter(self, life: Life) -> None:
        entered = self.since[life.code]
        for on, act in life.acts:
            entered = max(entered, self._entered(on, life.code))
            self._at(entered, life.act, act)

    def _visits(self) -> None:
        for code, since in self.since.items():
            for month in range(14):
                first = date(2024 + (month + 11) // 12, (month + 11) % 12 + 1, 1)
                day = max(first + self.random.randrange(28) * ONE_DAY, since)
                if self._stands(code, day) and (code == MODEL or self.random.random() < 0.88):
                    boxes = {"count": self.random.choice((1, 1, 1, 2)), "raised": "无"}
                    self._at(day, self.station.record, "visit", code, boxes)

    def _records(self) -> None:
        for kind, count in RECORDS.items():
            for number, day in enumerate(self._days(count)):
                code = self.random.choice(
                    [code for code in self.since if self._stands(code, day) and code != QUIET]
                )
                boxes: Row = {"on": str(day)}
                if kind in ("inquiry", "publicity", "lead"):
                    boxes["count"] = self.random.randrange(1, 9)
                if kind in ("notice", "interview"):
                    code, boxes = "P003", boxes | {"respondent": "3号摊", "text": "请整改"}
                for_all = kind in ("meeting", "training") and number % 2
                self._at(
                    self._entered(day, code),
                    self.station.record,
                    kind,
                    None if for_all else code,
                    boxes,
                )
        for line in MENDED.strip().splitlines():
            on, kind, *box = line.split()
            self._at(_day(on), self._mend, kind, *box, place=8)

    def _mend(self, day: date, kind: str, box: str = "", value: str = "") -> None:
        row = next(
            each
            for each in reversed(self.station.records)
            if each["kind"] == kind and not each["voided"]
        )
        if box:
            self.station.amend_record(day, row, box, int(value) if box == "count" else value)
        else:
            self.station.void_record(day, row)

    def _returns(self) -> None:
        for period, (first, last) in RETURNS.items():
            self._at(_day(first), self._receive, period, place=8)
            if period in SUBMITTED:
                self._at(_day(last), self._submit, period, place=9)

    def _receive(self, day: date, period: str) -> None:
        """Nil where nothing happened; some never send anything."""
        first, last = PERIODS[period]
        for code, since in self.since.items():
            if (
                since <= last
                and (code != RETIRED or first < LEFT)
                and (code == MODEL or self.random.random() < 0.85)
            ):
                nothing = not any(
                    row["total"] for row in attachment3(self.station, first, last, code).values()
                )
                self.station.receive(day, code, period, "nil" if nothing else "received")

    def _submit(self, day: date, period: str) -> None:
        """What was told is kept; of the periods before it is what was told of them now."""
        self.station.run(day, f"returns submit {period} -o {self.station.cli.path.parent}")
        forms = {
            code: attachment3(self.station, *PERIODS[period], code)
            for code in (None, *self.station.points)
        }
        self.station.told[period] = {3: forms, 6: attachment6(self.station, period)}
        for each, told in self.station.told.items():
            told["restated"] = attachment3(self.station, *PERIODS[each])


def lived() -> tuple[Station, bytes]:
    """The station at the end of it, and its ledger."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        # No power is cut here.
        monkeypatch.setattr(
            "ledger12315.ledger.store.opening.PRAGMAS", (*PRAGMAS, "PRAGMA synchronous = OFF")
        )
        station = Station(Path(folder, "ledger.sqlite"), monkeypatch)
        Story(station).live()
        return station, station.cli.path.read_bytes()
