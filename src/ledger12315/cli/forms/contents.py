"""The request for a form, and its contents: the arguments of its declaration in `sheets`."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.masks import mask_name
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger import station
from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.views import (
    count_closed_across,
    listed_complaint,
    select_complaints,
)
from ledger12315.ledger.figures import Scope, Snapshot, figures, grounds
from ledger12315.ledger.figures.scope import PointTotals, totals_in_scope
from ledger12315.ledger.points import Point, name_and_phone, points
from ledger12315.ledger.points.profile import existing_points, profile
from ledger12315.ledger.returns import owing
from ledger12315.ledger.returns.corrections import carried_corrections, late_changes
from ledger12315.ledger.returns.frozen import annual_reading, frozen_form, scope_and_submission
from ledger12315.ledger.returns.submitted import (
    PreparedForm,
    Submission,
    demand_openings,
    withdrawn_submissions,
)
from ledger12315.ledger.settings import settings
from ledger12315.ledger.store import Ledger, LedgerRow, history
from ledger12315.ledger.store.practice import practises
from ledger12315.ledger.store.versions import version_of
from ledger12315.rules.measures import LIST_FORM, STATION_FORM, Figures
from ledger12315.rules.periods import Period, annual_parts
from ledger12315.rules.rates import rates_by
from ledger12315.rules.reported import Carried, Stamp
from ledger12315.sheets import workbook
from ledger12315.sheets.forms.attachment2 import KEYS
from ledger12315.sheets.forms.spec import Head, on_paper
from ledger12315.words import OUTCOMES, STATES


class FormRequest(NamedTuple):
    """The request for a form on a day, `today`; `numbers` name cases.

    `template` is a bureau's own workbook, which is filled instead.
    """

    today: date
    period: Period | None = None
    point: Point | None = None
    as_of: date | None = None
    numbers: tuple[str, ...] = ()
    public: bool = False
    live: bool = False
    template: Path | None = None

    @property
    def day(self) -> date:
        """The last day that the form shows."""
        last = min(self.period.last, self.today) if self.period else self.today
        return self.as_of or last

    @property
    def scope(self) -> Scope:
        """The scope of a form that needs a period; as of today while the period lasts."""
        return self.whole.upto(self.today)

    @property
    def whole(self) -> Scope:
        """The scope of a return that may be submitted."""
        assert self.period  # noqa: S101  # the form needs one
        return Scope(self.period, self.as_of, self.point)

    @property
    def first(self) -> date:
        """The first day that counts for a point to be in the form."""
        return self.period.first if self.period else self.day

    @property
    def when(self) -> str:
        """The form's printed period or day."""
        day = DAY.printed(self.day)
        if not self.period:
            return f"截至：{day}"
        part = f"(截至{day})" if self.scope.as_of else ""
        return f"报告期：{self.period.title}{part}"


_LONGEST_NAME = 40


def file_name(desk: Desk, ledger: Ledger, *parts: str, point: Point | None = None) -> str:
    """Return the name of a form's file, with the station: a county desk has many stations.

    A code is free text, so folders and characters that filesystems refuse are removed.
    """
    whose = [station.station(ledger).name[:_LONGEST_NAME], *([point.code] if point else [])]
    return desk.name_of_file(re.sub(r"[^\w.-]", "_", "_".join((*parts, *whose))))


def attachment_workbook(snapshot: Snapshot, form: PreparedForm, of: Submission) -> bytes:
    """Return the workbook of a form of a submission. Equal ledgers give equal bytes."""
    if form.number == LIST_FORM:
        asked = FormRequest(of.stamp.moment.date(), of.period, live=True)
        listed = list_contents(snapshot.ledger, asked)
        return workbook(LIST_FORM, *listed, practice=practises(snapshot.ledger))
    scope = Scope(of.period, None, form.point)
    contents = head_and_figures(snapshot, scope, form.carried, None if form.point else of.stamp)
    return workbook(form.number, *contents, practice=practises(snapshot.ledger))


