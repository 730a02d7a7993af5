"""The facts that a station sends: countable, without persons.

A hand-in holds the facts of one submitted period, a table each. It is read together with other
stations', so a point's key begins with its station's.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from ledger12315.boxes.reading import MOST_FEN, YEARS
from ledger12315.boxes.tables import VOCABULARIES
from ledger12315.rules.measures import (
    MEASURES,
    TOTAL,
    Figures,
    measures_of_schema,
    with_totals,
    without_zeros,
    zero_figures,
)
from ledger12315.rules.periods import Period, parse_period
from ledger12315.words import DEMONSTRATION, RECORD_KINDS, TYPES

SCHEMA = 100
"""The version of the tables below, their manifest and the county's store, which keeps them.

It is 100 in the first release; files of trial builds had 1 to 3. A county takes its own and
earlier ones, whose columns are those with `since` up to theirs; none is ever dropped or renamed.
"""
FIRST_SCHEMA = 100
"""The schema of the first release, the earliest that is read."""
MOST_VALUE, MOST_FIGURE = MOST_FEN, 10 * MOST_FEN
"""No case has more 分; no station has more of a type and period, so that sums fit 64 bits."""
_LONGEST_TEXT = 1_000  # bytes


_UNITS_OF_TYPES = {"date": "day", "integer": "number"}


class Fact(NamedTuple):
    """A column of facts; `type` is one of a data package.

    A string is one of `words`, or without them a key, a period or the county's name. `title` is
    its name on the forms, `meaning` what it says, `unit` that of a number, `source` the form or
    article that asks for it. Files have it from the schema `since` on.
    """

    name: str
    type: str = "string"
    words: Collection[str] = ()
    title: str = ""
    meaning: str = ""
    unit: str = ""
    source: str = ""
    since: int = FIRST_SCHEMA

    @property
    def described(self) -> dict[str, Any]:
        """The column's description in a station's data package."""
        words = {"constraints": {"enum": [*self.words]}} if self.words else {}
        return {"name": self.name, "type": self.type} | words

    @property
    def explained(self) -> dict[str, Any]:
        """The column's entry in a data dictionary."""
        unit = self.unit or _UNITS_OF_TYPES.get(self.type, "none")
        more = {"title": self.title, "description": self.meaning, "unit": unit}
        return self.described | more | {"source": self.source}

    @property
    def of_point(self) -> bool:
        """Whether it names a point, by its station's key and its number in the ledger."""
        return self.type == "string" and self.name in ("id", "point_id", "of_point")


# Nothing else leaves the station. A line is a table, what a row of it is and whence its columns
# are, or a column: its name and type, title, meaning, unit, and source if it is another. No case
# that was voided, and no event after the period, is among them.
_FACT_TABLES = """
* complaint: a complaint that is open in the period or ends in it | 附件1
id:integer | 序号 | its number in the station's ledger | none
point_id | 服务点 | the service point: the station's key and the point's number
type | 类型 | the point's type when it was received | | 三(一)
source | 来源 | how it came: direct, referred or other
kind | 性质 | goods, services or other
category | 类别 | what it is about
problem | 问题类别 | what is wrong
channel | 受理方式 | by which way it came
outcome | 处理结果 | how it ended; empty while it is open
rating | 消费者评价 | the consumer's rating, if one was given
received:date | 受理日期 | the day of receipt
due:date | 应办结日期 | the last day for closing it, by the station's own working days | | 三(三)4
escalated:date | 报请日期 | the day on which the point passed it on to the station | | 三(三)4
closed:date | 办结日期 | the day of closing; empty while it is open
voided:date | 作废日期 | always empty, as voided cases are left out
disputed:integer | 争议金额 | the amount in dispute | fen
recovered:integer | 挽回经济损失 | the amount recovered; empty if open or not stated | fen
reopened:boolean | 重新办理 | whether it had been closed before and was reopened
* record: a record of the period; leads are one sum for each type | 三(五)7
id:integer | 序号 | its number in the station's ledger; empty for leads | none
point_id | 服务点 | the service point; empty for the station's own and for leads
type | 类型 | the point's type, or empty
kind | 事项 | what was recorded
day:date | 日期 | its day; for leads the period's last
count:integer | 数量 | how many it stands for
voided:date | 作废日期 | always empty, as voided records are left out
* point: a service point | 附件4
id | 服务点 | the station's key and the point's number
since:date | 设立日期 | the day of its setting up
retired:date | 撤销日期 | the day on which it ended | | 附件5
begins:date | 起用日期 | the day from which the station's ledger owes returns
* point_type: a type of a point, with its days | 三(一)
point_id | 服务点 | the service point
type | 类型 | the type
since:date | 自 | its first day
until:date | 至 | the day from which it is another
* contact: that a point has a liaison or an officer | 附件4
point_id | 服务点 | the service point
role | 身份 | liaison 联络员 or officer 联系人
since:date | 自 | the first day
until:date | 至 | the day from which it is nobody or another
* demonstration: a demonstration level of a point | 三(五)8
point_id | 服务点 | the service point
level | 示范级别 | municipal or provincial
since:date | 自 | the day on which it was named
until:date | 至 | the day from which it is another
* point_return: that a point's return came | 三(五)7
point_id | 服务点 | the service point
quarter | 季度 | the quarter of the return
day:date | 收到日期 | the day on which it came
* sent: a day whose cases a point's totals replace | 附件3
of_point | 服务点 | the service point
on_day:date | 日期 | the day
* totals: what a point's totals add to a figure | 附件3
of_point | 服务点 | the service point
type | 类型 | the type of the point
measure | 指标 | the measure
figure:integer | 数 | what is added | fen for amounts, else number
"""
_FACT_WORDS: Mapping[str, Collection[str]] = {
    **VOCABULARIES,
    "record.kind": RECORD_KINDS,
    "role": ("liaison", "officer"),
    "level": DEMONSTRATION,
    "measure": MEASURES,
}


