"""The point directory: what stood in Attachment 4 on any day. Source: 三(一), 三(二), 三(五)1 and 8, domain 2."""

from collections.abc import Iterator
from itertools import groupby, zip_longest
from typing import Any, NamedTuple

from ledger12315.ledger.points import Point, type_on
from ledger12315.ledger.store import Ledger
from ledger12315.words import CONDITIONS


class Spell(NamedTuple):
    """What one box held from a day on, up to the day before `until`: a type, host, liaison, officer or demonstration level.

    The last three are a contact's; `id` is that of the row in the box's own table.
    """

    box: str
    id: int
    value: str | None
    since: str
    until: str | None
    phone: str | None
    terms: str | None
    badge: str | None

    def holds(self, day: str) -> bool:
        """Whether it stood on `day`."""
        return self.since <= day and (self.until is None or day < self.until)


class Change(NamedTuple):
    """On `day` a box (type, host, liaison, officer, demonstration) went from one value, a code or name, to another."""

    day: str
    box: str
    was: str | None
    becomes: str | None


class Finding(NamedTuple):
    """What the latest inspection found of one condition of 三(二) or 三(三)1."""

    met: bool
    day: str
    inspector: str | None
    remark: str | None


_SPELLS = """
    SELECT 'type', id, type, since, until, NULL, NULL, NULL FROM point_type WHERE point_id = :id
    UNION ALL SELECT role, id, name, since, until, phone, terms, badge FROM contact WHERE point_id = :id
    UNION ALL SELECT 'demonstration', id, level, since, until, NULL, NULL, NULL FROM demonstration WHERE point_id = :id
    UNION ALL SELECT 'host', id, name, coalesce(lag(until) OVER (ORDER BY until), :since), until, NULL, NULL, NULL
              FROM former_host WHERE point_id = :id
    UNION ALL SELECT 'host', id, host, coalesce((SELECT max(until) FROM former_host WHERE point_id = :id), :since),
                     NULL, NULL, NULL, NULL FROM point WHERE id = :id
    ORDER BY 4, 2"""


def spells(ledger: Ledger, point: Point) -> list[Spell]:
    """All that ever stood in the boxes that are kept with dates, by the day it began."""
    return [Spell(*row) for row in ledger.execute(_SPELLS, {"id": point.id, "since": point.since})]


def profile(ledger: Ledger, point: Point, day: str) -> dict[str, Any]:
    """Attachment 4 as it stood on `day`; areas in 0.01 m², money in 分. What is kept without dates is as it is now.

    `liaisons` and `officer` are dicts (name, phone, terms, badge, since), `conditions` a Finding or None for each of the twelve,
    `changes` the Changes up to `day`, `status` is active or retired.
    """
    told = spells(ledger, point)
    columns = "name, host, address, area, capital, turnover, stalls, grade, sector, eligibility, judgement, filed"
    row = dict(ledger.execute(f"SELECT {columns} FROM point WHERE id = ?", (point.id,)).fetchone())
    stood = [spell for spell in told if spell.holds(day)]
    level = next((spell for spell in reversed(stood) if spell.box == "demonstration"), None)
    retired = point.retired if point.retired and point.retired <= day else None
    return row | {
        "code": point.code,
        "type": type_on(ledger, point, day),
        "host": next((spell.value for spell in stood if spell.box == "host"), row["host"]),
        **staff_on(told, day),
        "demonstration": level.value if level else "none",
        "demonstration_since": level.since if level else None,
        "since": point.since,
        "retired": retired,
        "status": "retired" if retired else "active",
        "conditions": _conditions(ledger, point, day),
        "changes": [change for change in _changes(told, point) if change.day <= day],
    }


def staff_on(told: list[Spell], day: str) -> dict[str, Any]:
    """Of a profile, `liaisons` and `officer` on `day`."""
    stood = [spell for spell in told if spell.holds(day)]
    return {
        "liaisons": [_person(spell) for spell in stood if spell.box == "liaison"],
        "officer": next((_person(spell) for spell in stood if spell.box == "officer"), None),
    }


def _person(spell: Spell) -> dict[str, str | None]:
    return {
        "name": spell.value,
        "phone": spell.phone,
        "terms": spell.terms,
        "badge": spell.badge,
        "since": spell.since,
    }


def _conditions(ledger: Ledger, point: Point, day: str) -> dict[str, Finding | None]:
    query = "SELECT item, met, day, inspector, remark FROM inspection WHERE point_id = ? AND day <= ? ORDER BY day"
    found = {
        item: Finding(bool(met), *rest)
        for item, met, *rest in ledger.execute(query, (point.id, day))
    }
    return {item: found.get(item) for item in CONDITIONS}


def _changes(told: list[Spell], point: Point) -> Iterator[Change]:
    """What ended and what began on each day after the set-up; what a retirement ends is no change of its own."""
    lasting = [spell for spell in told if spell.value is not None and spell.since != spell.until]
    turns = [(spell.until, spell.box, 0, spell.value) for spell in lasting if spell.until]
    turns += [
        (spell.since, spell.box, 1, spell.value) for spell in lasting if spell.since > point.since
    ]
    for (day, box), rows in groupby(sorted(turns), key=lambda turn: turn[:2]):
        values = [turn[2:] for turn in rows]
        pairs = zip_longest(
            *([value for begins, value in values if begins == wanted] for wanted in (0, 1))
        )
        yield from (
            Change(day, box, *pair) for pair in pairs if pair[0] != pair[1] and day != point.retired
        )


def points_standing(ledger: Ledger, first: str, last: str) -> list[Point]:
    """The points that stood for at least a day from `first` to `last`, by code."""
    query = """
        SELECT id, code, name, since, retired FROM point
        WHERE since <= :last AND (retired IS NULL OR (retired > :first AND retired > since)) ORDER BY code"""
    return [Point(**row) for row in ledger.execute(query, {"first": first, "last": last})]
