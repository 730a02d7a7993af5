"""The cases behind the county's figures: recounted, as SQL for any engine, and as Parquet."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.errors import Refused
from ledger12315.facts.engine import Duck, new_folder_beside, sql_literal
from ledger12315.facts.manifest import MANIFEST
from ledger12315.facts.taking_in import counted_facts, equal_as_counted, row_marks
from ledger12315.rules.facts import (
    FACTS,
    FIRST_SCHEMA,
    ROW_MEANINGS,
    SCHEMA,
    STATION_KEY,
    Fact,
    facts_of,
)
from ledger12315.rules.facts_query import period_days
from ledger12315.rules.hand_ins import FactsTaken, HandIns, Member
from ledger12315.rules.periods import Period, as_known

WithFacts = tuple[Member, FactsTaken]
"""A station, and the facts of its hand-in that count."""
[_PERIOD_COLUMN] = facts_of("", ["period | 报告期 | the period of the return"], "三(五)7")
_STATION_COLUMNS = """\
name | 名称 | the station's name
code | 代码 | its code, if it has one
county | 县 | the county's code, or else its name
county_name | 县名 | the county's name
"""
_PERIOD_COLUMNS = """\
quarter | 季度 | empty, or a quarter whose returns count in it
first_day:date | 起始日期 | the first day that counts
last_day:date | 截止日期 | the last day that counts
"""
_EXPORTED_TABLES: Mapping[str, tuple[Fact, ...]] = {
    **FACTS,
    "station": (STATION_KEY, *facts_of("", _STATION_COLUMNS.splitlines(), "county stations")),
    "period": (STATION_KEY, *facts_of("", _PERIOD_COLUMNS.splitlines(), "三(五)7")),
}
_EXPORTED_ROWS = {
    **ROW_MEANINGS,
    "station": "a station",
    "period": "the days of a station's return",
}


def facts_in_force(member: Member) -> FactsTaken | None:
    """Return the youngest facts of a station's hand-in, if it has any."""
    taken = member.hand_in.facts if member.hand_in and member.counts else ()
    return max(taken, key=lambda each: (each.moment, each.act), default=None)


def with_facts(members: Iterable[Member]) -> list[WithFacts]:
    """Return the stations with facts, and those."""
    return [(each, facts) for each in members if (facts := facts_in_force(each))]


def without_facts(members: Iterable[Member]) -> list[str]:
    """Return the names of the stations whose hand-in counts, and has no facts."""
    return [each.name for each in members if each.counts and not facts_in_force(each)]


def earlier_facts(book: HandIns, days: Period, members: Iterable[Member]) -> list[str]:
    """Return the names of stations whose cases are older than what a later return states."""
    nows = [(each, facts, book.now(each.key, days.code)) for each, facts in with_facts(members)]
    return [each.name for each, facts, now in nows if now and now.figures != facts.figures]


def altered_facts(duck: Duck, days: Period, members: Sequence[Member]) -> list[str]:
    """Return the names of stations whose cases give other figures than their hand-in states.

    Cases were counted when they came; those of which no value has changed since are as they were.
    """
    there = with_facts(members)
    marks = row_marks(duck, [facts.id for _, facts in there], "facts.")
    those = [(each, facts) for each, facts in there if marks[facts.id] != facts.mark]
    counted = counted_facts(duck, {one.id: as_known(days, one.last) for _, one in those}, "facts.")
    return [
        member.name
        for member, one in those
        if not equal_as_counted(counted[one.id], one.figures, one.counted)
    ]


def selection_sql(days: Period, members: Iterable[Member]) -> str:
    """Return SQL that makes tables of the stations whose facts count, and of their days."""
    those = with_facts(members)
    stations = [
        (each.key, each.name, _code(each), _county_of(each), each.county, facts.id)
        for each, facts in those
    ]
    parts = [
        (each.key, *row)
        for each, facts in those
        for row in period_days(as_known(days, facts.last))
    ]
    columns = "station, name, code, county, county_name, hand_in"
    code = f"{sql_literal(days.code)} AS period"
    numbered = f"* REPLACE (hand_in::INTEGER AS hand_in), {code}"
    dated = f"* REPLACE (first_day::DATE AS first_day, last_day::DATE AS last_day), {code}"
    return ";\n".join(
        (
            _table_sql("station", columns, stations, numbered),
            _table_sql("period", "station, quarter, first_day, last_day", parts, dated),
        )
    )


def _table_sql(name: str, columns: str, rows: Sequence[Sequence[object]], select: str) -> str:
    """Return SQL that makes a table of these rows; there may be none."""
    empty = ", ".join(["NULL"] * len(columns.split(",")))
    listed = [", ".join(map(sql_literal, row)) for row in rows] or [empty]
    values = ",\n".join(f"({each})" for each in listed)
    return f"""CREATE OR REPLACE TEMP TABLE {name} AS
SELECT {select} FROM (VALUES
{values}
) AS one ({columns}) WHERE station IS NOT NULL"""


def _code(member: Member) -> str:
    return (member.entry.code if member.entry else None) or ""


def _county_of(member: Member) -> str:
    """Return the key of a station's county: its code, or else its name."""
    return (member.entry.county_code if member.entry else None) or member.county


