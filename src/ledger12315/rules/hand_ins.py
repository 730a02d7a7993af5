"""A county's hand-ins: what stations sent, which counts, a period's figures now. 三(五)7

A hand-in never changes; which one counts is a question. The figures of a period now are those of
its youngest statement: its own return, its facts, or a later return of its chain, which states it
as it was told before, plus the corrections that it carries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import takewhile
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.reading import yuan
from ledger12315.errors import Message, message
from ledger12315.rules.measures import (
    COLUMNS,
    MEASURES,
    TOTAL,
    CellKey,
    Figures,
    with_totals,
    zero_figures,
)
from ledger12315.rules.periods import Period, as_known, quarter_before
from ledger12315.rules.rates import hundredths_of
from ledger12315.rules.registry import RegistryEntry
from ledger12315.rules.reported import (
    NO_STAMP,
    OPENINGS,
    Stamp,
    chain_of,
)
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import PRACTICE, TYPES

Cells = Mapping[CellKey, int]
"""Differences of figures, by measure and column; those of 0 are left out."""


class StationReturn(NamedTuple):
    """A return as its Attachment 6 states it, or, with `told`, the form of a county.

    `last` is the last day that counts, `stamp` what it states once submitted. `settings` have the
    formulas of rates. `corrections` has by period the correction of each cell of an earlier
    return. `told` has what a county told of each station, by period and key, and `names` theirs,
    `lists` the returns whose lists of points it told.
    `provisional` says that figures rest on a year without a notice.
    """

    file: str
    station: str
    period: Period
    last: date
    figures: Figures
    stamp: Stamp | None = None
    county: str = ""
    schema: int = 0
    settings: Mapping[str, str] = MappingProxyType({})
    corrections: Mapping[str, Cells] = MappingProxyType({})
    key: str = ""
    provisional: bool = False
    told: Mapping[str, Mapping[str, Cells]] = MappingProxyType({})
    names: Mapping[str, str] = MappingProxyType({})
    lists: Mapping[str, str] = MappingProxyType({})


class PointList(NamedTuple):
    """A station's list of points from its workbook; `days` is its printed period or day."""

    file: str
    station: str
    days: str
    points: tuple[Mapping[str, str], ...]


class FactsTaken(NamedTuple):
    """The facts of a hand-in, taken at a moment after an act; `id` is their number in a store.

    `counted` is the schema of the ledger, whose measures the figures have, `mark` that of their
    rows when they were counted.
    """

    id: int
    revision: int
    moment: datetime
    act: int
    last: date
    figures: Figures
    loaded: date
    identity: str
    counted: int
    mark: str = ""


class HandIn(NamedTuple):
    """A return that came in: its SHA-256, the day it was loaded, its facts and points, if any."""

    sent: StationReturn
    sha256: str
    loaded: date
    facts: tuple[FactsTaken, ...] = ()
    points: tuple[Mapping[str, str], ...] | None = None

    @property
    def stamp(self) -> Stamp:
        """What the return states of its submission."""
        return self.sent.stamp or NO_STAMP

    @property
    def last(self) -> date:
        """The last day that counts; the facts of a calendar year go on to its end."""
        return max([self.sent.last, *(each.last for each in self.facts)])

    @property
    def order(self) -> tuple[datetime, int]:
        """The moment of submission, then its act."""
        return self.stamp.moment, self.stamp.act


class Statement(NamedTuple):
    """A period's figures as a hand-in states them; the youngest is in force."""

    moment: datetime
    act: int
    figures: Figures
    by: HandIn
    loaded: date
    revision: int | None = None


class Member(NamedTuple):
    """A station of a period, by the registry, its hand-in or both; `state` is one of ARRIVALS."""

    key: str
    name: str
    county: str
    state: str
    hand_in: HandIn | None = None
    entry: RegistryEntry | None = None
    why: Message | None = None

    @property
    def counts(self) -> bool:
        """Whether its figures are added up."""
        return self.state in ("loaded", "late")


class Reporting(NamedTuple):
    """How many stations reported, how many of them late, of how many expected, if it is known."""

    counted: int
    late: int
    expected: int | None

    @property
    def shares(self) -> tuple[str, str]:
        """The reporting rate and the rate on time, in percent of those expected."""
        return self._share(self.counted), self._share(self.counted - self.late)

    def _share(self, part: int) -> str:
        found = hundredths_of(part, self.expected or 0)
        return "—" if found is None else yuan(found)


def reporting_of(members: Sequence[Member], expected: int | None) -> Reporting:
    """Return how many stations of a period reported."""
    counted = [each for each in members if each.counts]
    return Reporting(len(counted), sum(each.state == "late" for each in counted), expected)


