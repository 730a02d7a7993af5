"""What a station owes its points, and what it is proposed to do: visits, trainings, notices, major matters. 三(五)2 to 5"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from ledger12315.errors import Refused
from ledger12315.ledger.points import in_office
from ledger12315.ledger.records import liaisons, standing
from ledger12315.ledger.rows import Ledger
from ledger12315.ledger.station import settings
from ledger12315.rules.names import compared, names_in
from ledger12315.rules.periods import Period, parse_period
from ledger12315.words import RECORDS

_WARNING = "kind IN ('notice', 'interview') AND voided IS NULL"


def visits_owed(ledger: Ledger, month_first: date, today: date) -> list[dict[str, Any]]:
    """Points not visited in the month, standing at its end or `today`: point, point_name, officer. 三(五)3"""
    last = min(today, month_first + relativedelta(months=1, days=-1))
    query = f"""
        SELECT point.code AS point, point.name AS point_name, {in_office("officer", "name")} AS officer
        FROM point
        WHERE point.since <= :last AND (point.retired IS NULL OR point.retired > :last)
          AND NOT EXISTS (SELECT 1 FROM record WHERE record.point_id = point.id AND record.day BETWEEN :first AND :last
                          AND record.kind = 'visit' AND record.voided IS NULL)
        ORDER BY point.code"""
    return [dict(row) for row in ledger.execute(query, {"first": month_first.isoformat(), "last": last.isoformat()})]


def untrained(ledger: Ledger, year: int, today: date) -> list[dict[str, Any]]:
    """Liaisons in office who took part in no training of the year up to `today`: point, point_name, liaison, since. 三(五)5"""
    rows = ledger.execute(
        "SELECT attended FROM record WHERE kind = 'training' AND voided IS NULL AND day BETWEEN ? AND ? AND attended IS NOT NULL",
        (f"{year}-01-01", today.isoformat()),
    )
    trained = {compared(name) for row in rows for name in names_in(row["attended"])}
    return [each for each in liaisons(ledger, today.isoformat()) if compared(each["liaison"]) not in trained]


def host_on(day: str) -> str:
    """SQL for whom the point belonged to on the day in this column; the point's own name where no host is known."""
    return (
        f"coalesce((SELECT name FROM former_host WHERE point_id = point.id AND until > {day} ORDER BY until LIMIT 1),"
        " point.host, point.name)"
    )


_RECEIVED = f"""
    SELECT complaint.number, complaint.respondent, point.code AS point, point.name AS point_name,
           {host_on("complaint.received")} AS host,
           complaint.received, complaint.item, complaint.problem, complaint.disputed, complaint.outcome
    FROM complaint JOIN point ON point.id = complaint.point_id
    WHERE complaint.received BETWEEN :first AND :last AND complaint.voided IS NULL AND (:point IS NULL OR point.code = :point)
    ORDER BY complaint.year, complaint.serial"""
# Put together by SQLite: a quarter may hold thousands, and `today` looks through it each morning.
_COUNTED = f"""
    SELECT complaint.respondent, point.code AS point, point.name AS point_name, {host_on("complaint.received")} AS host,
           group_concat(complaint.number) AS numbers
    FROM complaint JOIN point ON point.id = complaint.point_id
    WHERE complaint.received BETWEEN ? AND ? AND complaint.voided IS NULL
    GROUP BY point.id, complaint.respondent, host ORDER BY min(complaint.id)"""


def _operator(row: Mapping[str, Any]) -> str:
    """Whom a complaint or notice is about, as names are compared; a point that is named stands for its host."""
    named = compared(row["respondent"] or row["host"])
    return compared(row["host"]) if named == compared(row["point_name"]) else named


