"""`county query`: figures of what stations published, by any unit, small numbers hidden."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

import typer

from ledger12315.cli.face.answers import Part, Result
from ledger12315.cli.face.command import command
from ledger12315.cli.face.county import StatedPeriod, Store, known_terms, store_of
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import ShownForm, unstated
from ledger12315.errors import Refused, Unclear, message
from ledger12315.published import store as stores
from ledger12315.published.engine import demand_engine
from ledger12315.rules.counting import of_facts
from ledger12315.rules.county import summed
from ledger12315.rules.hiding import hidden
from ledger12315.rules.measures import Figures
from ledger12315.rules.periods import parse_period
from ledger12315.rules.publishing import digest
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.words import UNITS


@command(takes="json")
def query_published(
    desk: Desk,
    what: Annotated[str, typer.Argument(metavar="rollup", help="what is asked: rollup")],
    form: Annotated[str, typer.Argument(metavar="3|6", help="Attachment 3 or 6")],
    period: StatedPeriod,
    by: Annotated[
        str, typer.Option("--by", metavar="WORD", help="by station, county or type")
    ] = "type",
    sql: Annotated[bool, typer.Option("--sql", help="print the query instead")] = False,
    internal: Annotated[
        bool, typer.Option("--internal", help="show numbers below 5 too: for nobody outside")
    ] = False,
    store: Store = None,
) -> Result:
    """Figures of Attachment 3 or 6 of what is loaded, by station, county or type."""
    unit, read = _unit(what, form, by), parse_period(period)
    if sql:
        text = of_facts(read, unit)
        return Result(text.splitlines(), document={"sql": text})
    demand_engine()
    place = store_of(desk, store)
    whole = stores.loaded_period(place, read.code)
    if not whole:
        raise Refused(
            "Nothing is loaded of {period}. Load it first: ledger12315 county load DIR",
            period=read.code,
        )
    chosen, _ = known_terms(desk, read.last)
    asked = _Query(form, unit, whole, rates_by(chosen), internal)
    found = stores.figures_loaded(place, whole, unit)
    if desk.form == "json":
        return Result(document=asked.document(found))
    parts = [part for key, each in found.items() for part in asked.shown(desk, key, each)]
    star = message("* stands for a number below 5, or for one that would give it away.")
    missing = unstated(summed(found.values()))
    return Result(parts, notes=[*missing] if internal else [star])


def _unit(what: str, form: str, by: str) -> str:
    """Return the unit of a query, empty for type. Raises Unclear."""
    unit = UNITS.find(by)
    if unit is None:
        raise Unclear("--by takes one of {words}.", words=UNITS)
    if what not in ("rollup", "汇总") or form not in ("3", "6"):
        raise Unclear("Ask for rollup 3 or rollup 6.")
    return "" if unit.code == "type" else unit.code


class _Query(NamedTuple):
    """What is asked of a period: the form, by which unit, of whom, and whether all is shown."""

    form: str
    unit: str
    whole: stores.LoadedPeriod
    rates: tuple[Rate, ...]
    internal: bool

    def shown(self, desk: Desk, key: str, figures: Figures) -> Iterator[Part]:
        """Yield a unit's name and figures for people."""
        if self.unit:
            yield self.whole.names.get(key, key)
        yield self._form(figures).table(desk)

    def document(self, found: Mapping[str, Figures]) -> dict[str, Any]:
        """Return all units as JSON: as `rollup`, where there is one."""
        days = self.whole.days
        head = {
            "form": int(self.form),
            "period": days.code,
            "from": days.first,
            "to": days.last,
            "stations": len(self.whole.names),
            # Of a few small numbers the digest would tell which.
            "digest": digest(summed(found.values())) if self.internal else None,
        }
        units = [{self.unit: key} | self._form(each).document() for key, each in found.items()]
        if self.unit:
            return head | {"by": self.unit, "units": units}
        return head | self._form(summed(found.values())).document()

    def _form(self, figures: Figures) -> ShownForm:
        few = set() if self.internal else hidden(figures)
        return ShownForm(self.form, figures, self.rates, few)
