"""What each form is made of: fetched from the ledger, handed to its declaration in sheets."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.errors import Refused
from ledger12315.ledger import figures, points, station
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints import views as docket
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.points import Point
from ledger12315.ledger.points import profile as directory
from ledger12315.ledger.returns import submitted as submissions
from ledger12315.ledger.store import Ledger, history
from ledger12315.rules.periods import Period, annual_parts, return_dates
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.sheets import workbook
from ledger12315.sheets.forms.attachment2 import KEYS
from ledger12315.sheets.forms.spec import Head


class Asked(NamedTuple):
    """What a form is asked for; `day` is the last one that it shows, `numbers` are complaints' or records'."""

    day: date
    period: Period | None = None
    point: Point | None = None
    as_of: date | None = None
    numbers: tuple[str, ...] = ()
    public: bool = False
    live: bool = False
    template: Path | None = None
    mapping: Path | None = None

    @property
    def scope(self) -> Scope:
        """Which figures, where a period must be given."""
        assert self.period  # noqa: S101  # the form needs one
        return Scope(self.period, self.as_of, self.point)

    @property
    def standing(self) -> tuple[str, str]:
        """The days on which a point must have stood, first and last, to be in the form."""
        return (self.period.first if self.period else self.day).isoformat(), self.day.isoformat()


class Form(NamedTuple):
    """How a form is made, of which options it needs one, which it takes besides, and whether it holds names and phones."""

    make: Callable[[Ledger, Asked], bytes]
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()
    private: bool = True


def attachment(ledger: Ledger, number: int, scope: Scope) -> bytes:
    """The workbook of Attachment 3 or 6; equal ledgers give equal bytes."""
    found, chosen, last = (
        figures.figures(ledger, scope),
        station.settings(ledger),
        scope.last.isoformat(),
    )
    leads = int(chosen["station_lead"]), int(chosen["point_lead"])
    parts = annual_parts(scope.period) if scope.period.code.endswith("A") else ()
    head = Head(
        unit=scope.point.name if scope.point else station.station(ledger).name,
        period=scope.period,
        as_of=scope.as_of,
        dates=return_dates(scope.period, calendar_of(ledger), chosen["return_day_off"], *leads)
        if scope.period.owes_return
        else None,
        settings=chosen,
        of_point=scope.point is not None,
        liaison=points.contact(ledger, scope.point, "liaison", last) if scope.point else "",
        officer=points.contact(ledger, scope.point, "officer", last) if scope.point else "",
        missing=figures.missing_returns(ledger, scope),
        unrecorded=figures.unrecorded(ledger),
        provisional=figures.provisional(ledger, scope),
        chain=history.head(ledger),
        sent=tuple(dict.fromkeys(each.point.name for each in figures.sent(ledger, scope))),
        carried=submissions.corrections_due(ledger, scope),
        parts=tuple(
            (part.title, figures.figures(ledger, Scope(part, scope.as_of, scope.point)))
            for part in parts
        ),
    )
    return workbook(number, head, found)


def _return(number: int, ledger: Ledger, asked: Asked) -> bytes:
    """Attachment 3 or 6, or a bureau's own workbook: as it was submitted, unless it is asked for as it would be now. Domain 5."""
    frozen = None if asked.live else submissions.frozen(ledger, asked.scope, number)
    if asked.template and asked.mapping:
        from ledger12315.sheets.paper.fill import filled

        found = frozen.figures if frozen else figures.figures(ledger, asked.scope)
        head = Head(
            _unit(ledger, asked),
            frozen.period if frozen else asked.scope.period,
            asked.as_of,
            None,
            {},
        )
        return filled(asked.template, asked.mapping, found, head)
    return frozen.content if frozen else attachment(ledger, number, asked.scope)


def _complaints(ledger: Ledger, asked: Asked) -> Iterator[dict[str, Any]]:
    if not asked.numbers:
        return docket.complaints_listed(ledger, asked.point, asked.period)
    return (docket.complaint_shown(ledger, number) for number in asked.numbers)