def statements(chain: Sequence[HandIn], code: str) -> Iterator[Statement]:
    """Yield each statement on a period in a station's chain of returns that count.

    A later return states the period only if each return names the one before it by its head.
    """
    those = [each for each in chain if each.sent.period.code >= code]
    if not those or those[0].sent.period.code != code:
        return
    own, *later = those
    figures, before = own.sent.figures, own
    yield Statement(*own.order, figures, own, own.loaded)
    for facts in own.facts:
        yield Statement(facts.moment, facts.act, facts.figures, own, facts.loaded, facts.revision)
    for each in later:
        if each.stamp.before != before.stamp.head:
            return
        figures, before = corrected(figures, each.sent.corrections.get(code, {})), each
        yield Statement(*each.order, figures, each, each.loaded)


def corrected(figures: Figures, cells: Cells) -> Figures:
    """Return figures with these differences added."""
    changed = {key for key, _ in cells}
    return {
        key: {column: figure + cells.get((key, column), 0) for column, figure in row.items()}
        if key in changed
        else row
        for key, row in figures.items()
    }


def cell_differences(told: Figures, now: Figures) -> dict[CellKey, int]:
    """Return what each cell differs from what was told."""
    return {
        (key, column): now[key][column] - told[key][column]
        for key in MEASURES
        for column in COLUMNS
        if now[key][column] != told[key][column]
    }


def sum_figures(figures: Iterable[Figures]) -> Figures:
    """Return the sum of figures, by measure and type."""
    every = [*figures]
    rows = {key: [each[key] for each in every] for key in MEASURES}
    return with_totals(
        {
            # A province has 1,500 stations: a generator would take eight times as long.
            key: {type_: sum(map(itemgetter(type_), those)) for type_ in TYPES}
            for key, those in rows.items()
        }
    )


NOTHING_TOLD = sum_figures([])
"""The figures of a station that reported nothing, each 0."""


class HandIns:
    """The hand-ins of a county and its registry, and what they answer."""

    def __init__(self, hand_ins: Iterable[HandIn], registry: Sequence[RegistryEntry] = ()) -> None:
        self.registry = registry
        self.hand_ins = [*hand_ins]
        self._came: dict[str, dict[str, HandIn]] = defaultdict(dict)
        self._first: dict[tuple[str, str], str] = {}
        self._began: dict[tuple[str, str], date] = {}
        every = sorted(self.hand_ins, key=lambda each: each.order)
        for each in every:  # the last one of a station and period counts
            self._came[each.sent.key][each.sent.period.code] = each
            # A return on time that is replaced was on time.
            place = each.sent.key, each.sent.period.code
            self._began.setdefault(place, each.stamp.moment.date())
        for each in sorted(every, key=lambda each: each.loaded):
            self._first.setdefault(_name_and_county(each.sent), each.sent.key)

    def chain(self, key: str, code: str) -> list[HandIn]:
        """Return a station's returns that count, of the kind of this period, in order."""
        came = self._came.get(key, {})
        return [came[each] for each in sorted(came) if chain_of(each) == chain_of(code)]

    def now(self, key: str, code: str) -> Statement | None:
        """Return the statement in force on a station's period, if there is one."""
        found = statements(self.chain(key, code), code)
        return max(found, key=lambda each: (each.moment, each.act), default=None)

    def brought(self, key: str, code: str) -> Statement | None:
        """Return the statement that first stated what is in force on a station's period."""
        found = sorted(statements(self.chain(key, code), code), key=lambda e: (e.moment, e.act))
        alike = takewhile(lambda each: each.figures == found[-1].figures, reversed(found))
        return next(reversed([*alike]), None)

    def members(self, days: Period, due: date = date.max) -> list[Member]:
        """Return the stations of a period; with a due day, late ones are told."""
        there = {key: came[days.code] for key, came in self._came.items() if days.code in came}
        entries = {each.key: each for each in self.registry if _is_in(each, days)}
        found = []
        for key in there.keys() | entries.keys():
            hand_in, entry = there.get(key), entries.get(key)
            name = entry.name if entry else there[key].sent.station
            county = entry.county if entry else there[key].sent.county
            state, why = self._state(key, entry, hand_in, days, due)
            found.append(Member(key, name, county, state, hand_in, entry, why))
        return sorted(found, key=lambda each: (each.name, each.key))

    def _state(
        self,
        key: str,
        entry: RegistryEntry | None,
        hand_in: HandIn | None,
        days: Period,
        due: date,
    ) -> tuple[str, Message | None]:
        if hand_in is None:
            return "missing", None
        if self.registry and entry is None:
            return "unregistered", _UNREGISTERED
        if not self.registry and self._first[_name_and_county(hand_in.sent)] != key:
            return "twice", _NAMESAKE
        if hand_in.sent.period.first != days.first:
            return "other", message("its year ends on {day}", day=hand_in.sent.last)
        return "late" if self._began[key, hand_in.sent.period.code] > due else "loaded", None

    def ended(self, days: Period) -> Iterator[Member]:
        """Yield the stations whose last day is in the period before."""
        before = period_before(days)
        staying = {each.key for each in self.registry if _is_in(each, days)}
        for each in self.registry:
            ends = each.until and before.first <= each.until <= before.last
            if ends and each.key not in staying:
                yield Member(each.key, each.name, each.county, "ended", None, each)

    def figures(self, days: Period, as_submitted: bool = False) -> dict[str, Figures]:
        """Return a period's figures by station, now or as submitted.

        The points of a station that ended in the period before are its opening and 撤销.
        """
        found = {}
        for each in self.members(days):
            if each.hand_in and each.counts:
                now = None if as_submitted else self.now(each.key, days.code)
                found[each.key] = now.figures if now else each.hand_in.sent.figures
        for each in self.ended(days):
            if last := self.now(each.key, period_before(days).code):
                found[each.key] = _points_given_up(last.figures)
        return found

    def name_of(self, key: str, day: date) -> str:
        """Return a station's name on a day, by the registry or a hand-in; else its key."""
        entries = [each for each in self.registry if each.key == key]
        for each in [one for one in entries if _is_on(one, day)] or entries[-1:]:
            return each.name
        came = self._came.get(key, {})
        names = [came[code].sent.station for code in sorted(came)]
        return names[0] if names else key

    def unlike_openings(self, days: Period) -> Iterator[tuple[Member, str, int, int]]:
        """Yield each opening that is not the end before as told and corrected.

        Each is the station, the opening's measure, the end and the opening.
        """
        before = period_before(days).code
        for each in self.members(days):
            last = self._came.get(each.key, {}).get(before)
            if not each.hand_in or not last:
                continue
            ends = corrected(last.sent.figures, each.hand_in.sent.corrections.get(before, {}))
            for opening, end in OPENINGS.items():
                is_, was = each.hand_in.sent.figures[opening][TOTAL], ends[end][TOTAL]
                if is_ != was:
                    yield each, opening, was, is_

    def waiting(self, days: Period) -> Iterator[tuple[Member, Message]]:
        """Yield the stations whose return follows another one, so that its corrections wait.

        One whose predecessor did not come is told only where it has corrections.
        """
        for each in self.members(days):
            if not each.hand_in:
                continue
            chain = [
                one for one in self.chain(each.key, days.code) if one.order <= each.hand_in.order
            ]
            before = [None, *chain][chain.index(each.hand_in)]
            if each.hand_in.stamp.before == (before.stamp.head if before else ""):
                continue
            if before and before.sent.period.code == period_before(days).code:
                yield each, _WAITING
            elif each.hand_in.sent.corrections:
                yield each, _PREDECESSOR


