"""Attachment 4 on any day. 三(一), 三(二), 三(五)1 and 8."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from operator import attrgetter

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.tables import row_with_dates
from ledger12315.ledger.points import LATEST, Point, points, type_on
from ledger12315.ledger.points.dated import DatedValue, dated_values
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import written_values
from ledger12315.rules.profile import Change, Contact, Finding, Profile
from ledger12315.words import CONDITIONS

_KEPT_COLUMNS = (
    "code, name, host, address, phone, credit_code, principal, area, capital, turnover, stalls,"
    " grade, sector, eligibility, judgement, since, filed, filing_no"
)
# What the county's directory knows a point by, besides boxes with a day of their own.
_IDENTIFYING = {"name", "address", "phone", "credit_code", "principal"}


def profile(ledger: Ledger, point: Point, day: date, last_staff: bool = False) -> Profile:
    """Return a point's profile on a day.

    A retired point has no liaisons and no officer, or with `last_staff` those of its last day.
    """
    known = dated_values(ledger, point)
    kept = ledger.execute(f"SELECT {_KEPT_COLUMNS} FROM point WHERE id = ?", (point.id,))
    row = row_with_dates("point", kept.fetchone())
    stood = {spell.box: spell for spell in known if spell.holds(day)}
    host, level = stood.get("host"), stood.get("demonstration")
    staff_day = point.last_day(day) if last_staff else day
    staff = [spell for spell in known if spell.holds(staff_day)]
    changes = [*changes_by_day(known, point), *_changes_by_entry(ledger, point)]
    changes.sort(key=attrgetter("day", "box"))
    retired = point.gone(day)
    return Profile(
        **row | {"host": host.value if host else row["host"]},
        type=type_on(ledger, point, day),
        retired=point.retired if retired else None,
        status="retired" if retired else "active",
        demonstration=str(level.value) if level else "none",
        demonstration_since=level.since if level else None,
        liaisons=tuple(_contacts_of_role(staff, "liaison")),
        officer=next(_contacts_of_role(staff, "officer"), None),
        conditions=_findings_by_condition(ledger, point, day),
        changes=tuple(change for change in changes if change.day <= day),
    )


def _contacts_of_role(staff: Sequence[DatedValue], role: str) -> Iterator[Contact]:
    for spell in staff:
        if spell.box == role:
            name = spell.value or ""
            yield Contact(name, spell.phone, spell.terms, spell.badge, spell.since)


def _findings_by_condition(ledger: Ledger, point: Point, day: date) -> dict[str, Finding | None]:
    query = """
        SELECT item, met, lacking, day, inspector, remark, updated FROM inspection
        WHERE point_id = ? AND day <= ? ORDER BY day"""
    found = {
        item: Finding(bool(met), lacking, DAY.stored(on), inspector, remark, DAY.stored(updated))
        for item, met, lacking, on, inspector, remark, updated in ledger.execute(
            query, (point.id, day)
        )
    }
    return {item: found.get(item) for item in CONDITIONS}


def changes_by_day(known: Sequence[DatedValue], point: Point) -> Iterator[Change]:
    """Yield each day's changes after the set-up, except those of a retirement."""
    ended, begun = (defaultdict[tuple[date, str], list[str]](list) for _ in range(2))
    for spell in known:
        if spell.value is None or spell.since == spell.until:
            continue
        if spell.until:
            ended[spell.until, spell.box].append(spell.value)
        if spell.since > point.since:
            begun[spell.since, spell.box].append(spell.value)
    for day, box in sorted(ended.keys() | begun.keys()):
        for was, becomes in zip_longest(sorted(ended[day, box]), sorted(begun[day, box])):
            if was != becomes and day != point.retired:
                yield Change(day, box, was, becomes)


def _changes_by_entry(ledger: Ledger, point: Point) -> Iterator[Change]:
    """Yield the changes of what identifies a point, on the days of their entry.

    These boxes have no day of their own. What was filled in for the first time, mended on the day
    of the registration, or taken back on the same day, is no change.
    """
    query = """
        SELECT coalesce(rehearsed, substr(at, 1, 10)), made, common
        FROM change JOIN act ON act.id = act_id
        WHERE table_name = 'point' AND row_id = ? ORDER BY change.id"""
    found = dict[tuple[date, str], tuple[str | None, str | None]]()
    registered = None
    for text, made, common in ledger.execute(query, (point.id,)):
        day = date.fromisoformat(text)
        registered = day if made else registered
        if day == registered:
            continue
        pairs = written_values(common)
        for box in _IDENTIFYING & pairs.keys():
            was, becomes = pairs[box]
            found[day, box] = found.get((day, box), (was, becomes))[0], becomes
    for (day, box), (was, becomes) in found.items():
        if was and was != becomes:
            yield Change(day, box, was, becomes)


def select_points(ledger: Ledger, type_: str | None) -> list[Profile]:
    """Return all points as they are now, or those of a type, by code."""
    found = [profile(ledger, point, LATEST) for point in points(ledger)]
    return [each for each in found if type_ in (None, each.type)]


def existing_points(ledger: Ledger, first: date, last: date) -> list[Point]:
    """Return the points that existed on at least one day from `first` to `last`, by code."""
    stood = "since <= :last AND (retired IS NULL OR (retired > :first AND retired > since))"
    return points(ledger, stood, {"first": first, "last": last})
