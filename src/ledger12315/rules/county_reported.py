"""上期更正 of a county: the sum of its stations' corrections of earlier returns.

A county keeps no ledger. Its earlier figures come from its own workbooks, and those of the last
one also from its stations' returns. Source: 三(五)7, domain 5.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest

from ledger12315.rules.county import StationReturn, identities
from ledger12315.rules.measures import COLUMNS, MEASURES, CellKey, Figures
from ledger12315.rules.periods import Period, as_known
from ledger12315.rules.reported import (
    OPENINGS,
    Carried,
    Correction,
    Tie,
    Told,
    chain_of,
    code_of,
    corrections_of,
)
from ledger12315.rules.workdays import ONE_DAY

_ByStation = Mapping[CellKey, tuple[tuple[str, int], ...]]
"""CellKey -> the stations that correct it, each with its difference."""


def corrections_of_county(
    returns: Sequence[StationReturn], earlier: Sequence[StationReturn]
) -> Carried | None:
    """Return the corrections on a county's form; `earlier` are its known forms.

    None means that nothing was reported before.
    """
    period = returns[0].period
    reports = _reported_by_county(period, earlier)
    previous = max(filter(None, (*reports, *(each.previous for each in returns))), default="")
    lines = [
        line
        for code, cells in sorted(_cells_by_station(returns).items())
        for line in _corrections_of_period(code, cells, reports.get(code))
    ]
    own = tuple(line for line in lines if chain_of(line.period) == chain_of(period.code))
    within = tuple(line for line in lines if line not in own)
    if not previous:
        return Carried(corrections=within) if within else None
    before = [each for each in returns if _in_sum(each, previous, earlier)]
    absent = tuple(_absent_since(previous, returns, earlier))
    base = None if absent else reports.get(previous)
    return Carried(
        previous,
        {key: _tie(key, returns, before, base) for key in OPENINGS},
        (*own, *within),
        joined=tuple(each.station for each in returns if each not in before and _opens(each)),
        absent=absent,
    )


def _reported_by_county(period: Period, earlier: Sequence[StationReturn]) -> dict[str, Told]:
    """Return the county's report of each earlier period, back to the first missing workbook."""
    found: dict[str, Told] = {}
    first = period.first
    chain = [each for each in earlier if chain_of(each.period.code) == chain_of(period.code)]
    for each in sorted(chain, key=lambda each: each.period.code, reverse=True):
        if as_known(each.period, date.max).last + ONE_DAY != first:
            break
        found[each.period.code] = Told(each.period, each.figures, each.schema, each.settings)
        first = each.period.first
    for each in earlier:
        for code in found.keys() & each.corrections.keys():
            if each.period.code in found:
                figures = _corrected_by(found[code].figures, each.corrections[code])
                found[code] = found[code]._replace(figures=figures)
    return found


def _corrected_by(figures: Figures, differences: Mapping[CellKey, int]) -> Figures:
    return {
        key: {column: figure + differences.get((key, column), 0) for column, figure in row.items()}
        for key, row in figures.items()
    }


def _cells_by_station(returns: Sequence[StationReturn]) -> dict[str, _ByStation]:
    """Return by period the cells that stations correct."""
    found: dict[str, dict[CellKey, tuple[tuple[str, int], ...]]] = defaultdict(dict)
    for each in returns:
        for code, differences in each.corrections.items():
            for cell, difference in differences.items():
                known = found[code].get(cell, ())
                found[code][cell] = (*known, (each.station, difference))
    return {**found}


def _corrections_of_period(
    period: str, cells: _ByStation, base: Told | None
) -> Iterator[Correction]:
    """Yield the corrections of a period; of rates too if the county's own figures are known."""
    sums = {cell: sum(difference for _, difference in each) for cell, each in cells.items()}
    if base:
        for line in corrections_of(base, _corrected_by(base.figures, sums)):
            yield line._replace(stations=cells.get((line.key, line.type), ()))
        return
    for key in MEASURES:
        for column in COLUMNS:
            if difference := sums.get((key, column)):
                about = period, code_of(key), key, column, None, None, difference
                yield Correction(*about, stations=cells[key, column])


def _in_sum(each: StationReturn, previous: str, earlier: Sequence[StationReturn]) -> bool:
    """Return whether a station's return was in the county's last sum."""
    last = _sum_of(previous, earlier)
    if not last:
        return each.previous == previous
    return any(identities(each.station, each.key) & one for one in _stations_of(last).values())


def _absent_since(
    previous: str, returns: Sequence[StationReturn], earlier: Sequence[StationReturn]
) -> Iterator[str]:
    """Yield the stations of the county's last sum without a return now."""
    last = _sum_of(previous, earlier)
    there = {one for each in returns for one in identities(each.station, each.key)}
    for name, known in _stations_of(last).items() if last else ():
        if not known & there:
            yield name


def _stations_of(sum_: StationReturn) -> dict[str, set[str]]:
    """Return the identities of the stations in a sum, by their names."""
    pairs = zip_longest(sum_.stations, sum_.keys, fillvalue="")
    return {name: identities(name, key) for name, key in pairs}


def _sum_of(code: str, earlier: Sequence[StationReturn]) -> StationReturn | None:
    """Return the county's own sum of a period, if its workbook names the stations."""
    return next((each for each in earlier if each.period.code == code and each.stations), None)


def _tie(
    opening: str,
    returns: Sequence[StationReturn],
    before: Sequence[StationReturn],
    base: Told | None,
) -> Tie:
    """Return, by column, the end last reported, its correction, and the opening now."""
    end = OPENINGS[opening]
    found = {}
    for column in COLUMNS:
        opened = sum(each.figures[opening][column] for each in returns)
        end_reported = sum(_reported_end(each, opening, column) for each in before)
        if base:
            end_reported = base.figures[end][column]
        found[column] = (end_reported, opened - end_reported, opened)
    return found


def _reported_end(each: StationReturn, opening: str, column: str) -> int:
    """Return a station's reported end, before the correction of its opening."""
    difference = each.corrections.get(each.previous, {}).get((OPENINGS[opening], column), 0)
    return each.figures[opening][column] - difference


def _opens(each: StationReturn) -> bool:
    return any(each.figures[opening][column] for opening in OPENINGS for column in COLUMNS)
