"""`report` 季报: a page about a quarter for a station's head, without consumers' data."""

from collections.abc import Iterator
from datetime import date
from itertools import dropwhile
from operator import attrgetter
from pathlib import Path

from ledger12315.boxes import Filled
from ledger12315.boxes.forms import PERIOD
from ledger12315.boxes.kinds import DAY
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Column, Result
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import PROVISIONAL, not_over_note, submitted_note
from ledger12315.cli.face.lookups import begun_period
from ledger12315.cli.face.options import AS_OF, LIVE, OUTPUT
from ledger12315.cli.face.terminals import safe
from ledger12315.cli.figures.analysis import (
    ASSESSED,
    PARTS,
    assessment_on_screen,
    list_parts,
    name_parts,
    notes_on_rates,
    totals_note,
)
from ledger12315.cli.figures.sections import (
    MOST_BARS,
    MOST_LINES,
    PRACTICE_NOTE,
    QUARTERS,
    Passage,
    PeriodFigures,
    against_targets,
    balance,
    beside_before,
    days_line,
    name_of_figure,
    others_note,
    trend,
    write_report,
)
from ledger12315.cli.forms.contents import file_name
from ledger12315.errors import Message, message
from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.complaints.overdue import overdue_complaints
from ledger12315.ledger.figures import Scope, figures
from ledger12315.ledger.figures.analysis import Analysis, analyse
from ledger12315.ledger.figures.assessment import assess
from ledger12315.ledger.figures.grounds import is_provisional
from ledger12315.ledger.notices import propose_notices
from ledger12315.ledger.returns.frozen import Frozen, frozen_form, scope_and_submission
from ledger12315.ledger.settings import settings
from ledger12315.ledger.station import unit_name
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.practice import practises
from ledger12315.locale import render
from ledger12315.rules.periods import Period, quarter_before, quarter_of
from ledger12315.rules.rates import rates_by
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.sheets.web.spec import Picture

_MOST_CASES = 20
_FORM = 6

_OVERDUE = (
    Column("number", "编号"),
    Column("point", "服务点"),
    Column("received", "受理日期", kind=DAY),
    Column("due", "应办结", kind=DAY),
    Column("working_days_over", "超期工作日", "days over"),
)
# The columns of rollup that fit a page: up to the change against the stretch before.
_PARTS = [each for each in PARTS if each.screen][:6]
_DRAWN = ("closed", "overdue_end")
_POINTS = [each for each in ASSESSED if each.screen or each.key in _DRAWN]
# The name, by which a row is found, first.
_POINTS.sort(key=lambda each: each.key != "name")
_RESPONDENTS = (
    Column("respondent", "被投诉经营者"),
    Column("point", "服务点"),
    Column("count", "件数", "complaints"),
    Column("proposed", "建议抄告或约谈", "notice proposed"),
)


@command(PERIOD, AS_OF, LIVE, OUTPUT, arguments=1)
def report(desk: Desk, filled: Filled) -> Result:
    """Write a report of the quarter as one page, for a browser or on paper."""
    with desk.read() as ledger:
        day, live = filled.given("as_of", date), "live" in filled
        scope = Scope(begun_period(desk, ledger, filled), day)
        scope, was = scope_and_submission(ledger, scope, _FORM, desk.today, live)
        passages = _passages(ledger, scope, was, live)
        sections = [each.section(desk) for each in passages]
        whose = unit_name(ledger)
        about = [safe(whose), *map(render, _limits_of_figures(desk, ledger, scope, was))]
        name = file_name(desk, ledger, "季报", scope.period.code)
    target = filled.given("output", Path) or Path(f"{name}.html")
    return write_report(scope.period, about, sections, target, desk.path)


def _limits_of_figures(
    desk: Desk, ledger: Ledger, scope: Scope, was: Frozen | None
) -> Iterator[Message]:
    """Yield notes on the limits of the figures."""
    if practises(ledger):
        yield PRACTICE_NOTE
    yield days_line(scope.period.first, scope.last)
    if was:
        yield submitted_note(was)
    if is_provisional(ledger, scope, was and was.act):
        yield PROVISIONAL
    if scope.running(desk.today):
        yield not_over_note(desk.today)


