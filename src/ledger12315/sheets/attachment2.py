"""附件2: the register, in order of receipt; void entries stand in it and count for nothing. Source: 三(四)4, domain 6.2."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from ledger12315.rules.periods import Period
from ledger12315.rules.workdays import Calendar
from ledger12315.sheets.spec import SIGNED, Cell, Column, Row, Sheet, Value
from ledger12315.sheets.values import joined
from ledger12315.words import OUTCOMES, PROBLEMS, RATINGS, SOURCES, STATES, TYPES

_COLUMNS = (
    Column("序号", 5),
    Column("登记编号", 11),
    Column("受理日期", 11),
    Column("来源", 8),
    Column("投诉人", 8),
    Column("联系电话", 13),
    Column("被投诉经营者", 14, "left"),
    Column("类型", 5),
    Column("商品/服务名称", 12, "left"),
    Column("问题类别", 8),
    Column("争议金额", 12, "right"),
    Column("处理结果", 10),
    Column("挽回经济损失", 12, "right"),
    Column("办结日期", 11),
    Column("用时(工作日)", 8),
    Column("是否按时", 6),
    Column("消费者评价", 8),
    Column("经办人", 8),
    Column("归档号", 8),
    Column("备注", 18, "left"),
)
_POINT = Column("服务点", 12, "left")
KEYS = (
    *("number", "received", "source", "complainant", "phone", "respondent", "type", "item", "problem", "disputed"),
    *("outcome", "recovered", "closed", "rating", "handler", "archive_no", "remark"),
    *("escalated", "escalation_reason", "voided", "void_reason", "point_name"),
)
"""What the register needs of docket's rows, besides `due` and `provisional`."""


def form(unit: str, period: Period, rows: Iterable[Mapping[str, Any]], calendar: Calendar, one_point: bool) -> Iterator[Sheet]:
    """Of docket's rows received in the period; a station's register names the point too."""

    @cache  # of many thousands of spans most are the same
    def worked(received: str, closed: str) -> int:
        return calendar.count(date.fromisoformat(received), date.fromisoformat(closed))

    yield Sheet(
        name="附件2",
        title="“消费维权服务点”受理和处理消费者投诉登记簿",
        left=f"填报单位:{unit}",
        right=("表号:附件2", f"报告期:{period.title}"),
        columns=_COLUMNS if one_point else (*_COLUMNS, _POINT),
        rows=_rows(rows, worked, one_point),
        signatures=SIGNED,
        notes=(
            "用时为受理次日起至办结之日的工作日数;按时指在5个工作日内办结或报请工商所。",
            "合计行:登记编号、办结日期、是否按时栏下分别为受理、办结、按时的件数;作废的登记不计入。",
        ),
        landscape=True,
        row_height=18,
    )


def _rows(rows: Iterable[Mapping[str, Any]], worked: Callable[[str, str], int], one_point: bool) -> Iterator[Row]:
    sums = Counter[str]()
    for number, row in enumerate(rows, 1):
        line = _void(row) if row["voided"] else _line(row, worked, sums)
        yield number, row["number"], row["received"], *line, *(() if one_point else (row["point_name"],))
    total = {
        0: Cell("合计", bold=True),
        1: Cell(sums["received"], "A2_received", True),
        10: Cell(Decimal(sums["disputed"]) / 100, "A2_disputed", True),
        12: Cell(Decimal(sums["recovered"]) / 100, "A2_recovered", True),
        13: Cell(sums["closed"], "A2_closed", True),
        15: Cell(sums["on_time"], "A2_closed_on_time", True),
    }
    yield tuple(total.get(place, Cell(None, bold=True)) for place in range(len(_COLUMNS) + (not one_point)))


def _void(row: Mapping[str, Any]) -> tuple[Value, ...]:
    return *(None,) * 8, STATES["void"].zh, *(None,) * 7, joined(row["voided"], row["void_reason"])


def _line(row: Mapping[str, Any], worked: Callable[[str, str], int], sums: Counter[str]) -> tuple[Value, ...]:
    closed, escalated = row["closed"], row["escalated"]
    on_time = bool(closed) and min(closed, escalated or closed) <= row["due"].isoformat()
    sums.update(received=1, disputed=row["disputed"])
    if closed:
        sums.update(closed=1, on_time=int(on_time), recovered=row["recovered"])
    return (
        SOURCES[row["source"]].zh,
        row["complainant"],
        row["phone"],
        row["respondent"],
        TYPES[row["type"]].zh,
        row["item"],
        PROBLEMS[row["problem"]].zh,
        Decimal(row["disputed"]) / 100,
        OUTCOMES[row["outcome"]].zh if closed else STATES["open"].zh,
        Decimal(row["recovered"]) / 100 if closed else None,
        closed,
        worked(row["received"], closed) if closed else None,
        f"{'是' if on_time else '否'}{'(暂定)' if row['provisional'] else ''}" if closed else None,
        RATINGS[row["rating"]].zh if row["rating"] else None,
        row["handler"],
        row["archive_no"],
        joined(row["remark"], f"{escalated}报请工商所:{row['escalation_reason']}" if escalated else ""),
    )
