"""The cases that a figure counts otherwise now than it was told, and what was done to them.

Source: 三(五)7, docs/figures.md.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from ledger12315.ledger.audit.past import as_of_act, changed_rows
from ledger12315.ledger.figures import Scope, cases_by_column
from ledger12315.ledger.returns.changed import first_day_changed
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import written_values
from ledger12315.rules.counting import measures_by
from ledger12315.rules.measures import MEASURES, CellKey, Measure
from ledger12315.rules.periods import Period
from ledger12315.rules.reported import Cause
from ledger12315.words import RECORD_KINDS


class _Case(NamedTuple):
    """A complaint by its number, or cases of a kind and a date at a point."""

    number: str | None
    kind: str
    point: str | None
    date: date | None


Changed = Mapping[str, Sequence[tuple[CellKey, Cause]]]
"""By a period's code, the cells that a case changed, each with what was done to the case."""


def changed_cases(ledger: Ledger, asked: Iterable[tuple[int, Period, Period]]) -> Changed:
    """Return the cases that add to a cell otherwise than after an act, by period.

    `asked` holds the act, the period as it was known then, and as it is known now.
    """
    found: Changed = {}
    for (act, grew), alike in groupby(asked, lambda each: (each[0], each[1].last < each[2].last)):
        first = first_day_changed(ledger, act) or str(date.max)
        pairs = [each[1:] for each in alike if each[1] != each[2] or first <= str(each[2].last)]
        if pairs:
            found = {**found, **_changed_parts(ledger, act, grew, pairs)}
    return found


def _changed_parts(
    ledger: Ledger, act: int, grew: bool, pairs: Sequence[tuple[Period, Period]]
) -> Changed:
    """Return the changed cases of periods; of those that `grew`, time alone may change a case."""
    sums = Counter[tuple[str, CellKey, _Case]]()
    for before in (True, False):
        rows = as_of_act(ledger, act if before else None)
        with rows if grew else changed_rows(ledger, act, before) as tables:
            measures = measures_by(tables, MEASURES.values()) if tables else MEASURES.values()
            for period in (then if before else now for then, now in pairs):
                for cell, case, value in _parts_of_cells(ledger, Scope(period), measures):
                    sums[period.code, cell, case] += -value if before else value
    changed = {place: value for place, value in sums.items() if value}
    # Without an act the year went on, or a notice came with a new version of the program.
    without = "entered" if grew else "calendar"
    done = _Done(ledger, act, without, {case.number for *_, case in changed})
    found = defaultdict[str, list[tuple[CellKey, Cause]]](list)
    for (code, cell, case), value in changed.items():
        found[code].append((cell, done.cause(case, value)))
    return found


def _parts_of_cells(
    ledger: Ledger, scope: Scope, measures: Iterable[Measure]
) -> Iterator[tuple[CellKey, _Case, int]]:
    """Yield what each case in view adds to each measure and column."""
    for key, column, case in cases_by_column(ledger, scope, measures):
        day = None if case.number else case.received
        yield (key, column), _Case(case.number, case.kind, case.point, day), case.value


class _ActOnRow(NamedTuple):
    """What an act did to a row, one of CAUSES, on its day, and the reason that was given."""

    how: str
    day: date | None
    reason: str


_STRONGEST = ("voided", "reopened", "type", "totals", "entered", "moved", "amended", "calendar")
"""Which of several acts on one row is named, the first first; a new row was entered."""
_DAYS = {"received", "closed", "escalated", "day", "since", "until", "retired"}
"""The columns that put a row into a period."""
_ACTS = """
    SELECT table_name, made, common, personal, command, coalesce(rehearsed, substr(at, 1, 10)),
        complaint.number, record.kind, record.day, setting.key, (SELECT code FROM point WHERE id =
            CASE table_name WHEN 'point' THEN row_id WHEN 'record' THEN record.point_id
            WHEN 'point_type' THEN (SELECT point_id FROM point_type WHERE id = row_id)
            WHEN 'contact' THEN (SELECT point_id FROM contact WHERE id = row_id)
            WHEN 'demonstration' THEN (SELECT point_id FROM demonstration WHERE id = row_id)
            WHEN 'point_return' THEN (SELECT point_id FROM point_return WHERE id = row_id) END)
    FROM change JOIN act ON act.id = change.act_id
    LEFT JOIN complaint ON table_name = 'complaint' AND complaint.id = row_id
    LEFT JOIN record ON table_name = 'record' AND record.id = row_id
    LEFT JOIN setting ON table_name = 'setting' AND setting.rowid = row_id
    WHERE act_id > ? ORDER BY change.id"""