def facts_of(table: str, lines: Iterable[str], source: str) -> tuple[Fact, ...]:
    """Return the columns of lines as above; their source is this one, if they name none."""
    return tuple(_fact(table, line, source) for line in lines)


def _fact(table: str, line: str, source: str) -> Fact:
    name, *told = (each.strip() for each in line.split("|"))
    name, _, type_ = name.partition(":")
    words = _FACT_WORDS.get(f"{table}.{name}", _FACT_WORDS.get(name, ()))
    title, meaning, unit, own = (*told, "", "")[:4]
    return Fact(name, type_ or "string", tuple(words), title, meaning, unit, own or source)


_KEYS = (
    *facts_of("", ["station | 台账标识 | the key of the station's ledger"], "ledger info"),
    *facts_of("", ["county | 县 | the station's county"], "settings"),
)
STATION_KEY = _KEYS[0]
"""The first column of each table."""
OF_STATION = tuple(each.name for each in _KEYS)
"""The first columns of each table of facts: the key of the station, and its county."""


def _fact_tables() -> Iterator[tuple[str, str, tuple[Fact, ...]]]:
    for part in _FACT_TABLES.strip().removeprefix("* ").split("\n* "):
        head, *lines = part.splitlines()
        table, _, told = head.partition(": ")
        row, source = told.split(" | ")
        yield table, row, (*_KEYS, *facts_of(table, lines, source))


FACTS: Mapping[str, tuple[Fact, ...]] = {table: facts for table, _, facts in _fact_tables()}
"""Table -> its columns: all that ever leaves a station."""
ROW_MEANINGS: Mapping[str, str] = {table: row for table, row, _ in _fact_tables()}
"""Table -> what a row of it is."""


def columns_of_schema(table: str, schema: int) -> list[Fact]:
    """Return the columns of a table in files of a schema."""
    return [each for each in FACTS[table] if each.since <= schema]


