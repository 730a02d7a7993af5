"""Stations of a county through a year, with many late entries, drawn by a seed."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random

from ledger12315.errors import LedgerError
from tests.year.station import Station

# The returns in the order in which they go out, and the day of each.
ROUNDS = {
    "2025Q1": date(2025, 4, 3),
    "2025Q2": date(2025, 7, 4),
    "2025Q3": date(2025, 10, 9),
    "2025A": date(2025, 12, 4),
    "2025Q4": date(2026, 1, 4),
}
_BEGUN = date(2025, 1, 2)
_BEFORE = """
    settings set begins 2025-01-01
    register 商场 --type mall --host 公司 --since 2025-01-01 --liaison '林秀珍 13900000101'
    register 超市 --type supermarket --host 公司 --since 2025-01-01 --liaison '王小明 13900000102'
    register 市场 --type market --host 公司 --since 2025-01-01"""
# What is entered on a day, and how often of a hundred.
_LINES = """
    16 | log {point} --received {day} --kind goods --disputed {n}.50
    8  | log {point} --received {day} --kind service --source other --disputed {n}.25
    6  | log {point} --received {day} --kind other --source referred --referral-no {n} --disputed 0
    14 | close {open} --outcome settled --closed {after} --rating satisfied --recovered {n}.25
    6  | close {open} --outcome mediated --closed {after} --rating dissatisfied --recovered {n}
    4  | close {open} --outcome advised --told {after} --closed {after}
    4  | close {open} --outcome mediation_failed --closed {after} --rating basic
    3  | close {open} --outcome withdrawn --closed {after}
    3  | close {open} --outcome unreachable --closed {after}
    3  | complaint escalate {open} --reason 疑难 --on {after}
    2  | complaint void {closed} --reason 重复
    2  | complaint reopen {closed} --reason 未结
    3  | complaint amend {closed} --disputed {n}.75 --recovered {n}.50
    4  | record inquiry {point} --on {day} --count {few}
    2  | record lead {point} --on {day}
    2  | record major {point} --on {day}
    4  | record visit {point} --on {day}
    2  | record training {point} --on {day} --count {few}
    2  | record meeting {point} --on {day}
    1  | record interview {point} --on {day} --text 请整改 --respondent 3号摊
    1  | record void {few} --reason 错
    1  | register 新店 --type scenic --host 公司 --since {day} --liaison '何丽华 13900000103'
    1  | point amend {old} --demonstration municipal --on {day}
    1  | point amend {old} --type enterprise --on {day}
    1  | point retire {old} --on {day}
    4  | returns receive {point} 2025Q{quarter} --on {today}"""


class Year:
    """One station's year, line by line; refused lines have no effect."""

    def __init__(self, station: Station, seed: int) -> None:
        self.station, self.today = station, _BEGUN
        self.drawn = Random(seed)  # noqa: S311  the same year each time
        self.lines, self.weights = [], list[int]()
        for weight, line in (each.split("|") for each in _LINES.strip().splitlines()):
            self.lines.append(line.strip())
            self.weights.append(int(weight))
        for line in filter(None, map(str.strip, _BEFORE.splitlines())):
            station.act(_BEGUN, line)

    def upto(self, last: date) -> None:
        """Continue until the day before a return goes out, with an entry every third day."""
        while self.today < last - timedelta(days=3):
            self.today += timedelta(days=3)
            for line in self.drawn.choices(self.lines, self.weights, k=1):
                with suppress(LedgerError):
                    self.station.act(self.today, line.format(**self._values()))

    def _values(self) -> dict[str, object]:
        """Return the values for a line; one open case, and one closed."""
        valid = [row for row in self.station.complaints if not row["voided"]]
        open_ = [row for row in valid if not row["closed"]] or [{}]
        closed = [row for row in valid if row["closed"]] or [{}]
        case, day = self.drawn.choice(open_), self._day("2025-01-01")
        points = self.station.points
        # What changes on the day of set-up has always been so.
        old = [code for code, point in points.items() if point["since"] < day] or ["none"]
        return {
            "old": self.drawn.choice(old),
            "point": self.drawn.choice(list(points)),
            "open": case.get("code", "none"),
            "closed": self.drawn.choice(closed).get("code", "none"),
            "day": day,
            "after": self._day(case.get("received", "2025-01-01")),
            "today": self.today,
            "quarter": self.drawn.randrange(1, 5),
            "few": self.drawn.randrange(1, 9),
            "n": self.drawn.randrange(1, 999),
        }

    def _day(self, since: str) -> str:
        """Return today, or an earlier day for a late entry."""
        back = self.drawn.choice((0, 0, 0, 1, 3, 20, 60, 120))
        return max(since, str(self.today - timedelta(days=back)))
