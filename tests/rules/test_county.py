"""The county's ledger against plain stories: what a station states is what its ledger held."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.county.arriving import ArrivalDesk, Folder, Found, sort_hand_ins
from ledger12315.county.records import form_document, form_of, hand_in_of, return_document
from ledger12315.rules.county import CountyBook, CountyForm, with_stated_formulas
from ledger12315.rules.hand_ins import NOTHING_TOLD, FactsTaken, HandIn, StationReturn, corrected
from ledger12315.rules.measures import Figures
from ledger12315.rules.periods import parse_period
from ledger12315.rules.registry import RegistryEntry
from ledger12315.rules.reported import Stamp
from tests.ledger.drawn import OFTEN
from tests.rows import for_all

CODES = ("2026Q1", "2026Q2", "2026Q3", "2026Q4", "2027Q1", "2027Q2", "2027Q3", "2027Q4")
PERIODS = [parse_period(code) for code in CODES]
CELL = ("received", "total")
DAY = date(2028, 1, 1)


def of(count: int) -> Figures:
    """Return figures of so many complaints received at malls."""
    return corrected(NOTHING_TOLD, {("received", "mall"): count, CELL: count})


def cells(count: int) -> dict[tuple[str, str], int]:
    return {("received", "mall"): count, CELL: count}


def moment(at: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=at)


class Station:
    """A station's ledger as plain numbers, and what it handed in so far."""

    def __init__(self, key: str) -> None:
        self.key, self.truth = key, Counter[int]()
        self.at: dict[datetime, Counter[int]] = {}
        self.chain: list[HandIn] = []
        self.sent: list[HandIn] = []
        self.facts: dict[str, list[FactsTaken]] = {}

    def told(self, place: int) -> int:
        first = self.chain[place].sent.figures["received"]["total"]
        code = CODES[place]
        later = (each.sent.corrections.get(code, {}) for each in self.chain[place + 1 :])
        return first + sum(each.get(CELL, 0) for each in later)

    def submit(self, at: int) -> None:
        place = len(self.chain)
        if place == len(CODES):
            return
        changed = {each: self.truth[each] - self.told(each) for each in range(place)}
        lines = {CODES[each]: cells(by) for each, by in changed.items() if by}
        before = self.chain[-1].stamp.head if self.chain else ""
        stamp = Stamp(moment(at), at, f"{self.key}-{at}", before)
        about = self.key, PERIODS[place], PERIODS[place].last, of(self.truth[place]), stamp
        sent = StationReturn("", *about, "县", key=self.key, corrections=lines)
        self.chain.append(HandIn(sent, stamp.head, DAY))
        self.sent.append(self.chain[-1])

    def take_back(self) -> None:
        """The county sends the last return back; nobody tells the county's store."""
        if self.chain:
            self.chain.pop()

    def send(self, at: int, which: int) -> None:
        if self.chain:
            place = which % len(self.chain)
            taken = self.facts.setdefault(self.chain[place].sha256, [])
            figures = of(self.truth[place])
            about = len(taken) + 1, moment(at), at, DAY, figures, DAY
            taken.append(FactsTaken(at, *about, identity="", counted=0))

    def handed_in(self, lost: frozenset[int]) -> list[HandIn]:
        found = (each for number, each in enumerate(self.sent) if number not in lost)
        return [each._replace(facts=tuple(self.facts.get(each.sha256, ()))) for each in found]


class Act(NamedTuple):
    kind: str
    place: int
    by: int


_acts = st.lists(
    st.builds(
        Act,
        st.sampled_from(("enter", "enter", "submit", "submit", "back", "facts")),
        st.integers(0, 7),
        st.sampled_from((-1, 1, 2)),
    ),
    min_size=25,
    max_size=60,
)


def lived(acts: Sequence[Act], key: str = "1") -> Station:
    station = Station(key)
    for at, act in enumerate(acts, 1):
        if act.kind == "enter":
            station.truth[min(act.place, len(station.chain))] += act.by
        elif act.kind == "submit":
            station.submit(at)
        elif act.kind == "back":
            station.take_back()
        else:
            station.send(at, act.place)
        station.at[moment(at)] = station.truth.copy()
    return station