def notices_proposed(ledger: Ledger, period: Period) -> list[dict[str, Any]]:
    """Operators with many complaints and no notice or interview since: point, point_name, respondent, numbers. 三(五)2"""
    warned = ledger.execute(
        f"""
        SELECT record.respondent, point.code AS point, point.name AS point_name, {host_on("record.day")} AS host
        FROM record JOIN point ON point.id = record.point_id WHERE {_WARNING} AND day >= ?""",
        (period.first.isoformat(),),
    )
    done = {(row["point"], _operator(row)) for row in warned}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in ledger.execute(_COUNTED, (period.first.isoformat(), period.last.isoformat())):
        known = {"point": row["point"], "point_name": row["point_name"]}
        known["respondent"] = row["respondent"] or row["host"]
        found.setdefault((row["point"], _operator(row)), {**known, "numbers": []})["numbers"] += row["numbers"].split(",")
    least = int(settings(ledger)["notice_from"])
    many = [each for key, each in found.items() if len(each["numbers"]) >= least and key not in done]
    for each in many:
        each["numbers"].sort(key=lambda number: (len(number), number))
    return sorted(many, key=lambda each: (each["point"], -len(each["numbers"])))


def notice_cases(ledger: Ledger, record_id: int) -> dict[str, Any]:
    """A notice or interview with its cases: those of its quarter up to its day, else of the quarter before. 三(五)2

    Gives id, kind, point, point_name, respondent, day, text, result, quarter (a Period) and cases (number, received, item,
    problem, disputed in 分, outcome). Raises Refused where there is none of this id.
    """
    row = standing(ledger, record_id)
    if row["kind"] not in ("notice", "interview"):
        raise Refused("Record {id} is no notice and no interview but: {kind}.", id=record_id, kind=RECORDS[row["kind"]])
    query = f"SELECT name AS point_name, {host_on('?')} AS host FROM point WHERE id = ?"
    row |= dict(ledger.execute(query, (row["day"], row["point_id"])).fetchone())
    day = date.fromisoformat(row["day"])
    for quarter in (_quarter(day), _quarter(day + relativedelta(months=-3))):
        bounds = {"first": quarter.first.isoformat(), "last": min(day, quarter.last).isoformat(), "point": row["point"]}
        cases = [dict(case) for case in ledger.execute(_RECEIVED, bounds) if _operator(case) == _operator(row)]
        if cases:
            break
    else:
        quarter = _quarter(day)
    columns = "number", "received", "item", "problem", "disputed", "outcome"
    head = {key: row[key] for key in ("id", "kind", "point", "point_name", "respondent", "day", "text", "result")}
    return head | {"quarter": quarter, "cases": [{key: case[key] for key in columns} for case in cases]}


def _quarter(day: date) -> Period:
    return parse_period(f"{day.year}Q{(day.month + 2) // 3}")


def majors_proposed(ledger: Ledger, day_from: date, day_to: date) -> list[dict[str, Any]]:
    """Large complaints not recorded as major matters: number, point, point_name, received, item, disputed in 分. 三(三)6"""
    query = """
        SELECT complaint.number, point.code AS point, point.name AS point_name, complaint.received, complaint.item,
               complaint.disputed
        FROM complaint JOIN point ON point.id = complaint.point_id
        WHERE complaint.received BETWEEN :first AND :last AND complaint.disputed >= :least AND complaint.voided IS NULL
          AND complaint.id NOT IN (SELECT complaint_id FROM record
                                   WHERE kind = 'major' AND voided IS NULL AND complaint_id IS NOT NULL)
        ORDER BY complaint.year, complaint.serial"""
    least = int(settings(ledger)["major_amount"]) * 100
    values = {"first": day_from.isoformat(), "last": day_to.isoformat(), "least": least}
    return [dict(row) for row in ledger.execute(query, values)]


def unreported(ledger: Ledger) -> list[dict[str, Any]]:
    """Leads and major matters without the day they were reported: id, kind, point, point_name, on. 三(三)5 and 6"""
    query = """
        SELECT record.id, record.kind, point.code AS point, point.name AS point_name, record.day AS "on"
        FROM record JOIN point ON point.id = record.point_id
        WHERE record.kind IN ('lead', 'major') AND record.voided IS NULL AND record.reported IS NULL
        ORDER BY record.day, record.id"""
    return [dict(row) for row in ledger.execute(query)]
