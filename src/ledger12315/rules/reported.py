"""Returns and their corrections, for a station and a county alike. Source: 三(五)7.

A return's figures are `submitted` once, and stay. The reader above is `told` them, and with each
later return of the chain what has changed: `now` less `told` is a correction, and the next return
carries it. Quarters and years are two chains.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from ledger12315.boxes.reading import yuan
from ledger12315.errors import Refused
from ledger12315.rules.measures import (
    ATTACHMENT3,
    COLUMNS,
    MEASURES,
    POINT_FORM,
    STATION_FORM,
    CellKey,
    Figures,
    measures_of_schema,
)
from ledger12315.rules.periods import Period
from ledger12315.rules.rates import RATES, rates_by, rates_by_column

OPENINGS = {"points_start": "points_end", "open_start": "open_end"}
"""Measure at the start of a period -> measure at the end of the one before."""
_RATED = {rate.key for rate in RATES}
CELLS = {
    POINT_FORM: {measure.key for measure in ATTACHMENT3} | _RATED,
    STATION_FORM: {*MEASURES} | _RATED,
}
"""Form -> the measures and rates whose corrections it carries."""
Tie = Mapping[str, tuple[int, int, int]]
"""Column -> the end told before, its correction, and the opening, which is their sum."""


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


NO_STAMP = Stamp(datetime.min.replace(tzinfo=UTC), 0, "")
"""What a form that is not submitted states of itself."""


def parcel_name(period: str, revision: int, back: int = 0) -> str:
    """Return how the folder of a return begins; `back` counts its withdrawn submissions."""
    return period + f"_重报{back}" * bool(back) + f"_第{revision}版" * (revision > 1)


class StationPart(NamedTuple):
    """A station's part in a county's correction, and the hand-in that brought it on a day."""

    station: str
    key: str
    difference: int
    day: date | None = None
    period: str = ""
    revision: int | None = None

    @property
    def brought_by(self) -> str:
        """The hand-in as its folder is named: its period, and the revision of its facts."""
        return parcel_name(self.period, self.revision or 1)


class Cause(NamedTuple):
    """A case that a figure counts otherwise now than when it was told, and what was done to it.

    `number` is a complaint's; a case of another `kind`, of a `date`, has none. `point` is a code,
    `value` what it adds to the figure. `how` is one of CAUSES, `day` that on which it was done,
    `reason` what was said for it, which may name people.
    """

    number: str | None
    kind: str
    point: str | None
    value: int
    how: str
    day: date | None
    reason: str
    date: date | None


class Correction(NamedTuple):
    """A cell that differs from what was told, or that causes changed though their sum is 0.

    It is a measure's, money in 分, or a rate's, in 0.01 %: None for a zero denominator. A county's
    names the stations.
    """

    period: str
    code: str
    key: str
    type: str
    told: int | None
    now: int | None
    difference: int | None
    causes: tuple[Cause, ...] = ()
    stations: tuple[StationPart, ...] = ()

    @property
    def numbers(self) -> list[str]:
        """The complaints among its causes."""
        return list(dict.fromkeys(each.number for each in self.causes if each.number))


def code_of(key: str) -> str:
    """Return a measure's code; empty for a rate or a measure without one."""
    return MEASURES[key].code if key in MEASURES else ""


class Told(NamedTuple):
    """A period's figures as the reader above knows them: as submitted, and corrected since.

    `schema` and `settings` are those of its return, `act` is the last of the history when it was
    told.
    """

    period: Period
    figures: Figures
    schema: int
    settings: Mapping[str, str]
    act: int = 0


class Carried(NamedTuple):
    """上期更正: what a return carries, the corrections of earlier ones.

    `previous` is the return that ended on the day before; `ties` are by key of OPENINGS. `told`
    has the figures of the corrected periods of its chain, as told with it. An annual return
    also names the `corrections` of its quarters, which the next quarter carries. Of a county,
    `joined` are the stations without an end before, `absent` those without an opening now, each
    with these figures.
    """

    previous: str = ""
    ties: Mapping[str, Tie] = MappingProxyType({})
    corrections: tuple[Correction, ...] = ()
    told: Mapping[str, Figures] = MappingProxyType({})
    joined: tuple[tuple[str, Mapping[str, int]], ...] = ()
    absent: tuple[tuple[str, Mapping[str, int]], ...] = ()

    def of_chain(self, code: str) -> tuple[Correction, ...]:
        """Return the corrections of returns of the same kind as a period's."""
        return tuple(each for each in self.corrections if chain_of(each.period) == chain_of(code))

    @property
    def adds_up(self) -> bool:
        """Whether each opening is what was told and its correction."""
        sums = (each for by_column in self.ties.values() for each in by_column.values())
        return all(told + correction == opening for told, correction, opening in sums)


