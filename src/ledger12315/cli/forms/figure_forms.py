"""The content of Attachments 3 and 6: their figures, and the head with their basis."""

from collections.abc import Iterable
from datetime import date

from ledger12315.ledger.figures import Scope, Snapshot, grounds
from ledger12315.ledger.figures.scope import PointTotals, totals_in_scope
from ledger12315.ledger.points import name_and_phone
from ledger12315.ledger.returns import owing
from ledger12315.ledger.returns.frozen import annual_reading
from ledger12315.ledger.returns.submitted import PreparedForm, withdrawn_submissions
from ledger12315.ledger.station import settings, station, unit_name
from ledger12315.ledger.store import Ledger, history
from ledger12315.ledger.store.practice import practises
from ledger12315.ledger.store.versions import version_of
from ledger12315.rules.measures import Figures
from ledger12315.rules.periods import Period, annual_parts
from ledger12315.rules.reported import CarriedCorrections
from ledger12315.sheets import workbook
from ledger12315.sheets.forms.spec import Head


def attachment_workbook(
    snapshot: Snapshot, form: PreparedForm, period: Period, made: date
) -> bytes:
    """Return the workbook of a form of figures, submitted on a day.

    Equal ledgers give equal bytes.
    """
    scope = Scope(period, None, form.point)
    facts = head_and_figures(snapshot, scope, form.carried, made)
    return workbook(form.form, *facts, practice=practises(snapshot.ledger))


def head_and_figures(
    snapshot: Snapshot, scope: Scope, before: CarriedCorrections | None, made: date | None = None
) -> tuple[Head, Figures]:
    """Return the head of a form of figures, and the figures; `before` are its corrections."""
    ledger, period, point = snapshot.ledger, scope.period, scope.point
    whose = station(ledger)
    totals = totals_in_scope(ledger, scope)
    head = Head(
        unit=point.name if point else unit_name(ledger),
        period=period,
        as_of=scope.as_of,
        dates=owing.due_dates_of_return(ledger, period) if period.owes_return else None,
        settings=settings(ledger, scope.last),
        of_point=point is not None,
        liaison=name_and_phone(ledger, point, "liaison", scope.last) if point else ("", ""),
        officer=name_and_phone(ledger, point, "officer", scope.last)[0] if point else "",
        made=None if point else made,
        withdrawn=withdrawn_submissions(ledger, period),
        received=owing.day_of_arrival(ledger, point, period) if point else None,
        missing=grounds.missing_returns(ledger, scope),
        late=grounds.late_returns(ledger, scope) if period.owes_return else (),
        unrecorded=grounds.unrecorded_measures(ledger),
        provisional=grounds.is_provisional(ledger, scope),
        chain=history.head(ledger),
        key=whose.key,
        county=whose.county,
        year_before=_year_before(ledger, period),
        sent=_points_with_totals(totals, stands=True),
        left_open=_points_with_totals(totals, stands=False),
        carried=before,
        schema=version_of(ledger),
        parts=tuple(
            (part, snapshot.figures(scope._replace(period=part)))
            for part in (annual_parts(period) if period.is_annual else ())
            if part.first <= scope.last
        ),
    )
    return head, snapshot.figures(scope)


def _points_with_totals(of: Iterable[PointTotals], *, stands: bool) -> tuple[str, ...]:
    """Return the names of points whose totals replace cases, or add open ones."""
    return tuple(dict.fromkeys(each.point.name for each in of if each.replaces_cases == stands))


def _year_before(ledger: Ledger, period: Period) -> str:
    """Return the reading of the year in the annual return before, if there was one."""
    before = f"{period.last.year - 1}A"
    read = annual_reading(ledger, before) if period.is_annual else None
    return read[1] if read else ""
