"""The cases behind the county's figures: recounted, as SQL for any engine, and as Parquet."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ledger12315.facts.engine import Duck, new_folder_beside, sql_literal
from ledger12315.facts.taking_in import counted_facts_sql
from ledger12315.rules.county import FactsTaken, Member
from ledger12315.rules.facts import FACTS
from ledger12315.rules.periods import Period


def facts_in_force(member: Member) -> FactsTaken | None:
    """Return the youngest facts of a station's hand-in, if it has any."""
    taken = member.hand_in.facts if member.hand_in and member.counts else ()
    return max(taken, key=lambda each: (each.moment, each.act), default=None)


def with_facts(members: Iterable[Member]) -> list[tuple[Member, FactsTaken]]:
    """Return the stations with facts, and those."""
    return [(each, facts) for each in members if (facts := facts_in_force(each))]


def altered_facts(duck: Duck, days: Period, members: Sequence[Member]) -> list[str]:
    """Return the names of stations whose cases give other figures than their hand-in states."""
    found = []
    by_day: dict[Period, list[tuple[Member, FactsTaken]]] = {}
    for member, facts in with_facts(members):
        by_day.setdefault(days._replace(last=facts.last), []).append((member, facts))
    for period, those in by_day.items():
        which = ", ".join(str(facts.id) for _, facts in those)
        counted: dict[int, dict[tuple[str, str], int]] = {}
        query = counted_facts_sql(duck, period, which, "facts.")
        for number, type_, key, figure in duck.execute(query).fetchall():
            counted.setdefault(number, {})[key, type_] = figure
        for member, facts in those:
            stated = {
                (key, type_): figure
                for key, row in facts.figures.items()
                for type_, figure in row.items()
                if figure and type_ != "total"
            }
            if counted.get(facts.id, {}) != stated:
                found.append(member.name)
    return found


def selection_sql(members: Iterable[Member]) -> str:
    """Return SQL that makes a table of the stations whose facts count."""
    rows = [
        [each.key, each.name, _code(each), _county(each), each.county, facts.id]
        for each, facts in with_facts(members)
    ]
    columns = "station, name, code, county, county_name, hand_in"
    values = [", ".join(map(sql_literal, row)) for row in rows or [["", "", "", "", "", -1]]]
    listed = ",\n".join(f"({each})" for each in values)
    return f"""CREATE OR REPLACE TEMP TABLE station AS
SELECT * REPLACE (CAST(hand_in AS INTEGER) AS hand_in)
FROM (VALUES
{listed}
) AS one ({columns}) WHERE hand_in <> '-1'"""


def _code(member: Member) -> str:
    return (member.entry.code if member.entry else None) or ""


def _county(member: Member) -> str:
    """Return the key of a station's county: its code, or else its name."""
    return (member.entry.county_code if member.entry else None) or member.county


def fact_views() -> Iterator[str]:
    """Yield SQL for a view of each table, with the facts that count."""
    for table in FACTS:
        yield f"""CREATE OR REPLACE TEMP VIEW {table} AS
SELECT fact.* EXCLUDE (hand_in) REPLACE (station.county AS county)
FROM facts.{table} AS fact JOIN station USING (hand_in)"""


def export_facts(
    duck: Duck, target: Path, periods: Iterable[tuple[Period, Sequence[Member]]]
) -> list[str]:
    """Write the facts that count as Parquet, a folder for each period; return their names.

    Raises Unusable if the folder cannot be written.
    """
    names = []
    with new_folder_beside(target) as fresh:
        for days, members in periods:
            home = fresh / f"period={days.code}"
            home.mkdir()
            names.append(days.code)
            duck.execute(";".join([selection_sql(members), *fact_views()]))
            for table in (*FACTS, "station"):
                columns = "station, name, code, county, county_name" if table == "station" else "*"
                query = f"SELECT {columns}, {sql_literal(days.code)} AS period FROM {table}"
                if table == "point_return":
                    query = f"SELECT * FROM {table}"
                file = sql_literal(home / f"{table}.parquet")
                duck.execute(f"COPY ({query}) TO {file} (FORMAT parquet, COMPRESSION zstd)")
        if names:
            fresh.rename(target)
    return names