def head_and_figures(
    snapshot: Snapshot,
    scope: Scope,
    before: Carried | None,
    stamp: Stamp | None = None,
) -> tuple[Head, Figures]:
    """Return the head of a form of figures, and the figures; `before` are its corrections."""
    ledger, period, point = snapshot.ledger, scope.period, scope.point
    whose = station.station(ledger)
    totals = totals_in_scope(ledger, scope)
    head = Head(
        unit=point.name if point else station.unit_name(ledger),
        period=period,
        as_of=scope.as_of,
        dates=owing.due_dates_of_return(ledger, period) if period.owes_return else None,
        settings=settings(ledger, scope.last),
        of_point=point is not None,
        liaison=name_and_phone(ledger, point, "liaison", scope.last) if point else ("", ""),
        officer=name_and_phone(ledger, point, "officer", scope.last)[0] if point else "",
        stamp=stamp,
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
        sent=_names_with_totals(totals, stands=True),
        left_open=_names_with_totals(totals, stands=False),
        carried=before,
        schema=version_of(ledger),
        parts=tuple(_parts_of_year(snapshot, scope)) if period.is_annual else (),
    )
    return head, snapshot.figures(scope)


def _parts_of_year(snapshot: Snapshot, scope: Scope) -> Iterator[tuple[Period, Figures]]:
    for part in annual_parts(scope.period):
        if part.first <= scope.last:
            yield part, snapshot.figures(scope._replace(period=part))


def _names_with_totals(of: Iterable[PointTotals], *, stands: bool) -> tuple[str, ...]:
    """Return the names of points whose totals replace cases, or add open ones."""
    return tuple(dict.fromkeys(each.point.name for each in of if each.replaces_cases == stands))


def _year_before(ledger: Ledger, period: Period) -> str:
    """Return the reading of the year in the annual return before, if there was one."""
    before = f"{period.last.year - 1}A"
    read = annual_reading(ledger, before) if period.is_annual else None
    return read[1] if read else ""


if TYPE_CHECKING:
    from ledger12315.sheets.paper.contents import HeadTexts

_AGREED = ("settled", "mediated")
FormContents = tuple[object, ...]
"""The arguments of a form's declaration."""


def points_on_record(ledger: Ledger, asked: FormRequest) -> list[Point]:
    """Return the points that existed on a day of the form."""
    return existing_points(ledger, asked.first, asked.day)


def return_contents(number: int, ledger: Ledger, asked: FormRequest) -> FormContents | bytes:
    """Return a form of figures as submitted, if it was, or as it is now.

    A point's form that the return did not include has no corrections. A bureau's own workbook is
    filled with the figures alone.
    """
    scope, was = scope_and_submission(ledger, asked.whole, number, asked.today, asked.live)
    if asked.template:
        from ledger12315.sheets.paper.contents import FigureContent
        from ledger12315.sheets.paper.fill import fill_template

        found = was.figures if was else figures(ledger, scope)
        chosen = was.settings if was else settings(ledger, scope.last)
        texts = texts_of_head(ledger, asked, was.day if was else asked.today)
        content = FigureContent(found, texts, rates_by(chosen))
        return fill_template(asked.template, str(number), content)
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
    """Return the points of a period, and retired ones whose Attachment 3 has anything.

    These are figures, or corrections of earlier returns.
    """
    found = {*points_on_record(ledger, asked), *grounds.points_with_entries(ledger, asked.scope)}
    others = [point for point in points(ledger) if point not in found]
    scope = asked.whole
    if frozen_form(ledger, scope) and not asked.live:
        kept = ((each, frozen_form(ledger, scope._replace(point=each))) for each in others)
        found.update(each for each, was in kept if was and was.content)
    else:
        carried = carried_corrections(Snapshot(ledger, full=True), scope, others)
        found.update(each for each in others if carried.get(each.id, Carried()).corrections)
    return sorted(found, key=attrgetter("code"))


def complaint_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
    """Return complaints for Attachment 1: those named, or a period's."""
    if asked.numbers:
        return ((listed_complaint(ledger, number) for number in asked.numbers),)
    listed = select_complaints(ledger, asked.point, asked.period)
    return ((row for row in listed if not row["voided"]),)


def agreement_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
    """Return the complaints of agreements. Raises Refused for one that has none. 三(四)2"""
    rows = [listed_complaint(ledger, number) for number in asked.numbers]
    for row in rows:
        if row["voided"] or row["outcome"] not in _AGREED:
            raise Refused(
                "{number} has no settlement agreement: it is {state}. Only these have one: "
                "{outcomes}.",
                number=row["number"],
                state=on_paper(row, "outcome") or STATES[row["state"]],
                outcomes=[OUTCOMES[each] for each in _AGREED],
            )
    return (rows,)


