"""The facts for each form: the arguments of its declaration in `sheets`, from the ledger."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from ledger12315.boxes.kinds import DAY
from ledger12315.cli.forms.figure_forms import head_and_figures
from ledger12315.cli.forms.publicity import FormRows, beside_notice
from ledger12315.cli.forms.request import FormRequest
from ledger12315.errors import Refused, message
from ledger12315.ledger import station
from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.views import (
    count_closed_across,
    listed_complaint,
    select_complaints,
)
from ledger12315.ledger.figures import Scope, Snapshot, figures, grounds
from ledger12315.ledger.figures.publicity import publicity
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.points.profile import existing_points, profile
from ledger12315.ledger.returns.corrections import carried_corrections
from ledger12315.ledger.returns.frozen import frozen_form, scope_and_submission
from ledger12315.ledger.returns.reported import late_changes
from ledger12315.ledger.returns.submitted import demand_openings
from ledger12315.ledger.store import Ledger, LedgerRow
from ledger12315.rules.periods import Period
from ledger12315.rules.rates import rates_by
from ledger12315.rules.reported import STATION_FORM
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.sheets.forms.attachment2 import KEYS
from ledger12315.sheets.forms.spec import Head

Facts = tuple[object, ...]
"""The arguments of a form's declaration."""


def points_on_record(ledger: Ledger, asked: FormRequest) -> list[Point]:
    """Return the points that existed on a day of the form."""
    return existing_points(ledger, asked.first, asked.day)


def return_facts(number: int, ledger: Ledger, asked: FormRequest) -> Facts | bytes:
    """Return a form of figures as submitted, if it was, or as it is now. Domain 5, 6.8

    A point's form that the return did not include has no corrections. A bureau's own workbook is
    filled with the figures alone.
    """
    scope, was = scope_and_submission(ledger, asked.whole, number, asked.today, asked.live)
    if asked.own:
        from ledger12315.sheets.paper.figured import FigureContent

        found = was.figures if was else figures(ledger, scope)
        chosen = was.settings if was else station.settings(ledger, scope.last)
        head = Head(_filling_unit(ledger, asked), scope.period, scope.as_of, None, chosen)
        return asked.own.filled(str(number), FigureContent(found, head))
    if was and was.content:
        return was.content
    snapshot, point = Snapshot(ledger), scope.point
    if was is None:
        carried = carried_corrections(snapshot, scope, [point]).get(point and point.id)
        if carried and scope.period.is_quarter and not carried.adds_up:
            demand_openings(Snapshot(ledger, full=True), scope.period)
        return head_and_figures(snapshot, scope, carried)
    with as_of_act(ledger, was.act):
        head, _ = head_and_figures(snapshot, scope, None)
    return head, was.figures


def points_with_figures(ledger: Ledger, asked: FormRequest) -> list[Point]:
    """Return the points of a period, and retired ones whose Attachment 3 has figures."""
    points = {*points_on_record(ledger, asked), *grounds.points_with_entries(ledger, asked.scope)}
    return sorted(points, key=attrgetter("code"))


def complaint_facts(ledger: Ledger, asked: FormRequest) -> Facts:
    """Return complaints for Attachment 1 or an agreement: those named, or a period's."""
    if asked.numbers:
        return ((listed_complaint(ledger, number) for number in asked.numbers),)
    listed = select_complaints(ledger, asked.point, asked.period)
    return ((row for row in listed if not row["voided"]),)


def register_facts(ledger: Ledger, asked: FormRequest) -> Facts:
    """Return a period's complaints for Attachment 2, day by day."""
    scope = asked.scope
    rows, calendar = _received_complaints(ledger, scope), calendar_of(ledger)
    of_point = asked.point is not None and not asked.own  # a mapping may name the point itself
    across = count_closed_across(ledger, scope.point, scope.period, scope.as_of or date.max)
    return _filling_unit(ledger, asked), asked.when, rows, calendar, of_point, *across


# The boxes that an event fills; the first has its day.
_LEFT = (("closed", "outcome", "rating", "archive_no"), ("escalated", "escalation_reason"))


def _received_complaints(ledger: Ledger, scope: Scope) -> Iterator[LedgerRow]:
    """Yield the complaints of a period, without later events than the as-of day.

    They come day by day, so that one logged late is at its day of receipt.
    """
    for ahead in range((scope.last - scope.period.first).days + 1):
        day = scope.period.first + ahead * ONE_DAY
        for row in select_complaints(ledger, scope.point, Period("", day, day, ""), keys=KEYS):
            for boxes in _LEFT if scope.as_of else ():
                happened = row[boxes[0]]
                if happened and happened > scope.as_of:
                    row |= dict.fromkeys(boxes)
            yield row