_RowName = tuple[object, ...]
"""The rows that a case follows from: a table, and what names them in it."""


class _Done:
    """What was done after an act to the rows that cases follow from; `without` if nothing was.

    Of complaints only those with these `numbers` are read, since most others are new.
    """

    def __init__(
        self, ledger: Ledger, after: int, without: str, numbers: Container[str | None]
    ) -> None:
        self._without = _ActOnRow(without, None, "")
        self._acts = defaultdict[_RowName, list[_ActOnRow]](list)
        self._new = dict[_RowName, _ActOnRow]()
        for table, made, common, personal, command, day, *names in ledger.execute(_ACTS, (after,)):
            if table == "complaint" and names[0] not in numbers:
                continue
            values = written_values(common, personal)
            if made:
                values = {column: (None, value) for column, value in values.items()}
            how = _what_was_done(table, made, values, command)
            act = _ActOnRow(how, date.fromisoformat(day), _reason_given(values))
            for place in _places_of_row(table, values, *names):
                self._acts[place].append(act)
                if made and table != "point_type":
                    self._new.setdefault(place, act)

    def cause(self, case: _Case, value: int) -> Cause:
        """Return the cause that a case is, by what was done to it."""
        for place in _places_of_case(case):
            if acts := self._acts.get(place):
                act = self._new.get(place) or _strongest(acts)
                return Cause(*case[:3], value, *act, case.date)
        return Cause(*case[:3], value, *self._without, case.date)


def _strongest(acts: list[_ActOnRow]) -> _ActOnRow:
    return min(reversed(acts), key=lambda act: _STRONGEST.index(act.how))


def _what_was_done(table: str, made: bool, values: Mapping[str, Any], command: str) -> str:
    """Return which of CAUSES a change of a row is."""
    days = [pair for column, pair in values.items() if column in _DAYS]
    typed = "type" in values and (table == "point_type" or "point_id" not in values)
    whether = {
        "calendar": table == "special_day",
        "totals": bool(values.get("totals", (None, None)) != (None, None)),
        "voided": (values.get("voided") or (None, None))[1] is not None,
        "type": typed and (table == "point_type" or not made),
        "entered": made,
        "reopened": command == "complaint reopen",
        "moved": bool(days) and all(was is not None for was, _ in days),
        "amended": not days,
    }
    return next((how for how, is_so in whether.items() if is_so), "entered")


def _reason_given(values: Mapping[str, Any]) -> str:
    reasons = (values.get(key, ("", ""))[1] for key in ("void_reason", "reopen_reason"))
    return next(filter(None, reasons), "")


def _places_of_row(
    table: str,
    values: Mapping[str, Any],
    number: str | None,
    kind: str | None,
    day: str | None,
    key: str | None,
    code: str | None,
) -> Iterator[_RowName]:
    """Yield the places of a changed row; a record's day may have been another before."""
    if table == "record":
        for each in {day, values.get("day", (day,))[0] or day}:
            yield table, kind, each, code
    elif table in ("point", "point_type"):
        yield "point", code
    elif table == "special_day" or key == "begins":
        yield (table,)
    elif number or code:
        yield table, number or code
        if "totals" in values:
            yield "totals", code


def _places_of_case(case: _Case) -> Iterator[_RowName]:
    """Yield the places of the rows that a case follows from, the nearest first."""
    if case.number:
        yield "complaint", case.number
    elif case.kind in RECORD_KINDS:
        yield "record", case.kind, str(case.date), case.point
    else:
        tables = {"liaison": "contact", "return": "point_return"}
        yield tables.get(case.kind, case.kind), case.point
        yield "point", case.point
    yield "totals", case.point
    yield ("special_day",)
    yield ("setting",)
