"""`county rollup` and `corrections`: the county's figures, and what differs from what it told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any, NamedTuple

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.kinds import FLAG, LINE
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import command
from ledger12315.cli.county.store import (
    INTERNAL,
    STATED_PERIOD,
    STORE,
    County,
    expected_of,
    notes_on_cases,
    open_county,
    stations_line,
)
from ledger12315.cli.face.answers import Column, Part, Result, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import CORRECTION_COLUMNS, ShownForm, unstated_amounts
from ledger12315.cli.face.options import AS_OF, at_most_one_given
from ledger12315.county.facts import fact_views, selection_sql
from ledger12315.errors import Refused, Unclear, message
from ledger12315.locale import render
from ledger12315.rules.facts_query import facts_query
from ledger12315.rules.hand_ins import Member, sum_figures
from ledger12315.rules.measures import TOTAL, Figures
from ledger12315.rules.periods import Period
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.rules.reported import StationPart, correction_in_units, in_unit
from ledger12315.words import UNITS

_BY = Option("by", "分组", OneWord(UNITS), "group the figures by", default="type")
_SUBMITTED = Option(
    "as_submitted", "按报送", FLAG, "use the returns as submitted, without corrections"
)
_ON = AS_OF._replace(help="use the store as it was on that day")
_TOLD = Option(
    "told", "按已报数", FLAG, "show what the county told, as its later forms corrected it"
)
_SQL = Option("sql", "查询语句", FLAG, "print the SQL query instead")
_VIEWS = Option("views", "视图", FLAG, "print the views of the store before the query")
_OPTIONS = (_BY, _SUBMITTED, _ON, _TOLD, _SQL, _VIEWS, STORE)
_FORM = Box("form", "附件", LINE, "Attachment 3 or 6", metavar="3|6")
_CORRECTIONS = (*CORRECTION_COLUMNS, Column("stations", "涉及单位", narrow=True))


class _Rollup(NamedTuple):
    """A rollup: its form, period, stations, figures by station, rates and unit."""

    form: str
    days: Period
    members: Sequence[Member]
    figures: Mapping[str, Figures]
    by: tuple[Rate, ...]
    unit: str

    def shown_form(self, figures: Figures) -> ShownForm:
        """Return figures as commands show them."""
        return ShownForm(self.form, figures, self.by)

    def units(self, county: County) -> Iterator[tuple[dict[str, str], Figures]]:
        """Yield each unit's names, and its figures."""
        known = {each.key: each for each in self.members}
        groups: dict[str, list[str]] = {}
        for key in self.figures:
            of = known[key].county if key in known else ""
            groups.setdefault(key if self.unit == "station" else of, []).append(key)
        for group, keys in sorted(groups.items()):
            named = {"county": group}
            if self.unit == "station":
                of = known[group].county if group in known else ""
                name = county.book.name_of(group, self.days.last)
                named = {"station": name, "key": group, "county": of}
            [first, *others] = (self.figures[key] for key in keys)
            yield named, sum_figures((first, *others)) if others else first


@command(_FORM, STATED_PERIOD, *_OPTIONS, arguments=2, flags="json")
def roll_up_county(desk: Desk, filled: Filled) -> Result:
    """Show the county's figures of Attachment 3 or 6, by station, county or type."""
    form, unit = filled.text("form"), filled.text("by")
    if form not in ("3", "6"):
        raise Unclear("Ask for rollup 3 or rollup 6, and a period: `county rollup 6 2026Q3`")
    for query in (_SQL, _VIEWS):
        at_most_one_given(filled, _SUBMITTED, _TOLD, query)
    with open_county(desk, filled, filled.given("as_of", date)) as county:
        days = county.period(filled.text("period"))
        members = county.unaltered_members(days)
        if filled.keys() & {"sql", "views"}:
            return _query_text(county, days, members, unit, "views" in filled)
        figures = _requested_figures(county, days, filled)
        if "told" in filled:
            members = county.book.members_told(county.book.standing(days.code)[days.code], members)
        asked = _Rollup(form, days, members, figures, rates_by(county.settings(days)), unit)
        whole = sum_figures(figures.values())
        notes = [INTERNAL, stations_line(county, members), *unstated_amounts(whole)]
        if desk.format == "json":
            document = _document(county, asked, whole)
            return Result((), document, before=[county.line], notes=notes)
        parts = [*_shown_parts(desk, county, asked, whole)]
    return Result(parts, before=[county.line], notes=notes)