@settings(max_examples=25 * OFTEN)
@given(_acts, st.frozensets(st.integers(0, 12), max_size=3))
def test_a_periods_figures_are_those_that_its_ledger_held_at_that_moment(
    acts: Sequence[Act], lost: frozenset[int]
) -> None:
    """Also where returns are lost, replaced, sent twice, or have facts in between.

    Where none is, the youngest statement holds.
    """
    station = lived(acts)
    came = station.handed_in(lost)
    book = CountyBook([*reversed(came), *came])
    for place, code in enumerate(CODES):
        if now := book.now("1", code):
            assert now.figures["received"]["total"] == station.at[now.moment][place], code
    came = lived([each for each in acts if each.kind != "back"]).handed_in(frozenset())
    for place, first in enumerate(came):
        moments = [each.stamp.moment for each in came[place:]]
        moments += [each.moment for each in first.facts]
        now = CountyBook(came).now("1", first.sent.period.code)
        assert now and now.moment == max(moments)


def kept(hand_in: HandIn) -> HandIn:
    """Return a hand-in as a store has it."""
    document = json.loads(json.dumps(return_document(hand_in.sent)))
    found = hand_in_of(hand_in.loaded, hand_in.sha256, document, (), None)
    return found._replace(facts=hand_in.facts)


@settings(max_examples=4 * OFTEN)
@given(
    st.lists(_acts, min_size=6, max_size=6), st.lists(st.integers(0, 39), min_size=8, max_size=8)
)
def test_what_the_county_told_and_what_is_untold_make_what_is_now(
    lives: Sequence[Sequence[Act]], days: Sequence[int]
) -> None:
    """It submits a quarter whenever it likes, takes one back at times, and loses its store.

    Six stations live at random; what they hand in and the county told comes from documents.
    """
    stations = [lived(acts, str(key)) for key, acts in enumerate(lives)]
    came = [kept(each) for one in stations for each in one.handed_in(frozenset())]
    forms: list[CountyForm] = []
    for step, at in enumerate(sorted(days)):
        there = [each for each in came if each.stamp.moment <= moment(at)]
        book = CountyBook(there, (), forms)
        if step % 4 == 3 and forms:
            forms.pop()
            continue
        days_ = PERIODS[len(forms)]
        carried, figures = book.carried_cells(days_), book.figures(days_)
        stamp = Stamp(moment(1000 + step), step, str(step))
        names = {each.key: each.key for each in stations}
        form = CountyForm(days_, "县", stamp, figures, carried, names, {})
        forms.append(form_of("", json.loads(json.dumps(form_document(form))), None))
        after = CountyBook(there, (), forms)
        for form in forms:
            code = form.period.code
            assert after.untold(code) == {}
            now = after.figures(form.period)
            assert now == {key: found.figures for key in now if (found := after.now(key, code))}
            assert _totals(after.told(code)) == _totals(now)
            lines = after.carried_by(form).corrections
            assert sum(each.difference or 0 for each in lines if each.type == "mall") == sum(
                each[CELL] for one in form.carried.values() for each in one.values()
            )
        for line in lines:
            assert line.now == sum(_totals(after.told(line.period)).values())


def _totals(found: Mapping[str, Figures]) -> dict[str, int]:
    counts = {key: each["received"]["total"] for key, each in found.items()}
    return {key: count for key, count in counts.items() if count}


