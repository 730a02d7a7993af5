"""The events that put a record into a period, a row each; a measure counts one event.

Conditions are portable SQL, as those of measures are.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Event(NamedTuple):
    """The table of a measure's records, and the conditions that put them into a period.

    `when` holds one WHERE for each range of an index; their rows are disjoint. `:first` and
    `:last` bound the period, the last day being no later than the as-of day; `:cutoff` is the last
    day of receipt that is overdue on `:last`. `:as_of` is the as-of day itself, or one after all
    others: returns come in after their period. `day` is the day compared with the periods of a
    point's totals, which replace the cases of these days; empty if they never do. Points have keys
    that are unique among several stations too.
    """

    source: str
    when: tuple[str, ...]
    type: str = "type"
    point: str = "complaint.point_id"
    case: str = (
        "'complaint', complaint.number, complaint.point_id, complaint.received,"
        " CASE WHEN complaint.closed <= :last THEN complaint.closed END"
    )
    day: str = ""

    @property
    def table(self) -> str:
        """The table of facts of the counted rows."""
        return self.source.partition(" ")[0].removesuffix("_derived")

    @property
    def tables(self) -> set[str]:
        """The tables of a ledger whose rows it depends on, beside the calendar and totals."""
        joined = (each.partition(" ")[0] for each in self.source.split(" JOIN "))
        begins = {"setting"} if ":begins" in self.when[0] else set()
        return {name.removesuffix("_derived") for name in joined} | begins


COMPLAINTS = "complaint_derived AS complaint"
"""A ledger's complaints, with empty boxes derived."""
WITH_DUE_DAY = f"{COMPLAINTS} LEFT JOIN due_day ON due_day.received = complaint.received"
"""The same with their day `due`."""
# A row that ends on its first day was taken back.
_LASTED = "(point_type.until IS NULL OR point_type.until > point_type.since)"


def valid_at_end(table: str) -> str:
    """Return the condition for rows that are valid at the end of the period."""
    return f"{table}.since <= :last AND ({table}.until IS NULL OR {table}.until > :last)"


def _holding_event(table: str) -> Event:
    """Return the event that counts a point's valid rows at the end of the period."""
    return Event(
        f"{table} JOIN point_type ON point_type.point_id = {table}.point_id",
        (f"{valid_at_end('point_type')} AND {valid_at_end(table)}",),
        point=f"{table}.point_id",
        case=f"'{'liaison' if table == 'contact' else table}', NULL, {table}.point_id,"
        f" {table}.since, {table}.until",
    )


def _complaint_event(day: str, *when: str, source: str = COMPLAINTS) -> Event:
    return Event(source, tuple(f"complaint.voided IS NULL AND {each}" for each in when), day=day)


def _point_event(when: str, beside: str = "") -> Event:
    """Return an event of points by their type at that time."""
    return Event(
        f"point_type JOIN point ON point.id = point_type.point_id{beside}",
        (when,),
        point="point_type.point_id",
        case="'point', NULL, point_type.point_id, point_type.since, point_type.until",
    )


EVENTS: Mapping[str, Event] = {
    "received": _complaint_event("received", "complaint.received BETWEEN :first AND :last"),
    "closed": _complaint_event(
        "closed", "complaint.closed BETWEEN :first AND :last", source=WITH_DUE_DAY
    ),
    "escalated": _complaint_event("escalated", "escalated BETWEEN :first AND :last"),
    "open_start": _complaint_event(
        ":first",
        "closed IS NULL AND received < :first",
        "closed >= :first AND received < :first",
    ),
    "open_end": _complaint_event(
        ":last",
        "closed IS NULL AND received <= :last",
        "closed > :last AND received <= :last",
    ),
    "recorded": Event(
        "record",
        ("record.voided IS NULL AND day BETWEEN :first AND :last",),
        point="record.point_id",
        case="record.kind, NULL, record.point_id, record.day, NULL",
        day="day",
    ),
    "points_start": _point_event(
        "point_type.since < :first AND (point_type.until IS NULL OR point_type.until >= :first)"
    ),
    "points_new": _point_event(f"point_type.since BETWEEN :first AND :last AND {_LASTED}"),
    "points_retired": _point_event(f"point_type.until BETWEEN :first AND :last AND {_LASTED}"),
    "points_end": _point_event(valid_at_end("point_type")),
    # A point that existed on a day of the period owes a return. If its type changed, the return is
    # counted under the last type. None is due for the time before the ledger begins. The case is
    # the return, with the last day of its period.
    "owing": _point_event(
        "point_type.since <= :last AND (point_type.until IS NULL"
        " OR (point_type.until > :first AND point_type.until > point_type.since))"
        " AND (point_type.until IS NULL"
        " OR point_type.until > :last OR point_type.until = point.retired)"
        " AND :last >= :begins",
        " LEFT JOIN point_return ON point_return.point_id = point_type.point_id"
        " AND point_return.period = :period AND point_return.day <= :as_of",
    )._replace(case="'return', NULL, point_type.point_id, :last, NULL"),
    "liaisons": _holding_event("contact"),
    "demonstration": _holding_event("demonstration"),
}
