"""Complaints as people look them up: lists, one in full, and why it is due when it is."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger12315.boxes.fields import COMPLAINT
from ledger12315.boxes.reading import Value
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.acts import stored
from ledger12315.ledger.complaints.overdue import due_on
from ledger12315.ledger.points import Point, host_on
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.deadlines import Due, Reckoned, reckoning
from ledger12315.rules.periods import Period
from ledger12315.words import LIFE

# What makes each state; the words stand in words.STATES.
_STATES = {
    "open": "complaint.voided IS NULL AND complaint.closed IS NULL AND complaint.escalated IS NULL",
    "escalated": "complaint.voided IS NULL AND complaint.closed IS NULL AND complaint.escalated IS NOT NULL",
    "closed": "complaint.voided IS NULL AND complaint.closed IS NOT NULL",
    "void": "complaint.voided IS NOT NULL",
}
_ALSO = "escalated", "escalation_reason", "voided", "void_reason", "reopen_reason"
_COLUMNS = {key: f"complaint.{key}" for key in ("number", "type", *COMPLAINT, *_ALSO)} | {
    "point": "point.code",
    "point_name": "point.name",
    "state": " ".join(
        [
            "CASE",
            *(f"WHEN {condition} THEN '{state}'" for state, condition in _STATES.items()),
            "END",
        ]
    ),
    "previous": "(SELECT number FROM complaint AS earlier WHERE earlier.id = complaint.previous_id)",
}
_SEARCHED = (
    *(
        "item",
        "brand",
        "model",
        "facts",
        "complainant",
        "respondent",
        "handling",
        "agreement",
        "escalation_reason",
        "remark",
    ),
    *("number", "referral_no", "external_no", "archive_no"),
)
_FILTERS = {
    "point": "complaint.point_id = :point",
    "first": "complaint.received >= :first",
    "last": "complaint.received <= :last",
    "outcome": "complaint.outcome = :outcome",
    "category": "complaint.category = :category",
    "respondent": f"instr(coalesce(nullif(complaint.respondent, ''), {host_on('complaint.received')}), :respondent)",
    "at_least": "complaint.disputed >= :at_least",
    "at_most": "complaint.disputed <= :at_most",
    "text": f"({' OR '.join(f'instr(complaint.{key}, :text)' for key in _SEARCHED)})",
    "number": "complaint.number = :number",
}
# Without a period the index of words first narrows all complaints to those that hold the text's first three characters.
_CANDIDATES = """complaint.id IN (
    SELECT doc FROM wording_at WHERE term BETWEEN substr(:text, 1, 3) AND substr(:text, 1, 3) || char(1114111))"""


def complaints_listed(
    ledger: Ledger,
    point: Point | None = None,
    period: Period | None = None,
    sought: Mapping[str, Value] | None = None,
    keys: Collection[str] = tuple(_COLUMNS),
) -> Iterator[dict[str, Any]]:
    """Complaints by number, each with `due`, `provisional` and those `keys`; `period` is that of receipt.

    `sought` holds a state, an outcome, a category, 分 in dispute (at_least, at_most), or texts (respondent, text).
    """
    values: dict[str, object] = dict(sought or {})
    where = [_STATES[str(values.pop("state"))]] if "state" in values else []
    if point:
        values["point"] = point.id
    if period:
        values |= {"first": period.first.isoformat(), "last": period.last.isoformat()}
    where += [_FILTERS[key] for key in values]
    if "text" in values and not period:
        where.append(_CANDIDATES)
    selected = ", ".join(
        f"{_COLUMNS[key]} AS {key}" for key in {"received": 0, **dict.fromkeys(keys)}
    )
    # Sorted by +year: by the index of numbers SQLite would walk all that was ever received.
    query = f"""
        SELECT {selected} FROM complaint JOIN point ON point.id = complaint.point_id
        WHERE {" AND ".join(where) or "1 = 1"} ORDER BY +complaint.year, complaint.serial"""
    calendar = calendar_of(ledger)
    found = ledger.execute(query, values)
    names = [column[0] for column in found.description]
    found.row_factory = (
        None  # a Row looks each name up from the first on, and here are many of both
    )
    for row in found:
        told = dict(zip(names, row, strict=True))
        due_date = due_on(told["received"], calendar)
        yield {"due": due_date.day, "provisional": due_date.provisional, **told}


def complaint_shown(ledger: Ledger, number: str) -> dict[str, Any]:
    """One complaint as in a list. Raises Refused where there is none."""
    return next(complaints_listed(ledger, sought={"number": stored(ledger, number)["number"]}))


class Moment(NamedTuple):
    """One event of a complaint's life; `day` is None where it was not kept, `working_days` count from the day of receipt."""

    day: date | None
    event: str
    working_days: int | None


def timeline(ledger: Ledger, row: Mapping[str, Any]) -> list[Moment]:
    """What happened to a complaint as `shown`, and what is to happen, in order of days. 三(三)4, 三(四)2"""
    known = {**row, "due": row["due"].isoformat()}
    if row["escalated"]:
        limit = timedelta(days=int(settings(ledger)["station_limit"]))
        known["station_limit"] = (date.fromisoformat(row["escalated"]) + limit).isoformat()
    calendar, received = calendar_of(ledger), date.fromisoformat(row["received"])
    days = sorted(
        (date.fromisoformat(known[event]), place, event)
        for place, event in enumerate(LIFE)
        if known.get(event)
    )
    moments = [
        Moment(day, event, None if day < received else calendar.count(received, day))
        for day, _, event in days
    ]
    return moments + [Moment(None, "archived", None)] * bool(row["archive_no"])


def reckoned(ledger: Ledger, number: str) -> tuple[str, Due, list[Reckoned]]:
    """(day of receipt, due date, each day between them) of one complaint. Raises Refused where there is none."""
    received = complaint_shown(ledger, number)["received"]
    calendar = calendar_of(ledger)
    return (
        received,
        due_on(received, calendar),
        list(reckoning(date.fromisoformat(received), calendar)),
    )