def _requested_points(ledger: Ledger, asked: FormRequest) -> list[Point]:
    return [asked.point] if asked.point else points_on_record(ledger, asked)


def point_facts(ledger: Ledger, asked: FormRequest) -> Facts:
    """Return the profiles for Attachment 4. Raises Refused where no point existed."""
    profiles = [
        profile(ledger, point, asked.day, last_staff=True)
        for point in _requested_points(ledger, asked)
    ]
    if not profiles:
        raise Refused(
            "No point existed then, so there is no form to write. See: ledger12315 point list"
        )
    return station.unit_name(ledger), f"截至：{DAY.printed(asked.day)}", profiles


def list_facts(ledger: Ledger, asked: FormRequest) -> Facts:
    """Return the profiles for Attachment 5, with those that earlier lists reported otherwise."""
    late = late_changes(ledger, asked.period) if asked.period else {}
    listed = sorted(
        {*points_on_record(ledger, asked), *(each for each in points(ledger) if each.id in late)},
        key=attrgetter("code"),
    )
    profiles = [
        profile(ledger, point, asked.day, last_staff=True)._replace(late=late.get(point.id, ()))
        for point in listed
    ]
    return station.unit_name(ledger), asked.when, profiles, asked.period, asked.public


def notice_facts(ledger: Ledger, asked: FormRequest) -> Facts:
    """Return the notices that are named. Raises Refused for one that has no cases."""
    from ledger12315.ledger.notices import demand_cases, notice_cases

    notices = [notice_cases(ledger, int(number)) for number in asked.numbers]
    for number in asked.numbers:
        demand_cases(ledger, int(number), "notice interview")
    return station.unit_name(ledger), notices


def record_facts(ledger: Ledger, asked: FormRequest) -> Facts:
    """Return the records that are named, for a page each, or a period's for a list."""
    from ledger12315.ledger.records import select_records, valid_record

    if asked.numbers:
        rows = [_with_cases(ledger, valid_record(ledger, int(each))) for each in asked.numbers]
    else:
        listed = select_records(ledger, None, asked.period, asked.point)
        rows = [row for row in listed if not row["voided"]]
    return _filling_unit(ledger, asked), asked.when, rows, bool(asked.numbers)


def _with_cases(ledger: Ledger, row: LedgerRow) -> LedgerRow:
    """Return a record; an interview without complaints gets those of its operator."""
    from ledger12315.ledger.notices import notice_cases

    if row["kind"] != "interview" or row["complaints"]:
        return row
    cases = notice_cases(ledger, row["id"]).cases
    return row | {"complaints": "、".join(case.number for case in cases)}


def assessment_facts(ledger: Ledger, asked: FormRequest) -> Facts:
    """Return the assessed points and officers, the station last, as submitted if they were."""
    from ledger12315.ledger.figures.assessment import assess

    whole, today, live = asked.whole, asked.today, asked.live
    scope, was = scope_and_submission(ledger, whole, STATION_FORM, today, live)
    with as_of_act(ledger, was and was.act):
        return _filling_unit(ledger, asked), asked.when, assess(ledger, scope)


def publicity_facts(ledger: Ledger, asked: FormRequest) -> Facts:
    """Return a publicity notice's operators, and its unit, period, day, rate and limits."""
    found, chosen = publicity(ledger, asked.scope), station.settings(ledger, asked.scope.last)
    [rate] = [each for each in rates_by(chosen) if each.key == "settled_rate"]
    point = asked.point.name if asked.point else ""
    days = int(chosen["publicity_days"])
    unit = station.unit_name(ledger)
    return unit, asked.when, asked.day, point, found.operators, rate, found.least, days


def beside_publicity(ledger: Ledger, asked: FormRequest) -> FormRows:
    """Return the rows and notes of a publicity notice, besides its workbook.

    It shows today's ledger: a complaint that is void by now is not held against an operator.
    """
    beside = beside_notice(publicity(ledger, asked.scope))
    if was := frozen_form(ledger, asked.whole._replace(point=None), STATION_FORM):
        said = message(
            "{period} was submitted on {day}; the notice shows today's figures.",
            period=was.period.code,
            day=was.day,
        )
        return beside._replace(notes=[*beside.notes, said])
    return beside


def blank_register(ledger: Ledger, asked: FormRequest) -> bytes:
    """Return an empty register for the points to fill in, as a workbook."""
    from ledger12315.ledger.words import refinements
    from ledger12315.sheets.forms.blank_register import blank_register_workbook

    names = [point.name for point in _requested_points(ledger, asked)]
    return blank_register_workbook({"point": names, **refinements(ledger)})


def _filling_unit(ledger: Ledger, asked: FormRequest) -> str:
    return asked.point.name if asked.point else station.unit_name(ledger)
