"""考核评价表: points, officers and the station, judged over a period. Source: 三(五)6, 三(五)8."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from ledger12315.boxes.kinds import DAY
from ledger12315.rules.assessment import LACKING
from ledger12315.rules.rates import RATES, Rate, RateValue
from ledger12315.sheets.forms import spec
from ledger12315.sheets.forms.spec import (
    SIGNED,
    Fields,
    FormColumn,
    FormSheet,
    declared_columns,
    framed,
    table,
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


def assessment_form(unit: str, when: str, rows: Iterable[Fields]) -> Iterator[FormSheet]:
    """Yield the form of the rows from the ledger's assessment; the last is the station."""
    judged = list(rows)
    by = [judged[-1][rate.key].rate for rate in RATES]
    first = DAY.printed(judged[0]["rates_from"])
    of_a_year = f"服务点的比率和名次合并计算一年，自{first}起；其余各栏为本期。"
    columns = (
        *declared_columns(_COLUMNS_BEFORE_RATES),
        *map(_rate_column, by),
        *declared_columns(_COLUMNS_AFTER_RATES),
    )
    yield FormSheet(
        **framed("考核评价表", unit, when),
        title="12315消费维权服务点考核评价表",
        columns=columns,
        rows=tuple(table(columns, map(_assessed_row, judged))),
        signatures=SIGNED,
        notes=tuple(_assessment_notes(by, of_a_year)),
        landscape=True,
    )
    yield from _bars(unit, when, judged, by, of_a_year)


def _rate_column(rate: Rate) -> FormColumn:
    target = f"（目标{rate.target}%）" if rate.target else ""
    return FormColumn(f"{rate.name}{target}", 11, key=rate.key)


def _assessed_row(row: Fields) -> Mapping[str, spec.CellValue]:
    lacks = "、".join(LACKING[code].zh for code in row["why"].split(",")) if row["why"] else ""
    late = f"（逾期{row['returns_late']}）" if row["returns_late"] else ""
    level = DEMONSTRATION[row["demonstration"] or "none"].zh
    return {
        **row,
        "level": _LEVEL_NAMES[row["level"]],
        **{rate.key: _rate(row[rate.key]) for rate in RATES},
        "visits": f"{row['visits']}/{row['visits_owed']}",
        "name": row["name"] or ("（缺联系人）" if row["level"] == "officer" else None),
        "returns": f"{row['returns_made']}/{row['returns_due']}{late}",
        "conditions": f"{row['conditions_met']}/{row['conditions_inspected']}",
        "demonstration": level if row["level"] == "point" else None,
        "verdict": "候选" if row["candidate"] else lacks,
    }


def _rate(value: RateValue) -> str:
    """Return a rate, its sums, and its limits, such as a small sample."""
    if not value.percent:
        return "—"
    shown = f"{value.percent}%\n({value.numerator}/{value.denominator})"
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
    unit: str, when: str, judged: Sequence[Fields], by: Sequence[Rate], note: str
) -> Iterator[FormSheet]:
    """Yield pages of some points each, below the station; rates with a target are drawn."""
    whole = [_chart_row(row) for row in judged if row["level"] == "station"]
    points = [_chart_row(row) for row in judged if row["level"] == "point"]
    columns = (
        *declared_columns(_CHART_COLUMNS),
        *(FormColumn(r.name, 11, "right", r.key) for r in by),
    )
    targets = {rate.key: rate for rate in by if rate.target}
    told = "、".join(f"{rate.name}{rate.target}%" for rate in targets.values())
    for start in range(0, len(points), _ON_A_PAGE):
        rows = [*whole, *points[start : start + _ON_A_PAGE]]
        yield FormSheet(
            **framed("考核评价表", unit, when) | {"name": "考核比率图"},
            title="12315消费维权服务点考核比率图",
            columns=columns,
            rows=tuple(table(columns, rows)),
            bars=tuple(place for place, each in enumerate(columns) if each.key in targets),
            notes=(
                f"单位为%，空白为没有此类件。目标：{told or '无'}。样本过小的见考核评价表。",
                note,
            ),
            landscape=True,
            fits="",
            row_height=18,
        )


def _chart_row(row: Fields) -> Mapping[str, spec.CellValue]:
    percents = {rate.key: row[rate.key].percent for rate in RATES}
    figures = {key: Decimal(percent) if percent else None for key, percent in percents.items()}
    return {"name": row["name"] or "全所", "closed": row["closed"], **figures}