def _passages(ledger: Ledger, scope: Scope, was: Frozen | None, live: bool) -> Iterator[Passage]:
    """Yield the passages; of a submitted period all are as of the act of its return."""
    act = was and was.act
    analyses = {
        key: analyse(ledger, scope, key, act=act, live=live) for key in ("category", "problem")
    }
    with as_of_act(ledger, act):
        overdue = _overdue_passage(ledger, scope.last)
        points = _point_passage(ledger, scope)
        respondents = _respondent_passage(ledger, scope.last)
    now = _stretch_of_report(ledger, scope, live, act)
    earlier = _earlier_stretch(scope, analyses["category"].before)
    days = f"{earlier.period.first}/{earlier.last}"
    before = _stretch_of_report(ledger, earlier, live, act)._replace(name=days)
    compared = None if before.empty else before
    yield against_targets(now, compared)
    meets = earlier.last + ONE_DAY == scope.period.first
    yield balance(now, compared, meets, cut_off=not meets)
    yield overdue
    yield _received_by_box(message("By category"), analyses["category"])
    yield _received_by_box(message("By problem"), analyses["problem"])
    quarters = [*_quarters(ledger, scope.period, live, act)] if scope.period.is_quarter else []
    if quarters:
        yield trend([*quarters, now])
    yield points
    yield respondents


def _stretch_of_report(ledger: Ledger, scope: Scope, live: bool, act: int | None) -> PeriodFigures:
    """Return figures as submitted, if they were and `live` is not set, else as of an act."""
    was = None if live else frozen_form(ledger, scope, _FORM)
    if was:
        return PeriodFigures(was.period.code, was.figures, rates_by(was.settings))
    with as_of_act(ledger, act):
        by = rates_by(settings(ledger, scope.last))
        return PeriodFigures(scope.period.code, figures(ledger, scope), by)


def _earlier_stretch(scope: Scope, stretch: tuple[date, date]) -> Scope:
    """Return the stretch before, cut off at the same day if this one is not over."""
    first, last = stretch
    if scope.period.is_quarter:
        before = quarter_before(scope.period)
        return Scope(before, None if last == before.last else last)
    return Scope(Period("", first, last, ""))


def _quarters(
    ledger: Ledger, period: Period, live: bool, act: int | None
) -> Iterator[PeriodFigures]:
    """Return the earlier quarters, from the first that has any figure."""
    periods = [period]
    while len(periods) < QUARTERS:
        periods.append(quarter_before(periods[-1]))
    stretches = (_stretch_of_report(ledger, Scope(each), live, act) for each in periods[:0:-1])
    return dropwhile(attrgetter("empty"), stretches)


def _overdue_passage(ledger: Ledger, day: date) -> Passage:
    found = overdue_complaints(ledger, day)
    rows = [
        each._asdict() | {"point": f"{each.point} {each.point_name}"}
        for each in found[:_MOST_CASES]
    ]
    says = [message("Open past their due date on {day}: {count}", day=day, count=len(found))]
    more = others_note(found, _MOST_CASES)
    return Passage(message("Overdue"), rows, _OVERDUE, says, more=more)


def _received_by_box(heading: Message, found: Analysis) -> Passage:
    """Return the received complaints by one of their boxes, with the period before. 三(三)6"""
    rows = list_parts(name_parts(found))
    drawn = found.parts[:MOST_BARS]
    before = [part.before for part in drawn]
    series = beside_before([part.count for part in drawn], before if any(before) else [])
    pictures = [Picture("bars", [render(part.name) for part in drawn], series)] if drawn else []
    return Passage(heading, rows, _PARTS, totals_note(found), pictures, summed=True)


def _point_passage(ledger: Ledger, scope: Scope) -> Passage:
    """Return the points as `rollup assessment` judges them; the busiest are drawn."""
    found = assess(ledger, scope)
    points = [each for each in found if each.level == "point"]
    busiest = sorted(points, key=attrgetter("closed"), reverse=True)[:MOST_BARS]
    names = [f"{each.code} {each.name}" for each in busiest]
    series = {name_of_figure(key): [getattr(each, key) for each in busiest] for key in _DRAWN}
    pictures = [Picture("bars", names, series)] if points else []
    more = [*others_note(points, MOST_LINES), *notes_on_rates(found)]
    said = [each for each in more if isinstance(each, Message)]
    shown = map(assessment_on_screen, points[:MOST_LINES])
    return Passage(message("Service points"), shown, _POINTS, (), pictures, said)


def _respondent_passage(ledger: Ledger, day: date) -> Passage:
    """Return the operators with a notice proposed, or one complaint short of it. 三(五)2

    Complaints of the quarter count, up to the day.
    """
    quarter, least = quarter_of(day)._replace(last=day), int(settings(ledger)["notice_from"])
    found = propose_notices(ledger, quarter, least - 1)
    rows = [
        {
            "respondent": each.respondent,
            "point": f"{each.point} {each.point_name}",
            "count": len(each.numbers),
            "proposed": len(each.numbers) >= least,
        }
        for each in found[:_MOST_CASES]
    ]
    says = [
        message(
            "From {least} complaints in the quarter, a notice or an interview is proposed.",
            least=least,
        )
    ]
    heading, more = message("Respondents near a notice"), others_note(found, _MOST_CASES)
    return Passage(heading, rows, _RESPONDENTS, says, more=more)
