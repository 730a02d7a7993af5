"""Which submitted returns an act changes. Domain 5."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledger12315.ledger.store import Ledger

if TYPE_CHECKING:  # every act imports this, and few change what was submitted
    from ledger12315.ledger.figures.counting import Counted
    from ledger12315.rules.periods import Period

# What figures of Attachment 3 are made of, and the column that says from which day on.
_COUNTED = {
    "complaint": "received",
    "record": "day",
    "special_day": "day",
    "point_return": "period",
}


def touched(ledger: Ledger) -> list[str]:
    """Return the submitted periods whose Attachment 3 the last act changes.

    Where nothing is submitted this costs nothing, and next to nothing where all that it did is
    later.
    """
    query = "SELECT period, settings FROM submission WHERE withdrawn IS NULL ORDER BY last"
    standing = ledger.execute(query).fetchall()
    if not standing:
        return []
    [act] = ledger.execute("SELECT max(id) FROM act").fetchone()
    if not (earliest := min(_days(ledger, act), default=None)):
        return []
    from ledger12315.rules.periods import parse_period

    periods = [
        parse_period(code, json.loads(settings)["annual_period"]) for code, settings in standing
    ]
    asked = [each for each in periods if each.last.isoformat() >= earliest]
    if not asked:
        return []
    from ledger12315.ledger.audit.as_of import by_last_act

    with by_last_act(ledger, act, before=False):
        present = _figures(ledger, asked)
    with by_last_act(ledger, act, before=True):
        past = _figures(ledger, asked)
    return [code for code, figures in present.items() if figures != past[code]]


def _days(ledger: Ledger, act: int) -> Iterator[str]:
    """Yield the first day of each table's rows that an act changed, as they were and as they are.

    A return is of a period, and every period is asked then.
    """
    for table, column in _COUNTED.items():
        rows = f"FROM change WHERE act_id = ? AND table_name = '{table}'"
        for query in (
            f"SELECT min({column}) FROM {table} WHERE id IN (SELECT row_id {rows})",
            f"SELECT min(json_extract(common, '$.{column}[0]')) {rows} AND NOT made",
        ):
            if found := ledger.execute(query, (act,)).fetchone()[0]:
                yield found[:4] if column == "period" else found


def _figures(ledger: Ledger, periods: "list[Period]") -> dict[str, "set[Counted]"]:
    from ledger12315.ledger.figures.counting import sums_of
    from ledger12315.ledger.figures.scope import Scope, sent
    from ledger12315.rules.measures import ATTACHMENT3

    scopes = map(Scope, periods)
    return {
        scope.period.code: {*sums_of(ledger, scope, sent(ledger, scope), ATTACHMENT3)}
        for scope in scopes
    }
