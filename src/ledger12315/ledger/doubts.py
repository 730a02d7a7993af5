"""What days are held against before they are written."""

from collections.abc import Mapping
from datetime import date

from ledger12315.boxes.kinds import DAY
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.ledger.points import Point, find_point, points
from ledger12315.ledger.records import valid_record
from ledger12315.ledger.store import Ledger
from ledger12315.rules.doubts import DayLimits, DoubtedDay, Stretch, doubted_days

EVENT_BOXES = ("received", "escalated", "closed")
"""The days of a complaint by which figures count, in their order."""


def day_limits(ledger: Ledger, today: date, point: Point | None) -> DayLimits:
    """Return the limits of days at a point, or of the station's own records."""
    query = "SELECT period, first, last FROM submission WHERE withdrawn IS NULL ORDER BY last"
    found = ledger.execute(query)
    submitted = [Stretch(code, *map(DAY.stored, days)) for code, *days in found]
    limits = DayLimits(today, submitted)
    return limits._replace(point=point.name, since=point.since) if point else limits


def doubts_of_act(
    ledger: Ledger, subject: str, words: str, days: Mapping[str, date], today: date
) -> list[DoubtedDay]:
    """Return the doubted days among those that an act is given, each once.

    The act is about what the `words` name, a line for each: of the `subject` number complaints, of
    id a record, else points. Raises Refused.
    """
    found: list[DoubtedDay] = []
    for word in words.splitlines() or [""]:
        point, whole = _point_and_days(ledger, subject, word)
        # An escalation's own box has the name of a record's day.
        names = {"escalated" if (subject, key) == ("number", "on") else key: key for key in days}
        whole |= {name: days[key] for name, key in names.items()}
        in_order = {key: day for key in (*EVENT_BOXES, "on") if (day := whole.get(key))}
        doubted = doubted_days(in_order, day_limits(ledger, today, point))
        new = [each._replace(box=names[each.box]) for each in doubted if each.box in names]
        found += [each for each in new if each not in found]
    return found


def _point_and_days(
    ledger: Ledger, subject: str, word: str
) -> tuple[Point | None, dict[str, date | None]]:
    """Return the point that an act is about, and the days of its complaint. Raises Refused."""
    if subject == "number":
        row = find_complaint(ledger, word)
        [point] = points(ledger, "id = ?", (row["point_id"],))
        return point, {key: row[key] for key in EVENT_BOXES}
    code = valid_record(ledger, int(word))["point"] if subject == "id" else word
    return find_point(ledger, code) if code else None, {}
