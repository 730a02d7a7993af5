"""The forms of `export`, a row each: the options that a form takes, and its content."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.arguments import COMPLAINT_NUMBER, RECORD_ID
from ledger12315.boxes.kinds import DAY
from ledger12315.cli.forms.figure_forms import headed
from ledger12315.cli.forms.own import Own
from ledger12315.cli.forms.publicity import Beside, beside_notice
from ledger12315.errors import Refused
from ledger12315.ledger import station
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.views import complaint_shown, complaints_listed
from ledger12315.ledger.figures import Scope, Snapshot, figures, grounds
from ledger12315.ledger.figures.publicity import publicity
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.points.profile import points_standing, profile
from ledger12315.ledger.returns.corrections import carried
from ledger12315.ledger.returns.directory import late_changes
from ledger12315.ledger.returns.frozen import as_asked
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import Period
from ledger12315.rules.rates import rates_by
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.sheets import declared, workbook
from ledger12315.sheets.forms.attachment2 import KEYS
from ledger12315.sheets.forms.spec import Head
from ledger12315.words import Vocabulary, Word


class FormAsked(NamedTuple):
    """The request for a form on a day, `today`; `numbers` name cases."""

    today: date
    period: Period | None = None
    point: Point | None = None
    as_of: date | None = None
    numbers: tuple[str, ...] = ()
    public: bool = False
    live: bool = False
    own: Own | None = None

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


def file_name(ledger: Ledger, *parts: str, point: Point | None = None) -> str:
    """Return the name of a form's file, with the station: a county desk has many stations.

    A code is free text, so folders and characters that filesystems refuse are removed.
    """
    whose = [station.station(ledger).name[:_LONGEST_NAME], *([point.code] if point else [])]
    return re.sub(r"[^\w.-]", "_", "_".join((*parts, *whose)))


Facts = tuple[object, ...]
"""The arguments of a form's declaration."""


def _points_on_record(ledger: Ledger, asked: FormAsked) -> list[Point]:
    return points_standing(ledger, asked.first, asked.day)


class Form(NamedTuple):
    """A form that `export` writes; the code of its `word` names its declaration in sheets.

    `fetch` returns the declaration's content, or the whole workbook. One of the options in `needs`
    must be given, those in `takes` may be. `number` is the box that names its cases. A form that
    is not `private` names nobody. `each` returns the points that have a file each, `beside` its
    rows for csv and its notes.
    """

    word: Word
    fetch: Callable[[Ledger, FormAsked], Facts | bytes]
    needs: str = ""
    takes: str = ""
    number: Box = COMPLAINT_NUMBER
    private: bool = True
    each: Callable[[Ledger, FormAsked], list[Point]] = _points_on_record
    beside: Callable[[Ledger, FormAsked], Beside] | None = None

    def make(self, ledger: Ledger, asked: FormAsked) -> bytes:
        """Return the form's workbook."""
        facts, form = self.fetch(ledger, asked), self.word.code
        if isinstance(facts, bytes):
            return facts
        if asked.own:
            from ledger12315.sheets.paper.contents import Boxed

            return asked.own.filled(form, Boxed(declared(form, *facts)))
        return workbook(form, *facts)


def _return(number: int, ledger: Ledger, asked: FormAsked) -> Facts | bytes:
    """Return a form of figures as submitted, if it was, or as it is now. Domain 5, 6.8

    A bureau's own workbook is filled with the figures alone.
    """
    scope, was = as_asked(ledger, asked.whole, number, asked.today, asked.live)
    if asked.own:
        from ledger12315.sheets.paper.contents import Figured

        found = was.figures if was else figures(ledger, scope)
        chosen = was.settings if was else station.settings(ledger, scope.last)
        head = Head(_filling_unit(ledger, asked), scope.period, scope.as_of, None, chosen)
        return asked.own.filled(str(number), Figured(found, head))
    if was:
        return was.content
    snapshot, point = Snapshot(ledger), scope.point
    return headed(snapshot, scope, carried(snapshot, scope, [point]).get(point and point.id))


