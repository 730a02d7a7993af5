"""The county's ledger: which hand-in counts, a period's figures now, what was told. 三(五)7

A hand-in never changes; which one counts is a question. The figures of a period now are those of
its youngest statement: its own return, its facts, or a later return of its chain, which states it
as it was told before, plus the corrections that it carries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.boxes.names import comparable_name
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
from ledger12315.rules.periods import Period, ReturnDates, as_known, quarter_before
from ledger12315.rules.rates import RATES, rates_by
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
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import PRACTICE, TYPES

Cells = Mapping[CellKey, int]
"""Differences of figures, by measure and column; those of 0 are left out."""
ByStation = Mapping[str, Figures]
"""The figures of stations, by key."""


class StationReturn(NamedTuple):
    """A return as its Attachment 6 states it, or, with `told`, the form of a county.

    `last` is the last day that counts, `stamp` what it states once submitted. `settings` have the
    formulas of rates. `corrections` has by period the correction of each cell of an earlier
    return. `told` has what a county told of each station, by period and key, and `names` theirs.
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


class PointList(NamedTuple):
    """A station's list of points from its workbook; `days` is its printed period or day."""

    file: str
    station: str
    days: str
    points: tuple[Mapping[str, str], ...]


class FactsTaken(NamedTuple):
    """The facts of a hand-in, taken at a moment after an act; `id` is their number in a store.

    `counted` is the schema of the ledger, whose measures the figures have.
    """

    id: int
    revision: int
    moment: datetime
    act: int
    last: date
    figures: Figures
    loaded: date
    identity: str = ""
    counted: int = 0


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


