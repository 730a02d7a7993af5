"""`rollup` 汇总: the figures of an attachment, or the cases behind one of them."""

import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from ledger12315.cli.asking import Raw, boxes, fill
from ledger12315.cli.options import AsOf, Csv, Json, OnePoint, day_option, read, tell, today
from ledger12315.cli.output import Column, show, show_json
from ledger12315.errors import Unclear, message
from ledger12315.ledger import points
from ledger12315.ledger.figures import Scope, cases, figures, provisional
from ledger12315.ledger.rows import Ledger
from ledger12315.ledger.station import settings
from ledger12315.locale import language, render
from ledger12315.rules.fields import FORM, PERIOD
from ledger12315.rules.measures import ATTACHMENT3, ATTACHMENT6, COLUMNS, MEASURES, TOTAL, Figures, Measure
from ledger12315.rules.periods import parse_period
from ledger12315.rules.rates import RATES, Value, rates
from ledger12315.rules.reading import yuan
from ledger12315.words import TYPES

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
_ROWS3_EN = tuple(each._replace(narrow=True, screen=True) if each.key == "key" else each for each in _ROWS3 if each.key != "name")
_NAMES = {each.key: each.name for each in MEASURES.values()} | {rate.key: rate.name for rate in RATES}
_CASES = (
    Column("number", "编号", "number"),
    Column("kind", "种类", "kind"),
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
        str | None, typer.Option("--cases", metavar="MEASURE", help="list what makes up this figure: its key or code")
    ] = None,
    type_: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="with --cases, only this type of point")] = None,
    json: Json = False,
    csv: Csv = False,
    **raw: str | None,
) -> None:
    """Figures of Attachment 3 or 6, or the cases behind one."""
    number, period = read_form(raw)
    if type_ and not measure:
        raise Unclear("--type goes together with --cases.")
    word = TYPES.find(type_) if type_ else None
    if type_ and not word:
        raise Unclear("--type takes one of {words}.", words=TYPES)
    with read(ctx) as ledger:
        scope = read_scope(ledger, period, point, as_of)
        if measure:
            _show_cases(ledger, scope, measure, word.code if word else None, json, csv)
            return
        found, uncertain = figures(ledger, scope), provisional(ledger, scope)
    if json:
        show_json(_document(number, scope, found, uncertain))
    elif number == 3:
        rows = list(_rows3(found))
        if sys.stdout.isatty():  # 80 columns are few
            rows = [row | {"name": row["name"].replace("其中:", "  "), "key": row["key"].replace("_", " ")} for row in rows]
        show(rows, _ROWS3 if language() == "zh" else _ROWS3_EN, as_csv=csv)
    else:
        _show6(found, csv)
    if sys.stdout.isatty() and not json and not csv:
        _show_rates(found)
    tell_unfinished(scope)
    if uncertain:
        tell(message("Overdue and on-time figures are provisional: the holiday notice they depend on is not known."))


def read_form(raw: Raw) -> tuple[int, str]:
    """The attachment's number, and the period as it was typed. Raises Unclear."""
    filled = fill(FIELDS, raw, False, today())
    if filled["form"] not in FORMS:
        raise Unclear("{form} is no form that can be made; it is one of {forms}.", form=filled["form"], forms=FORMS)
    return int(str(filled["form"])), str(filled["period"])


def read_scope(ledger: Ledger, period: str, point: str | None, as_of: str | None) -> Scope:
    """The figures that a command line asks for. Raises Unclear, or Refused for an unknown point."""
    day = day_option("--as-of", as_of, today()) if as_of else None
    read = parse_period(period, settings(ledger)["annual_period"], day)
    return Scope(read, day, points.find(ledger, point) if point is not None else None)


def tell_unfinished(scope: Scope) -> None:
    """Say that a period still goes on."""
    if scope.last > today():
        tell(message("The period is not over; what still happens in it is not in these figures."))


def _rate(value: Value) -> dict[str, Any]:
    return {"numerator": value.numerator, "denominator": value.denominator, "percent": value.percent}


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
        return head | {"rows": [_row6(found, column) for column in (*TYPES, TOTAL)]}
    values = [
        {"key": value.rate.key, "target": value.rate.target, **_rate(value), "met": value.met, "small_sample": value.small_sample}
        for value in rates(found, TOTAL)
    ]
    rows = [{key: value for key, value in row.items() if key != "rate"} for row in _rows3(found)]
    return head | {"rows": rows[: len(ATTACHMENT3)], "rates": values}


def _rows3(found: Figures) -> Iterator[dict[str, Any]]:
    for measure in ATTACHMENT3:
        row = {"code": measure.code, "key": measure.key, "name": measure.name, "unit": measure.unit}
        yield row | {column: _figure(measure, found[measure.key][column]) for column in COLUMNS}
    by_column = {column: rates(found, column) for column in COLUMNS}
    for place, rate in enumerate(RATES):
        row = {"code": "", "key": rate.key, "name": rate.name, "unit": "%"}
        yield row | {column: _percent(by_column[column][place]) for column in COLUMNS}


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
        name, formula = (rate.name, rate.formula) if language() == "zh" else (rate.key, rate.formula_en)
        print(f"{name} = {formula} = {value.numerator}/{value.denominator} = {percent}  {render(marks)}".rstrip())


def _row6(found: Figures, column: str) -> dict[str, Any]:
    values = {value.rate.key: _rate(value) for value in rates(found, column)}
    figure = {key: values[key] if key in values else _figure(MEASURES[key], found[key][column]) for key in ATTACHMENT6}
    return {"type": column, **figure}


def _show6(found: Figures, csv: bool) -> None:
    """A row per type as in the form; on a terminal, which is too narrow for 24 columns, a row per column of the form."""
    rows = []
    for column in (*TYPES, TOTAL):
        row = _row6(found, column)
        name = _BY_TYPE[COLUMNS.index(column)]
        shown = {value.rate.key: _percent(value) for value in rates(found, column)}
        rows.append(
            row | {key: text for key, text in shown.items() if key in row} | {"type": name.zh if language() == "zh" else name.en}
        )
    headings = {key: _NAMES[key] if language() == "zh" else key for key in ATTACHMENT6}
    if csv or not sys.stdout.isatty():
        show(rows, [Column("type", "类型", "type"), *(Column(key, text, text) for key, text in headings.items())], as_csv=csv)
        return
    turned = [
        {"key": text, **{column: row[key] for column, row in zip((*TYPES, TOTAL), rows, strict=True)}}
        for key, text in headings.items()
    ]
    show(turned, [Column("key", "指标", "measure", narrow=True), *_BY_TYPE])


def _show_cases(ledger: Ledger, scope: Scope, key: str, type_: str | None, json: bool, csv: bool) -> None:
    measure, found = cases(ledger, scope, key, type_)
    rows = [row | {"value": _figure(measure, row["value"])} for row in found]
    show(rows, _CASES, json, csv)
