"""Service points: finding them by code or name, and their data on a day."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.reading import to_half_width
from ledger12315.errors import Message, Refused, first_few, message
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.workdays import ONE_DAY

_MOST_POINTS = 10
"""The most points named in a sentence."""


class Point(NamedTuple):
    """A service point as the daily commands need it."""

    id: int
    code: str
    name: str
    since: date
    retired: date | None

    def last_day(self, day: date) -> date:
        """Return `day`, or for a point retired by then the day before its retirement."""
        return self.retired - ONE_DAY if self.retired and self.retired <= day else day

    def gone(self, day: date) -> bool:
        """Return whether the point was retired on `day`."""
        return self.retired is not None and day >= self.retired


POINT_COLUMNS = "point.id, point.code, point.name, point.since, point.retired"


def point_of(row: Iterable[Any]) -> Point:
    """Return the point of a row of POINT_COLUMNS."""
    row_id, code, name, since, retired = row
    return Point(row_id, code, name, DAY.stored(since), DAY.stored(retired))


def points(ledger: Ledger, condition: str = "1", values: Any = ()) -> list[Point]:
    """Return the points that a condition selects, or all there ever were, by code."""
    query = f"SELECT {POINT_COLUMNS} FROM point WHERE {condition} ORDER BY code"
    return [point_of(row) for row in ledger.execute(query, values)]


def points_named(ledger: Ledger, text: str) -> list[Point]:
    """Return the points of this code or of the number in it, else of this name or a part of it.

    After that the text is tried in half width, and as names are compared. Of several with one name
    it is the only one that is not retired.
    """
    found = next(filter(None, _points_of_name(ledger, text)), [])
    present = [each for each in found if not each.retired]
    one_name = len({comparable_name(each.name) for each in found}) == 1
    return present if one_name and len(present) == 1 else found


def find_point(ledger: Ledger, text: str) -> Point:
    """Return the one point of `points_named`. Raises Refused with the candidates."""
    found = points_named(ledger, text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused("There is no point {text}. See: `point list`", text=text)
    said = several_points(text, found)
    raise Refused(said.id, **said.values)


def several_points(text: str, found: Iterable[Point]) -> Message:
    """Return the sentence that a text fits several points, and the first of them."""
    return message(
        "{text} fits several points: {points}. Use the code.",
        text=text,
        points=first_few(map(_candidate, found), _MOST_POINTS),
    )


def _candidate(point: Point) -> Message | str:
    named = f"{point.code} {point.name}"
    return message("{point} (retired)", point=named) if point.retired else named


def _points_of_name(ledger: Ledger, text: str) -> Iterator[list[Point]]:
    """Yield the points of this name, by one way of comparing after another."""
    ways = "code = :text COLLATE NOCASE", "name = :text", "instr(name, :text)"
    words = dict.fromkeys(filter(None, (text.strip(), half := to_half_width(text))))
    if half.isdecimal():
        yield points(ledger, ways[0], {"text": half})
        number = half.lstrip("0") or half
        yield [each for each in points(ledger) if number_of_code(each.code) == number]
    for word, condition in product(words, ways):
        yield points(ledger, condition, {"text": word})
    if name := comparable_name(text):
        yield [each for each in points(ledger) if name in comparable_name(each.name)]


def number_of_code(code: str) -> str:
    """Return the number at the end of a code, without zeros before it; nothing if it has none."""
    found = re.search("[1-9][0-9]*$", code)
    return found[0] if found else ""


def names_of_point(ledger: Ledger, point_id: int, hosts: bool = True) -> list[str]:
    """Return each name that a point ever had, and those of its `hosts`."""
    query = """
        SELECT DISTINCT written.atom
        FROM change, json_each(?) AS box, json_tree(common, box.value) AS written
        WHERE table_name = 'point' AND row_id = ? AND written.atom IS NOT NULL"""
    boxes = '["$.name", "$.host"]' if hosts else '["$.name"]'
    return [name for (name,) in ledger.execute(query, (boxes, point_id))]


def given_point(ledger: Ledger, filled: Mapping[str, object]) -> Point | None:
    """Return the point in an option, if it is given. Raises Refused."""
    return find_point(ledger, str(filled["point"])) if "point" in filled else None


def last_used_point(ledger: Ledger) -> str:
    """Return a word for the point of the last entry.

    It is its name, or its code where several points have the name; empty if it is retired or there
    is no entry.
    """
    newest = "SELECT * FROM (SELECT point_id, entered FROM {} ORDER BY id DESC LIMIT 1)"
    query = f"""
        SELECT CASE WHEN (SELECT count(*) FROM point AS each
                          WHERE point.name IN (each.name, each.code COLLATE NOCASE)) = 1
                    THEN name ELSE code END AS word, retired
        FROM ({newest.format("complaint")} UNION ALL {newest.format("record")}) AS entry
        JOIN point ON point.id = entry.point_id ORDER BY entry.entered DESC LIMIT 1"""
    row = ledger.execute(query).fetchone()
    return row["word"] if row and not row["retired"] else ""


# The row of a point's type on `:day`; before it was set up its first, after it was retired its
# last. A row that ends on the day it began was taken back, and counts only if there is no other.
_TYPE_ROW = """
    (SELECT each.id FROM point_type AS each WHERE each.point_id = point.id
     ORDER BY each.since <= :day DESC, coalesce(each.until > each.since, 1) DESC,
              CASE WHEN each.since <= :day THEN each.since END DESC, each.since LIMIT 1)"""
LATEST = date.max


def type_on(ledger: Ledger, point: Point, day: date) -> str:
    """Return the point's type on a day: before its set-up the first, after its end the last."""
    query = f"""
        SELECT point_type.type FROM point JOIN point_type ON point_type.id = {_TYPE_ROW}
        WHERE point.id = :id"""
    return str(single(ledger, query, {"id": point.id, "day": day}))


PRESENT_OFFICER = """
    (SELECT name FROM contact
     WHERE point_id = point.id AND role = 'officer'
       AND (until IS NULL OR until = point.retired)
     ORDER BY since, id LIMIT 1)"""
"""A point's officer in SQL, of a retired one that on its last day; the earliest of several."""


def host_on(day: str) -> str:
    """Return SQL for the host on the day in this column; the point's name without a host."""
    return f"""
        coalesce((SELECT coalesce(former_host.name, point.name) FROM former_host
                  WHERE point_id = point.id AND until > {day} ORDER BY until LIMIT 1),
                 point.host, point.name)"""


def name_and_phone(ledger: Ledger, point: Point, role: str, day: date) -> tuple[str, str]:
    """Return name and phone of the liaison or officer on a day; empty for none.

    For a retired point the day is its last.
    """
    last = point.last_day(day)
    query = """
        SELECT name, phone FROM contact WHERE point_id = ? AND role = ?
        AND since <= ? AND (until IS NULL OR until > ?) ORDER BY since, id LIMIT 1"""
    name, phone = ledger.execute(query, (point.id, role, last, last)).fetchone() or ("", "")
    return name, phone or ""
