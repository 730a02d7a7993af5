"""Recent complaints: those alike to a new one, and the values offered as answers again."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger12315.boxes.masks import PEOPLE_OF_CASE
from ledger12315.boxes.names import comparable_name, phone_keys
from ledger12315.boxes.reading import yuan
from ledger12315.errors import Message, message
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger, LedgerRow
from ledger12315.rules.checks import disputed_amount
from ledger12315.rules.events import COMPLAINTS

if TYPE_CHECKING:  # logging a complaint needs no register
    from ledger12315.register.rows import Entry

_NEAR_DAYS = 30  # days within which two complaints may be one
_LATEST = 2000
"""The number of latest complaints searched for repeated words: some years of one station."""
_TIMES = 5
"""An amount this many times the largest for the same goods is asked for again."""
REMEMBERED = ("respondent", "item", "brand", "model")
"""Boxes whose values often repeat."""
_OFFERED_CASE = ", ".join(("number", "item", "received", "respondent", *PEOPLE_OF_CASE))
_USED = ("point_id", *REMEMBERED, "category")


class Recent(NamedTuple):
    """The latest complaints that are not void, the last entered first."""

    rows: Sequence[Mapping[str, Any]]

    def words(self, key: str, point: int | None = None) -> list[str]:
        """Return the earlier values of a box, at one point if it is given, most frequent first."""
        said = Counter(row[key] for row in self.rows if point in (None, row["point_id"]))
        return [text for text, _ in said.most_common() if text]

    def of_item(self, item: str) -> Iterator[Mapping[str, Any]]:
        """Yield the complaints about the same goods."""
        wanted = comparable_name(item)
        written = {row["item"] for row in self.rows}
        same = {each for each in written if comparable_name(each) == wanted}
        return (row for row in self.rows if row["item"] in same)


def latest_complaints(ledger: Ledger) -> Recent:
    """Return the latest complaints."""
    query = f"""
        SELECT {", ".join(_USED)} FROM {COMPLAINTS}
        WHERE voided IS NULL ORDER BY id DESC LIMIT {_LATEST}"""
    return Recent(ledger.execute(query).fetchall())


def unusual_amount(ledger: Ledger, row: Mapping[str, Any]) -> Iterator[Message]:
    """Yield a question if the amount in dispute is unusual for a complaint's goods."""
    query = f"""
        SELECT item, max(disputed) FROM
            (SELECT item, disputed FROM {COMPLAINTS}
             WHERE voided IS NULL ORDER BY id DESC LIMIT {_LATEST})
        GROUP BY item HAVING max(disputed)"""
    fen, wanted = disputed_amount(row), comparable_name(str(row["item"]))
    earlier = ledger.execute(query)
    most = max((other for item, other in earlier if comparable_name(item) == wanted), default=0)
    if most and fen >= most * _TIMES:
        yield message(
            "{amount} yuan is a lot for {item}; so far the most was {most}: is it right?",
            amount=yuan(fen),
            item=row["item"],
            most=yuan(most),
        )


class NamedPoint(NamedTuple):
    """A point to choose; `type` is its latest."""

    id: int
    code: str
    name: str
    type: str


def points_to_choose(ledger: Ledger) -> list[NamedPoint]:
    """Return the points that are not retired, those of the latest complaints first."""
    query = f"""
        SELECT id, code, name,
               (SELECT type FROM point_type WHERE point_type.point_id = point.id
                ORDER BY since DESC LIMIT 1)
        FROM point
        LEFT JOIN (SELECT point_id, count(*) AS used FROM
                       (SELECT point_id FROM complaint ORDER BY id DESC LIMIT {_LATEST})
                   GROUP BY point_id) AS latest ON latest.point_id = id
        WHERE retired IS NULL ORDER BY used DESC, code"""
    return [NamedPoint(*row) for row in ledger.execute(query)]


def officers(ledger: Ledger) -> list[str]:
    """Return the point officers with their phones, those with most points first."""
    query = """
        SELECT trim(name || ' ' || coalesce(phone, '')) AS person FROM contact
        WHERE role = 'officer' AND until IS NULL GROUP BY person ORDER BY count(*) DESC"""
    return [person for (person,) in ledger.execute(query)]


# Act -> the complaints that it may be for, and those that are offered first.
_OPEN_FIRST = "closed IS NULL AND voided IS NULL", "received"
_LAST_FIRST = "voided IS NULL", "id DESC"
_CASES_FOR = {
    "amend": _LAST_FIRST,
    "void": _LAST_FIRST,
    "reopen": (
        "coalesce(voided, closed, escalated) IS NOT NULL",
        "coalesce(voided, closed, escalated) DESC, id DESC",
    ),
}