def agreements_in_words(ledger: Ledger, asked: FormRequest) -> Iterator[Message]:
    """Yield number, masked name and goods of the complaints whose agreements are written."""
    for number in asked.numbers:
        row = listed_complaint(ledger, number)
        name, item = mask_name(row["complainant"]), row["item"]
        yield message(
            "{number}: {complainant}, {item}", number=number, complainant=name, item=item
        )


def register_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
    """Return a period's complaints for Attachment 2, day by day."""
    scope = asked.scope
    rows, calendar = _received_complaints(ledger, scope), calendar_of(ledger)
    of_point = asked.point is not None and not asked.template  # a bureau's own may name the point
    across = count_closed_across(ledger, scope.point, scope.period, scope.as_of or date.max)
    return _filling_unit(ledger, asked), asked.when, rows, calendar, of_point, *across


# The boxes that an event fills; the first has its day.
_LEFT = (("closed", "outcome", "rating", "archive_no"), ("escalated", "escalation_reason"))


def _received_complaints(ledger: Ledger, scope: Scope) -> Iterator[LedgerRow]:
    """Yield the complaints of a period, without later events than the as-of day.

    They come day by day, so that one logged late is at its day of receipt.
    """
    received = scope.period._replace(last=scope.last)
    for row in select_complaints(ledger, scope.point, received, keys=KEYS, by_day=True):
        for boxes in _LEFT if scope.as_of else ():
            happened = row[boxes[0]]
            if happened and happened > scope.as_of:
                row |= dict.fromkeys(boxes)
        yield row


def _requested_points(ledger: Ledger, asked: FormRequest) -> list[Point]:
    return [asked.point] if asked.point else points_on_record(ledger, asked)


def point_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
    """Return the profiles for Attachment 4. Raises Refused where no point existed."""
    profiles = [
        profile(ledger, point, asked.day, last_staff=True)
        for point in _requested_points(ledger, asked)
    ]
    if not profiles:
        raise Refused("No point existed then, so there is no form to write. See: `point list`")
    return station.unit_name(ledger), f"截至：{DAY.printed(asked.day)}", profiles


def list_as_submitted(ledger: Ledger, asked: FormRequest) -> FormContents | bytes:
    """Return Attachment 5 as submitted, if it was and nothing else is asked for, or as it is."""
    whole = asked.period and not (asked.live or asked.public or asked.template)
    was = frozen_form(ledger, asked.whole, LIST_FORM) if whole else None
    return was.content if was and was.content else list_contents(ledger, asked)


def list_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
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


def notice_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
    """Return the notices that are named. Raises Refused for one that has no cases."""
    from ledger12315.ledger.notices import demand_cases, notice_cases

    notices = [notice_cases(ledger, int(number)) for number in asked.numbers]
    for number in asked.numbers:
        demand_cases(ledger, int(number), "notice interview")
    return station.unit_name(ledger), notices


def record_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
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


def assessment_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
    """Return the assessed points and officers, the station last, as submitted if they were."""
    from ledger12315.ledger.figures.assessment import assess

    whole, today, live = asked.whole, asked.today, asked.live
    scope, was = scope_and_submission(ledger, whole, STATION_FORM, today, live)
    with as_of_act(ledger, was and was.act):
        return _filling_unit(ledger, asked), asked.when, assess(ledger, scope)


def blank_register(ledger: Ledger, asked: FormRequest) -> bytes:
    """Return an empty register for the points to fill in, as a workbook."""
    from ledger12315.ledger.words import refinements
    from ledger12315.sheets.forms.blank_register import blank_register_workbook

    names = [point.name for point in _requested_points(ledger, asked)]
    return blank_register_workbook({"point": names, **refinements(ledger)})


def texts_of_head(ledger: Ledger, asked: FormRequest, made: date) -> "HeadTexts":
    """Return the head of a form made on a day, as a bureau's own workbook names its texts."""
    from ledger12315.sheets.paper.contents import head_texts

    return head_texts(_filling_unit(ledger, asked), asked.when, asked.day, made)


def _filling_unit(ledger: Ledger, asked: FormRequest) -> str:
    return asked.point.name if asked.point else station.unit_name(ledger)