class CountyForm(NamedTuple):
    """What the county told: figures by station, and the corrections that its form carried.

    `sha256` is that of its workbook. A withdrawn form has the day and the reason.
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


class CountyReturn(NamedTuple):
    """A county's form before it is drawn: `form` with its figures, and what else it says.

    `key` is the county's. `members` are the stations of the period, `expected` their number by the
    registry, if there is one.
    """

    form: CountyForm
    key: str
    members: "tuple[Member, ...]"
    carried: Carried | None
    expected: int | None
    dates: ReturnDates | None = None

    @property
    def total(self) -> Figures:
        """The sum of its stations' figures, from which rates are calculated."""
        return sum_figures(self.form.figures.values())

    @property
    def counted(self) -> "list[Member]":
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
    if not cells:
        return figures
    return {
        key: {column: figure + cells.get((key, column), 0) for column, figure in row.items()}
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
    return with_totals(
        {
            key: {type_: sum(each[key][type_] for each in every) for type_ in TYPES}
            for key in MEASURES
        }
    )


NOTHING_TOLD = sum_figures([])
"""The figures of a station that reported nothing, each 0."""


class CountyBook:
    """A county's hand-ins, its registry and its forms, and what they answer."""

    def __init__(
        self,
        hand_ins: Iterable[HandIn],
        registry: Sequence[RegistryEntry] = (),
        forms: Iterable[CountyForm] = (),
    ) -> None:
        self.registry = registry
        self.forms = [*forms]
        self.hand_ins = [*hand_ins]
        self._came: dict[str, dict[str, HandIn]] = defaultdict(dict)
        self._first: dict[tuple[str, str], str] = {}
        every = sorted(self.hand_ins, key=lambda each: each.order)
        for each in every:  # the last one of a station and period counts
            self._came[each.sent.key][each.sent.period.code] = each
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
        return "late" if hand_in.stamp.moment.date() > due else "loaded", None

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

    def standing(self, code: str) -> list[CountyForm]:
        """Return the county's forms of the kind of this period that stand, in order."""
        found = [each for each in self.forms if not each.withdrawn]
        same = (each for each in found if chain_of(each.period.code) == chain_of(code))
        return sorted(same, key=lambda each: each.period.code)

    def told(self, code: str) -> dict[str, Figures] | None:
        """Return what the county told of a period, by station; None if nothing."""
        forms = [each for each in self.standing(code) if each.period.code >= code]
        if not forms or forms[0].period.code != code:
            return None
        found = {**forms[0].figures}
        for form in forms[1:]:
            for key, cells in form.carried.get(code, {}).items():
                found[key] = corrected(found.get(key, NOTHING_TOLD), cells)
        return found

    def untold(self, code: str) -> dict[str, dict[CellKey, int]]:
        """Return what differs from what the county told of a period, by station."""
        told, form = self.told(code), self.form_of(code)
        if told is None or form is None:
            return {}
        now = self.figures(form.period)
        found = {
            key: cell_differences(told.get(key, NOTHING_TOLD), now.get(key, NOTHING_TOLD))
            for key in (told | now)
        }
        return {key: cells for key, cells in found.items() if cells}

    def form_of(self, code: str) -> CountyForm | None:
        """Return the county's form of a period, if it stands."""
        return next((each for each in self.standing(code) if each.period.code == code), None)

    def name_of(self, key: str, day: date) -> str:
        """Return a station's name on a day, by the registry, a hand-in or a form."""
        entries = [each for each in self.registry if each.key == key]
        for each in [one for one in entries if _is_on(one, day)] or entries[-1:]:
            return each.name
        came = self._came.get(key, {})
        names = [came[code].sent.station for code in sorted(came)]
        names += [each.names[key] for each in self.forms if key in each.names]
        return names[0] if names else key

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
        before = (each.period.code for each in self.standing(days.code))
        found = {code: self.untold(code) for code in before if code < days.code}
        return {code: stations for code, stations in found.items() if stations}

    def _lines(
        self, code: str, changed: Mapping[str, Cells], known: "CountyBook | None" = None
    ) -> list[Correction]:
        """Return the cells that differ from what was told; another book may know by what."""
        form, told = self.form_of(code), self.told(code)
        if not changed or form is None or told is None:
            return []
        was = sum_figures(told.values())
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
            by = self.now(key, days.code) or self.now(key, period_before(days).code)
            brought = (by.loaded, by.by.sent.period.code, by.revision) if by else (None, "", None)
            for cell, difference in cells.items():
                part = StationPart(self.name_of(key, days.last), key, difference, *brought)
                found[cell] = (*found.get(cell, ()), part)
        return found

    def carried(self, days: Period) -> Carried | None:
        """Return the corrections that a form of a period carries; None if nothing was told."""
        before = [each for each in self.standing(days.code) if each.period.code < days.code]
        lines = [line for each in before for line in self.corrections(each.period.code)]
        within = tuple(self._within(days)) if days.is_annual else ()
        if not before:
            return Carried(corrections=within) if within else None
        last = before[-1].period
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
        told, now, end = self.told(last.code) or {}, self.figures(last), OPENINGS[opening]
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
        """Yield the stations whose corrections wait, since their return follows another one."""
        for each in self.members(days):
            if not (each.hand_in and each.hand_in.sent.corrections):
                continue
            chain = [
                one for one in self.chain(each.key, days.code) if one.order <= each.hand_in.order
            ]
            at = chain.index(each.hand_in)
            before = chain[at - 1].stamp.head if at else ""
            if each.hand_in.stamp.before != before:
                yield each, _WAITING if at else _PREDECESSOR


_UNREGISTERED = message(
    "it is not registered for the period. If it should be, list it:"
    " ledger12315 county stations load FILE"
)
_NAMESAKE = message(
    "another ledger's station has this name and county. List each with its key and days:"
    " ledger12315 county stations load FILE"
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


def _sum_cells(every: Iterable[Cells]) -> Cells:
    found: dict[CellKey, int] = defaultdict(int)
    for cells in every:
        for cell, difference in cells.items():
            found[cell] += difference
    return found


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


def chain_gap(book: CountyBook, days: Period) -> str:
    """Return the period that has to be submitted before this one, if there is one."""
    before = [each for each in book.standing(days.code) if each.period.code < days.code]
    gap = period_before(days).code
    return gap if before and before[-1].period.code != gap else ""


def made_in_practice(sent: StationReturn | PointList) -> bool:
    """Return whether a practice ledger made it, which no county takes but in practice."""
    return sent.station.startswith(f"{PRACTICE} ")


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


def below_base(figures: Figures, settings: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Yield each level with fewer demonstration points than the plan's minimum. 三(五)8

    Each is the measure's name, the number of points, and the minimum.
    """
    for key in ("demo_provincial", "demo_municipal"):
        count, base = figures[key][TOTAL], int(settings[key.replace("demo", "demo_base")])
        if count < base:
            yield MEASURES[key].name, count, base