def cases_for(ledger: Ledger, act: str = "close") -> list[LedgerRow]:
    """Return 200 complaints to choose for an act, by default the open ones, the oldest first.

    Slips are mostly in the last entries, which come first to be amended or made void. The `short`
    number omits the newest year; the people are to be masked.
    """
    which, order = _CASES_FOR.get(act, _OPEN_FIRST)
    query = f"""
        SELECT {_OFFERED_CASE},
               CASE WHEN year < (SELECT max(year) FROM complaint) THEN year || '-' ELSE '' END
               || serial AS short
        FROM complaint WHERE {which} ORDER BY {order} LIMIT 200"""
    return [*map(dict, ledger.execute(query))]


def numbers_begun(ledger: Ledger, typed: str) -> list[LedgerRow]:
    """Return complaints whose number begins with a text, newest first; people are to be masked.

    A serial number alone is one of the newest year.
    """
    query = f"""
        SELECT {_OFFERED_CASE}, serial = :serial AS whole FROM complaint
        WHERE number >= :typed AND number < :typed || '~'
        UNION
        SELECT {_OFFERED_CASE}, serial = :serial FROM complaint
        WHERE year = (SELECT max(year) FROM complaint)
          AND (serial = :serial OR serial BETWEEN 10 * :serial AND 10 * :serial + 9)
        ORDER BY whole DESC, number DESC LIMIT 50"""
    serial = int(typed) if re.fullmatch(r"(?a)[1-9]\d{0,4}", typed) else None
    return [*map(dict, ledger.execute(query, {"typed": typed, "serial": serial}))]


def similar_complaints(
    ledger: Ledger, point: Point, row: Mapping[str, Any], previous: object
) -> list[str]:
    """Return the numbers of complaints that may be the same matter as a new one.

    The `previous` one is left out, since it is known to be the same.
    """
    marks = _marks(row)
    near = _complaints_around(ledger, point.id, row["received"], row["received"])
    found = [other["number"] for other in near if marks & _marks(other)]
    return [number for number in found if number != previous]


def _complaints_around(
    ledger: Ledger, point_id: int, first: date, last: date
) -> Iterator[Mapping[str, Any]]:
    """Return the rows of a point's complaints near these days."""
    query = """
        SELECT received, number, phone, complainant, item FROM complaint
        WHERE point_id = ? AND received BETWEEN ? AND ? AND voided IS NULL ORDER BY received, id"""
    near = timedelta(days=_NEAR_DAYS)
    return iter(ledger.execute(query, (point_id, first - near, last + near)))


def _marks(row: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """Return the values that complaints of one matter share: phone digits, or name and goods."""
    named = comparable_name(row["complainant"]), comparable_name(row["item"])
    return {named, *((digits,) for digits in phone_keys(row["phone"]))}


def same_at_another_point(ledger: Ledger, point: Point, row: Mapping[str, Any]) -> str:
    """Return number and point of the complaint at another point that a row repeats, or "".

    It has the same register number, name and phone.
    """
    query = """
        SELECT number, code, complainant, complaint.phone
        FROM complaint JOIN point ON point.id = complaint.point_id
        WHERE external_no = ? AND point_id <> ? AND voided IS NULL"""
    person = comparable_name(row["complainant"]), phone_keys(row.get("phone"))
    for other in ledger.execute(query, (row.get("external_no"), point.id)):
        if (comparable_name(other["complainant"]), phone_keys(other["phone"])) == person:
            return f"{other['number']} {other['code']}"
    return ""


def alike_rows(ledger: Ledger, rows: "Iterable[tuple[int, Entry]]") -> dict[int, object]:
    """Return for rows of a register the complaint or row that may be the same matter.

    Each row comes with the id of its point.
    """
    found: dict[int, object] = {}
    by_mark: dict[tuple[int, tuple[str, ...]], list[tuple[date, int]]] = {}
    days: list[date] = []
    for point, entry in rows:
        boxes: Mapping[str, Any] = {"phone": None, **entry.boxes()}
        received = boxes["received"]
        days.append(received)
        for mark in _marks(boxes):
            others = by_mark.setdefault((point, mark), [])
            for row in _received_near(others, received):
                found[entry.row] = message("row {row}", row=row)
            others.append((received, entry.row))
    for point in {point for point, _ in by_mark}:
        for complaint in _complaints_around(ledger, point, min(days), max(days)):
            day = date.fromisoformat(complaint["received"])
            for mark in _marks(complaint):
                near = _received_near(by_mark.get((point, mark), ()), day)
                found |= dict.fromkeys(near, complaint["number"])
    return found


def _received_near(rows: Iterable[tuple[date, int]], day: date) -> Iterator[int]:
    return (row for received, row in rows if abs((received - day).days) <= _NEAR_DAYS)