def digest(found: Figures) -> str:
    """Return the SHA-256 of figures, equal on every engine."""
    text = json.dumps(without_zeros(found), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def figures_from_json(document: Mapping[str, Mapping[str, int]]) -> Figures:
    """Return figures from their JSON.

    Raises KeyError, TypeError or ValueError if it is invalid.
    """
    found = zero_figures()
    for key, by_type in document.items():
        if not by_type.keys() <= found[key].keys():
            raise KeyError
        found[key] |= {type_: checked_count(figure) for type_, figure in by_type.items()}
    return with_totals(found)


def checked_count(number: int) -> int:
    """Return a number of cases, rows or 分. Raises ValueError for an impossible one."""
    if type(number) is not int or not 0 <= number <= MOST_FIGURE:
        raise ValueError
    return number


def checked_day(text: str) -> date:
    """Return a day of facts. Raises ValueError."""
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError
    return day


def checked_moment(text: str) -> datetime:
    """Return a moment with its time zone. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    checked_day(moment.date().isoformat())
    if moment.tzinfo is None:
        raise ValueError
    return moment


def period_with_days(code: str, first: date, last: date) -> Period:
    """Return the period with this code and these days, by either reading of a year.

    Raises ValueError if there is none, and Unclear.
    """
    for annual in ("statistical", "calendar"):
        period = parse_period(code, annual, last)
        if period[:3] == (code, first, last) and period.owes_return:
            return period
    raise ValueError


def identity(head: str, days: Period, tables: Mapping[str, Sequence[int]]) -> str:
    """Return the SHA-256 that identifies a revision, independent of how its rows are stored.

    `head` is that of the act that froze the return, `tables` the `row_sums_sql` of each table with
    rows.
    """
    filled = [[table, *sums] for table in FACTS if (sums := tables.get(table, [0]))[0]]
    parts = [head, days.code, days.first, days.last, filled]
    return sha256(json.dumps(parts, default=str, separators=(",", ":")).encode()).hexdigest()


def row_sums_sql(table: str, schema: int) -> str:
    """Return SQL that counts a table's rows and adds their SHA-256, 60 bits of each at a time.

    A sum does not depend on the order. A row is its values with | between them, NULL being empty.
    """
    columns = columns_of_schema(table, schema)
    values = ", ".join(f"coalesce(CAST({each.name} AS VARCHAR), '')" for each in columns)
    row = f"sha256(concat_ws('|', {values}))"
    sums = (f"sum(CAST('0x' || substr({row}, {at}, 15) AS BIGINT))" for at in (1, 16))
    return ", ".join(("count(*)", *sums))


def invalid_rows_sql(table: str, quarters: Iterable[str], schema: int) -> str:
    """Return SQL that tests whether a table has invalid rows.

    `quarters` are the quarters of returns that may be included. All are plain comparisons, since a
    pattern takes a hundred times as long per row.
    """
    columns = columns_of_schema(table, schema)
    right = (_validity_condition(fact, quarters) for fact in columns)
    wrong = " OR ".join(f"NOT ({each})" for each in right if each)
    # Long texts make every comparison slow, and each row may have one.
    texts = (each.name for each in columns if each.type == "string")
    long = " OR ".join(f"coalesce(strlen({each}) > {_LONGEST_TEXT}, false)" for each in texts)
    summed = (each.name for each in columns if each.type == "integer" and each.name != "id")
    # The sum of a column that is empty in every row is none, and too small for anybody.
    most = (f"coalesce(sum({name}), 0) > {MOST_FIGURE}" for name in summed)
    return " OR ".join(
        (f"coalesce(bool_or(CASE WHEN {long} THEN true ELSE {wrong} END), false)", *most)
    )


def _validity_condition(fact: Fact, quarters: Iterable[str]) -> str:
    """Return the condition for valid values in a column; NULL is valid, except in OF_STATION."""
    name, words = fact.name, quarters if fact.name == "quarter" else fact.words
    if name in OF_STATION:
        return f"{name} IS NOT NULL"
    if words:
        return f"{name} IN ({', '.join(map(repr, sorted(words)))})"
    if fact.of_point:
        number = f"TRY_CAST(substr({name}, length(station) + 2) AS BIGINT)"
        return f"{name} IS NULL OR coalesce({name} = station || '/' || {number}, false)"
    if fact.type == "date":
        return f"{name} BETWEEN DATE '{YEARS[0]}-01-01' AND DATE '{YEARS[-1]}-12-31'"
    return f"{name} BETWEEN 0 AND {MOST_VALUE}" if fact.type == "integer" else ""


def differences(submitted: Figures, schema: int, now: Figures) -> list[dict[str, str | int]]:
    """Return each cell that differs from the submitted one, with the difference. Money in 分.

    A measure that the return's schema did not count is left out.
    """
    return [
        {"key": key, "type": type_, "submitted": was, "now": is_, "difference": is_ - was}
        for key in (measure.key for measure in measures_of_schema(schema))
        for type_ in (*TYPES, TOTAL)
        if (was := submitted[key][type_]) != (is_ := now[key][type_])
    ]
