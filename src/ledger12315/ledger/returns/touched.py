"""The submitted returns that acts may change, and those that the last act changes. Domain 5."""

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ledger12315.ledger.store import Ledger, single
from ledger12315.ledger.store.history import last_act

if TYPE_CHECKING:  # every act imports this, and few change submitted figures
    from ledger12315.rules.periods import Period

# The days on which changed rows count in a return, with their old and new values: a complaint from
# its receipt to its closing; a day of the calendar while a limit may include it, and whenever a
# complaint was closed that was escalated within such a limit; a point's data from the day of the
# change on; a point's return in its quarter; totals from their year on, also after a change of
# their point's type. Open cases in totals count on, minus the complaints of their days; with
# totals these complaints have no last day.
_TOUCHED = """
    WITH changed AS MATERIALIZED (
        SELECT table_name, row_id, made, common FROM change WHERE act_id > :act
    ), stretch (first, last) AS MATERIALIZED (
        SELECT min(first), max(last) FROM (
            SELECT id, received AS first, iif(
                EXISTS (SELECT 1 FROM point_return WHERE totals IS NOT NULL), '9999',
                coalesce(closed, '9999')) AS last
            FROM complaint
            WHERE id IN (SELECT row_id FROM changed WHERE table_name = 'complaint')
            UNION ALL
            SELECT row_id, json_extract(common, '$.received[0]'),
                CASE json_type(common, '$.closed[0]') WHEN 'null' THEN '9999'
                    ELSE json_extract(common, '$.closed[0]') END
            FROM changed WHERE table_name = 'complaint' AND row_id NOT IN
                (SELECT row_id FROM changed WHERE table_name = 'complaint' AND made)
        ) GROUP BY id
        UNION
        SELECT day, day FROM record
        WHERE id IN (SELECT row_id FROM changed WHERE table_name = 'record')
        UNION
        SELECT json_extract(common, '$.day[0]'), json_extract(common, '$.day[0]')
        FROM changed WHERE table_name = 'record' AND NOT made
        UNION
        SELECT day, date(day, '+1 month') FROM special_day
        WHERE id IN (SELECT row_id FROM changed WHERE table_name = 'special_day')
        UNION
        SELECT closed, closed FROM special_day CROSS JOIN complaint
            ON received BETWEEN date(day, '-1 month') AND day
        WHERE special_day.id IN (SELECT row_id FROM changed WHERE table_name = 'special_day')
            AND escalated NOTNULL AND closed NOTNULL
        UNION
        SELECT min(box.atom), '9999' FROM changed, json_tree(common) AS box
        WHERE table_name IN ('point', 'point_type', 'contact', 'demonstration')
            AND (box.fullkey GLOB '$.since*' OR box.fullkey GLOB '$.until*'
                OR box.fullkey GLOB '$.retired*')
        GROUP BY table_name, row_id
        UNION
        SELECT since, '9999' FROM point_type WHERE id IN (SELECT row_id FROM changed
            WHERE table_name = 'point_type' AND NOT made AND json_type(common, '$.type') NOTNULL)
        UNION
        SELECT first, iif(totals, '9999', date(first, '+3 months', '-1 day')) FROM (
            SELECT printf('%s-%02d-01', substr(period, 1, 4), 3 * substr(period, 6) - 2) AS first,
                totals IS NOT NULL OR id IN (SELECT row_id FROM changed WHERE
                    table_name = 'point_return' AND json_type(common, '$.totals') NOTNULL)
                    AS totals
            FROM point_return
            WHERE id IN (SELECT row_id FROM changed WHERE table_name = 'point_return')
                OR totals IS NOT NULL AND point_id IN (SELECT point_id FROM point_type WHERE id IN
                    (SELECT row_id FROM changed WHERE table_name = 'point_type'))
        )
        UNION
        SELECT '', '9999' FROM setting WHERE key = 'begins' AND rowid IN
            (SELECT row_id FROM changed WHERE table_name = 'setting')
    )
    SELECT period, settings, schema FROM submission
    WHERE withdrawn IS NULL AND EXISTS (
        SELECT 1 FROM stretch WHERE stretch.last >= submission.first AND stretch.first <=
            iif(period LIKE '%A', substr(period, 1, 4) || '-12-31', submission.last)
    ) ORDER BY last"""


class Touched(NamedTuple):
    """A submitted period whose cells may have changed, and the schema of its return."""

    period: "Period"
    schema: int


def touched_since(ledger: Ledger, act: int) -> "list[Touched]":
    """Return submitted periods whose rows later acts changed.

    There are few, however many periods were submitted.
    """
    found = ledger.execute(_TOUCHED, {"act": act}).fetchall()
    if not found:
        return []
    from ledger12315.rules.periods import parse_period

    return [
        Touched(parse_period(code, json.loads(settings)["annual_period"]), schema)
        for code, settings, schema in found
    ]


def touched_periods(ledger: Ledger) -> list[str]:
    """Return the submitted periods in whose returns the last act changes a cell.

    It costs nothing without submissions, and little if all its changes are later.
    """
    if not single(ledger, "SELECT EXISTS (SELECT 1 FROM submission)"):
        return []
    act = last_act(ledger)
    if not (asked := touched_since(ledger, act - 1)):
        return []
    from ledger12315.ledger.audit.as_of import by_last_act

    with by_last_act(ledger, act, before=False):
        present = _figures_by_type(ledger, asked)
    with by_last_act(ledger, act, before=True):
        past = _figures_by_type(ledger, asked)
    return [code for code, figures in present.items() if figures != past[code]]


def _figures_by_type(
    ledger: Ledger, asked: "list[Touched]"
) -> dict[str, Counter[tuple[str, str]]]:
    """Return figures by type of each period's measures, or of the rows in view."""
    from ledger12315.ledger.figures.counting import sums_of
    from ledger12315.ledger.figures.scope import Scope, totals_in_scope
    from ledger12315.rules.measures import measures_of_schema

    found = {}
    for period, schema in asked:
        scope, sums = Scope(period), Counter[tuple[str, str]]()
        for each in sums_of(
            ledger, scope, totals_in_scope(ledger, scope), measures_of_schema(schema)
        ):
            sums[each.key, each.type] += each.figure
        found[period.code] = sums
    return found
