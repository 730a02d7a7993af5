"""`rollup` 汇总: the figures of an attachment, or the cases behind one of them; hands on to assessment and analysis."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

import typer

from ledger12315.boxes.fields import FORM, PERIOD
from ledger12315.boxes.reading import yuan
from ledger12315.cli.analysis import REPORTS, fraction, judged, show_report
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import (
    AsOf,
    Csv,
    Json,
    OnePoint,
    Reveal,
    day_option,
    read,
    record_reveal,
    tell,
    today,
)
from ledger12315.cli.face.output import Column, demand_one_form, heading, show, show_json
from ledger12315.errors import Unclear, message
from ledger12315.ledger import points
from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.figures import Scope, cases, figures, provisional, rate_cases
from ledger12315.ledger.returns import submitted as submissions
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger
from ledger12315.locale import language, render
from ledger12315.rules.measures import (
    ATTACHMENT3,
    ATTACHMENT6,
    COLUMNS,
    MEASURES,
    TOTAL,
    Figures,
    Measure,
)
from ledger12315.rules.periods import parse_period
from ledger12315.rules.rates import RATES, Value, rates
from ledger12315.words import CASES, TYPES, Vocabulary, Word

FORMS = ("3", "6")
FIELDS = (FORM, PERIOD)
_BY_TYPE = (
    Column(TOTAL, "合计", "total", right=True),
    *(Column(word.code, word.zh, word.en, right=True) for word in TYPES.values()),
)
_ROWS3 = (
    Column("code", "代码", "code"),
    Column("key", "标识", "measure", screen=False),
    Column("name", "指标", "指标", narrow=True),
    Column("unit", "单位", "unit", screen=False),
    *_BY_TYPE,
)
# The measures have Chinese names only; their keys are the English ones.
_ROWS3_EN = tuple(
    each._replace(narrow=True, screen=True) if each.key == "key" else each
    for each in _ROWS3
    if each.key != "name"
)
_NAMES = {each.key: each.name for each in MEASURES.values()} | {
    rate.key: rate.name for rate in RATES
}
_PARTS = Vocabulary(
    Word("numerator", "分子", "numerator"), Word("denominator", "分母", "denominator")
)
_CASES = (
    Column("number", "编号", "number"),
    Column("kind", "种类", "kind", CASES),
    Column("point", "服务点", "point"),
    Column("received", "受理日期", "received"),
    Column("closed", "办结日期", "closed"),
    Column("value", "数值", "value", right=True),
)


@boxes(FIELDS, arguments=2)
def rollup(
    ctx: typer.Context,
    point: OnePoint = None,
    as_of: AsOf = None,
    measure: Annotated[
        str | None,
        typer.Option(
            "--cases",
            metavar="MEASURE",
            help="list what makes up this figure or rate: its key or code",
        ),
    ] = None,
    type_: Annotated[
        str | None,
        typer.Option(
            "--type", metavar="TYPE", help="with --cases or an analysis, only this type of point"
        ),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="a submitted period as it would be now")
    ] = False,
    json: Json = False,
    csv: Csv = False,
    reveal: Reveal = False,
    **raw: str | None,
) -> None:
    """Figures of Attachment 3 or 6, the cases behind them, assessment, analysis."""
    filled = fill(FIELDS, raw, False, today(), writes=False)
    form, period = str(filled["form"]), str(filled["period"])
    report = REPORTS.find(form)
    if not report and form not in FORMS:
        raise Unclear(
            "{form} is no form that can be made; it is one of {forms}.",
            form=form,
            forms=[*FORMS, *REPORTS.values()],
        )
    number = 0 if report else int(form)
    analysis = report is not None and report.code != "assessment"
    if measure and report:
        raise Unclear("--cases goes together with form 3 or 6.")
    if live and report:
        raise Unclear("--live goes together with form 3 or 6.")
    if reveal and (analysis or not report):
        raise Unclear("--reveal goes together with assessment.")
    demand_one_form(json, csv)
    if type_ and not measure and not analysis:
        raise Unclear("--type goes together with --cases or an analysis.")
    word = TYPES.find(type_) if type_ else None
    if type_ and not word:
        raise Unclear("--type takes one of {words}.", words=TYPES)
    record_reveal(ctx, reveal, f"{report.code if report else number} {period}")
    with read(ctx) as ledger:
        day = day_option("--as-of", as_of, today()) if as_of else None
        whole = parse_period(period, settings(ledger)["annual_period"], day)
        scope = Scope(whole, day, points.find_point(ledger, point) if point is not None else None)
        was = None if live or report else submissions.frozen(ledger, scope, number)
        if was:
            scope = scope._replace(period=was.period)
            tell(
                message(
                    "{period} as it was submitted on {day}; --live gives today's.",
                    period=scope.period.code,
                    day=was.day,
                )
            )
        if measure:
            with as_of_act(ledger, was.act if was else None):
                _show_cases(ledger, scope, measure, word.code if word else None, json, csv)
            return
        uncertain = not analysis and not was and provisional(ledger, scope)
        if report:
            show_report(ledger, report.code, scope, word.code if word else None, json, csv, reveal)
        else:
            _show_form(
                number, scope, was.figures if was else figures(ledger, scope), uncertain, json, csv
            )
    if scope.last > today():
        tell(message("The period is not over; what still happens in it is not in these figures."))
    if uncertain:
        tell(
            message(
                "Overdue and on-time figures are provisional: the holiday notice they depend on is not known."
            )
        )


def _show_form(
    number: int, scope: Scope, found: Figures, uncertain: bool, json: bool, csv: bool
) -> None:
    if json:
        show_json(_document(number, scope, found, uncertain))
        return
    if number == 3:
        rows = [*_rows3(found), *_rates3(found)]
        if sys.stdout.isatty():  # 80 columns are few
            rows = [
                row
                | {"name": row["name"].replace("其中：", "  "), "key": row["key"].replace("_", " ")}
                for row in rows
            ]
        show(rows, _ROWS3 if language() == "zh" else _ROWS3_EN, as_csv=csv)
    else:
        show6(found, csv)
    if sys.stdout.isatty() and not csv:
        _show_rates(found)


def _figure(measure: Measure, figure: int) -> str | int:
    return yuan(figure) if measure.money else figure


def _document(number: int, scope: Scope, found: Figures, uncertain: bool) -> Mapping[str, Any]:
    head = {
        "form": number,
        "period": scope.period.code,
        "from": scope.period.first.isoformat(),
        "to": scope.period.last.isoformat(),
        "as_of": scope.as_of.isoformat() if scope.as_of else None,
        "point": scope.point.code if scope.point else None,
        "provisional": uncertain,
    }
    if number == 6:
        return head | {"rows": [row6(found, column) for column in (*TYPES, TOTAL)]}
    values = [
        {"key": value.rate.key, "target": value.rate.target} | judged(value)
        for value in rates(found, TOTAL)
    ]
    return head | {"rows": list(_rows3(found)), "rates": values}


def _rows3(found: Figures) -> Iterator[dict[str, Any]]:
    for measure in ATTACHMENT3:
        row = {"code": measure.code, "key": measure.key, "name": measure.name, "unit": measure.unit}
        yield row | {column: _figure(measure, found[measure.key][column]) for column in COLUMNS}


def _rates3(found: Figures) -> Iterator[dict[str, Any]]:
    for rate, *values in zip(RATES, *(rates(found, column) for column in COLUMNS), strict=True):
        row = {"code": "", "key": rate.key, "name": rate.name, "unit": "%"}
        yield row | dict(zip(COLUMNS, map(_percent, values), strict=True))


def _percent(value: Value) -> str:
    """A rate with what it is made of; a terminal has room for that only below the table."""
    percent = value.percent or "—"
    return percent if sys.stdout.isatty() else f"{percent} ({value.numerator}/{value.denominator})"


def _show_rates(found: Figures) -> None:
    """Below a table: each rate of the total with its formula, target and what limits it. 三(五)6"""
    for value in rates(found, TOTAL):
        rate = value.rate
        marks = [message("target {target}%", target=rate.target)] if rate.target else []
        if value.met is not None:
            marks.append(message("met") if value.met else message("missed"))
        if value.small_sample:
            marks.append(message("small sample"))
        if rate.key == "settled_rate" and (overdue := found["overdue_end"][TOTAL]):
            marks.append(message("besides open and overdue: {count}", count=overdue))
        percent = f"{value.percent}%" if value.percent else "—"
        name, formula = (
            (rate.name, rate.formula) if language() == "zh" else (rate.key, rate.formula_en)
        )
        print(
            f"{name} = {formula} = {value.numerator}/{value.denominator} = {percent}  {render(marks)}".rstrip()
        )


def row6(found: Figures, column: str, told: Callable[[Value], Any] = fraction) -> dict[str, Any]:
    values = {value.rate.key: told(value) for value in rates(found, column)}
    figure = {
        key: values[key] if key in values else _figure(MEASURES[key], found[key][column])
        for key in ATTACHMENT6
    }
    return {"type": column, **figure}


def show6(found: Figures, csv: bool) -> None:
    """A row per type as in the form; on a terminal, which is too narrow for 24 columns, a row per column of the form."""
    total, *types = _BY_TYPE
    rows = {
        each.key: row6(found, each.key, _percent) | {"type": heading(each)}
        for each in (*types, total)
    }
    headings = {key: _NAMES[key] if language() == "zh" else key for key in ATTACHMENT6}
    if csv or not sys.stdout.isatty():
        columns = [
            Column("type", "类型", "type"),
            *(Column(key, text, text) for key, text in headings.items()),
        ]
        show(rows.values(), columns, as_csv=csv)
        return
    turned = [
        {"key": text, **{column: row[key] for column, row in rows.items()}}
        for key, text in headings.items()
    ]
    show(turned, [Column("key", "指标", "measure", narrow=True), *_BY_TYPE])


def _show_cases(
    ledger: Ledger, scope: Scope, key: str, type_: str | None, json: bool, csv: bool
) -> None:
    if (of_rate := rate_cases(ledger, scope, key, type_)) is not None:
        show(of_rate, (Column("part", "部分", "part", _PARTS), *_CASES), json, csv)
        return
    measure, found = cases(ledger, scope, key, type_)
    show([row | {"value": _figure(measure, row["value"])} for row in found], _CASES, json, csv)
