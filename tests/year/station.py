"""A station that runs each line in the program, and records it here in plain words."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from ledger12315.ledger.store import Ledger
from tests import oracle
from tests.building import act, built, taken_apart
from tests.oracle import ONE_DAY, Figures, Row, counted, held

PERIODS = {
    "2025Q1": ("2025-01-01", "2025-03-31"),
    "2025Q2": ("2025-04-01", "2025-06-30"),
    "2025Q3": ("2025-07-01", "2025-09-30"),
    "2025Q4": ("2025-10-01", "2025-12-31"),
    "2025": ("2025-01-01", "2025-12-31"),
    "2025A": ("2024-12-01", "2025-11-30"),
}
RETURNS = ("2025Q1", "2025Q2", "2025Q3", "2025A", "2025Q4")
_MONEY = ("purchase", "disputed", "recovered", "multiple_damages")
_CLOSING = dict.fromkeys(("outcome", "closed", "rating", "told", "recovered", "multiple_damages"))


class Station(oracle.Station):
    """The events so far, and the reports of each submitted period."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self.ledger = ledger
        self.told: dict[str, dict[str, Figures]] = {}

    def act(self, day: date, line: str) -> None:
        """Run a line, and record it."""
        given = act(self.ledger, line, today=day)
        if line.startswith("settings set begins"):
            self.begins = line.split()[-1]
            return
        command, [about, *more], raw = taken_apart(line)
        write = getattr(self, command.split()[0])
        made = write(command, about, str(day), _boxes(raw), *more)
        if command in ("register", "log", "record"):
            assert given == made[command if command == "record" else "code"]

    def now(self, period: str) -> dict[str, Figures]:
        """Return the figures of all, and of each point."""
        parts = {"": self} | {code: self.only(code) for code in self.points}
        return {code: counted(part, period, *PERIODS[period]) for code, part in parts.items()}

    def register(self, command: str, name: str, day: str, boxes: Row) -> Row:
        code = f"P{len(self.points) + 1:03}"
        point = _row(name=name, code=code, since=boxes["since"], types=[], levels=[], people=[])
        point["hosts"] = [(boxes["since"], boxes["host"])]
        self.points[code] = point
        self.point("point amend", code, boxes["since"], boxes)
        return point

    def point(self, command: str, code: str, day: str, boxes: Row) -> None:
        point, on = self.points[code], boxes.get("on", day)
        if command == "point retire":
            point["retired"] = on
            for row in point["people"]:
                row["until"] = row["until"] or on
        # What an inspection looks at has names of its own.
        for box, text in boxes.items() if command == "point amend" else ():
            if box == "host":
                point["hosts"].append((on, text))
            elif box == "type" and text not in (each for _, each in point["types"][-1:]):
                point["types"].append((on, text))
            elif box == "demonstration":
                point["levels"].append((on, "" if text == "none" else text))
            elif box in ("liaison", "officer"):
                _come_and_go(point, box, text, on)

    def log(self, command: str, place: str, day: str, boxes: Row) -> Row:
        year = boxes["received"][:4]
        serial = sum(row["code"].startswith(year) for row in self.complaints) + 1
        row = _row(source="direct", facts="开胶", point=place, code=f"{year}-{serial:04}") | boxes
        self.complaints.append(row)
        return row

    def close(self, command: str, number: str, day: str, boxes: Row) -> None:
        [row] = [row for row in self.complaints if row["code"] == number]
        row["before"] = {key: (row[key], value) for key, value in boxes.items()}
        row |= boxes

    def complaint(self, command: str, number: str, day: str, boxes: Row) -> None:
        [row] = [row for row in self.complaints if row["code"] == number]
        if command == "complaint escalate":
            row |= {"escalated": boxes["on"], "escalation_reason": boxes["reason"]}
        elif command == "complaint void":
            row |= {"voided": day, "void_reason": boxes["reason"]}
        elif command == "complaint reopen":
            kept = {key: was for key, (was, new) in row["before"].items() if row[key] == new}
            row |= kept | _CLOSING
        else:
            row |= boxes

    def record(self, command: str, kind: str, day: str, boxes: Row, place: str = "") -> Row | None:
        if command == "record":
            row = _row(kind=kind, point=place, on=day, count=1, record=len(self.records) + 1)
            row |= boxes
            self.records.append(row)
            return row
        self.records[int(kind) - 1] |= {"voided": day} if command == "record void" else boxes
        return None

    def returns(self, command: str, about: str, day: str, boxes: Row, period: str = "") -> None:
        if command == "returns receive":
            self.returned[about, period] = day
            return
        self.told[about] = self.now(about)
        for each in self.told:  # what was told of the periods before it is what is true now
            self.told[each]["restated"] = counted(self, each, *PERIODS[each])

    def calendar(self, command: str, on: str, day: str, boxes: Row) -> None:
        self.local[date.fromisoformat(on)] = "work" in boxes


def _row(**boxes: Any) -> Row:
    return defaultdict(lambda: None, boxes)


def _boxes(raw: dict[str, str]) -> Row:
    """Return the values of texts: amounts in 分, counts, None for an empty one."""
    found: Row = {key: text or None for key, text in raw.items()}
    found |= {key: round(float(raw[key]) * 100) for key in _MONEY if key in raw}
    return found | ({"count": int(raw["count"])} if "count" in raw else {})


def _come_and_go(point: Row, role: str, text: str, on: str) -> None:
    keys, there = ("name", "phone"), point["people"]
    wanted = [dict(zip(keys, each.split(), strict=False)) for each in text.split(";")]
    holding = {row["name"]: row for row in there if row["role"] == role and not row["until"]}
    for name in holding.keys() - {person["name"] for person in wanted}:
        holding[name]["until"] = on
    there += [_row(**each, role=role, since=on) for each in wanted if each["name"] not in holding]


def named(point: Row, role: str, day: str) -> list[Row]:
    """Return the names on a form of that day; for a retired point those of its last day."""
    retired = point["retired"]
    gone = retired and retired <= day
    return held(point, role, str(date.fromisoformat(retired) - ONE_DAY) if gone else day)


def year() -> list[str]:
    """Return the lines of the scenario, each after the day on which it was entered."""
    lines = Path(__file__).with_name("year.txt").read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def lived() -> tuple[Station, bytes]:
    """Return the station at the end, and its ledger."""
    with built("") as ledger:
        station = Station(ledger)
        for day, line in (line.split(" ", 1) for line in year()):
            station.act(date.fromisoformat(day), line)
        return station, ledger.serialize()