_UNREGISTERED = message(
    "it is not registered for the period. If it should be, list it: `county stations load FILE`"
)
_NAMESAKE = message(
    "another ledger's station has this name and county. List each with its key and days:"
    " `county stations load FILE`"
)
_WAITING = message(
    "its return follows another one than was loaded, so that its corrections wait. Ask whether"
    " two ledgers go on from one backup, and for the return that it follows"
)
_PREDECESSOR = message("the return that it follows was not loaded, so that its corrections wait")


def _name_and_county(sent: StationReturn) -> tuple[str, str]:
    return comparable_name(sent.station), comparable_name(sent.county)


def _is_in(entry: RegistryEntry, days: Period) -> bool:
    """Return whether a station is expected: its last period is that of its last day."""
    begun = not entry.since or entry.since <= days.last
    return begun and (not entry.until or entry.until >= days.first)


def _is_on(entry: RegistryEntry, day: date) -> bool:
    begun = not entry.since or entry.since <= day
    return begun and (not entry.until or entry.until >= day)


def _points_given_up(last: Figures) -> Figures:
    """Return the figures of a station after its last period: its points end, nothing else."""
    found = zero_figures()
    ends = {type_: last["points_end"][type_] for type_ in TYPES}
    return with_totals(found | {"points_start": ends, "points_retired": {**ends}})


def period_before(days: Period) -> Period:
    """Return the period of the same kind that ended before this one."""
    if days.is_quarter:
        return quarter_before(days)
    first = days.first.replace(year=days.first.year - 1)
    last = days.first - ONE_DAY
    code = f"{int(days.code[:4]) - 1}A"
    return as_known(Period(code, first, last, ""), date.max)


def made_in_practice(sent: StationReturn | PointList) -> bool:
    """Return whether a practice ledger made it, which no county takes but in practice."""
    return sent.station.startswith(f"{PRACTICE} ")