def _requested_figures(county: County, days: Period, filled: Filled) -> Mapping[str, Figures]:
    """Return figures by station: now, as submitted, or as the county told them."""
    if "told" not in filled:
        return county.figures(days, "as_submitted" in filled)
    _demand_told(county, days)
    return county.book.told(days.code)


def _demand_told(county: County, days: Period) -> None:
    if not county.book.form_of(days.code):
        raise Refused("The county has not submitted {period}.", period=days.code)


def _shown_parts(desk: Desk, county: County, asked: _Rollup, whole: Figures) -> Iterator[Part]:
    if asked.unit == "type":
        yield asked.shown_form(whole).table(desk)
        return
    units = [*asked.units(county)]
    names = [named.get("station", named["county"]) for named, _ in units]
    times = Counter(names)
    for name, (named, figures) in zip(names, units, strict=True):
        twice = times[name] > 1 and "key" in named
        yield message("{name} ({key})", name=name, key=named["key"]) if twice else name
        yield asked.shown_form(figures).table(desk)


def _document(county: County, asked: _Rollup, whole: Figures) -> dict[str, Any]:
    head = {
        "form": int(asked.form),
        "period": asked.days.code,
        "from": asked.days.first,
        "to": asked.days.last,
        "stations": sum(each.counts for each in asked.members),
        "expected": expected_of(county, asked.members),
        "missing": [each.name for each in asked.members if each.state in ("missing", "other")],
        "recovered_unstated": whole["recovered_unstated"][TOTAL],
    }
    if asked.unit == "type":
        return head | asked.shown_form(whole).document()
    units = [
        named | asked.shown_form(figures).document() for named, figures in asked.units(county)
    ]
    return head | {"by": asked.unit, "units": units}


def _query_text(
    county: County, days: Period, members: Sequence[Member], unit: str, views: bool
) -> Result:
    """Return the query for any engine, after the views that it needs in the store."""
    before = [selection_sql(days, members), *fact_views()] if views else []
    query = facts_query("" if unit == "type" else unit)
    text = ";\n".join([*before, query])
    notes = [*notes_on_cases(county, days, members)]
    return Result(text.splitlines(), {"sql": text}, before=[county.line], notes=notes)


@command(STATED_PERIOD, STORE, arguments=1, flags="json csv")
def list_county_corrections(desk: Desk, filled: Filled) -> Result:
    """Show what differs now from what the county told of a period."""
    with open_county(desk, filled) as county:
        days = county.period(filled.text("period"))
        _demand_told(county, days)
        county.unaltered_members(days)
        lines = county.book.corrections(days.code)
        short = _as_called([each.name for each in county.members(days)])
    if not lines and desk.format == "table":
        said = message("Nothing has changed since {period} was told.", period=days.code)
        return Result(before=[county.line], notes=[said])
    rows = []
    for line in lines:
        row = correction_in_units(line)
        if desk.format != "json":
            named = short if desk.format == "table" else {}
            row["stations"] = render([_part(line.key, each, named) for each in line.stations])
        rows.append({column.key: row[column.key] for column in _CORRECTIONS})
    return answer_of_list(rows, _CORRECTIONS, before=[county.line])


def _part(key: str, part: StationPart, named: Mapping[str, str]) -> str:
    """Return a station's part in a correction, the day it came and the hand-in."""
    name = named.get(part.station, part.station)
    shown = f"{name} {'+' * (part.difference > 0)}{in_unit(key, part.difference)}"
    return f"{shown} ({part.day}, {part.brought_by})" if part.day else shown


def _as_called(names: Sequence[str]) -> Mapping[str, str]:
    """Return names without what all of them begin and end with, such as 东门, for a screen."""
    first = _length_alike(names)
    last = _length_alike([each[first:][::-1] for each in names])
    found = {each: each[first : len(each) - last] for each in names}
    return found if all(len(each) > 1 for each in found.values()) else {}


def _length_alike(names: Iterable[str]) -> int:
    """Return with how many equal characters all names begin."""
    return sum(1 for _ in takewhile(lambda each: len({*each}) == 1, zip(*names, strict=False)))
