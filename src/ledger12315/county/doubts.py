"""Doubts about hand-ins: one list of checks, each a row with its sentence. They refuse nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from ledger12315.boxes.names import comparable_name
from ledger12315.county.facts import with_facts
from ledger12315.errors import Message, message
from ledger12315.facts.engine import Duck
from ledger12315.rules.county import CountyBook
from ledger12315.rules.hand_ins import Member, period_before
from ledger12315.rules.measures import MEASURES, TOTAL, Figures
from ledger12315.rules.periods import Period
from ledger12315.sheets.forms.attachment5 import credit_code_in

_MANY_TIMES, _MANY_CASES, _MANY_RATINGS = 100, 50, 200


class PeriodSeen(NamedTuple):
    """What the checks look at: a period, its stations, their figures now and before."""

    duck: Duck
    book: CountyBook
    days: Period
    members: Sequence[Member]
    now: Mapping[str, Figures]


def doubts_of(duck: Duck, book: CountyBook, days: Period) -> Iterator[Message]:
    """Yield each doubt about a period's hand-ins."""
    seen = PeriodSeen(duck, book, days, book.members(days), book.figures(days))
    for check in CHECKS:
        yield from check(seen)


def _openings(seen: PeriodSeen) -> Iterator[Message]:
    for each, opening, was, is_ in seen.book.unlike_openings(seen.days):
        yield message(
            "{station}: {measure} is {now}, but the end before with its correction is {was}. "
            "Does a second ledger go on from one backup?",
            station=each.name,
            measure=MEASURES[opening].label,
            now=is_,
            was=was,
        )


def _corrections_that_wait(seen: PeriodSeen) -> Iterator[Message]:
    for each, why in seen.book.waiting(seen.days):
        yield message("{station}: {problem}.", station=each.name, problem=why)


def _same_points(seen: PeriodSeen) -> Iterator[Message]:
    """The same point in two stations' lists: one name with one address or credit code."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in seen.members:
        for point in (each.hand_in.points or ()) if each.hand_in and each.counts else ():
            name = comparable_name(point["name"])
            for where in (comparable_name(point["address"]), credit_code_in(point["remarks"])):
                places[name, where].add(each.name)
    alike = {
        (name, *sorted(stations))
        for (name, where), stations in places.items()
        if where and len(stations) > 1
    }
    for name, *stations in sorted(alike):
        yield message("{point} is a point of {stations}.", point=name, stations=stations)


def _great_amounts(seen: PeriodSeen) -> Iterator[Message]:
    for key in ("disputed", "recovered"):
        amounts = {name: each[key][TOTAL] for name, each in seen.now.items() if each[key][TOTAL]}
        usual = median(amounts.values()) if amounts else 0
        for station, amount in sorted(amounts.items()):
            if amount > _MANY_TIMES * usual:
                yield message(
                    "{station}: {measure} is {amount} yuan, over {times} times the median.",
                    station=seen.book.name_of(station, seen.days.last),
                    measure=MEASURES[key].label,
                    amount=MEASURES[key].in_unit(amount),
                    times=_MANY_TIMES,
                )


def _sudden_nothing(seen: PeriodSeen) -> Iterator[Message]:
    """A nil quarter after active ones."""
    before = period_before(seen.days)
    earlier = seen.book.figures(before), seen.book.figures(period_before(before))
    for each in seen.members:
        if not each.counts or _is_active(seen.now[each.key]):
            continue
        if all(each.key in one and _is_active(one[each.key]) for one in earlier):
            yield message(
                "{station}: nothing is reported, after active periods.", station=each.name
            )


def _is_active(figures: Figures) -> bool:
    return any(figures[key][TOTAL] for key in ("received", "closed", "inquiries"))


def _always_satisfied(seen: PeriodSeen) -> Iterator[Message]:
    for station, figures in seen.now.items():
        rated = figures["rated"][TOTAL]
        if rated >= _MANY_RATINGS and figures["satisfied"][TOTAL] == rated:
            name = seen.book.name_of(station, seen.days.last)
            yield message(
                "{station}: all of {count} ratings are satisfied.", station=name, count=rated
            )


def _even_cases(seen: PeriodSeen) -> Iterator[Message]:
    """From 50 cases on: a month without receipts, or recovered as disputed in every case."""
    those = {facts.id: each for each, facts in with_facts(seen.members)}
    if not those:
        return
    which = ", ".join(map(str, those))
    days = f"BETWEEN DATE '{seen.days.first}' AND DATE '{seen.days.last}'"
    query = f"""
        SELECT hand_in, count(*) FILTER (WHERE received {days}),
            count(DISTINCT month(received)) FILTER (WHERE received {days}),
            count(*) FILTER (WHERE closed {days}),
            count(*) FILTER (WHERE closed {days} AND recovered IS NOT DISTINCT FROM disputed)
        FROM facts.complaint WHERE hand_in IN ({which}) AND voided IS NULL
        GROUP BY hand_in ORDER BY hand_in"""
    for number, received, in_months, closed, even in seen.duck.execute(query).fetchall():
        station = those[number].name
        if seen.days.is_quarter and received >= _MANY_CASES and in_months < 3:
            yield message("{station}: a month is without receipts.", station=station)
        if closed >= _MANY_CASES and even == closed:
            yield message(
                "{station}: in each of {count} closed cases all that was disputed is recovered.",
                station=station,
                count=closed,
            )


def _owed_by_the_gone(seen: PeriodSeen) -> Iterator[Message]:
    """What a closed station still owes: its last return, and its open complaints."""
    before = period_before(seen.days)
    there = {each.key: each for each in seen.book.members(before)}
    if not any(each.hand_in for each in there.values()):
        return  # the county's ledger begins later
    for each in seen.book.ended(seen.days):
        last = there.get(each.key)
        if not last or not last.counts:
            yield message(
                "{station}: closed, and its return of {period} did not come.",
                station=each.name,
                period=before.code,
            )
            continue
        left = seen.book.figures(before)[each.key]["open_end"][TOTAL]
        following = [e for e in seen.members if e.entry and each.key in e.entry.follows]
        taken = sum(_taken_over(seen, one) for one in following if one.counts)
        if left and not following:
            yield message(
                "{station}: closed with {count} open complaints, and no station follows it.",
                station=each.name,
                count=left,
            )
        elif left > taken:
            yield message(
                "{station}: closed with {count} open complaints, which are not in the opening of "
                "the station that follows it.",
                station=each.name,
                count=left - taken,
            )


def _taken_over(seen: PeriodSeen, follower: Member) -> int:
    """Return how many open complaints a station began with beside its own."""
    own = seen.book.now(follower.key, period_before(seen.days).code)
    end = own.figures["open_end"][TOTAL] if own else 0
    return seen.now[follower.key]["open_start"][TOTAL] - end


CHECKS: tuple[Callable[[PeriodSeen], Iterator[Message]], ...] = (
    _openings,
    _corrections_that_wait,
    _same_points,
    _great_amounts,
    _sudden_nothing,
    _even_cases,
    _always_satisfied,
    _owed_by_the_gone,
)
"""Each check of a period's hand-ins."""