def _with_figures(ledger: Ledger, asked: FormAsked) -> list[Point]:
    """Return the points of a period, and retired ones whose Attachment 3 has figures."""
    points = {*_points_on_record(ledger, asked), *grounds.with_entries(ledger, asked.scope)}
    return sorted(points, key=attrgetter("code"))


def _complaints_asked(ledger: Ledger, asked: FormAsked) -> Facts:
    if asked.numbers:
        return ((complaint_shown(ledger, number) for number in asked.numbers),)
    listed = complaints_listed(ledger, asked.point, asked.period)
    return ((row for row in listed if not row["voided"]),)


def _register(ledger: Ledger, asked: FormAsked) -> Facts:
    rows = _complaints_received(ledger, asked.scope)
    of_point = asked.point is not None and not asked.own  # a mapping may name the point itself
    return _filling_unit(ledger, asked), asked.when, rows, calendar_of(ledger), of_point


# The boxes that an event fills; the first has its day.
_LEFT = (("closed", "outcome", "rating", "archive_no"), ("escalated", "escalation_reason"))


def _complaints_received(ledger: Ledger, scope: Scope) -> Iterator[dict[str, Any]]:
    """Yield the complaints of a period, without later events than the as-of day.

    They come day by day, so that one logged late is at its day of receipt.
    """
    for ahead in range((scope.last - scope.period.first).days + 1):
        day = scope.period.first + ahead * ONE_DAY
        for row in complaints_listed(ledger, scope.point, Period("", day, day, ""), keys=KEYS):
            for boxes in _LEFT if scope.as_of else ():
                happened = row[boxes[0]]
                if happened and happened > scope.as_of:
                    row |= dict.fromkeys(boxes)
            yield row


def _points_asked(ledger: Ledger, asked: FormAsked) -> list[Point]:
    return [asked.point] if asked.point else _points_on_record(ledger, asked)


def _profiles(ledger: Ledger, asked: FormAsked) -> list[dict[str, Any]]:
    """Return the points' profiles; a retired point has the staff of its last day."""
    return [
        profile(ledger, point, asked.day, last_staff=True).boxes()
        for point in _points_asked(ledger, asked)
    ]


def _point_forms(ledger: Ledger, asked: FormAsked) -> Facts:
    profiles = _profiles(ledger, asked)
    if not profiles:
        raise Refused(
            "No point existed then, so there is no form to write. See: ledger12315 point list"
        )
    return station.station(ledger).name, f"截至：{DAY.printed(asked.day)}", profiles


def _point_list(ledger: Ledger, asked: FormAsked) -> Facts:
    """Return the points of the period, and those reported otherwise by earlier lists."""
    late = late_changes(ledger, asked.period) if asked.period else {}
    listed = sorted(
        {*_points_on_record(ledger, asked), *(each for each in points(ledger) if each.id in late)},
        key=attrgetter("code"),
    )
    profiles = [
        profile(ledger, point, asked.day, last_staff=True).boxes()
        | {"late": [each._asdict() for each in late.get(point.id, ())]}
        for point in listed
    ]
    return station.station(ledger).name, asked.when, profiles, asked.period, asked.public


def _notices_asked(ledger: Ledger, asked: FormAsked) -> Facts:
    from ledger12315.ledger.notices import demand_cases, notice_cases

    notices = [notice_cases(ledger, int(number)) for number in asked.numbers]
    for number in asked.numbers:
        demand_cases(ledger, int(number), "notice interview")
    rows = (
        each._asdict() | {"cases": [case._asdict() for case in each.cases]} for each in notices
    )
    return station.station(ledger).name, rows


def _records(ledger: Ledger, asked: FormAsked) -> Facts:
    from ledger12315.ledger.records import records_listed, standing_record

    if asked.numbers:
        rows = [_with_cases(ledger, standing_record(ledger, int(each))) for each in asked.numbers]
    else:
        listed = records_listed(ledger, None, asked.period, asked.point)
        rows = [row for row in listed if not row["voided"]]
    return _filling_unit(ledger, asked), asked.when, rows, bool(asked.numbers)