def test_a_second_ledger_from_one_backup_is_named() -> None:
    """A's end is 8; B went on from the backup before it, and opens with 5."""
    station = Station("1")
    station.truth[0] = 8
    station.submit(1)
    fork = station.sent[0].stamp._replace(moment=moment(0), head="lost")
    station.truth[1] = 1
    station.submit(2)
    [first, second] = station.sent
    sent = second.sent._replace(stamp=second.stamp._replace(before=fork.head))
    opened = {**of(1), "open_start": of(5)["received"]}
    first = first._replace(
        sent=first.sent._replace(figures={**of(8), "open_end": of(8)["received"]})
    )
    sent = sent._replace(figures=opened, corrections={"2026Q1": cells(-3)})
    book = CountyBook([first, second._replace(sent=sent)])
    assert [(each[1:]) for each in book.unlike_openings(PERIODS[1])] == [("open_start", 8, 5)]
    [(_, why)] = book.waiting(PERIODS[1])
    assert why.id.startswith("its return follows another one than was loaded")
    now = book.now("1", "2026Q1")
    assert now and now.figures["received"]["total"] == 8


def test_a_station_is_named_by_the_registry_on_a_day_or_as_a_form_named_it() -> None:
    form = CountyForm(PERIODS[0], "县", Stamp(moment(1), 1, "1"), {}, {}, {"1": "甲所"}, {})
    next_day = DAY + timedelta(1)
    one, other = RegistryEntry("2", "乙所", "县"), RegistryEntry("2", "丙所", "县")
    listed = [one._replace(until=DAY), other._replace(since=next_day)]
    book = CountyBook([], listed, [form])
    told = [book.name_of(*each) for each in (("1", DAY), ("2", DAY), ("2", next_day))]
    assert told == ["甲所", "乙所", "丙所"]


def test_an_annual_form_names_the_corrections_of_quarters_that_annual_returns_state() -> None:
    days, stated = parse_period("2026A"), {"2026Q1": cells(2), "2025A": cells(-1)}
    about = "甲所", days, days.last, of(3), Stamp(moment(1), 1, "1"), "县"
    sent = StationReturn("", *about, key="1", corrections=stated)
    carried = CountyBook([HandIn(sent, "1", DAY)]).carried(days)
    assert carried and carried.of_chain("2027A") == ()
    lines = carried.of_chain("2026Q2")
    assert [(*each[:4], each.difference) for each in lines] == [
        ("2026Q1", "03", *cell, 2) for cell in sorted(cells(2))
    ]


@for_all("""
    own                       | stated                                      | used
    closed_on_time / closed   | settled / closed, settled / closed          | settled / closed
    closed_on_time / closed   | settled / closed, closed_on_time / closed   | \
        closed_on_time / closed
    closed_on_time / received | settled / closed                            | \
        closed_on_time / received
""")
def test_a_county_without_a_formula_takes_that_of_all_returns(
    own: str, stated: str, used: str
) -> None:
    [first, *_] = lived([Act("submit", 0, 0)]).sent
    key = "rate.on_time_rate"
    sent = [first.sent._replace(settings={key: each}) for each in stated.split(", ")]
    assert with_stated_formulas({key: own}, sent)[key] == used


def test_of_its_own_forms_a_county_takes_those_that_follow_one_another() -> None:
    """The second was withdrawn and made again, the last follows one that was not sent."""
    folders = []
    for at, (place, before, replaces) in enumerate(
        [(0, "", ""), (1, "0", ""), (1, "0", "1"), (2, "1", "")]
    ):
        told = {CODES[place]: {"1": cells(at)}}
        about = PERIODS[place], DAY, of(at), Stamp(moment(at), at, str(at), before, replaces)
        sent = StationReturn("", "榕溪县", *about, key="9", told=told)
        folders.append(Folder([Found(Path(f"{at}.xlsx"), sent, b"%d" % at)], {}, []))
    desk = ArrivalDesk(CountyBook([]), "9", moment(9), practises=False)
    found = sort_hand_ins(desk, reversed(folders), set())
    _, second, back, _ = found.rows
    rows = [f"{row.kind} {row.period}" for row in found.rows]
    assert rows == ["form 2026Q1", "form 2026Q2", "withdrawal 2026Q2", "form 2026Q2"]
    assert (back.sha256, back.document["head"]) == (second.sha256, "1")
    assert second.files == {"1.xlsx": b"1"}
    assert [each.period for each in found.faults] == ["2026Q3"]
