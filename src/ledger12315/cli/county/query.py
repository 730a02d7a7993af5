"""`county query`: published figures of stations, by any unit; exact, for internal use."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.kinds import FLAG, LINE
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import command
from ledger12315.cli.county.store import (
    STATED_PERIOD,
    STORE,
    county_settings,
    read_county_period,
    store_line,
    store_of,
)
from ledger12315.cli.face.answers import Part, Result
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import ShownForm, unstated_amounts
from ledger12315.cli.face.options import AS_OF
from ledger12315.errors import Message, Refused, Unclear, message
from ledger12315.published import store as stores
from ledger12315.published.store import FiguresRequest, StationOfPeriod
from ledger12315.rules.counting import facts_query
from ledger12315.rules.measures import MEASURES, TOTAL, Figures
from ledger12315.rules.periods import Period
from ledger12315.rules.publishing import digest
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.words import UNITS

_OPTIONS = (
    Option("by", "分组", OneWord(UNITS), "group the figures by", default="type"),
    Option("as_submitted", "按报送", FLAG, "use the returns as submitted, without corrections"),
    AS_OF._replace(help="use the store as it was on that day"),
    Option("sql", "查询语句", FLAG, "print the SQL query instead"),
    Option("views", "视图", FLAG, "print the views of the store before the query"),
    Option("catalogue", "指标目录", FLAG, "print the definitions of the measures as JSON instead"),
    STORE,
)
_WHAT = Box("what", "查什么", LINE, "the kind of query: rollup", metavar="rollup")
_FORM = Box("form", "附件", LINE, "Attachment 3 or 6", metavar="3|6")


@command(_WHAT, _FORM, STATED_PERIOD.optional(), *_OPTIONS, arguments=3, flags="json")
def query_published(desk: Desk, filled: Filled) -> Result:
    """Show loaded figures of Attachment 3 or 6, by station, county or type."""
    if "catalogue" in filled:
        every = _measure_definitions()
        return Result(json.dumps(every, ensure_ascii=False, indent=2).splitlines(), every)
    unit, form = _unit_of_query(filled), filled.text("form")
    days = read_county_period(desk, filled)
    asked = FiguresRequest(days, "as_submitted" in filled, filled.given("as_of", date))
    if filled.keys() & {"sql", "views"}:
        return _query_text(asked, unit, "views" in filled)
    place = store_of(desk, filled)
    there, whole, found = _loaded_figures(place, asked, unit)
    rates = rates_by(county_settings(desk, days.last))
    query = _Query(form, unit, days, there, rates)
    notes = [_INTERNAL, *unstated_amounts(whole)]
    revised = [each.name for each in there if (each.revision or 1) > 1]
    if revised and not asked.as_submitted:
        notes += [
            message(
                "With later revisions of: {stations}. Without: --as-submitted", stations=revised
            )
        ]
    parts, document = [*query.shown(desk, found)], query.document(whole, found)
    return Result(parts, document, before=[store_line(place)], notes=notes)


def _loaded_figures(
    place: Path, asked: FiguresRequest, unit: str
) -> tuple[list[StationOfPeriod], Figures, Mapping[str, Figures]]:
    """Return the stations that count, their total, and the figures by unit.

    Raises Refused where nothing is loaded, or nothing that is loaded counts.
    """
    with stores.open_store(place) as duck:
        stations = stores.stations_of_period(duck, asked)
        there = [each for each in stations if each.counts]
        whole, found = (stores.held_figures(duck, there, by) for by in ("", unit))
    if not there and any(each.revision for each in stations):
        raise Refused(
            "None of the publications of {period} in {path} counts. The reason of each: "
            "ledger12315 county status {period}",
            period=asked.days.code,
            path=place,
        )
    if not there:
        raise Refused(
            "{path} has no publications of {period}. Load them first: ledger12315 county load DIR",
            period=asked.days.code,
            path=place,
        )
    return there, whole[""], found


def _unit_of_query(filled: Filled) -> str:
    """Return the unit of a query, or nothing for type. Raises Unclear."""
    if filled.get("what") not in ("rollup", "汇总") or filled.get("form") not in ("3", "6"):
        raise Unclear("Ask for rollup 3 or rollup 6, and a period: county query rollup 6 2026Q3")
    unit = filled.text("by")
    return "" if unit == "type" else unit


def _query_text(asked: FiguresRequest, unit: str, views: bool) -> Result:
    """Return the query for any engine, after the views that it needs in the store.

    Raises Refused for views of a calendar year's return, which has each station's own days.
    """
    if views and asked.days.is_annual and asked.days.first.month == 1:
        raise Refused(
            "{period} by the calendar year has each station's own days, which no views can have "
            "together. Write a folder for each day with: ledger12315 county export DIR",
            period=asked.days.code,
        )
    before = [stores.selection_sql(asked), *stores.fact_views(asked.days.last)] if views else []
    query = facts_query(asked.days, unit)
    text = ";\n".join([*before, query])
    return Result(text.splitlines(), document={"sql": text})


def _measure_definitions() -> list[dict[str, Any]]:
    """Return the definitions of the measures, for programs."""
    return [
        {
            "key": each.key,
            "code": each.code or None,
            "names": {"zh": each.bare, "en": each.key.replace("_", " ")},
            "unit": each.unit,
            "event": each.event,
            "condition": each.condition,
            "value": each.value,
            "since": each.since,
        }
        for each in MEASURES.values()
    ]


_INTERNAL = message("These figures are exact, for internal use.")


class _Query(NamedTuple):
    """A query of a period: its form, unit, stations and rates."""

    form: str
    unit: str
    days: Period
    there: Sequence[StationOfPeriod]
    rates: tuple[Rate, ...]

    @property
    def _labels(self) -> dict[str, str | Message]:
        """The names of the units for people, each that occurs twice with its key."""
        names = self._names
        often = Counter(names.values())
        return {
            key: message("{name} ({key})", name=name, key=key) if often[name] > 1 else name
            for key, name in names.items()
        }

    @property
    def _names(self) -> dict[str, str]:
        """The names of the units by their keys in the facts."""
        if self.unit == "county":
            return {each.county: each.county_name for each in self.there}
        return {each.station: each.name for each in self.there}

    def shown(self, desk: Desk, found: Mapping[str, Figures]) -> Iterator[Part]:
        """Yield each unit's name and figures for people."""
        labels = self._labels
        for key, figures in found.items():
            if self.unit:
                yield labels[key]
            yield self._form(figures).table(desk)

    def document(self, whole: Figures, found: Mapping[str, Figures]) -> dict[str, Any]:
        """Return all units as JSON, in the format of `rollup` where it has one."""
        head = {
            "form": int(self.form),
            "period": self.days.code,
            "from": self.days.first,
            "to": max(each.last or self.days.last for each in self.there),
            "stations": len(self.there),
            "digest": digest(whole),
            "recovered_unstated": whole["recovered_unstated"][TOTAL],
        }
        if not self.unit:
            return head | self._form(whole).document()
        names = self._names
        units = [
            {self.unit: key, "name": names[key]} | self._form(each).document()
            for key, each in found.items()
        ]
        return head | {"by": self.unit, "units": units}

    def _form(self, figures: Figures) -> ShownForm:
        return ShownForm(self.form, figures, self.rates)
