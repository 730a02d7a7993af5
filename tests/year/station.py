"""A station as plain lists of plain dicts, and each act twice: done by the program, and written down here in our own words."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger12315.boxes.fields import CLOSE, COMPLAINT, LOG, RECORDS, parse_all
from ledger12315.boxes.reading import Value
from ledger12315.ledger import points, records
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.returns import received as returns
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.opening import writing
from ledger12315.rules.periods import parse_period
from tests.cli.conftest import Cli

Row = dict[str, Any]
ONE_DAY = timedelta(days=1)
_MONEY = ("purchase", "disputed", "recovered", "multiple_damages")
_EMPTY = dict.fromkeys(COMPLAINT) | dict.fromkeys(("escalated", "reason", "voided", "void_reason"))


class Station:
    """What happened, as of now. A day that is kept as text sorts as the day does; amounts are in 分."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cli = Cli(path, monkeypatch)
        self.points: dict[str, Row] = {}
        self.complaints: list[Row] = []
        self.records: list[Row] = []
        self.returns: dict[tuple[str, str], str] = {}
        self.told: dict[str, Any] = {}
        self.local: dict[date, bool] = {}
        self._waiting: list[Callable[[Ledger], object]] = []
        self._serials = Counter[str]()
        self._closings: dict[str, dict[str, tuple[object, object]]] = {}

    def run(self, day: date, line: str, stdin: str = "") -> Any:
        """One command; what it prints as JSON, where it does."""
        self.flush()
        result = self.cli(line, stdin, str(day))
        assert result.code == 0, (line, result.err)
        return result.json if "--json" in line else result.out

    def soon(self, act: Callable[[Ledger], object]) -> None:
        """An act of which there are hundreds: a transaction of its own for each would be most of the time."""
        self._waiting.append(act)

    def flush(self) -> None:
        if self._waiting:
            with writing(self.cli.path, "log") as ledger:
                for act in self._waiting:
                    act(ledger)
            self._waiting = []

    # Points.

    def register(
        self, day: date, type_: str, name: str, boxes: dict[str, str], people: dict[str, str]
    ) -> None:
        words = " ".join(f"--{key} '{text}'" for key, text in (boxes | people).items())
        self.flush()
        result = self.cli(
            f"register {name} --type {type_} --since {day} {words} --json", today=str(day)
        )
        made = result.json
        assert [word for word in ("liaison", "officer") if word in result.err] == [
            word for word in ("liaison", "officer") if word not in people
        ]
        point = {
            "code": made["code"],
            "name": name,
            "since": str(day),
            "retired": None,
            "boxes": boxes,
            "filed": None,
        }
        point |= {
            "eligibility": made["eligibility"],
            "types": [(str(day), type_)],
            "hosts": [(str(day), boxes["host"])],
        }
        self.points[made["code"]] = point | {"people": [], "levels": [], "found": []}
        for role, text in people.items():
            self._people(self.points[made["code"]], role, text, str(day))

    def turn(self, day: date, code: str, box: str, text: str, on: date, more: str = "") -> None:
        """Another type, host, liaison, officer or level of demonstration from `on`; `more` are boxes to be amended with it."""
        self.run(day, f"point amend {code} --{box} '{text}' --on {on} {more}")
        point = self.points[code]
        point["filed"] = None
        # What is kept without dates is as it is now, in the forms of last quarter too.
        point["boxes"] = point["boxes"] | dict(
            zip((word.strip("-") for word in more.split()[::2]), more.split()[1::2], strict=True)
        )
        if "--judgement" in more:
            point["eligibility"] = "judged"
        if box in ("liaison", "officer"):
            self._people(point, box, text, str(on))
        else:
            point[{"type": "types", "host": "hosts", "demonstration": "levels"}[box]].append(
                (str(on), text)
            )

    def _people(self, point: Row, role: str, text: str, on: str) -> None:
        wanted = [
            dict(
                zip(
                    ("name", "phone", "terms", "badge"), [*each.split(), *[None] * 3], strict=False
                )
            )
            for each in text.split(";")
        ]
        holding = [
            each for each in point["people"] if each["role"] == role and each["until"] is None
        ]
        for each in holding:
            if each["name"] not in [person["name"] for person in wanted]:
                each["until"] = on
        for person in wanted:
            if person["name"] not in [each["name"] for each in holding]:
                point["people"].append({"role": role, "since": on, "until": None, **person})

    def file(self, day: date, code: str) -> None:
        self.run(day, f"point amend {code} --filed {day}")
        self.points[code]["filed"] = str(day)

    def inspect(self, day: date, code: str, inspector: str, found: dict[str, str]) -> None:
        words = " ".join(f"--{item.replace('_', '-')} '{text}'" for item, text in found.items())
        self.run(day, f"point inspect {code} --inspector {inspector} {words}")
        for item, text in found.items():
            self.points[code]["found"].append(
                {"day": str(day), "item": item, "text": text, "inspector": inspector}
            )

    def retire(self, day: date, code: str, on: date) -> None:
        self.run(day, f"point retire {code} --on {on}")
        point = self.points[code]
        point["retired"] = str(on)
        for each in point["people"]:
            each["until"] = each["until"] or str(on)

    # Complaints.

    def log(self, day: date, code: str, boxes: Row) -> Row:
        """The complaint as it will be known; its number is reckoned here and held against the program's."""
        self._serials[boxes["received"][:4]] += 1
        number = f"{boxes['received'][:4]}-{self._serials[boxes['received'][:4]]:04}"
        raw = _raw(boxes)

        def act(ledger: Ledger) -> None:
            assert (
                complaints.log(
                    ledger, points.find_point(ledger, code), parse_all(LOG, raw, day), day
                ).number
                == number
            )

        self.soon(act)
        handler = next(iter(held(self.points[code], "liaison", boxes["received"])), {}).get("name")
        made = (
            _EMPTY
            | {
                "number": number,
                "point": code,
                "recovered": 0,
                "multiple_damages": 0,
                "handler": handler,
            }
            | boxes
        )
        self.complaints.append(made)
        return made

    def escalate(self, day: date, complaint: Row, on: date, reason: str) -> None:
        self.soon(lambda ledger: complaints.escalate(ledger, complaint["number"], reason, str(on)))
        complaint |= {"escalated": str(on), "reason": reason}

    def close(self, day: date, complaint: Row, boxes: Row) -> None:
        raw = _raw(boxes)
        self.soon(
            lambda ledger: complaints.close(
                ledger, complaint["number"], parse_all(CLOSE, raw, day), day
            )
        )
        self._closings[complaint["number"]] = {
            key: (complaint.get(key), value) for key, value in boxes.items()
        }
        complaint |= boxes

    def amend(self, day: date, complaint: Row, boxes: Row) -> None:
        raw = _raw(boxes)

        def act(ledger: Ledger) -> None:
            fields = [COMPLAINT[key]._replace(required=False) for key in raw]
            changes: dict[str, Value | None] = {**parse_all(fields, raw, day)}
            complaints.amend(ledger, complaint["number"], changes)

        self.soon(act)
        complaint |= boxes

    def reopen(self, day: date, complaint: Row) -> None:
        self.run(day, f"complaint reopen {complaint['number']} --reason 误办结")
        closing = self._closings[complaint["number"]]
        complaint |= {
            key: was for key, (was, became) in closing.items() if complaint[key] == became
        }
        complaint |= dict.fromkeys(("outcome", "closed", "rating", "told")) | {
            "recovered": 0,
            "multiple_damages": 0,
        }

    def void(self, day: date, complaint: Row) -> None:
        self.run(day, f"complaint void {complaint['number']} --reason 重复登记")
        complaint |= {"voided": str(day), "void_reason": "重复登记"}

    # Records and returns.

    def record(self, day: date, kind: str, code: str | None, boxes: Row) -> None:
        """`boxes` without `on` happened today."""
        row = {
            "kind": kind,
            "point": code,
            "on": str(day),
            "count": 1,
            "voided": None,
            "id": len(self.records) + 1,
        } | boxes
        self.records.append(row)
        raw = {key: str(value) for key, value in boxes.items()}

        def act(ledger: Ledger) -> None:
            point = points.find_point(ledger, code) if code else None
            assert (
                records.record(ledger, kind, point, parse_all(RECORDS[kind], raw, day), day)["id"]
                == row["id"]
            )

        self.soon(act)

    def amend_record(self, day: date, row: Row, box: str, value: Any) -> None:
        self.run(day, f"record amend {row['id']} --{box} '{value}'")
        row[box] = value

    def void_record(self, day: date, row: Row) -> None:
        self.run(day, f"record void {row['id']} --reason 误登")
        row["voided"] = str(day)

    def receive(self, day: date, code: str, period: str, state: str) -> None:
        def act(ledger: Ledger) -> None:
            returns.receive(
                ledger,
                Scope(parse_period(period), None, points.find_point(ledger, code)),
                state,
                str(day),
                day,
            )

        self.soon(act)
        self.returns[code, period] = state

    def set_day(self, day: date, on: date, worked: bool) -> None:
        self.run(day, f"calendar day {on} --{'work' if worked else 'rest'} --why 台风")
        self.local[on] = worked


def held(point: Row, role: str, day: str) -> list[Row]:
    """Who was liaison or officer there on that day, whoever came first before the others."""
    there = [
        each
        for each in point["people"]
        if each["role"] == role and each["since"] <= day and (each["until"] or "9") > day
    ]
    return sorted(there, key=lambda each: each["since"])


def named(point: Row, role: str, day: str) -> list[Row]:
    """Whom a form of that day names: of a retired point, who was there on its last."""
    retired = point["retired"] and point["retired"] <= day
    return held(
        point, role, str(date.fromisoformat(point["retired"]) - ONE_DAY) if retired else day
    )


def _raw(boxes: Row) -> dict[str, str]:
    """What a clerk types for each box that is filled."""
    return {
        key: f"{value / 100:.2f}" if key in _MONEY else str(value)
        for key, value in boxes.items()
        if value is not None
    }
