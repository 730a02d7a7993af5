"""The facts of a submitted period: rows and figures, as submitted or as now.

Only columns of rules/facts.py go out; the rows are put together here.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from typing import Any, NamedTuple

from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.figures import Scope, Snapshot
from ledger12315.ledger.figures.counting import bindings, lay_out_due_days
from ledger12315.ledger.figures.scope import totals_in_scope
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.counting import rows_of
from ledger12315.rules.events import EVENTS, WITH_DUE_DAY
from ledger12315.rules.facts import FACTS, OF_STATION
from ledger12315.rules.measures import MEASURES, Figures
from ledger12315.rules.periods import Period, reported_quarters

OwnDay = tuple[str, bool]
"""A day of the calendar, and whether it is worked."""


class PeriodFacts(NamedTuple):
    """The rows of each table of a period, after an act, and their figures.

    Values follow the order of the columns, without the station's own; a point is its number.
    """

    period: Period
    act: int
    figures: Figures
    rows: Mapping[str, Iterable[Any]]


def changed_since(ledger: Ledger, act: int) -> bool:
    """Return whether the basis of the facts may have changed since an act."""
    query = """
        SELECT 1 FROM change WHERE act_id > ? AND table_name NOT IN
        ('submission', 'submitted', 'hand_in') LIMIT 1"""
    return bool(single(ledger, query, (act,)))


def own_days(ledger: Ledger) -> list[OwnDay]:
    """Return the days set by the station, or else by a notice it loaded."""
    query = """
        SELECT day, working FROM special_day AS said WHERE notice = 0 OR NOT EXISTS
            (SELECT 1 FROM special_day WHERE day = said.day AND notice = 0)
        ORDER BY day"""
    return [(day, bool(working)) for day, working in ledger.execute(query)]


@contextmanager
def facts_after(ledger: Ledger, period: Period, act: int) -> Iterator[PeriodFacts]:
    """Yield a period's facts as they were after an act."""
    with as_of_act(ledger, act), ExitStack() as opened:
        figures = Snapshot(ledger).figures(Scope(period))
        rows = _fact_rows(ledger, period, act)
        for each in rows.values():  # no query may be open when the earlier state ends
            opened.callback(each.close)
        yield PeriodFacts(period, act, figures, rows)


def _fact_rows(ledger: Ledger, period: Period, act: int) -> Mapping[str, Generator[Any]]:
    scope = Scope(period)
    instead = totals_in_scope(ledger, scope)
    values = bindings(ledger, scope, instead) | {"act": act}
    lay_out_due_days(ledger, scope, _CASES_SENT)
    found = {
        table: _fetch_rows(ledger, _select(table, bool(instead), period), values)
        for table in _FROM
    }
    found["sent"] = ((each.point.id, day) for each in instead for day in each.days)
    found["totals"] = (
        (each.point.id, each.type, measure, figure)
        for each in instead
        for measure, figure in each.contributions(scope)
    )
    return found


def _fetch_rows(ledger: Ledger, query: str, values: Mapping[str, Any]) -> Generator[Any]:
    with closing(ledger.cursor()) as cursor:
        cursor.row_factory = None
        yield from cursor.execute(query, values)


# The SQL of a column; others are the ledger's columns of that name. Events after a period are left
# out, or each later closing would make a revision.
_VALUES = {
    "point.begins": ":begins",
    "point_return.quarter": "period",
    "received": "complaint.received",
    **{
        day: f"CASE WHEN {day} <= :last THEN {day} END"
        for day in ("closed", "escalated", "retired", "until")
    },
    **{
        each: f"CASE WHEN closed <= :last THEN {each} END"
        for each in ("outcome", "rating", "recovered")
    },
    # The reason of reopening is personal, so earlier states do not have it. A voiding that was
    # taken back reopened nothing. The + keeps SQLite from scanning every change of the table.
    "complaint.reopened": """
        CASE WHEN id IN (SELECT row_id FROM act JOIN change ON change.act_id = act.id
                         WHERE command = 'complaint reopen' AND +table_name = 'complaint'
                         AND json_type(common, '$.voided') IS NULL
                         AND act.id <= :act) THEN 'true' ELSE 'false' END""",
}
# The basis of a period's figures; each range has an index of its own.
_CASES_SENT = tuple(
    f"{each} AND complaint.received <= :last AND voided IS NULL"
    for each in ("closed IS NULL", "closed >= :first")
)
# Each table's rows, as the SQL after FROM.
_FROM = {
    "complaint": tuple(f"{WITH_DUE_DAY} WHERE {each}" for each in _CASES_SENT),
    "record": ("record WHERE voided IS NULL AND day BETWEEN :first AND :last AND kind <> 'lead'",),
    **{
        table: (f"{table} WHERE since <= :last",)
        for table in ("point", "point_type", "contact", "demonstration")
    },
    "point_return": ("point_return WHERE period IN ({quarters})",),
}


def _select(table: str, instead: bool, period: Period) -> str:
    columns = ", ".join(
        _VALUES.get(f"{table}.{each.name}", _VALUES.get(each.name, each.name))
        for each in FACTS[table][len(OF_STATION) :]
    )
    quarters = ", ".join(f"'{each.code}'" for each in reported_quarters(period))
    parts = [f"SELECT {columns} FROM {rows.format(quarters=quarters)}" for rows in _FROM[table]]
    if table == "record":
        leads = f"AND {MEASURES['leads'].condition}"
        parts += [
            f"SELECT NULL, NULL, record.type, 'lead', :last, sum(count), NULL"
            f" FROM {rows} {leads} GROUP BY record.type"
            for rows in rows_of(EVENTS["recorded"], instead)
        ]
    return " UNION ALL ".join(parts)
