"""考核评价表: points, officers and the station, judged over a period. Source: 三(五)6, 三(五)8."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from ledger12315.boxes.kinds import DAY
from ledger12315.rules.assessment import LACKING, Assessed
from ledger12315.rules.rates import Rate, RateValue
from ledger12315.sheets.forms import spec
from ledger12315.sheets.forms.notes import percent, percent_and_sums
from ledger12315.sheets.forms.spec import (
    SIGNED,
    FormColumn,
    FormSheet,
    declared_columns,
    table_rows,
    title_and_head,
)
from ledger12315.words import DEMONSTRATION

_LEVEL_NAMES = {"point": "服务点", "officer": "联系人", "station": "全所"}
_COLUMNS_BEFORE_RATES = """
    名次      5  rank
    对象      7  level
    编号      7  code
    名称      16 name left
    办结      6  closed
"""
_COLUMNS_AFTER_RATES = """
    超期未结          5  overdue_end
    走访（月）        7  visits
    报表              7  returns
    设置条件          7  conditions
    示范级别          6  demonstration
    示范候选或欠缺    40 verdict left
"""
# 考核比率图, beside its chart.
_CHART_COLUMNS = """
    对象    26 name left
    办结    6  closed right
"""
_ON_A_PAGE = 18


def assessment_form(unit: str, when: str, judged: Sequence[Assessed]) -> Iterator[FormSheet]:
    """Yield the form of the ledger's assessment; the last is the station."""
    by = [value.rate for value in judged[-1].rates]
    first = DAY.printed(judged[0].rates_from)
    of_a_year = f"服务点的比率和名次合并计算一年，自{first}起；其余各栏为本期。"
    columns = (
        *declared_columns(_COLUMNS_BEFORE_RATES),
        *map(_rate_column, by),
        *declared_columns(_COLUMNS_AFTER_RATES),
    )
    yield FormSheet(
        **title_and_head("考核评价表", unit, when),
        title="12315消费维权服务点考核评价表",
        columns=columns,
        rows=tuple(table_rows(columns, map(_line_of_assessed, judged))),
        signatures=SIGNED,
        notes=tuple(_assessment_notes(by, of_a_year)),
        landscape=True,
    )
    yield from _bars(unit, when, judged, by, of_a_year)


def _rate_column(rate: Rate) -> FormColumn:
    target = f"（目标{rate.target}%）" if rate.target else ""
    return FormColumn(f"{rate.name}{target}", 11, key=rate.key)


def _line_of_assessed(each: Assessed) -> Mapping[str, spec.CellValue]:
    lacks = "、".join(LACKING[code].zh for code in each.why.split(",")) if each.why else ""
    late = f"（逾期{each.returns_late}）" if each.returns_late else ""
    level = DEMONSTRATION[each.demonstration or "none"].zh
    return {
        "rank": each.rank,
        "level": _LEVEL_NAMES[each.level],
        "code": each.code,
        "name": each.name or ("（缺联系人）" if each.level == "officer" else None),
        "closed": each.closed,
        **{value.rate.key: _rate_text(value) for value in each.rates},
        "overdue_end": each.overdue_end,
        "visits": f"{each.visits}/{each.visits_owed}",
        "returns": f"{each.returns_made}/{each.returns_due}{late}",
        "conditions": f"{each.conditions_met}/{each.conditions_inspected}",
        "demonstration": level if each.level == "point" else None,
        "verdict": "候选" if each.candidate else lacks,
    }


def _rate_text(value: RateValue) -> str:
    """Return a rate, its sums, and its limits, such as a small sample."""
    if not value.denominator:
        return percent(value)
    shown = percent_and_sums(value)
    if value.small_sample:
        return f"{shown}\n样本过小"
    return f"{shown}\n未达标" if value.met is False else shown


def _assessment_notes(by: Iterable[Rate], of_a_year: str) -> Iterator[str]:
    for rate in by:
        target = f"；目标{rate.target}%，不足{rate.enough}例为样本过小" if rate.target else ""
        yield f"{rate.name}={rate.formula}{target}。"
    yield of_a_year
    yield "样本过小的比率不判定是否达标，也不参加名次。"
    yield "走访为有走访的月数/应走访的月数，报表为已报/应报，设置条件为达标/已检查。"


def _bars(
    unit: str, when: str, judged: Sequence[Assessed], by: Sequence[Rate], note: str
) -> Iterator[FormSheet]:
    """Yield pages with the station and some points each; rates with a target become bars."""
    whole = [_chart_row(each) for each in judged if each.level == "station"]
    points = [_chart_row(each) for each in judged if each.level == "point"]
    columns = (
        *declared_columns(_CHART_COLUMNS),
        *(FormColumn(r.name, 11, "right", r.key) for r in by),
    )
    targets = {rate.key: rate for rate in by if rate.target}
    texts = "、".join(f"{rate.name}{rate.target}%" for rate in targets.values())
    for start in range(0, len(points), _ON_A_PAGE):
        rows = [*whole, *points[start : start + _ON_A_PAGE]]
        yield FormSheet(
            **title_and_head("考核评价表", unit, when) | {"name": "考核比率图"},
            title="12315消费维权服务点考核比率图",
            columns=columns,
            rows=tuple(table_rows(columns, rows)),
            bars=tuple(place for place, each in enumerate(columns) if each.key in targets),
            notes=(
                f"单位为%，空白为没有此类件。目标：{texts or '无'}。样本过小的见考核评价表。",
                note,
            ),
            landscape=True,
            fits="",
            row_height=18,
        )


def _chart_row(each: Assessed) -> Mapping[str, spec.CellValue]:
    percents = {value.rate.key: value.percent for value in each.rates}
    figures = {key: Decimal(percent) if percent else None for key, percent in percents.items()}
    return {"name": each.name or "全所", "closed": each.closed, **figures}
