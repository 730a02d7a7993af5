"""Notices and interviews: proposed operators, and the cases of each. 三(五)2"""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from ledger12315.boxes.names import comparable_name, comparable_operator, operator
from ledger12315.boxes.reading import in_order
from ledger12315.errors import Refused, message
from ledger12315.ledger.points import host_on
from ledger12315.ledger.records import valid_record
from ledger12315.ledger.respondents import GROUPED_RESPONDENT
from ledger12315.ledger.settings import settings
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.events import COMPLAINTS
from ledger12315.rules.notice_cases import NoticeCase, NoticeCases
from ledger12315.rules.periods import Period, quarter_of
from ledger12315.words import RECORD_KINDS

_NEAR_NAME, _OFFERED = 0.4, 5
"""The least similarity of offered names, and the most names offered."""


class ProposedNotice(NamedTuple):
    """An operator and the `numbers` of its many complaints; the point has code and name."""

    point: str
    point_name: str
    respondent: str
    numbers: list[str]


# Grouped in SQL: a quarter may hold thousands, and `today` reads them each morning.
# The name `host` alone would group by the point's present one.
_SEVERAL_CASES = f"""
    SELECT point.code AS point, point.name AS point_name, {GROUPED_RESPONDENT} AS respondent,
           {host_on("complaint.received")} AS host,
           group_concat(complaint.received || complaint.number) AS cases
    FROM complaint JOIN point ON point.id = complaint.point_id
    WHERE complaint.received BETWEEN ? AND ? AND complaint.voided IS NULL
    GROUP BY point.id, 3, {host_on("complaint.received")}
    ORDER BY min(complaint.id)"""
_WARNED = f"""
    SELECT point.code AS point, point.name AS point_name, record.respondent,
           {host_on("record.day")} AS host, day
    FROM record JOIN point ON point.id = record.point_id
    WHERE kind IN ('notice', 'interview') AND voided IS NULL AND day BETWEEN ? AND ?
    ORDER BY day"""


def propose_notices(
    ledger: Ledger, period: Period, least: int | None = None
) -> list[ProposedNotice]:
    """Return operators with at least this many complaints since their last notice. 三(五)2

    Only complaints and notices of the period count, and an interview counts as a notice. `least`
    is by default the setting.
    """
    days = period.first, period.last
    since = {
        (point, comparable_operator(respondent, name, host)): day
        for point, name, respondent, host, day in ledger.execute(_WARNED, days)
    }
    found: dict[tuple[str, str], ProposedNotice] = {}
    counted = ledger.execute(_SEVERAL_CASES, days)
    for point, name, respondent, host, cases in counted:
        key = point, comparable_operator(respondent, name, host)
        proposed = found.setdefault(key, ProposedNotice(point, name, respondent or host, []))
        last = since.get(key, "")
        proposed.numbers.extend(case[10:] for case in cases.split(",") if case[:10] > last)
    if least is None:
        least = int(settings(ledger)["notice_from"])
    many = [
        each._replace(numbers=in_order(each.numbers))
        for each in found.values()
        if len(each.numbers) >= least
    ]
    return sorted(many, key=lambda each: (each.point, -len(each.numbers)))


# On a notice, a complaint that was closed after its day is open.
_OUTCOME_THEN = "CASE WHEN complaint.closed <= ? THEN outcome END"
_NOTICE_CASES = f"""
    SELECT {GROUPED_RESPONDENT}, point.name, {host_on("complaint.received")},
           {", ".join(_OUTCOME_THEN if key == "outcome" else key for key in NoticeCase._fields)}
    FROM {COMPLAINTS} JOIN point ON point.id = complaint.point_id
    WHERE point.id = ? AND complaint.received BETWEEN ? AND ? AND complaint.voided IS NULL
    ORDER BY complaint.year, complaint.serial"""


def notice_cases(ledger: Ledger, record_id: int) -> NoticeCases:
    """Return a notice with its complaints as on its day.

    They are those that the record names, or else the operator's of its quarter up to its day. If
    there are none, they are those of the last quarter that has any. Raises Refused if no notice or
    interview has this number. 三(五)2
    """
    row = valid_record(ledger, record_id)
    if row["kind"] not in ("notice", "interview"):
        raise Refused(
            "Record {id} is neither a notice nor an interview. Its kind: {kind}.",
            id=record_id,
            kind=RECORD_KINDS[row["kind"]],
        )
    day, point_id, name = row["on"], row["point_id"], row["point_name"]
    host = single(ledger, f"SELECT {host_on('?')} FROM point WHERE id = ?", (day, point_id))
    of = comparable_operator(row["respondent"], name, host)
    quarter: Period | None = quarter_of(day)
    recorded, every = (row["complaints"] or "").split("、"), [*_cases_of(ledger, point_id, day)]
    if cases := [case for _, case in every if case.number in recorded]:
        quarter = None
    elif own := [case for key, case in every if key == of]:
        # Mostly the notice's quarter, or the one before.
        quarter = quarter_of(max(case.received for case in own))
        cases = [case for case in own if case.received >= quarter.first]
    about = row["respondent"], row["text"]
    query = "SELECT count(*) FROM record WHERE kind = ? AND day BETWEEN ? AND ? AND id <= ?"
    year = date(day.year, 1, 1), date(day.year, 12, 31)
    serial = single(ledger, query, (row["kind"], *year, record_id))
    return NoticeCases(serial, row["kind"], day, name, *about, quarter, tuple(cases))


def demand_cases(ledger: Ledger, record_id: int, kinds: str = "notice") -> None:
    """Raise Refused, with similar names, if a record of these kinds concerns no complaint."""
    row = valid_record(ledger, record_id)
    if row["kind"] not in kinds.split() or notice_cases(ledger, record_id).cases:
        return
    named: dict[str, str] = {}
    for respondent, name, host, *_ in ledger.execute(
        _NOTICE_CASES, (row["on"], row["point_id"], date.min, row["on"])
    ):
        known = operator(respondent, name, host)
        named[comparable_name(known)] = known
    asked = comparable_name(row["respondent"])
    within = [key for key in named if asked in key or key in asked]
    near = dict.fromkeys([*within, *get_close_matches(asked, named, cutoff=_NEAR_NAME)])
    raise Refused(
        "No complaint of {point} up to {day} names {respondent}. Respondents named: {names}.",
        point=row["point_name"],
        day=row["on"],
        respondent=row["respondent"],
        names=[*({key: named[key] for key in near} | named).values()][:_OFFERED]
        or message("nobody"),
    )


def _cases_of(ledger: Ledger, point_id: int, day: date) -> Iterator[tuple[str, NoticeCase]]:
    """Yield a point's complaints up to a day, each with its operator to compare."""
    asked = day, point_id, date.min, day
    for respondent, name, host, number, received, *rest in ledger.execute(_NOTICE_CASES, asked):
        case = NoticeCase(number, date.fromisoformat(received), *rest)
        yield comparable_operator(respondent, name, host), case
