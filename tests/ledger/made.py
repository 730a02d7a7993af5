"""Random ledgers: a year of a station, acted through the ledger's own functions, by SQL where no command stands yet."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ledger12315.boxes.reading import Person, Value
from ledger12315.errors import Refused
from ledger12315.ledger import points, records
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.points.setting_up import set_up
from ledger12315.ledger.store import Ledger, insert, new_key, now
from ledger12315.ledger.store.history import begin
from ledger12315.ledger.store.making import create
from ledger12315.rules.settings import SETTINGS
from ledger12315.words import KINDS, OUTCOMES, RATINGS, RECORDS, SOURCES, TYPES

TODAY = date(2027, 6, 30)
DEFAULTS = {key: each.default for key, each in SETTINGS.items()}
QUARTERS = [f"2026Q{number}" for number in range(1, 5)]
MONTHS = [f"2026-{number:02}" for number in range(1, 13)]
PERIODS = ["2025-12", *MONTHS, "2025Q4", *QUARTERS, "2026", "2026A"]
# Around the ends of periods mistakes are made; all is so early in December that no notice to come moves a due date.
_ENDS = (
    "2025-11-30",
    "2025-12-31",
    "2026-01-31",
    "2026-03-31",
    "2026-06-30",
    "2026-09-30",
    "2026-10-31",
    "2026-11-30",
)


def _around(*days: int) -> list[str]:
    return sorted(
        {(date.fromisoformat(end) + timedelta(days=n)).isoformat() for end in _ENDS for n in days}
    )


DAYS = _around(-9, -8, -7, -6, -1, 0, 1, 2, 9)

Row = dict[str, Any]


class Life(NamedTuple):
    """What happens at a station: its points, its complaints, its records."""

    points: list[Row]
    complaints: list[Row]
    records: list[Row]

    def __add__(self, other: "Life") -> "Life":  # type: ignore[override]
        """One station with the points of both and all that happened there."""
        here, there = len(self.points), len(other.points)

        def both(mine: list[Row], theirs: list[Row]) -> list[Row]:
            moved = [row | {"point": here + row["point"] % there} for row in theirs]
            return [row | {"point": row["point"] % here} for row in mine] + moved

        return Life(
            self.points + other.points,
            both(self.complaints, other.complaints),
            both(self.records, other.records),
        )


_day = st.sampled_from(DAYS)
_turn = st.sampled_from(_around(0, 1))
_wait = st.sampled_from((0, 1, 5, 6, 7, 8, 9, 12, 40, 100))


def _or_none(words: Mapping[str, object]) -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, *words))


_points = st.fixed_dictionaries(
    {
        # The first day is its set-up; what is left over when each type has its day is the day it is retired.
        "days": st.lists(_turn, min_size=1, max_size=3, unique=True).map(sorted),
        "types": st.lists(st.sampled_from(list(TYPES)), min_size=1, max_size=3),
        "liaison_until": st.none() | _turn,
        "level": st.sampled_from((None, "municipal", "provincial")),
        "level_days": st.lists(_turn, min_size=1, max_size=2).map(sorted),
        "returns": st.lists(st.sampled_from(QUARTERS), max_size=3, unique=True),
    }
)
_complaints = st.fixed_dictionaries(
    {
        "point": st.integers(0, 2),
        "received": _day,
        "escalated": st.none() | _wait,
        "closed": _wait,
        "outcome": _or_none(OUTCOMES),
        "source": st.sampled_from(list(SOURCES)),
        "kind": st.sampled_from(list(KINDS)),
        "disputed": st.integers(0, 10**6),
        "recovered": st.integers(0, 10**6),
        "rating": _or_none(RATINGS),
        "void": st.sampled_from((False, False, False, True)),
    }
)
_records = st.fixed_dictionaries(
    {
        "point": st.integers(0, 2),
        "own": st.booleans(),
        "kind": st.sampled_from(list(RECORDS)),
        "day": _day,
        "count": st.integers(1, 9),
    }
)
lives = st.builds(
    Life,
    st.lists(_points, min_size=1, max_size=3),
    st.lists(_complaints, min_size=3, max_size=8),
    st.lists(_records, max_size=4),
)


def a_point(types_and_days: str) -> Row:
    """`mall 2026-01-01 supermarket 2026-05-15 retired 2026-06-01`; of municipal level, with a return for the second quarter."""
    words = types_and_days.split()
    types = [word for word in words[::2] if word != "retired"]
    plain = {
        "liaison_until": None,
        "level": "municipal",
        "level_days": ["2026-01-01"],
        "returns": ["2026Q2"],
    }
    return {"types": types, "days": words[1::2], **plain}


def a_complaint(point: int, received: str, wait: int, outcome: str | None) -> Row:
    """One that is closed `wait` days after receipt, with the outcome."""
    plain = {"source": "direct", "kind": "goods", "rating": None, "escalated": None, "void": False}
    return {
        "point": point,
        "received": received,
        "closed": wait,
        "outcome": outcome,
        "disputed": 100,
        "recovered": 60,
        **plain,
    }


@cache
def empty_ledger() -> bytes:
    """A ledger as `init` makes it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        create(path, "东门所", "榕溪县", None, DEFAULTS)
        return path.read_bytes()


