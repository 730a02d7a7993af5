"""The county's ledger: its hand-ins and forms, what it told and what differs from it. 三(五)7"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.rules.hand_ins import (
    NOTHING_TOLD,
    Cells,
    HandIn,
    HandIns,
    Member,
    StationReturn,
    cell_differences,
    corrected,
    period_before,
    sum_figures,
)
from ledger12315.rules.measures import (
    COLUMNS,
    MEASURES,
    TOTAL,
    CellKey,
    Figures,
)
from ledger12315.rules.periods import Period, ReturnDates
from ledger12315.rules.rates import RATES, Rate, rates_by
from ledger12315.rules.registry import RegistryEntry
from ledger12315.rules.reported import (
    NO_STAMP,
    OPENINGS,
    Carried,
    Correction,
    Stamp,
    StationPart,
    Tie,
    Told,
    chain_of,
    code_of,
    corrections_of,
)

ByStation = Mapping[str, Figures]
"""The figures of stations, by key."""


class CountyForm(NamedTuple):
    """What the county told: figures by station, and the corrections that its form carried.

    `sha256` is that of its workbook. A withdrawn form has the day and the reason. `lists` has by
    station the SHA-256 of the return whose list of points was told; none of one that ended.
    """

    period: Period
    county: str
    stamp: Stamp
    figures: ByStation
    carried: Mapping[str, Mapping[str, Cells]]
    names: Mapping[str, str]
    settings: Mapping[str, str]
    sha256: str = ""
    withdrawn: date | None = None
    reason: str = ""
    lists: Mapping[str, str] = MappingProxyType({})


class CountyReturn(NamedTuple):
    """A county's form before it is drawn: `form` with its figures, and what else it says.

    `key` is the county's. `members` are the stations of the period, `expected` their number by the
    registry, if there is one.
    """

    form: CountyForm
    key: str
    members: tuple[Member, ...]
    carried: Carried | None
    expected: int | None
    dates: ReturnDates | None = None

    @property
    def total(self) -> Figures:
        """The sum of its stations' figures, from which rates are calculated."""
        return sum_figures(self.form.figures.values())

    @property
    def counted(self) -> list[Member]:
        """The stations whose returns are added up."""
        return [each for each in self.members if each.counts]

    @property
    def missing(self) -> list[str]:
        """The names of the stations without a return that counts."""
        return [each.name for each in self.members if each.state in ("missing", "other")]

    @property
    def lines(self) -> tuple[Correction, ...]:
        """The corrections of earlier periods of its kind."""
        return self.carried.of_chain(self.form.period.code) if self.carried else ()


