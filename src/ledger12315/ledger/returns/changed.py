"""The submitted periods that acts may change, and those that the last act changes."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ledger12315.ledger.store import Ledger, single
from ledger12315.ledger.store.history import last_act

if TYPE_CHECKING:  # every act imports this, and few change submitted figures
    from ledger12315.rules.periods import Period

# The first day on which a row that was changed counts, now or before: a complaint from its
# receipt, a point's data from the days that the change names, its return in its quarter.
_FIRST_DAY = """
    WITH changed AS MATERIALIZED (
        SELECT table_name, row_id, made, common FROM change WHERE act_id > :act
    )
    SELECT min(day) FROM (
        SELECT received AS day FROM complaint
        WHERE id IN (SELECT row_id FROM changed WHERE table_name = 'complaint')
        UNION ALL
        SELECT day FROM record
        WHERE id IN (SELECT row_id FROM changed WHERE table_name = 'record')
        UNION ALL
        SELECT day FROM special_day
        WHERE id IN (SELECT row_id FROM changed WHERE table_name = 'special_day')
        UNION ALL
        SELECT box.atom FROM changed, json_tree(common) AS box
        WHERE NOT made AND box.fullkey IN ('$.received[0]', '$.day[0]')
        UNION ALL
        SELECT box.atom FROM changed, json_tree(common) AS box
        WHERE table_name IN ('point', 'point_type', 'contact', 'demonstration')
            AND (box.fullkey GLOB '$.since*' OR box.fullkey GLOB '$.until*'
                OR box.fullkey GLOB '$.retired*')
        UNION ALL
        SELECT since FROM point_type WHERE id IN (SELECT row_id FROM changed
            WHERE table_name = 'point_type' AND NOT made AND json_type(common, '$.type') NOTNULL)
        UNION ALL
        SELECT printf('%s-%02d-01', substr(period, 1, 4), 3 * substr(period, 6) - 2)
        FROM point_return
        WHERE id IN (SELECT row_id FROM changed WHERE table_name = 'point_return')
        UNION ALL
        SELECT '0001-01-01' FROM setting WHERE key = 'begins'
            AND rowid IN (SELECT row_id FROM changed WHERE table_name = 'setting')
    )"""
# A calendar year's return has corrections of the rest of December.
_SUBMITTED_FROM = """
    SELECT period, settings, schema FROM submission WHERE withdrawn IS NULL
        AND iif(period LIKE '%A', substr(period, 1, 4) || '-12-31', last) >= ?
    ORDER BY last"""


def first_day_changed(ledger: Ledger, act: int) -> str | None:
    """Return the first day on which a row counts, now or before, that later acts changed."""
    day: str | None = single(ledger, _FIRST_DAY, {"act": act})
    return day


def periods_that_may_differ(ledger: Ledger, act: int) -> "list[tuple[Period, int]]":
    """Return the submitted periods that later acts may have changed, with their returns' schema.

    They are those that end after the first day on which a changed row counts.
    """
    day = first_day_changed(ledger, act)
    found = [] if day is None else ledger.execute(_SUBMITTED_FROM, (day,)).fetchall()
    if not found:
        return []
    from ledger12315.rules.periods import parse_period

    return [
        (parse_period(code, json.loads(settings)["annual_period"]), schema)
        for code, settings, schema in found
    ]


def periods_that_differ(ledger: Ledger) -> list[str]:
    """Return the submitted periods in whose returns the last act changes a cell.

    It costs nothing without submissions, and little if all its changes are later.
    """
    if not single(ledger, "SELECT EXISTS (SELECT 1 FROM submission)"):
        return []
    act = last_act(ledger) - 1
    if not (asked := periods_that_may_differ(ledger, act)):
        return []
    from ledger12315.ledger.audit.past import changed_rows

    with changed_rows(ledger, act, before=False) as tables:
        present = _figures_by_type(ledger, asked, tables)
    with changed_rows(ledger, act, before=True):
        past = _figures_by_type(ledger, asked, tables)
    return [code for code, figures in present.items() if figures != past[code]]


def _figures_by_type(
    ledger: Ledger, asked: "Iterable[tuple[Period, int]]", tables: Collection[str]
) -> dict[str, Counter[tuple[str, str]]]:
    """Return each period's figures by type, for the measures that rows of these tables change."""
    from ledger12315.ledger.figures.counting import sums_of
    from ledger12315.ledger.figures.scope import Scope, totals_in_scope
    from ledger12315.rules.counting import measures_by
    from ledger12315.rules.measures import measures_of_schema

    found = {}
    for period, schema in asked:
        scope, sums = Scope(period), Counter[tuple[str, str]]()
        measures = measures_by(tables, measures_of_schema(schema))
        for each in sums_of(ledger, scope, totals_in_scope(ledger, scope), measures):
            sums[each.key, each.type] += each.figure
        found[period.code] = sums
    return found
