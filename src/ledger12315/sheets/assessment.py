"""考核评价表: points, officers and the station, judged over a period. Source: 三(五)6, 三(五)8."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger12315.rules.assessment import LACKING
from ledger12315.rules.rates import RATES, Value
from ledger12315.sheets.spec import SIGNED, Column, Row, Sheet
from ledger12315.words import DEMONSTRATION

_LEVELS = {"point": "服务点", "officer": "联系人", "station": "全所"}
_COLUMNS = (
    Column("名次", 5),
    Column("对象", 7),
    Column("编号", 7),
    Column("名称", 18, "left"),
    Column("办结", 6),
    *(Column(f"{rate.name}{f'(目标{rate.target}%)' if rate.target else ''}", 11) for rate in RATES),
    Column("超期未结", 5),
    Column("走访(月)", 7),
    Column("报表", 7),
    Column("设置条件", 7),
    Column("示范级别", 6),
    Column("示范候选或欠缺", 26, "left"),
)


def form(unit: str, when: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Sheet]:
    """Of the rows that the ledger's assessment gives."""
    yield Sheet(
        name="考核评价表",
        title="12315消费维权服务点考核评价表",
        left=f"填报单位:{unit}",
        right=("表号:考核评价表", when),
        columns=_COLUMNS,
        rows=tuple(_row(row) for row in rows),
        signatures=SIGNED,
        notes=tuple(_notes()),
        landscape=True,
    )


def _row(row: Mapping[str, Any]) -> Row:
    lacks = "、".join(LACKING[code].zh for code in row["why"].split(",")) if row["why"] else ""
    return (
        row["rank"],
        _LEVELS[row["level"]],
        row["code"],
        row["name"],
        row["closed"],
        *(_rate(row[rate.key]) for rate in RATES),
        row["overdue_end"],
        f"{row['visits']}/{row['visits_owed']}",
        f"{row['returns_made']}/{row['returns_due']}",
        f"{row['conditions_met']}/{row['conditions_inspected']}",
        DEMONSTRATION[row["demonstration"] or "none"].zh if row["level"] == "point" else None,
        "候选" if row["candidate"] else lacks,
    )


def _rate(value: Value) -> str:
    """With numerator and denominator; × marks a missed target, * a small sample."""
    marks = ("×" if value.met is False else "") + ("*" if value.small_sample else "")
    return f"{value.percent}%{marks}\n({value.numerator}/{value.denominator})" if value.percent else "—"


def _notes() -> Iterator[str]:
    for rate in RATES:
        target = f";目标{rate.target}%,不足{rate.enough}例为样本过小" if rate.target else ""
        yield f"{rate.name}={rate.formula}{target}。"
    yield "×为未达目标,*为样本过小;样本过小的不参加名次。走访为有走访的月数/应走访的月数,报表为已报/应报,设置条件为达标/已检查。"