def fact_views() -> Iterator[str]:
    """Yield SQL for a view of each table, with the facts that count."""
    for table in FACTS:
        yield f"""CREATE OR REPLACE TEMP VIEW {table} AS
SELECT fact.* EXCLUDE (hand_in) REPLACE (station.county AS county), station.period
FROM facts.{table} AS fact JOIN station USING (hand_in)"""


class Exported(NamedTuple):
    """Codes of periods: written, there already as they are, and removed as no case counts."""

    written: list[str]
    unchanged: list[str]
    removed: list[str]


def export_facts(
    duck: Duck, target: Path, periods: Iterable[tuple[Period, Sequence[Member]]]
) -> Exported:
    """Write the facts that count as Parquet, a folder for each period whose facts have changed.

    What counts no longer is removed. A reader finds each folder whole. Raises Refused for a folder
    of something else, Unusable if it cannot be written.
    """
    there, those = _exported(target), [(days, with_facts(members)) for days, members in periods]
    hand_ins = {days.code: [*map(_described_hand_in, each)] for days, each in those if each}
    changed = [
        (days, [member for member, _ in each])
        for days, each in those
        if each and not _is_there(target / f"period={days.code}", hand_ins[days.code], there)
    ]
    written, gone = [days.code for days, _ in changed], sorted(there.keys() - hand_ins.keys())
    if written or gone:
        with new_folder_beside(target / MANIFEST) as fresh:
            for days, members in changed:
                _write_period(duck, days, members, fresh / f"period={days.code}")
            _replace_periods(fresh, target, written, gone)
            _put_dictionary(fresh, target, hand_ins)
    return Exported(written, sorted(hand_ins.keys() - {*written}), gone)


def _exported(target: Path) -> Mapping[str, Any]:
    """Return the hand-ins by period that a folder holds; of an earlier schema, none of each.

    Raises Refused for a folder of something else; what a killed export left is nothing.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        document = json.loads((target / MANIFEST).read_bytes())
        schema, hand_ins = document["schema"], document["hand_ins"].items()
        if FIRST_SCHEMA <= schema <= SCHEMA:
            return {code: [*each] if schema == SCHEMA else [] for code, each in hand_ins}
    left = f".{MANIFEST}.*.part"
    if target.exists() and not (
        target.is_dir() and all(each.match(left) for each in target.iterdir())
    ):
        raise Refused(
            "{path} is not a folder of exported facts. Choose a new folder.", path=target
        )
    return {}


def _is_there(home: Path, hand_ins: object, there: Mapping[str, Any]) -> bool:
    """Return whether a period's folder holds these hand-ins, each table of them."""
    same = there.get(home.name.removeprefix("period=")) == hand_ins
    return same and all((home / f"{table}.parquet").is_file() for table in _EXPORTED_TABLES)


def _replace_periods(
    fresh: Path, target: Path, written: Iterable[str], gone: Iterable[str]
) -> None:
    """Put the folders of written periods in their places; move those of periods that are gone."""
    if not (target / MANIFEST).exists():
        # Before the first period: killed between them, it is still such a folder.
        _put_dictionary(fresh, target, {})
    for code in written:
        _put_in_place(fresh / f"period={code}", target / f"period={code}")
    for name in (f"period={code}" for code in gone):
        if (target / name).exists():
            (target / name).rename(fresh / name)


def _put_in_place(fresh: Path, home: Path) -> None:
    """Put a period's folder in the place of the one before."""
    if home.exists():
        home.rename(fresh.with_name(f"{home.name}.before"))
    fresh.rename(home)


def _put_dictionary(fresh: Path, target: Path, hand_ins: Mapping[str, Any]) -> None:
    """Put a data dictionary in the place of the one before."""
    (fresh / MANIFEST).write_text(_dictionary(hand_ins), "utf-8")
    (fresh / MANIFEST).replace(target / MANIFEST)


def _write_period(duck: Duck, days: Period, members: Sequence[Member], home: Path) -> None:
    home.mkdir()
    duck.execute(";".join([selection_sql(days, members), *fact_views()]))
    for table, columns in _EXPORTED_TABLES.items():
        names = ", ".join(each.name for each in (*columns, _PERIOD_COLUMN))
        file = sql_literal(home / f"{table}.parquet")
        duck.execute(
            f"COPY (SELECT {names} FROM {table}) TO {file} (FORMAT parquet, COMPRESSION zstd)"
        )


def _described_hand_in(of: WithFacts) -> dict[str, Any]:
    """Return what a data dictionary states of a hand-in: whose, its revision, its identity."""
    member, facts = of
    return {
        "station": member.key,
        "name": member.name,
        "code": _code(member),
        "county": _county_of(member),
        "county_name": member.county,
        "last_day": facts.last.isoformat(),
        "revision": facts.revision,
        "identity": facts.identity,
    }


def _dictionary(hand_ins: Mapping[str, Any]) -> str:
    """Return the data dictionary: each table and column, and the hand-ins by period."""
    resources = [
        {
            "name": table,
            "description": f"A row is {_EXPORTED_ROWS[table]}.",
            "format": "parquet",
            "path": [f"period={code}/{table}.parquet" for code in sorted(hand_ins)],
            "schema": {"fields": [each.explained for each in (*columns, _PERIOD_COLUMN)]},
        }
        for table, columns in _EXPORTED_TABLES.items()
    ]
    document = {
        "profile": "data-package",
        "name": "12315-county-facts",
        "schema": SCHEMA,
        "hand_ins": dict(sorted(hand_ins.items())),
        "resources": resources,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