def _register(ledger: Ledger, asked: Asked) -> bytes:
    scope = asked.scope
    # Day by day, for docket lists by number: what was logged late stands where it came in.
    days = (
        scope.period.first + n * ONE_DAY for n in range((scope.last - scope.period.first).days + 1)
    )
    rows = (
        row
        for day in days
        for row in docket.complaints_listed(
            ledger, scope.point, Period("", day, day, ""), keys=KEYS
        )
    )
    known = (_known_on(row, scope.as_of.isoformat()) for row in rows) if scope.as_of else rows
    return workbook(
        2, _unit(ledger, asked), scope.period, known, calendar_of(ledger), scope.point is not None
    )


# What an event leaves in a complaint; the first box has its day.
_LEFT = (("closed", "outcome", "rating", "archive_no"), ("escalated", "escalation_reason"))


def _known_on(row: dict[str, Any], day: str) -> dict[str, Any]:
    """The complaint without what happened after the day."""
    return row | dict.fromkeys(
        box for boxes in _LEFT if (row[boxes[0]] or "") > day for box in boxes
    )


def _points(ledger: Ledger, asked: Asked) -> list[Point]:
    return [asked.point] if asked.point else directory.points_standing(ledger, *asked.standing)


def _profiles(ledger: Ledger, asked: Asked) -> list[dict[str, Any]]:
    day = asked.day.isoformat()
    # A retired point's last form names those of its last day.
    return [
        directory.profile(ledger, point, day)
        | directory.staff_on(directory.spells(ledger, point), point.last_day(day))
        for point in _points(ledger, asked)
    ]


def _point_forms(ledger: Ledger, asked: Asked) -> bytes:
    if not (profiles := _profiles(ledger, asked)):
        raise Refused(
            "No point stood then, so there is no form to write. See: ledger12315 point list"
        )
    return workbook(4, station.station(ledger).name, f"截至：{asked.day}", profiles)


def _point_list(ledger: Ledger, asked: Asked) -> bytes:
    return workbook(
        5,
        station.station(ledger).name,
        _when(asked),
        _profiles(ledger, asked),
        asked.period,
        asked.public,
    )


def _notices(ledger: Ledger, asked: Asked) -> bytes:
    from ledger12315.ledger.guidance import notice_cases

    return workbook(
        "notice",
        station.station(ledger).name,
        (notice_cases(ledger, int(number)) for number in asked.numbers),
    )


def _assessment(ledger: Ledger, asked: Asked) -> bytes:
    from ledger12315.ledger.figures.assessment import assess

    return workbook("assessment", _unit(ledger, asked), _when(asked), assess(ledger, asked.scope))


def _template(ledger: Ledger, asked: Asked) -> bytes:
    from ledger12315.sheets.forms.blank_register import template

    return template([point.name for point in _points(ledger, asked)])


def _unit(ledger: Ledger, asked: Asked) -> str:
    return asked.point.name if asked.point else station.station(ledger).name


def _when(asked: Asked) -> str:
    return f"报告期：{asked.period.title}" if asked.period else f"截至：{asked.day}"


# Each form's code -> how it is made.
MADE = {
    "1": Form(
        lambda ledger, asked: workbook(1, _complaints(ledger, asked)),
        ("period", "number"),
        ("point", "each"),
    ),
    "2": Form(_register, ("period",), ("point", "each", "as_of")),
    "3": Form(partial(_return, 3), ("period",), ("point", "each", "as_of", "live"), private=False),
    "4": Form(_point_forms, (), ("period", "point", "each", "as_of")),
    "5": Form(_point_list, (), ("period", "public", "as_of")),
    "6": Form(
        partial(_return, 6),
        ("period",),
        ("point", "each", "as_of", "live", "template", "map"),
        private=False,
    ),
    "agreement": Form(
        lambda ledger, asked: workbook("agreement", _complaints(ledger, asked)), ("number",)
    ),
    "notice": Form(_notices, ("number",)),
    "template": Form(_template, (), ("point", "each"), private=False),
    "assessment": Form(_assessment, ("period",), ("point", "as_of")),
}
