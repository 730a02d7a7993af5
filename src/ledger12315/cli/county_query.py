"""`county query`: figures of what stations published, by any unit, rounded for others."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from ledger12315.cli.face.answers import Part, Result
from ledger12315.cli.face.command import command
from ledger12315.cli.face.county import Store, known_terms, stated_period, store_of, store_told
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import ShownForm, unstated_amounts
from ledger12315.errors import Refused, Unclear, Unusable, message
from ledger12315.published import store as stores
from ledger12315.published.engine import demand_engine
from ledger12315.published.store import FiguresAsked, StationOfPeriod
from ledger12315.rules.counting import of_facts
from ledger12315.rules.county import summed
from ledger12315.rules.measures import MEASURES, Figures
from ledger12315.rules.periods import Period
from ledger12315.rules.publishing import digest
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.rules.rounding import FEWEST, LEAST_DENOMINATOR, STEP
from ledger12315.words import UNITS

_What = Annotated[str, typer.Argument(metavar="rollup", help="the kind of query: rollup")]
_Form = Annotated[str, typer.Argument(metavar="3|6", help="Attachment 3 or 6")]
_Period = Annotated[str, typer.Argument(metavar="PERIOD", help="a quarter or an annual return")]
_By = Annotated[str, typer.Option("--by", metavar="WORD", help="by station, county or type")]
_Internal = Annotated[
    bool, typer.Option("--internal", help="show exact figures, for internal use only")
]
_AsSubmitted = Annotated[
    bool, typer.Option("--as-submitted", help="use the returns as submitted, without corrections")
]
_AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="use the store as it was on that day")
]
_Sql = Annotated[bool, typer.Option("--sql", help="print the SQL query instead")]
_Views = Annotated[
    bool, typer.Option("--views", help="print the views of the store before the query")
]
_Catalogue = Annotated[
    bool, typer.Option("--catalogue", help="print the definitions of the measures as JSON instead")
]


@command(takes="json")
def query_published(
    desk: Desk,
    what: _What = "",
    form: _Form = "",
    period: _Period = "",
    by: _By = "type",
    as_submitted: _AsSubmitted = False,
    as_of: _AsOf = None,
    internal: _Internal = False,
    sql: _Sql = False,
    views: _Views = False,
    catalogue: _Catalogue = False,
    store: Store = None,
) -> Result:
    """Show loaded figures of Attachment 3 or 6, by station, county or type."""
    if catalogue:
        every = _measures_told()
        return Result(json.dumps(every, ensure_ascii=False, indent=2).splitlines(), every)
    unit = _unit_of_query(what, form, by)
    days = stated_period(desk, period)
    asked = FiguresAsked(days, as_submitted, desk.day("--as-of", as_of))
    if sql or views:
        return _query_text(asked, unit, views)
    demand_engine()
    place = store_of(desk, store)
    there, found = _figures_loaded(place, asked, unit)
    chosen, _ = known_terms(desk, days.last)
    query = _Query(form, unit, days, there, rates_by(chosen), internal)
    notes = [*unstated_amounts(summed(found.values()))] if internal else [_ROUNDED]
    answer = Result(document=query.document(found), before=[store_told(place)], notes=notes)
    if desk.form == "json":
        return answer
    parts = [part for each in found for part in query.shown(desk, each, found[each])]
    return answer._replace(parts=parts)


def _figures_loaded(
    place: Path, asked: FiguresAsked, unit: str
) -> tuple[list[StationOfPeriod], Mapping[str, Figures]]:
    """Return the stations that count, and their figures by unit.

    Raises Refused where nothing is loaded, Unusable where rows and manifests differ.
    """
    with stores.open_store(place) as duck:
        there = [each for each in stores.stations_of_period(duck, asked) if each.counts]
        found = stores.figures_held(duck, asked.days, there, unit)
    if not there:
        raise Refused(
            "{path} has no publications of {period}. Load them first: ledger12315 county load DIR",
            period=asked.days.code,
            path=place,
        )
    if digest(summed(found.values())) != digest(summed(each.figures for each in there)):
        raise Unusable(
            "The rows in {path} do not match the figures of their manifests. Load the "
            "stations' publications into a new store: ledger12315 county load DIR --store FILE",
            path=place,
        )
    return there, found


def _unit_of_query(what: str, form: str, by: str) -> str:
    """Return the unit of a query, empty for type. Raises Unclear."""
    unit = UNITS.find(by)
    if unit is None:
        raise Unclear("--by must be one of {words}.", words=UNITS)
    if what not in ("rollup", "汇总") or form not in ("3", "6"):
        raise Unclear("Ask for rollup 3 or rollup 6, and a period: county query rollup 6 2026Q3")
    return "" if unit.code == "type" else unit.code


def _query_text(asked: FiguresAsked, unit: str, views: bool) -> Result:
    """Return the query for any engine, after the views that it needs in the store itself."""
    before = [stores.selection(asked), *stores.fact_views(asked.days.last)] if views else []
    query = of_facts(asked.days, unit)
    text = ";\n".join([*before, query])
    return Result(text.splitlines(), document={"sql": text})


def _measures_told() -> list[dict[str, Any]]:
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


_ROUNDED = message(
    "Counts are rounded to the nearest {step}; * hides a count below {fewest} or a figure that "
    "depends on one. Rates use the rounded counts and need at least {least} cases.",
    step=STEP,
    fewest=FEWEST,
    least=LEAST_DENOMINATOR,
)


class _Query(NamedTuple):
    """What is asked of a period: the form, by which unit, of whom, and whether all is shown."""

    form: str
    unit: str
    days: Period
    there: Sequence[StationOfPeriod]
    rates: tuple[Rate, ...]
    internal: bool

    @property
    def _names(self) -> dict[str, str]:
        """The names of the units, by what they are called in the facts."""
        if self.unit == "county":
            return {each.county: each.county_name for each in self.there}
        return {each.station: each.name for each in self.there}

    def shown(self, desk: Desk, key: str, figures: Figures) -> Iterator[Part]:
        """Yield a unit's name and figures for people."""
        if self.unit:
            yield self._names[key]
        yield self._form(figures).table(desk)

    def document(self, found: Mapping[str, Figures]) -> dict[str, Any]:
        """Return all units as JSON: as `rollup`, where there is one."""
        head = {
            "form": int(self.form),
            "period": self.days.code,
            "from": self.days.first,
            "to": max(each.last or self.days.last for each in self.there),
            "stations": len(self.there),
            # Of a few small numbers the digest would tell which.
            "digest": digest(summed(found.values())) if self.internal else None,
            "rounded_to": None if self.internal else STEP,
        }
        units = [
            {self.unit: key, "name": self._names.get(key)} | self._form(each).document()
            for key, each in found.items()
        ]
        if self.unit:
            return head | {"by": self.unit, "units": units}
        return head | self._form(summed(found.values())).document()

    def _form(self, figures: Figures) -> ShownForm:
        return ShownForm(self.form, figures, self.rates, others=not self.internal)
