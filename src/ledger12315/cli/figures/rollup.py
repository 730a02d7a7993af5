"""`rollup` 汇总: figures of a form, the cases behind one of them, assessment, analysis."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import FORM, PERIOD
from ledger12315.boxes.kinds import DAY, LINE
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Aside, Column, Result, Toned, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import (
    NOTHING,
    PROVISIONAL,
    ShownForm,
    formula_of,
    not_over_note,
    submitted_note,
    unstated_amounts,
)
from ledger12315.cli.face.lookups import begun_period
from ledger12315.cli.face.options import AS_OF, LIVE, ONE_POINT
from ledger12315.errors import LedgerError, Message, Unclear, message
from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.figures import Scope, cases, figures, parts_of
from ledger12315.ledger.figures.grounds import is_provisional
from ledger12315.ledger.points import given_point
from ledger12315.ledger.returns.frozen import Frozen, scope_and_submission
from ledger12315.ledger.settings import settings
from ledger12315.ledger.store import Ledger
from ledger12315.locale import N_, render
from ledger12315.rules.measures import POINT_FORM, STATION_FORM, TOTAL, Figures
from ledger12315.rules.rates import Rate, rates, rates_by
from ledger12315.words import CASES, TYPES, Vocabulary, Word

if TYPE_CHECKING:  # loaded where somebody is asked
    from ledger12315.cli.asking.questions import Questions

REPORTS = Vocabulary(
    Word("assessment", "考核", "assessment", ("考核评价",)),
    Word("category", "类别", "category"),
    Word("problem", "问题类别", "problem", ("问题",)),
    Word("respondent", "被投诉经营者", "respondent", ("经营者",)),
    Word("channel", "受理方式", "channel", ("方式",)),
)
_FIGURE_FORMS = (str(POINT_FORM), str(STATION_FORM))
_WORDS = Vocabulary(
    *(Word(code, f"附件{code}", code) for code in _FIGURE_FORMS), *REPORTS.values()
)
_PARTS = Vocabulary(
    Word("numerator", "分子", "numerator"), Word("denominator", "分母", "denominator")
)
_CASES = (
    Column("number", "编号"),
    Column("kind", "种类", kind=OneWord(CASES)),
    Column("point", "服务点"),
    Column("received", "受理日期", kind=DAY),
    Column("closed", "办结日期", kind=DAY),
    Column("value", "数值", right=True),
)
# An option -> the kinds of answer that it needs, and the message without them.
_GOES_WITH = {
    "cases": (("cases",), message("--cases works only with form 3 or 6.")),
    "type": (
        ("cases", "analysis"),
        message("--type works only with --cases or an analysis."),
    ),
}
_JUDGED = {
    None: N_("target {target}%"),
    True: N_("target {target}%: met{mark}"),
    False: N_("target {target}%: missed{mark}"),
}
"""Whether a rate is met -> what is said; short, so that a line holds its formula too."""
_FORM = FORM._replace(kind=OneWord(_WORDS))
_CASES_OF = Option(
    "cases",
    "明细",
    LINE,
    "list the cases behind this figure or rate, given by its key or code",
    metavar="MEASURE",
)
_TYPE = Option(
    "type",
    "类型",
    OneWord(TYPES),
    "with --cases or an analysis, only this type of point",
    metavar="TYPE",
)


class _RollupRequest(NamedTuple):
    """The requested form or report, its period and points.

    A form may be narrowed to the cases of one `measure`, cases and analyses to one `type` of
    point. `was` is the form as submitted. `rates` are those of the last day that counts, or of the
    submission.
    """

    desk: Desk
    ledger: Ledger
    code: str
    scope: Scope
    type: str | None
    measure: str
    was: Frozen | None
    live: bool
    provisional: bool
    rates: tuple[Rate, ...]


def _rollup_questions() -> "Questions":
    from ledger12315.cli.asking.questions import SHARED, Asked, Questions

    # Each form is offered under its own digit, not under that of its place.
    rows = Asked("form", offers=lambda _asking: ()), SHARED["period"]
    return Questions(rows, writes=False)


@command(
    *(_FORM, PERIOD, ONE_POINT, AS_OF, _CASES_OF, _TYPE, LIVE),
    arguments=2,
    flags="json csv",
    asks=_rollup_questions,
)
def rollup(desk: Desk, filled: Filled) -> Result:
    """Show figures of Attachment 3 or 6 and their cases, or an analysis."""
    code, measure = filled.text("form"), filled.given("cases", str)
    kind = _kind_of_answer(code, measure)
    _demand_fitting(kind, filled)
    with desk.read() as ledger:
        day = filled.given("as_of", date)
        scope = Scope(begun_period(desk, ledger, filled), day, given_point(ledger, filled))
        number, live = int(code) if code in _FIGURE_FORMS else STATION_FORM, "live" in filled
        scope, was = scope_and_submission(ledger, scope, number, desk.today, live)
        uncertain = kind in ("figures", "assessment") and is_provisional(
            ledger, scope, was and was.act
        )
        by = rates_by(was.settings if was else settings(ledger, scope.last))
        type_ = filled.given("type", str)
        asked = _RollupRequest(
            desk, ledger, code, scope, type_, measure or "", was, live, uncertain, by
        )
        try:
            # For a submitted period, figures that are not kept are counted as of its act.
            act = was.act if was and kind in ("cases", "assessment") else None
            with as_of_act(ledger, act):
                result = _SHOWN[kind](asked)
            if kind != "cases":
                result = result._replace(notes=[*result.notes, *_period_remarks(asked)])
        except LedgerError as error:  # shown after `before`
            result = Result(error=error)
    before = [submitted_note(was)] if was else []
    return result._replace(before=before, about=f"{code} {filled['period']}")


def _kind_of_answer(code: str, measure: str | None) -> str:
    """Return the kind of answer that a form or report gives."""
    if code in _FIGURE_FORMS:
        return "cases" if measure else "figures"
    return "assessment" if code == "assessment" else "analysis"


def _demand_fitting(kind: str, filled: Filled) -> None:
    for option, (kinds, otherwise) in _GOES_WITH.items():
        if option in filled and kind not in kinds:
            raise Unclear(otherwise.id)


def _show_figures(asked: _RollupRequest) -> Result:
    found = asked.was.figures if asked.was else figures(asked.ledger, asked.scope)
    if asked.desk.format == "json":
        return Result(document=_rollup_document(asked, found))
    table = ShownForm(asked.code, found, asked.rates).table(asked.desk)
    lines = map(Aside, _rate_lines(found, asked.rates))
    return Result((_days_of_form(asked), table, *lines), notes=[*unstated_amounts(found)])


def _days_of_form(asked: _RollupRequest) -> Aside:
    """Return the form and its days: 2026-4 is a month, and 2026Q4 was perhaps meant."""
    scope = asked.scope
    return Aside(
        message(
            "Attachment {form} of {period}: {first} to {last}",
            form=asked.code,
            period=scope.period.code,
            first=scope.period.first,
            last=scope.last,
        )
    )


def _period_remarks(asked: _RollupRequest) -> Iterator[Message]:
    """Yield notes on uncertain figures of the period."""
    if asked.scope.running(asked.desk.today):
        yield not_over_note(asked.desk.today)
    if asked.provisional:
        yield PROVISIONAL


def _rollup_document(asked: _RollupRequest, found: Figures) -> Mapping[str, Any]:
    scope = asked.scope
    head = {
        "form": int(asked.code),
        "period": scope.period.code,
        "from": scope.period.first,
        "to": scope.period.last,
        "as_of": scope.as_of,
        "point": scope.point.code if scope.point else None,
        "provisional": asked.provisional,
        "recovered_unstated": found["recovered_unstated"][TOTAL],
    }
    return head | ShownForm(asked.code, found, asked.rates).document()


def _rate_lines(found: Figures, by: tuple[Rate, ...]) -> Iterator[Toned]:
    """Yield each rate of the total with its formula and target, then what marks mean. 三(五)6"""
    values = rates(found, TOTAL, by)
    for value in values:
        target, overdue = value.rate.target, found["overdue_end"][TOTAL]
        mark = "*" * value.small_sample
        marks = [message(_JUDGED[value.met], target=target, mark=mark)] if target else []
        if value.rate.key == "settled_rate" and overdue:
            marks.append(message("{count} overdue", count=overdue))
        said = message(
            "{rate} = {parts} = {percent} {marks}",
            rate=formula_of(value.rate),
            parts=f"{value.numerator}/{value.denominator}",
            percent=f"{value.percent}%" if value.percent else NOTHING,
            marks=marks,
        )
        yield Toned(render(said).rstrip(), "met" if value.met else "")
    if any(value.small_sample for value in values):
        small = message("* small sample: one case decides whether the target is met")
        yield Toned(render(small), "")


def _show_cases(asked: _RollupRequest) -> Result:
    parts = parts_of(asked.measure, asked.rates)
    rows = []
    for part, measure in parts:
        for case in cases(asked.ledger, asked.scope, measure, asked.type):
            value = measure.in_unit(case.value)
            rows.append({"part": part, **case._asdict(), "value": value})
    of_rate = [Column("part", "部分", kind=OneWord(_PARTS))] if parts[0][0] else []
    return answer_of_list(rows, [*of_rate, *_CASES])


def _show_assessment(asked: _RollupRequest) -> Result:
    from ledger12315.cli.figures.analysis import answer_of_assessment

    return answer_of_assessment(asked.desk, asked.ledger, asked.scope)


def _show_analysis(asked: _RollupRequest) -> Result:
    from ledger12315.cli.figures.analysis import answer_of_analysis
    from ledger12315.ledger.figures.analysis import analyse

    act = asked.was and asked.was.act
    found = analyse(asked.ledger, asked.scope, asked.code, asked.type, act, asked.live)
    return answer_of_analysis(asked.desk, REPORTS[asked.code], found)


_SHOWN = {
    "figures": _show_figures,
    "cases": _show_cases,
    "assessment": _show_assessment,
    "analysis": _show_analysis,
}