def in_unit(key: str, figure: int | None) -> str | int | None:
    """Return a cell's figure for people: money in yuan, a rate in %, None for none."""
    if figure is None:
        return None
    return MEASURES[key].in_unit(figure) if key in MEASURES else yuan(figure)


def correction_in_units(line: Correction) -> dict[str, Any]:
    """Return a correction by its columns, with figures in the units that people read.

    Rates have no difference: it would be one of percentages.
    """
    row = line._asdict()
    row |= {key: in_unit(line.key, row[key]) for key in ("told", "now", "difference")}
    if line.key not in MEASURES:
        row["difference"] = None
    row["numbers"] = line.numbers
    row["causes"] = [
        each._asdict() | {"value": in_unit(line.key, each.value) if each.value else None}
        for each in line.causes
    ]
    row["stations"] = [
        {**each._asdict(), "difference": in_unit(line.key, each.difference)}
        for each in line.stations
    ]
    return row


def chain_of(code: str) -> str:
    """Return the kind of return in a period's code: Q or A."""
    return code[4:5]


def demand_submittable(
    period: Period, today: date, standing: Mapping[str, date], gap: str = ""
) -> None:
    """Raise Refused for a period that is not over, was submitted, or has its turn another time.

    `standing` has the days of submission of the returns of its chain that stand, by period; `gap`
    is the period that has to be submitted before it.
    """
    if period.closes >= today:
        raise Refused(
            "{period} is not over; it can be submitted after {last}.",
            period=period.code,
            last=period.closes,
        )
    if day := standing.get(period.code):
        raise Refused(
            "{period} was submitted on {day}; withdraw it first.", period=period.code, day=day
        )
    _demand_last(period.code, standing)
    if gap:
        raise Refused(
            "{before} is not submitted yet; returns must be submitted in order. Submit {before} "
            "first.",
            before=gap,
        )


def demand_withdrawable(code: str, standing: Iterable[str]) -> None:
    """Raise Refused for a period that is not the last of the returns of its chain that stand."""
    if code not in standing:
        raise Refused("{period} is not submitted.", period=code)
    _demand_last(code, standing)


def _demand_last(code: str, standing: Iterable[str]) -> None:
    if (later := max(standing, default="")) > code:
        raise Refused(
            "{later} is submitted and is based on {period}. Withdraw {later} first.",
            later=later,
            period=code,
        )


def corrections_of(
    told: Told,
    now: Figures,
    of_point: bool = False,
    changed: Collection[CellKey] = (),
) -> Iterator[Correction]:
    """Yield the cells of a return that differ from what was told, or are `changed`.

    Measures come first. A point's return is Attachment 3, a station's also Attachment 6.
    """
    if told.figures == now and not changed:
        return
    cells_now = _return_cells(told, now, of_point)
    for (key, column), was in _return_cells(told, told.figures, of_point).items():
        is_ = cells_now[key, column]
        if was != is_ or (key, column) in changed:
            difference = None if was is None or is_ is None else is_ - was
            about = told.period.code, code_of(key), key, column
            yield Correction(*about, was, is_, difference)


def _return_cells(told: Told, figures: Figures, of_point: bool) -> dict[CellKey, int | None]:
    """Return the cells of a return by measure or rate, and column.

    Measures that the return did not count are left out, and rates follow its own formulas.
    """
    found: dict[CellKey, int | None] = {}
    for measure in measures_of_schema(told.schema):
        if measure.key in CELLS[POINT_FORM if of_point else STATION_FORM]:
            found |= {(measure.key, column): figures[measure.key][column] for column in COLUMNS}
    for values in rates_by_column(figures, rates_by(told.settings)):
        for column, value in zip(COLUMNS, values, strict=True):
            found[value.rate.key, column] = value.hundredths
    return found


def tie_opening(opening: str, told: Told, now: Figures, opened: Figures) -> Tie:
    """Return an opening's sum: the end of the period before as told, and its correction."""
    end, start = OPENINGS[opening], opened[opening]
    return {
        column: (told.figures[end][column], now[end][column] - told.figures[end][column], figure)
        for column, figure in start.items()
    }