def _with_cases(ledger: Ledger, row: dict[str, Any]) -> dict[str, Any]:
    """Return a record; an interview without complaints gets those of its operator."""
    from ledger12315.ledger.notices import notice_cases

    if row["kind"] != "interview" or row["complaints"]:
        return row
    cases = notice_cases(ledger, row["id"]).cases
    return row | {"complaints": "、".join(case.number for case in cases)}


def _assessment(ledger: Ledger, asked: FormAsked) -> Facts:
    from ledger12315.ledger.figures.assessment import assess

    rows = [each.row() for each in assess(ledger, asked.scope)]
    return _filling_unit(ledger, asked), asked.when, rows


def _publicity(ledger: Ledger, asked: FormAsked) -> Facts:
    found, chosen = publicity(ledger, asked.scope), station.settings(ledger, asked.scope.last)
    [rate] = [each for each in rates_by(chosen) if each.key == "settled_rate"]
    point = asked.point.name if asked.point else ""
    rows = [operator.row() for operator in found.operators]
    days = int(chosen["publicity_days"])
    unit = station.station(ledger).name
    return unit, asked.when, asked.day, point, rows, rate, found.least, days


def _beside_publicity(ledger: Ledger, asked: FormAsked) -> Beside:
    return beside_notice(publicity(ledger, asked.scope))


def _blank_register(ledger: Ledger, asked: FormAsked) -> bytes:
    from ledger12315.sheets.forms.blank_register import template

    return template([point.name for point in _points_asked(ledger, asked)])


def _filling_unit(ledger: Ledger, asked: FormAsked) -> str:
    return asked.point.name if asked.point else station.station(ledger).name


FORMS = {
    form.word.code: form
    for form in (
        Form(
            Word("1", "附件1", "Attachment 1", ("登记表",)),
            _complaints_asked,
            needs="period number",
            takes="point each template map",
        ),
        Form(
            Word("2", "附件2", "Attachment 2", ("登记簿",)),
            _register,
            needs="period",
            takes="point each as_of template map",
        ),
        Form(
            Word("3", "附件3", "Attachment 3", ("汇总表",)),
            partial(_return, 3),
            needs="period",
            takes="point each as_of live template map",
            private=False,
            each=_with_figures,
        ),
        Form(
            Word("4", "附件4", "Attachment 4", ("信息登记表",)),
            _point_forms,
            takes="period point each as_of template map",
        ),
        Form(
            Word("5", "附件5", "Attachment 5", ("信息登记汇总表",)),
            _point_list,
            takes="period public as_of template map",
        ),
        Form(
            Word("6", "附件6", "Attachment 6", ("统计表",)),
            partial(_return, 6),
            needs="period",
            takes="point each as_of live template map",
            private=False,
        ),
        Form(
            Word("agreement", "和解协议", "settlement agreement"),
            _complaints_asked,
            needs="number",
        ),
        Form(
            Word("notice", "抄告通知书", "advisory notice", ("抄告", "约谈")),
            _notices_asked,
            needs="number",
            number=RECORD_ID,
        ),
        Form(
            Word("record", "工作记录", "work record"),
            _records,
            needs="period number",
            takes="point each",
            number=RECORD_ID,
        ),
        Form(
            Word("assessment", "考核评价表", "assessment", ("考核", "考核评价")),
            _assessment,
            needs="period",
            takes="point as_of",
        ),
        Form(
            Word("publicity", "投诉公示", "publicity notice", ("公示",)),
            _publicity,
            needs="period",
            takes="point each as_of csv",
            private=False,
            beside=_beside_publicity,
        ),
        Form(
            Word("template", "登记模板", "template", ("模板",)),
            _blank_register,
            takes="point each",
            private=False,
        ),
    )
}
WORDS = Vocabulary(*(form.word for form in FORMS.values()))
