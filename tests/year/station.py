"""A station that does each line by the program, and then writes it down here in our own words."""

from collections import defaultdict
from datetime import date
from typing import Any

from ledger12315.errors import LedgerError
from ledger12315.ledger.rows import Ledger
from tests import oracle
from tests.building import act, taken_apart
from tests.oracle import ONE_DAY, Figures, Row, held

_MONEY = ("purchase", "disputed", "recovered", "multiple_damages")
_CLOSING = ("outcome", "closed", "rating", "told")
# Kept with the day from which it holds: box -> where.
_DATED = {"type": "types", "host": "hosts", "demonstration": "levels"}


class Station(oracle.Station):
    """What happened, as of now; what was told of each period when it was submitted."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self.ledger = ledger
        self.told: dict[str, dict[str | None, Figures]] = {}
        self.nil: list[tuple[str, str]] = []

    def act(self, day: date, line: str) -> Any:
        """Do a line, and return what is written down of it; None where the program refuses it."""
        try:
            given = act(self.ledger, line, today=day)
        except LedgerError:
            return None
        command, words, raw = taken_apart(line)
        if command.startswith("complaint"):
            [row] = [row for row in self.complaints if row["number"] == words[0]]
            return getattr(self, command.replace(" ", "_"))(row, str(day), _boxes(raw))
        made = getattr(self, command.replace(" ", "_"))(words, str(day), raw)
        if command in ("register", "log", "record"):
            assert given == (made["number"] or made["id"])
        return made

    # Points.

    def register(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        people = {role: raw.pop(role) for role in ("liaison", "officer") if role in raw}
        point: Row = defaultdict(lambda: None, boxes=raw, name=words[0], since=raw.pop("since"))
        point["number"] = point["code"] = f"P{len(self.points) + 1:03}"
        point |= {"types": [(day, raw.pop("type"))], "hosts": [(day, raw["host"])]}
        point |= {"people": [], "levels": [], "found": [], "judged": "judgement" in raw}
        self.points[point["code"]] = point
        for role, text in people.items():
            self._people(point, role, text, day)
        return point

    def point_amend(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        point, on = self.points[words[0]], raw.pop("on", day)
        point["filed"] = raw.pop("filed", None)
        point["judged"] |= "judgement" in raw
        for box, text in raw.items():
            if box in ("liaison", "officer"):
                self._people(point, box, text, on)
            elif box in _DATED:
                point[_DATED[box]].append((on, "" if text == "none" else text))
            else:  # is kept without dates, as it is now, in the forms of last quarter too
                point["boxes"] = point["boxes"] | {box: text}
        return point

    def _people(self, point: Row, role: str, text: str, on: str) -> None:
        keys, there = ("name", "phone", "terms", "badge"), point["people"]
        wanted = [dict(zip(keys, each.split(), strict=False)) for each in text.split(";")]
        holding = {row["name"]: row for row in there if row["role"] == role and not row["until"]}
        for name in holding.keys() - {person["name"] for person in wanted}:
            holding[name]["until"] = on
        for person in wanted:
            if person["name"] not in holding:
                there.append(defaultdict(lambda: None, person, role=role, since=on))

    def point_inspect(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        point, inspector = self.points[words[0]], raw.pop("inspector")
        for item, text in raw.items():
            found = {"day": day, "item": item, "text": text, "inspector": inspector}
            point["found"].append(found)
        return point

    def point_retire(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        point = self.points[words[0]]
        point["retired"] = raw["on"]
        for row in point["people"]:
            row["until"] = row["until"] or raw["on"]
        return point

    # Complaints.

    def log(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        code, year = words[0], raw["received"][:4]
        serial = sum(row["number"].startswith(year) for row in self.complaints) + 1
        row: Row = defaultdict(lambda: None, recovered=0, multiple_damages=0, point=code)
        row |= {"number": f"{year}-{serial:04}", **_boxes(raw)}
        row["handler"] = next(
            (each["name"] for each in held(self.points[code], "liaison", raw["received"])), None
        )
        self.complaints.append(row)
        return row

    def close(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        [row] = [row for row in self.complaints if row["number"] == words[0]]
        boxes = _boxes(raw)
        row["before"] = {key: (row[key], value) for key, value in boxes.items()}
        row |= boxes
        return row

    def complaint_escalate(self, row: Row, day: str, boxes: Row) -> Row:
        row |= {"escalated": boxes["on"], "escalation_reason": boxes["reason"]}
        return row

    def complaint_amend(self, row: Row, day: str, boxes: Row) -> Row:
        row |= boxes
        return row

    def complaint_reopen(self, row: Row, day: str, boxes: Row) -> Row:
        row |= {key: was for key, (was, became) in row["before"].items() if row[key] == became}
        row |= dict.fromkeys(_CLOSING) | {"recovered": 0, "multiple_damages": 0}
        return row

    def complaint_void(self, row: Row, day: str, boxes: Row) -> Row:
        row |= {"voided": day, "void_reason": boxes["reason"]}
        return row

    # Records, returns, the calendar.

    def record(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        row = defaultdict(lambda: None, kind=words[0], point=words[1], on=day, count=1)
        row |= {"id": len(self.records) + 1, **_boxes(raw)}
        self.records.append(row)
        return row

    def record_amend(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        row = self.records[int(words[0]) - 1]
        row |= _boxes(raw)
        return row

    def record_void(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        row = self.records[int(words[0]) - 1]
        row["voided"] = day
        return row

    def returns_receive(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        code, period = words
        self.returns[code, period] = day
        self.nil += [(code, period)] * ("nil" in raw)
        return {}

    def calendar_day(self, words: list[str], day: str, raw: dict[str, str]) -> Row:
        self.local[date.fromisoformat(words[0])] = "work" in raw
        return {}


def _boxes(raw: dict[str, str]) -> Row:
    """Return what the texts mean: amounts in 分, numbers of times, nothing for an empty one."""
    found: Row = {key: text or None for key, text in raw.items()}
    found |= {key: round(float(raw[key]) * 100) for key in _MONEY if key in raw}
    return found | {key: int(raw[key]) for key in ("count",) if key in raw}


def named(point: Row, role: str, day: str) -> list[Row]:
    """Return whom a form of that day names: of a retired point, who was there on its last."""
    retired = point["retired"]
    gone = retired and retired <= day
    return held(point, role, str(date.fromisoformat(retired) - ONE_DAY) if gone else day)
