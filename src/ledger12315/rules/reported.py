"""Reported figures and their corrections: now − reported, for every cell of a return.

The next return of the same kind carries the corrections of earlier ones, which then count as
reported; quarters and years are two chains. Source: 三(五)7, domain 5.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.boxes.reading import yuan
from ledger12315.rules.measures import (
    ATTACHMENT3,
    COLUMNS,
    MEASURES,
    CellKey,
    Figures,
    measures_of_schema,
)
from ledger12315.rules.periods import Period
from ledger12315.rules.rates import RATES, rates, rates_by

STATION_FORM, POINT_FORM = 6, 3
"""Attachment 6, the station's only; Attachment 3, of the station and of each point."""
OPENINGS = {"points_start": "points_end", "open_start": "open_end"}
"""Measure at the start of a period -> measure at the end of the one before."""
_RATED = {rate.key for rate in RATES}
CELLS = {
    POINT_FORM: {measure.key for measure in ATTACHMENT3} | _RATED,
    STATION_FORM: {*MEASURES} | _RATED,
}
"""Form -> the measures and rates whose corrections it carries."""
Tie = Mapping[str, tuple[int, int, int]]
"""Column -> the end reported before, its correction, and the opening, which is their sum."""


class Stamp(NamedTuple):
    """A return's place among those of its station, as it states it. 三(五)7

    `moment` is that of its submission, to the second, `act` the number of the act that froze it,
    and `head` that of the history from which it was made. `before` is the `head` of the return
    before it in its chain, `replaces` that of the withdrawn one in whose place it is; each is
    empty if there is none.
    """

    moment: datetime
    act: int
    head: str
    before: str = ""
    replaces: str = ""


class OtherCase(NamedTuple):
    """Cases of a day that are not complaints, and so have no number; `point` is a code."""

    kind: str
    date: date
    point: str | None


class Correction(NamedTuple):
    """A cell that differs from its report, the difference, and its cases.

    It is a measure's, money in 分, or a rate's, in 0.01 %: None for a zero denominator. A county
    with only its stations' returns knows the difference alone, and names the stations.
    """

    period: str
    code: str
    key: str
    type: str
    submitted: int | None
    now: int | None
    difference: int | None
    numbers: tuple[str, ...] = ()
    others: tuple[OtherCase, ...] = ()
    stations: tuple[tuple[str, int], ...] = ()


def code_of(key: str) -> str:
    """Return a measure's code; empty for a rate or a measure without one."""
    return MEASURES[key].code if key in MEASURES else ""


class Reported(NamedTuple):
    """A period's figures as last reported.

    `schema` and `settings` are those of its return, `act` is that of the last report.
    """

    period: Period
    figures: Figures
    schema: int
    settings: Mapping[str, str]
    act: int = 0


class CarriedCorrections(NamedTuple):
    """上期更正: a return's corrections of earlier ones.

    `previous` is the return that ended on the day before; `ties` are by key of OPENINGS. `lines`
    are the corrections of its chain, which it reports, `within` those of the quarters inside an
    annual return. `now` has the figures of the periods of `lines`. Of a county, `joined` are the
    stations that were not in its last sum, `absent` those of it that are missing now.
    """

    previous: str = ""
    ties: Mapping[str, Tie] = MappingProxyType({})
    lines: tuple[Correction, ...] = ()
    within: tuple[Correction, ...] = ()
    now: Mapping[str, Figures] = MappingProxyType({})
    joined: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[Correction, ...]:
        """All lines of its form."""
        return self.lines + self.within

    @property
    def adds_up(self) -> bool:
        """Whether each opening is what was reported and its correction."""
        sums = (each for by_column in self.ties.values() for each in by_column.values())
        return all(reported + correction == opening for reported, correction, opening in sums)


def in_unit(key: str, figure: int | None) -> str | int | None:
    """Return a cell's figure for people: money in yuan, a rate in %, None for none."""
    if figure is None:
        return None
    return MEASURES[key].in_unit(figure) if key in MEASURES else yuan(figure)


def chain_of(code: str) -> str:
    """Return the kind of return in a period's code: Q or A."""
    return code[4:5]


def corrections_of(base: Reported, now: Figures, of_point: bool = False) -> Iterator[Correction]:
    """Yield the cells of a return that differ from their report, measures first.

    A point's return is Attachment 3, a station's also Attachment 6.
    """
    if base.figures == now:
        return
    cells_now = _return_cells(base, now, of_point)
    for (key, column), was in _return_cells(base, base.figures, of_point).items():
        is_ = cells_now[key, column]
        if was != is_:
            difference = None if was is None or is_ is None else is_ - was
            about = base.period.code, code_of(key), key, column
            yield Correction(*about, was, is_, difference)


def _return_cells(base: Reported, figures: Figures, of_point: bool) -> dict[CellKey, int | None]:
    """Return the cells of a return by measure or rate, and column.

    Measures that the return did not count are left out, and rates follow its own formulas.
    """
    found: dict[CellKey, int | None] = {}
    for measure in measures_of_schema(base.schema):
        if measure.key in CELLS[POINT_FORM if of_point else STATION_FORM]:
            found |= {(measure.key, column): figures[measure.key][column] for column in COLUMNS}
    by = rates_by(base.settings)
    for values in zip(*(rates(figures, column, by) for column in COLUMNS), strict=True):
        for column, value in zip(COLUMNS, values, strict=True):
            found[value.rate.key, column] = value.hundredths
    return found


def tie_opening(opening: str, base: Reported, now: Figures, opened: Figures) -> Tie:
    """Return an opening's sum: the reported end of the period before, and its correction."""
    end, start = OPENINGS[opening], opened[opening]
    return {
        column: (base.figures[end][column], now[end][column] - base.figures[end][column], figure)
        for column, figure in start.items()
    }
