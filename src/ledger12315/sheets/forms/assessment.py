"""考核评价表: points, officers and the station, judged over a period. Source: 三(五)6, 三(五)8."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger12315.rules import rates
from ledger12315.rules.assessment import LACKING
from ledger12315.sheets.forms.spec import SIGNED, FormColumn, FormSheet, Value, framed, table
from ledger12315.words import DEMONSTRATION

_LEVELS = {"point": "服务点", "officer": "联系人", "station": "全所"}
_COLUMNS = (
    FormColumn("名次", 5, key="rank"),
    FormColumn("对象", 7, key="level"),
    FormColumn("编号", 7, key="code"),
    FormColumn("名称", 18, "left", "name"),
    FormColumn("办结", 6, key="closed"),
    *(
        FormColumn(
            f"{rate.name}{f'（目标{rate.target}%）' if rate.target else ''}", 11, key=rate.key
        )
        for rate in rates.RATES
    ),
    FormColumn("超期未结", 5, key="overdue_end"),
    FormColumn("走访（月）", 7, key="visits"),
    FormColumn("报表", 7, key="returns"),
    FormColumn("设置条件", 7, key="conditions"),
    FormColumn("示范级别", 6, key="demonstration"),
    FormColumn("示范候选或欠缺", 26, "left", "verdict"),
)


def assessment_form(unit: str, when: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[FormSheet]:
    """Of the rows that the ledger's assessment gives."""
    yield FormSheet(
        **framed("考核评价表", unit, when),
        title="12315消费维权服务点考核评价表",
        columns=_COLUMNS,
        rows=tuple(table(_COLUMNS, map(_row, rows))),
        signatures=SIGNED,
        notes=tuple(_notes()),
        landscape=True,
    )


def _row(row: Mapping[str, Any]) -> Mapping[str, Value]:
    lacks = "、".join(LACKING[code].zh for code in row["why"].split(",")) if row["why"] else ""
    return {
        **row,
        "level": _LEVELS[row["level"]],
        **{rate.key: _rate(row[rate.key]) for rate in rates.RATES},
        "visits": f"{row['visits']}/{row['visits_owed']}",
        "returns": f"{row['returns_made']}/{row['returns_due']}",
        "conditions": f"{row['conditions_met']}/{row['conditions_inspected']}",
        "demonstration": DEMONSTRATION[row["demonstration"] or "none"].zh
        if row["level"] == "point"
        else None,
        "verdict": "候选" if row["candidate"] else lacks,
    }


def _rate(value: rates.Value) -> str:
    """With numerator and denominator; × marks a missed target, * a small sample."""
    marks = ("×" if value.met is False else "") + ("*" if value.small_sample else "")
    return (
        f"{value.percent}%{marks}\n({value.numerator}/{value.denominator})"
        if value.percent
        else "—"
    )


def _notes() -> Iterator[str]:
    for rate in rates.RATES:
        target = f"；目标{rate.target}%，不足{rate.enough}例为样本过小" if rate.target else ""
        yield f"{rate.name}={rate.formula}{target}。"
    yield "×为未达目标，*为样本过小；样本过小的比率不参加名次。"
    yield "走访为有走访的月数/应走访的月数，报表为已报/应报，设置条件为达标/已检查。"
