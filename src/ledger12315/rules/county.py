"""Stations' returns added up for the county: sums of measures, never of percentages or 万元.

Source: 三(五)7, domain 6.6.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.boxes.names import comparable_name
from ledger12315.errors import Message, message
from ledger12315.rules.measures import MEASURES, TOTAL, CellKey, Figures, with_totals
from ledger12315.rules.periods import Period, as_known
from ledger12315.rules.rates import RATES, rates_by
from ledger12315.rules.reported import Stamp, chain_of
from ledger12315.words import PRACTICE, TYPES


class StationReturn(NamedTuple):
    """A station's return from its workbook, or, `summed`, a county's sum of `stations`.

    `last` is the last day that counts, `stamp` is what it states once submitted, `county` the
    station's county, if known. `schema` is the ledger's, `settings` have the formulas of rates.
    `previous` is the return that ended on the day before, `corrections` has by period the
    correction of each cell of an earlier return. `key` identifies the station under any name,
    `keys` those of `stations`, empty for a workbook without one. `provisional` says that figures
    rest on a year without a notice.
    """

    file: str
    station: str
    period: Period
    last: date
    figures: Figures
    summed: bool = False
    stamp: Stamp | None = None
    county: str = ""
    stations: tuple[str, ...] = ()
    schema: int = 0
    settings: Mapping[str, str] = MappingProxyType({})
    previous: str = ""
    corrections: Mapping[str, Mapping[CellKey, int]] = MappingProxyType({})
    key: str = ""
    keys: tuple[str, ...] = ()
    provisional: bool = False

    @property
    def made(self) -> date | None:
        """The day of submission."""
        return self.stamp and self.stamp.moment.date()

    @property
    def days(self) -> str:
        """The period, and the days of it that count.

        A calendar year's return goes as far as it is known, and stations submit it on different
        days.
        """
        whole = as_known(self.period, date.max)
        last = whole.last if whole != self.period else self.last
        return f"{self.period.code} ({self.period.first}/{last})"


class PointList(NamedTuple):
    """A station's list of points from its workbook; `days` is its printed period or day."""

    file: str
    station: str
    days: str
    points: tuple[Mapping[str, str], ...]
    summed: bool = False
    county: str = ""


def made_in_practice(returns: Iterable[StationReturn | PointList]) -> Iterator[Message]:
    """Yield each return of a practice ledger, which no county adds up but in practice."""
    for each in returns:
        if each.station.startswith(f"{PRACTICE} "):
            yield message("{file}: it was made in practice", file=each.file)


def clashes(returns: Sequence[StationReturn] | Sequence[PointList]) -> Iterator[Message]:
    """Yield the reasons why returns cannot be added up.

    A station appears twice, also under an earlier name, periods or counties differ, or a sum is
    among them.
    """
    seen: dict[str, StationReturn | PointList] = {}
    for each in returns:
        lead = returns[0]
        values = {"file": each.file, "station": each.station, "other": lead.file}
        known = identities(each.station, each.key if isinstance(each, StationReturn) else "")
        if same := next((seen[one] for one in known if one in seen), None):
            yield _in_twice(each, same)
        seen |= dict.fromkeys(known - seen.keys(), each)
        if each.days != lead.days:
            yield message(
                "{file} covers {days}, but {other} covers {days_}",
                days=each.days,
                days_=lead.days,
                **values,
            )
        if (
            each.county
            and lead.county
            and comparable_name(each.county) != comparable_name(lead.county)
        ):
            yield message(
                "{file}: {station} belongs to {county}, but {other} to {county_}",
                county=each.county,
                county_=lead.county,
                **values,
            )
        if each.summed != lead.summed:
            summed, single = (each, lead) if each.summed else (lead, each)
            yield message(
                "{file}: it is a sum of stations, and {other} is one station's",
                file=summed.file,
                other=single.file,
            )


def identities(name: str, key: str) -> set[str]:
    """Return a station's name as names are compared, and its key if there is one."""
    return {comparable_name(name), *filter(None, [key])}


def _in_twice(each: StationReturn | PointList, same: StationReturn | PointList) -> Message:
    known = {"file": each.file, "station": each.station, "other": same.file, "name": same.station}
    if comparable_name(each.station) == comparable_name(same.station):
        return message("{file}: {station} is in {other} already", **known)
    return message(
        "{file}: {station} is in {other} already, as {name}: leave out the workbook under the "
        "earlier name; a ledger that was copied from another station's needs its own init",
        **known,
    )


def split_earlier(
    returns: Sequence[StationReturn],
) -> tuple[list[StationReturn], list[StationReturn]]:
    """Return the returns to add up, and the county's own of earlier periods.

    A sum is the county's own if its period ended before that of every station's return, or is a
    quarter beside annual returns, or the other way round.
    """
    sent = [each.period for each in returns if not each.summed]
    earlier = [each for each in returns if each.summed and sent and _is_own(each.period, sent)]
    return [each for each in returns if each not in earlier], earlier


def _is_own(sum_: Period, sent: Iterable[Period]) -> bool:
    return all(
        sum_.last < each.last or chain_of(sum_.code) != chain_of(each.code) for each in sent
    )


def late_stations(returns: Iterable[StationReturn], due: date) -> list[tuple[str, date]]:
    """Return the stations whose return was submitted after a day, with its day."""
    return [(each.station, each.made) for each in returns if each.made and each.made > due]


def county_sum(returns: Iterable[StationReturn]) -> Figures:
    """Return the sum of the stations' figures, from which rates are calculated."""
    return sum_figures(each.figures for each in returns)


def with_stated_formulas(
    settings: Mapping[str, str], returns: Sequence[StationReturn]
) -> Mapping[str, str]:
    """Return the settings, with the formulas that all returns state where the county set none.

    Domain 5.2
    """
    found = {**settings}
    for rate in RATES:
        key = f"rate.{rate.key}"
        stated = {each.settings.get(key, rate.written) for each in returns}
        if settings.get(key, rate.written) == rate.written and len(stated) == 1:
            found[key] = stated.pop()
    return found


def unlike_formulas(settings: Mapping[str, str], returns: Iterable[StationReturn]) -> list[str]:
    """Return the stations whose returns state other formulas of the rates than these settings."""
    used = {f"rate.{rate.key}": rate.written for rate in rates_by(settings)}
    return [each.station for each in returns if not each.settings.items() <= used.items()]


def sum_figures(figures: Iterable[Figures]) -> Figures:
    """Return the sum of figures, by measure and type."""
    every = [*figures]
    return with_totals(
        {
            key: {type_: sum(each[key][type_] for each in every) for type_ in TYPES}
            for key in MEASURES
        }
    )


def absent_names(names: Iterable[str], among: Iterable[str]) -> list[str]:
    """Return the names missing from the others, however they are spaced."""
    there = {comparable_name(name) for name in among}
    return [name for name in names if comparable_name(name) not in there]


def below_base(figures: Figures, settings: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Yield each level with fewer demonstration points than the plan's minimum. 三(五)8

    Each is the measure's name, the number of points, and the minimum.
    """
    for key in ("demo_provincial", "demo_municipal"):
        count, base = figures[key][TOTAL], int(settings[key.replace("demo", "demo_base")])
        if count < base:
            yield MEASURES[key].name, count, base
