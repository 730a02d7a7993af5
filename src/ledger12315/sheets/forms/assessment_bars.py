"""考核比率图: the rates of the station and of its points in figures, beside a chart. 三(五)6"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ledger12315.rules.rates import RATES, Rate
from ledger12315.sheets.forms.spec import (
    FormColumn,
    FormSheet,
    Record,
    Value,
    declared_columns,
    framed,
    table,
)

_ON_A_PAGE = 18
_FIRST = """
    对象    26 name left
    办结    6  closed right
"""


def assessment_bars(
    unit: str, when: str, judged: Sequence[Record], by: Sequence[Rate], note: str
) -> Iterator[FormSheet]:
    """Yield pages of some points each, the station above them; rates with a target are drawn."""
    whole = [_row(row) for row in judged if row["level"] == "station"]
    points = [_row(row) for row in judged if row["level"] == "point"]
    columns = (*declared_columns(_FIRST), *(FormColumn(r.name, 11, "right", r.key) for r in by))
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


def _row(row: Record) -> Mapping[str, Value]:
    percents = {rate.key: row[rate.key].percent for rate in RATES}
    figures = {key: Decimal(percent) if percent else None for key, percent in percents.items()}
    return {"name": row["name"] or "全所", "closed": row["closed"], **figures}
