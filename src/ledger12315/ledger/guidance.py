"""What a station owes its points, and what it is proposed to do: visits, trainings, notices, major matters. 三(五)2 to 5"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from ledger12315.boxes.names import compared, names_in, operator
from ledger12315.errors import Refused
from ledger12315.ledger.points import host_on
from ledger12315.ledger.records import liaisons, standing_record
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import RECORDS


def visits_owed(ledger: Ledger, month_first: date, today: date) -> list[dict[str, Any]]:
    """Points not visited in the month, standing at its end or `today`: point, point_name. 三(五)3"""
    last = min(today, month_first + relativedelta(months=1, days=-1))
    query = """
        SELECT point.code AS point, point.name AS point_name FROM point
        WHERE point.since <= :last AND (point.retired IS NULL OR point.retired > :last)
          AND NOT EXISTS (SELECT 1 FROM record WHERE record.point_id = point.id AND record.day BETWEEN :first AND :last
                          AND record.kind = 'visit' AND record.voided IS NULL)
        ORDER BY point.code"""
    return [
        dict(row)
        for row in ledger.execute(
            query, {"first": month_first.isoformat(), "last": last.isoformat()}
        )
    ]


def untrained(ledger: Ledger, year: int, today: date) -> list[dict[str, Any]]:
    """Liaisons in office who took part in no training of the year up to `today`: point, point_name, liaison. 三(五)5"""
    query = "SELECT attended FROM record WHERE kind = 'training' AND voided IS NULL AND day BETWEEN ? AND ?"
    rows = ledger.execute(query, (f"{year}-01-01", today.isoformat()))
    trained = {compared(name) for row in rows for name in names_in(row["attended"] or "")}
    return [
        each
        for each in liaisons(ledger, today.isoformat())
        if compared(each["liaison"]) not in trained
    ]


_CASE = ("number", "received", "item", "problem", "disputed", "outcome")
_CASES = f"""
    SELECT {", ".join(_CASE)}, complaint.respondent, point.name AS point_name, {host_on("complaint.received")} AS host
    FROM complaint JOIN point ON point.id = complaint.point_id
    WHERE point.id = ? AND complaint.received BETWEEN ? AND ? AND complaint.voided IS NULL
    ORDER BY complaint.year, complaint.serial"""
# Put together by SQLite: a quarter may hold thousands, and `today` looks through it each morning. The name `host` alone would
# group by the point's present one.
_COUNTED = f"""
    SELECT complaint.respondent, point.code AS point, point.name AS point_name, {host_on("complaint.received")} AS host,
           group_concat(complaint.received || complaint.number) AS cases
    FROM complaint JOIN point ON point.id = complaint.point_id
    WHERE complaint.received BETWEEN ? AND ? AND complaint.voided IS NULL
    GROUP BY point.id, complaint.respondent, {host_on("complaint.received")} ORDER BY min(complaint.id)"""


def _operator(row: Mapping[str, Any]) -> str:
    return compared(operator(row["respondent"], row["point_name"], row["host"]))


def notices_proposed(ledger: Ledger, period: Period) -> list[dict[str, Any]]:
    """Operators with many complaints since their last notice or interview: point, point_name, respondent, numbers. 三(五)2"""
    warned = ledger.execute(
        f"""
        SELECT record.respondent, point.code AS point, point.name AS point_name, {host_on("record.day")} AS host, day
        FROM record JOIN point ON point.id = record.point_id
        WHERE kind IN ('notice', 'interview') AND voided IS NULL AND day >= ? ORDER BY day""",
        (period.first.isoformat(),),
    )
    since = {(row["point"], _operator(row)): row["day"] for row in warned}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in ledger.execute(_COUNTED, (period.first.isoformat(), period.last.isoformat())):
        known = {
            "point": row["point"],
            "point_name": row["point_name"],
            "respondent": row["respondent"] or row["host"],
        }
        key = row["point"], _operator(row)
        cases = [(each[:10], each[10:]) for each in row["cases"].split(",")]
        numbers = [number for received, number in cases if received > since.get(key, "")]
        found.setdefault(key, {**known, "numbers": []})["numbers"] += numbers
    least = int(settings(ledger)["notice_from"])
    many = [each for each in found.values() if len(each["numbers"]) >= least]
    for each in many:
        each["numbers"].sort(key=lambda number: (len(number), number))
    return sorted(many, key=lambda each: (each["point"], -len(each["numbers"])))


def notice_cases(ledger: Ledger, record_id: int) -> dict[str, Any]:
    """A notice or interview with its cases: those of its quarter up to its day, else of the quarter before. 三(五)2

    Gives the record with its point_name, its quarter (a Period) and its cases (number, received, item, problem, disputed in
    分, outcome). Raises Refused where there is none of this id.
    """
    row = standing_record(ledger, record_id)
    if row["kind"] not in ("notice", "interview"):
        raise Refused(
            "Record {id} is no notice and no interview but: {kind}.",
            id=record_id,
            kind=RECORDS[row["kind"]],
        )
    query = f"SELECT name AS point_name, {host_on('?')} AS host FROM point WHERE id = ?"
    row |= dict(ledger.execute(query, (row["day"], row["point_id"])).fetchone())
    day = date.fromisoformat(row["day"])
    quarter = quarter_of(day)
    if not (cases := _cases(ledger, row, quarter.first, day)):
        before = quarter_of(quarter.first - ONE_DAY)
        if cases := _cases(ledger, row, before.first, before.last):
            quarter = before
    return row | {"quarter": quarter, "cases": cases}


def _cases(
    ledger: Ledger, notice: Mapping[str, Any], first: date, last: date
) -> list[dict[str, Any]]:
    rows = ledger.execute(_CASES, (notice["point_id"], first.isoformat(), last.isoformat()))
    return [{key: row[key] for key in _CASE} for row in rows if _operator(row) == _operator(notice)]


def quarter_of(day: date) -> Period:
    """The quarter in which the day lies."""
    return parse_period(f"{day.year}Q{(day.month + 2) // 3}")


def majors_proposed(ledger: Ledger, day_from: date, day_to: date) -> list[dict[str, Any]]:
    """Large complaints not recorded as major matters: number, point, point_name, item. 三(三)6"""
    query = """
        SELECT complaint.number, complaint.item, point.code AS point, point.name AS point_name
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
