"""The year 2025 of a made-up station, drawn from a fixed seed, line by line."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from ledger12315.words import CATEGORIES, CHANNELS, CONDITIONS, KINDS, PROBLEMS, REQUESTS, kind_of
from tests.building import empty_ledger, loaded
from tests.cli.conftest import Cli
from tests.oracle import ONE_DAY, ROWS, Row, counted
from tests.year import facts
from tests.year.facts import MODEL, PERIODS, QUIET, RETIRED, RETURNS
from tests.year.station import Station

_day = date.fromisoformat
_ENTERED = list(map(str.split, facts.POINTS.splitlines()[1:]))
SINCE = {f"P{number:03}": _day(since) for number, (since, _) in enumerate(_ENTERED, 1)}
_LEFT = date(2025, 8, 15)


class Story:
    """Draws the plan, then lets it happen in the order of the days of entry."""

    def __init__(self, station: Station, cli: Cli, open_: ExitStack) -> None:
        self.station, self.cli, self.open = station, cli, open_
        self.random = Random(12315)  # noqa: S311  # the same year each time
        self.plan: list[tuple[date, int, str | Callable[[date], object], Row | None]] = []

    def live(self) -> None:
        """Draw all, and do it; a line is about a complaint or record that is known by then."""
        self._points()
        self._complaints()
        self._records()
        self._returns()
        for day, _, line, row in sorted(self.plan, key=lambda each: each[:2]):
            if not isinstance(line, str):
                line(day)
            elif row is None or row:
                self.station.act(day, line.format(day=day, **(row or {})))
            else:
                row |= self.station.act(day, line) or {}

    def _at(
        self,
        day: date,
        line: str | Callable[[date], object],
        place: int = 5,
        row: Row | None = None,
    ) -> None:
        """Plan a line; of what is entered on one day, what has the lower `place` comes first."""
        if day <= facts.END:
            self.plan.append((day, place, line, row))

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _stands(self, code: str, day: date) -> bool:
        return SINCE[code] <= day and not (code == RETIRED and day >= _LEFT)

    def _days(self, count: int) -> Iterator[date]:
        for _ in range(count):
            yield _day("2024-12-01") + self.random.randrange(395) * ONE_DAY

    def _entered(self, day: date, code: str) -> date:
        """The day it is typed in: mostly the same, and not while returns are on their way."""
        late = self.random.randrange(1, 7) if self._chance(0.12) and code != RETIRED else 0
        entered = max(day + late * ONE_DAY, SINCE[code])
        for first, last in RETURNS.values():
            if first <= str(entered) <= last:
                entered = _day(last) + ONE_DAY
        return entered

    def _points(self) -> None:
        liaisons, officers = facts.LIAISONS.split(), facts.OFFICERS.split()
        types = facts.BOXES.strip().splitlines()
        for place, (since, name) in enumerate(_ENTERED):
            code, terms = f"P{place + 1:03}", "专职" if place % 3 else f"兼职 K{place}"
            line = f"register {name} --type {types[place % 6].strip()} --since {since}"
            line += f" --host {name}有限公司 --address 中山路{place + 1}号"
            if code != "P010":
                line += f" --liaison '{liaisons[place % 12]} 139000001{place:02} {terms}'"
            if code not in ("P008", "P017"):
                line += f" --officer '{officers[place % 4]} 1390000020{place % 4 + 1}'"
            self._at(_day(since), line, place=1)
            if place % 4 == 0:
                filed = _day(since) + 9 * ONE_DAY
                self._at(filed, f"point amend {code} --filed {filed}")
            if place % 3 or code == MODEL:
                self._inspections(code, place)
        for change in facts.CHANGES.strip().splitlines():
            day, _, line = change.strip().partition(" ")
            self._at(_day(day), line, place=9 if "retire" in line else 6)

    def _inspections(self, code: str, place: int) -> None:
        """In spring a part, in autumn the whole."""
        for begun, looked_at in (("2025-02-20", 7), ("2025-09-03", len(CONDITIONS))):
            answers = ["yes"] * 8 + ["no:破损", "no"] * (code != MODEL)
            line = f"point inspect {code} --inspector 陈建平"
            for item in list(CONDITIONS)[:looked_at]:
                line += f" --{item} {self.random.choice(answers)}"
            day = _day(begun) + place * ONE_DAY
            if self._stands(code, day):
                self._at(day, line)

    def _complaints(self) -> None:
        for edge in facts.EDGES.strip().splitlines():
            received, escalated, closed = edge.split()
            row = self._logged("P004", _day(received))
            if escalated != "-":
                self._then("P004", _day(escalated), row, self._escalation(_day(escalated)))
            self._then("P004", _day(closed), row, self._closing("P004", _day(closed)))
        weights = [facts.BUSY.get(code, 1) for code in SINCE]
        for _ in range(389):
            code = self.random.choices(list(SINCE), weights)[0]
            self._life(code, next(day for day in self._days(10**4) if self._stands(code, day)))
        self._life("P019", _day("2025-03-26"))  # is older than its point

    def _logged(self, code: str, received: date) -> Row:
        row: Row = {}
        self._at(self._entered(received, code), self._log(code, received), row=row)
        return row

    def _then(self, code: str, day: date, row: Row, line: str) -> None:
        """What happens on a day is entered on it or later, and after what was logged."""
        self._at(self._entered(day, code), line, place=6, row=row)

    def _life(self, code: str, received: date) -> None:
        """Let anything happen to a complaint, in the order of the days."""
        row, prompt, upto = self._logged(code, received), code == MODEL, 4
        if not prompt:
            [upto] = self.random.choices((1, 5, 10, 41, 151), (15, 45, 25, 12, 3))
        closed = received + self.random.randrange(upto) * ONE_DAY
        acts: list[tuple[date, str]] = []
        if not prompt and self._chance(0.16):
            on = min(received + self.random.randrange(14) * ONE_DAY, closed)
            acts.append((on, self._escalation(on)))
        if prompt or self._chance(0.93):
            acts += self._end(code, closed)
        if self._chance(0.08):
            day = received + self.random.randrange(70) * ONE_DAY
            acts.append((day, self._correction(received)))
        if self._chance(0.035):
            day = received + self.random.randrange(100) * ONE_DAY
            acts.append((day, "complaint void {number} --reason 重复登记"))
        earliest = received
        for day, line in sorted(acts, key=lambda each: each[0]):
            earliest = max(earliest, day)
            self._then(code, earliest, row, line)

    def _log(self, code: str, received: date) -> str:
        pick, amount = (
            self.random.choice,
            self.random.choice(("0", "9.90", "299", "1580.50", "1.2万")),
        )
        words = [
            f"log {code} --received {received} --facts 不符合约定 --channel {pick(list(CHANNELS))}",
            f"--complainant {pick('张王李赵陈')}{pick(('三', '小芳', '建国', '美兰'))}",
            f"--item {pick(('电饭锅', '连衣裙', '手机', '套餐', '=1+1'))}",
            f"--problem {pick(list(PROBLEMS))}",
        ]
        if self._chance(0.8):
            words.append(f"--phone 138{self.random.randrange(10**8):08}")
        source = "other" if self._chance(0.11) else "direct"
        if self._chance(0.3):
            source = "referred"
            words.append(f"--referral-no 榕消{self.random.randrange(999)}")
            words.append(f"--referred {received - ONE_DAY}")
        kind = pick(list(KINDS))
        if self._chance(0.75):
            category = pick(list(CATEGORIES))
            kind = kind_of(category)
            words.append(f"--category {category}")
        disputed = f"{self.random.randrange(10**6) / 100:.2f}"
        if self._chance(0.7):
            disputed = amount.replace("1.2万", "12000")
            words.append(f"--purchase {disputed}")
        words.append(f"--source {source} --kind {kind} --disputed {disputed}")
        if self._chance(0.4):
            asked = ",".join(self.random.sample(list(REQUESTS), 2))
            words.append(
                f"--respondent '{pick(('3号摊', '３号 摊', '二楼柜台'))}' --request {asked}"
            )
        if self._chance(0.2):
            promised = received + 3 * ONE_DAY
            words.append(f"--promised {promised} --brand 炊禾 --quantity 1台 --voucher 发票")
        if self._chance(0.06) and received > _day("2025-02-01"):
            words.append("--previous 2024-0001")
        return " ".join(words)

    def _escalation(self, on: date) -> str:
        return f"complaint escalate {{number}} --on {on} --reason 情况复杂"

    def _end(self, code: str, closed: date) -> Iterator[tuple[date, str]]:
        """Closed; now and then wrongly, reopened, and closed again with another day."""
        entered = closed
        if self._chance(0.03):
            yield closed, self._closing(code, closed)
            reopened = closed + 20 * ONE_DAY
            yield reopened, "complaint reopen {number} --reason 误办结"
            closed += self.random.randrange(60) * ONE_DAY
            entered = max(closed, reopened + ONE_DAY)
        yield entered, self._closing(code, closed)
        if self._chance(0.7):
            filing = f"--archive-no 榕档{self.random.randrange(10**4):04} --handling 已核实"
            line = f"complaint amend {{number}} {filing} --answered-how 电话 --answered {{day}}"
            yield closed + self.random.randrange(1, 9) * ONE_DAY, line

    def _closing(self, code: str, closed: date) -> str:
        ends = facts.ENDS.get(code, facts.ANYWHERE)
        [outcome] = self.random.choices(list(ends), list(ends.values()))
        line = f"close {{number}} --outcome {outcome} --closed {closed}"
        if outcome in ("settled", "mediated"):
            fen = self.random.randrange(50_000)
            line += f" --recovered {fen / 100:.2f} --multiple-damages {fen // 3 / 100:.2f}"
        line += {"advised": f" --told {closed}", "other": " --remark 另案处理"}.get(outcome, "")
        if outcome == "settled" and self._chance(0.3):
            until = closed + 10 * ONE_DAY
            line += f" --agreement 退货退款 --approved {closed} --perform-by {until}"
        if code not in facts.UNRATED and self._chance(0.85):
            [rating] = self.random.choices(("satisfied", "basic", "dissatisfied"), (80, 17, 3))
            line += f" --rating {rating}"
        return line

    def _correction(self, received: date) -> str:
        """A box that moves figures; where the rules refuse it, nothing changes."""
        fen = self.random.randrange(10**5)
        boxes = self.random.choice(
            (
                f"--disputed {fen / 100:.2f}",
                "--category clothing --kind goods",
                "--source other",
                f"--received {received - 3 * ONE_DAY}",
                f"--outcome withdrawn --rating basic --recovered {fen / 100:.2f}"
                " --multiple-damages 0",
            )
        )
        return f"complaint amend {{number}} {boxes}"

    def _records(self) -> None:
        for code, since in SINCE.items():
            for month in range(14):
                first = date(2024 + (month + 11) // 12, (month + 11) % 12 + 1, 1)
                day = max(first + self.random.randrange(28) * ONE_DAY, since)
                if self._stands(code, day) and (code == MODEL or self._chance(0.88)):
                    count = self.random.choice((1, 1, 1, 2))
                    self._at(day, f"record visit {code} --count {count} --raised 无")
        for kind, count in facts.RECORDS.items():
            for number, day in enumerate(self._days(count)):
                there = [code for code in SINCE if self._stands(code, day) and code != QUIET]
                code, more = self.random.choice(there), ""
                if kind in ("inquiry", "publicity", "lead"):
                    more = f"--count {self.random.randrange(1, 9)}"
                if kind in ("notice", "interview"):
                    code, more = "P003", "--respondent 3号摊 --text 请整改"
                for_all = kind in ("meeting", "training") and number % 2
                line = f"record {kind} {'-' if for_all else code} --on {day} {more}"
                self._at(self._entered(day, code), line)
        for mended in facts.MENDED.strip().splitlines():
            day_, kind, line = mended.strip().split(" ", 2)
            self._at(_day(day_), self._mending(kind, line), place=8)

    def _mending(self, kind: str, line: str) -> Callable[[date], object]:
        def mend(day: date) -> None:
            alike = [row for row in self.station.records if row["kind"] == kind]
            self.station.act(
                day, line.format(id=[row for row in alike if not row["voided"]][-1]["id"])
            )

        return mend

    def _returns(self) -> None:
        for period, (first, last) in RETURNS.items():
            self._at(_day(first), self._receiving(period), place=8)
            if period in facts.SUBMITTED:
                self._at(_day(last), self._submission(period), place=9)

    def _receiving(self, period: str) -> Callable[[date], object]:
        """Nil where nothing happened; some never send anything."""

        def receive(day: date) -> None:
            for code in list(self.station.points):
                if code == MODEL or self._chance(0.85):
                    found = counted(self.station.only(code), period, *PERIODS[period])
                    nil = "" if any(found[key]["total"] for key in ROWS) else "--nil"
                    self.station.act(day, f"returns receive {code} {period} {nil}")

        return receive

    def _submission(self, period: str) -> Callable[[date], object]:
        """What was told is kept; of the periods before it is what was told of them now."""

        def submit(day: date) -> None:
            station = self.station
            self.cli.path.write_bytes(station.ledger.serialize())
            line = f"returns submit {period} -o {self.cli.path.parent}"
            result = self.cli(line, today=str(day))
            assert result.code == 0, result.err
            station.ledger = self.open.enter_context(loaded(self.cli.path.read_bytes()))
            parts = {None: station} | {code: station.only(code) for code in station.points}
            station.told[period] = {
                code: counted(part, period, *PERIODS[period]) for code, part in parts.items()
            }
            for each in station.told:
                station.told[each]["restated"] = counted(station, each, *PERIODS[each])

        return submit


def lived(monkeypatch: pytest.MonkeyPatch) -> tuple[Station, bytes]:
    """The station at the end of it, and its ledger."""
    with TemporaryDirectory() as folder, ExitStack() as open_:
        station = Station(open_.enter_context(loaded(empty_ledger())))
        Story(station, Cli(Path(folder, "ledger.sqlite"), monkeypatch), open_).live()
        return station, station.ledger.serialize()