@contextmanager
def lived(life: Life) -> Iterator[Ledger]:
    """The ledger of a life, in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ledger:
        ledger.deserialize(empty_ledger())
        ledger.row_factory = sqlite3.Row
        ledger.execute("PRAGMA foreign_keys = ON")
        begin(ledger, "life")
        for number, row in enumerate(life.points, 1):
            _set_up(ledger, number, row)
        there = [
            points.find_point(ledger, f"P{number:03}") for number in range(1, len(life.points) + 1)
        ]
        for row in life.complaints:
            with suppress(Refused):  # what came in after the point was retired
                _complain(ledger, there[row["point"] % len(there)], row)
        for row in life.records:
            with suppress(Refused):
                _record(ledger, there[row["point"] % len(there)], row)
        yield ledger


def _set_up(ledger: Ledger, number: int, row: Row) -> None:
    days, types = row["days"], row["types"]
    # Small enough to need the judgement, graded enough for a scenic area: any type is recordable.
    boxes: dict[str, Value] = {
        "name": f"点{number}",
        "judgement": "客流大",
        "area": 1,
        "grade": 3,
        "liaison": Person("李四", None),
    }
    set_up(ledger, {**boxes, "type": types[0], "since": days[0]}, TODAY)
    for type_, day in zip(types[1:], days[1:], strict=False):
        ledger.execute(
            "UPDATE point_type SET until = ? WHERE point_id = ? AND until IS NULL", (day, number)
        )
        insert(ledger, "point_type", {"point_id": number, "type": type_, "since": day})
    if len(days) > len(types):
        ledger.execute("UPDATE point SET retired = ? WHERE id = ?", (days[len(types)], number))
        ledger.execute(
            "UPDATE point_type SET until = ? WHERE point_id = ? AND until IS NULL",
            (days[len(types)], number),
        )
    if row["liaison_until"] and row["liaison_until"] >= days[0]:
        ledger.execute(
            "UPDATE contact SET until = ? WHERE point_id = ?", (row["liaison_until"], number)
        )
    if row["level"]:
        since, until = [*row["level_days"], None][:2]
        insert(
            ledger,
            "demonstration",
            {"point_id": number, "level": row["level"], "since": since, "until": until},
        )
    for period in row["returns"]:
        insert(ledger, "point_return", {"point_id": number, "period": period, "day": "2027-01-05"})


def _complain(ledger: Ledger, point: points.Point, row: Row) -> None:
    boxes = {key: row[key] for key in ("received", "source", "kind", "disputed")}
    referral = {"referral_no": "1"} if row["source"] == "referred" else {}
    number = complaints.log(
        ledger,
        point,
        {"complainant": "张三", "item": "鞋", "facts": "开胶", **boxes, **referral},
        TODAY,
    ).number
    day = date.fromisoformat(row["received"])
    if row["escalated"] is not None:
        day += timedelta(days=row["escalated"])
        complaints.escalate(ledger, number, "疑难", day.isoformat())
    if row["outcome"]:
        closed = (day + timedelta(days=row["closed"])).isoformat()
        ending = {
            "outcome": row["outcome"],
            "closed": closed,
            "told": closed,
            "remark": "注",
            "recovered": row["recovered"],
        }
        complaints.close(
            ledger, number, ending | ({"rating": row["rating"]} if row["rating"] else {}), TODAY
        )
    if row["void"]:
        ledger.execute(
            "UPDATE complaint SET voided = '2026-12-11', void_reason = '重复' WHERE number = ?",
            (number,),
        )


def _record(ledger: Ledger, point: points.Point, row: Row) -> None:
    if row["own"] and row["kind"] in ("meeting", "training", "publicity"):
        own = {"kind": row["kind"], "day": row["day"], "count": row["count"], "type": "other"}
        insert(ledger, "record", own | {"key": new_key(), "entered": now()})
    else:
        records.record(
            ledger, row["kind"], point, {"on": row["day"], "count": row["count"]}, TODAY
        )