class CountyBook(HandIns):
    """A county's hand-ins, its registry and its forms, and what they answer."""

    def __init__(
        self,
        hand_ins: Iterable[HandIn],
        registry: Sequence[RegistryEntry] = (),
        forms: Iterable[CountyForm] = (),
    ) -> None:
        super().__init__(hand_ins, registry)
        self.forms = [*forms]

    def standing(self, code: str) -> dict[str, CountyForm]:
        """Return the county's forms of the kind of this period that stand, by period in order."""
        found = {each.period.code: each for each in self.forms if not each.withdrawn}
        return {each: found[each] for each in sorted(found) if chain_of(each) == chain_of(code)}

    def told(self, code: str) -> dict[str, Figures]:
        """Return what the county told of a period, by station; empty without a form of it."""
        standing = self.standing(code)
        if code not in standing:
            return {}
        found = {**standing[code].figures}
        # No form carries a correction of a later one.
        for form in standing.values():
            for key, cells in form.carried.get(code, {}).items():
                found[key] = corrected(found.get(key, NOTHING_TOLD), cells)
        return found

    def untold(self, code: str) -> dict[str, dict[CellKey, int]]:
        """Return what differs from what the county told of a period, by station."""
        form = self.form_of(code)
        if form is None:
            return {}
        told, now = self.told(code), self.figures(form.period)
        found = {
            key: cell_differences(told.get(key, NOTHING_TOLD), now.get(key, NOTHING_TOLD))
            for key in (told | now)
        }
        return {key: cells for key, cells in found.items() if cells}

    def form_of(self, code: str) -> CountyForm | None:
        """Return the county's form of a period, if it stands."""
        return self.standing(code).get(code)

    def members_told(self, form: CountyForm, members: Iterable[Member]) -> list[Member]:
        """Return the stations of a form's period as it told them: what came later is missing."""
        return [
            each
            if each.counts == (each.key in form.figures)
            else each._replace(state="missing" if each.counts else "loaded")
            for each in members
        ]

    def lists(self, days: Period) -> dict[str, str]:
        """Return by station the return with its newest list of points; none of one that ended."""
        found = {}
        for each in self.members(days):
            came = [e for e in self.chain(each.key, days.code) if e.sent.period.code <= days.code]
            listed = [one.sha256 for one in came if one.points is not None]
            if listed and (each.counts or each.hand_in is None):
                found[each.key] = listed[-1]
        return found | {each.key: "" for each in self.ended(days)}

    def lists_before(self, form: CountyForm) -> dict[str, str]:
        """Return by station the list of points that was told last before a form."""
        found: dict[str, str] = {}
        for each in sorted(self.forms, key=lambda one: one.stamp):
            earlier = form.stamp == NO_STAMP or each.stamp < form.stamp
            if earlier and not each.withdrawn:
                found |= each.lists
        return found

    def points_of(self, lists: Mapping[str, str]) -> dict[str, Sequence[Mapping[str, str]]]:
        """Return the points of these lists, by station; of a list that is not here nothing."""
        points = {each.sha256: each.points for each in self.hand_ins} | {"": ()}
        found = {key: points.get(digest) for key, digest in lists.items()}
        return {key: listed for key, listed in found.items() if listed is not None}

    def name_of(self, key: str, day: date) -> str:
        """Return a station's name on a day, by the registry, a hand-in or a form."""
        found = super().name_of(key, day)
        named = (each.names[key] for each in self.forms if key in each.names)
        return found if found != key else next(named, key)

    def corrections(self, code: str) -> list[Correction]:
        """Return each cell of a told period that differs now, also where stations cancel out.

        A rate that differs follows the cells.
        """
        return self._lines(code, self.untold(code))

    def carried_by(self, form: CountyForm) -> Carried:
        """Return the corrections that a form of the county carried."""
        code = form.period.code
        earlier = CountyBook((), self.registry, [e for e in self.forms if e.period.code < code])
        lines = [
            line
            for each, stations in sorted(form.carried.items())
            for line in earlier._lines(each, stations, self)
        ]
        return Carried(corrections=tuple(lines))

    def carried_cells(self, days: Period) -> dict[str, dict[str, dict[CellKey, int]]]:
        """Return what a form of a period carries, by period and station."""
        found = {code: self.untold(code) for code in self._told_before(days)}
        return {code: stations for code, stations in found.items() if stations}

    def _told_before(self, days: Period) -> list[str]:
        """Return the earlier periods of the kind of this one whose forms stand."""
        return [each for each in self.standing(days.code) if each < days.code]

    def gap_before(self, days: Period) -> str:
        """Return the period that has to be submitted before this one, if there is one."""
        before, gap = self._told_before(days), period_before(days).code
        return gap if before and before[-1] != gap else ""

    def _lines(
        self, code: str, changed: Mapping[str, Cells], known: "CountyBook | None" = None
    ) -> list[Correction]:
        """Return the cells that differ from what was told; another book may know by what."""
        form = self.form_of(code)
        if not changed or form is None:
            return []
        was = sum_figures(self.told(code).values())
        now = corrected(was, _sum_cells(changed.values()))
        base = Told(form.period, was, 0, form.settings)
        by_cell = (known or self)._parts(form.period, changed)
        found = [
            Correction(
                code,
                code_of(key),
                key,
                column,
                was[key][column],
                now[key][column],
                now[key][column] - was[key][column],
                stations=by_cell[key, column],
            )
            for key in MEASURES
            for column in COLUMNS
            if (key, column) in by_cell
        ]
        return found + [each for each in corrections_of(base, now) if each.key not in MEASURES]

    def _parts(
        self, days: Period, changed: Mapping[str, Cells]
    ) -> dict[CellKey, tuple[StationPart, ...]]:
        """Return the stations that make each difference, and what brought it."""
        found: dict[CellKey, tuple[StationPart, ...]] = {}
        for key, cells in changed.items():
            before = period_before(days).code
            by = self.brought(key, days.code) or self.brought(key, before)
            brought = (by.loaded, by.by.sent.period.code, by.revision) if by else (None, "", None)
            for cell, difference in cells.items():
                part = StationPart(self.name_of(key, days.last), key, difference, *brought)
                found[cell] = (*found.get(cell, ()), part)
        return found

    def carried(self, days: Period) -> Carried | None:
        """Return the corrections that a form of a period carries; None if nothing was told."""
        before = self._told_before(days)
        lines = [line for each in before for line in self.corrections(each)]
        within = tuple(self._within(days)) if days.is_annual else ()
        if not before:
            return Carried(corrections=within) if within else None
        last = self.standing(days.code)[before[-1]].period
        ended = {each.key for each in self.ended(days)}
        ends, opened = self.figures(last), self.figures(days)
        both = ends.keys() & opened.keys()
        gone = {key: ["points_end", "open_end"] for key in ends.keys() - both}
        gone |= {key: ["open_end"] for key in both & ended}
        joined = {key: [*OPENINGS] for key in opened.keys() - both}
        return Carried(
            last.code,
            {
                key: self._tie(key, last, both - (ended if key == "open_start" else set()), opened)
                for key in OPENINGS
            },
            (*lines, *within),
            joined=tuple(self._totals_of(joined, opened, days)),
            absent=tuple(self._totals_of(gone, ends, days)),
        )

    def _within(self, days: Period) -> Iterator[Correction]:
        """Yield the corrections of quarters that the stations' annual returns state."""
        found: dict[tuple[str, CellKey], list[StationPart]] = defaultdict(list)
        for each in self.members(days):
            sent = each.hand_in.sent if each.hand_in and each.counts else None
            for code, cells in sent.corrections.items() if sent else ():
                for cell, difference in cells.items() if chain_of(code) == "Q" else ():
                    found[code, cell].append(StationPart(each.name, each.key, difference))
        for (code, (key, column)), parts in sorted(found.items()):
            difference = sum(each.difference for each in parts)
            about = code, code_of(key), key, column, None, None, difference
            yield Correction(*about, stations=tuple(parts))

    def _tie(
        self, opening: str, last: Period, keys: Iterable[str], opened: Mapping[str, Figures]
    ) -> Tie:
        """Return the end told, its correction and the opening, over stations in both forms."""
        told, now, end = self.told(last.code), self.figures(last), OPENINGS[opening]
        found, those = {}, [*keys]
        for column in COLUMNS:
            was = sum(told[key][end][column] for key in those if key in told)
            is_ = sum(now[key][end][column] for key in those)
            begins = sum(opened[key][opening][column] for key in those)
            found[column] = (was, is_ - was, begins)
        return found

    def _totals_of(
        self, keys: Mapping[str, Sequence[str]], figures: Mapping[str, Figures], days: Period
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Yield stations with these measures' totals, those of all 0 left out."""
        for key, measures in sorted(keys.items()):
            totals = {each: figures[key][each][TOTAL] for each in measures}
            if any(totals.values()):
                yield self.name_of(key, days.last), totals


def _sum_cells(every: Iterable[Cells]) -> Cells:
    found: dict[CellKey, int] = defaultdict(int)
    for cells in every:
        for cell, difference in cells.items():
            found[cell] += difference
    return found


def with_stated_formulas(
    settings: Mapping[str, str], returns: Sequence[StationReturn]
) -> Mapping[str, str]:
    """Return the settings, with the formulas that all returns state where the county set none."""
    found = {**settings}
    for rate in RATES:
        key = f"rate.{rate.key}"
        stated = {each.settings.get(key, rate.written) for each in returns}
        if settings.get(key, rate.written) == rate.written and len(stated) == 1:
            found[key] = stated.pop()
    return found


def unlike_formulas(
    settings: Mapping[str, str], returns: Iterable[StationReturn]
) -> dict[Rate, list[str]]:
    """Return each rate with another formula than by these settings, and who states that one."""
    used, found = {rate.key: rate.written for rate in rates_by(settings)}, defaultdict(list)
    for each in returns:
        for rate in rates_by(each.settings):
            if f"rate.{rate.key}" in each.settings and rate.written != used[rate.key]:
                found[rate].append(each.station)
    return found


def below_base(figures: Figures, settings: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Yield each level with fewer demonstration points than the plan's minimum. 三(五)8

    Each is the measure's name, the number of points, and the minimum.
    """
    for key in ("demo_provincial", "demo_municipal"):
        count, base = figures[key][TOTAL], int(settings[key.replace("demo", "demo_base")])
        if count < base:
            yield MEASURES[key].name, count, base
