"""附件2: the register, in order of receipt; void entries stand in it and count for nothing. Source: 三(四)4, domain 6.2."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ledger12315.rules.periods import Period
from ledger12315.rules.workdays import ONE_DAY, Calendar
from ledger12315.sheets.spec import Cell, Column, Row, Sheet, Value
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


class _Worked(dict[str, int]):
    """For each ISO day the working days up to it from `first` on: for many thousands of spans each day is looked at once."""

    def __init__(self, calendar: Calendar, first: date) -> None:
        self.calendar, self.next, self.count = calendar, first, 0

    def __missing__(self, day: str) -> int:
        while self.next.isoformat() <= day:
            self.count += self.calendar.working(self.next)
            self[self.next.isoformat()] = self.count
            self.next += ONE_DAY
        return self[day]


def form(unit: str, period: Period, complaints: Iterable[Mapping[str, Any]], calendar: Calendar, one_point: bool) -> tuple[Sheet]:
    """Of docket's rows received in the period; a station's register names the point too."""
    sheet = Sheet(
        name="附件2",
        title="“消费维权服务点”受理和处理消费者投诉登记簿",
        left=f"填报单位:{unit}",
        right=("表号:附件2", f"报告期:{period.title}"),
        columns=_COLUMNS if one_point else (*_COLUMNS, _POINT),
        rows=_rows(complaints, _Worked(calendar, period.first), one_point),
        signatures=(("单位负责人(盖章):", "审核人:", "填表人:", "联系电话:", "填报日期:"),),
        notes=(
            "用时为受理次日起至办结之日的工作日数;按时指在5个工作日内办结或报请工商所。",
            "合计行:登记编号、办结日期、是否按时栏下分别为受理、办结、按时的件数;作废的登记不计入。",
        ),
        landscape=True,
        row_height=18,
    )
    return (sheet,)


def _rows(complaints: Iterable[Mapping[str, Any]], worked: Mapping[str, int], one_point: bool) -> Iterator[Row]:
    sums = Counter[str]()
    for number, row in enumerate(complaints, 1):
        line = _void(row) if row["voided"] else _line(row, worked, sums)
        yield number, row["number"], row["received"], *line, *(() if one_point else (row["point_name"],))
    yield tuple(Cell(value, name, bold=True) for value, name in _total(sums, one_point))


def _void(row: Mapping[str, Any]) -> tuple[Value, ...]:
    return *(None,) * 8, STATES["void"].zh, *(None,) * 7, joined(row["voided"], row["void_reason"])


def _line(row: Mapping[str, Any], worked: Mapping[str, int], sums: Counter[str]) -> tuple[Value, ...]:
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
        worked[closed] - worked[row["received"]] if closed else None,
        f"{'是' if on_time else '否'}{'(暂定)' if row['provisional'] else ''}" if closed else None,
        RATINGS[row["rating"]].zh if row["rating"] else None,
        row["handler"],
        row["archive_no"],
        joined(row["remark"], f"{escalated}报请工商所:{row['escalation_reason']}" if escalated else ""),
    )


def _total(sums: Counter[str], one_point: bool) -> Iterator[tuple[Value, str]]:
    named: dict[int, tuple[Value, str]] = {
        0: ("合计", ""),
        1: (sums["received"], "A2_received"),
        10: (Decimal(sums["disputed"]) / 100, "A2_disputed"),
        12: (Decimal(sums["recovered"]) / 100, "A2_recovered"),
        13: (sums["closed"], "A2_closed"),
        15: (sums["on_time"], "A2_closed_on_time"),
    }
    return (named.get(place, (None, "")) for place in range(len(_COLUMNS) + (not one_point)))
