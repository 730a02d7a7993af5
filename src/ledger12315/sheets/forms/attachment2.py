"""附件2: the register, in order of receipt; void entries stand in it and count for nothing. Source: 三(四)4, domain 6.2."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from ledger12315.rules.periods import Period
from ledger12315.rules.workdays import Calendar
from ledger12315.sheets.forms.spec import SIGNED, Cell, FormColumn, FormSheet, Value, framed, table
from ledger12315.sheets.forms.values import joined
from ledger12315.words import OUTCOMES, PROBLEMS, RATINGS, SOURCES, STATES, TYPES

_COLUMNS = (
    FormColumn("序号", 5, key="place"),
    FormColumn("登记编号", 11, key="number"),
    FormColumn("受理日期", 11, key="received"),
    FormColumn("来源", 8, key="source"),
    FormColumn("投诉人", 8, key="complainant"),
    FormColumn("联系电话", 13, key="phone"),
    FormColumn("被投诉经营者", 14, "left", "respondent"),
    FormColumn("类型", 5, key="type"),
    FormColumn("商品/服务名称", 12, "left", "item"),
    FormColumn("问题类别", 8, key="problem"),
    FormColumn("争议金额", 12, "right", "disputed"),
    FormColumn("处理结果", 10, key="outcome"),
    FormColumn("挽回经济损失", 12, "right", "recovered"),
    FormColumn("办结日期", 11, key="closed"),
    FormColumn("用时（工作日）", 8, key="used"),
    FormColumn("是否按时", 6, key="on_time"),
    FormColumn("消费者评价", 8, key="rating"),
    FormColumn("经办人", 8, key="handler"),
    FormColumn("归档号", 8, key="archive_no"),
    FormColumn("备注", 18, "left", "remark"),
)
_POINT = FormColumn("服务点", 12, "left", "point_name")
KEYS = (
    *(
        column.key
        for column in (*_COLUMNS, _POINT)
        if column.key not in ("place", "used", "on_time")
    ),
    *("referral_no", "escalated", "escalation_reason", "voided", "void_reason"),
)
"""What the register needs of docket's rows, besides `due` and `provisional`."""


def attachment2(
    unit: str,
    period: Period,
    rows: Iterable[Mapping[str, Any]],
    calendar: Calendar,
    one_point: bool,
) -> Iterator[FormSheet]:
    """Of docket's rows received in the period; a station's register names the point too."""

    @cache  # of many thousands of spans most are the same
    def worked(received: str, closed: str) -> int:
        return calendar.count(date.fromisoformat(received), date.fromisoformat(closed))

    columns = _COLUMNS if one_point else (*_COLUMNS, _POINT)
    yield FormSheet(
        **framed("附件2", unit, f"报告期：{period.title}"),
        title="“消费维权服务点”受理和处理消费者投诉登记簿",
        columns=columns,
        rows=table(columns, _lines(rows, worked)),
        signatures=SIGNED,
        notes=(
            "用时为受理次日起至办结之日的工作日数；按时指在5个工作日内办结或报请工商所。",
            "合计行：登记编号、办结日期、是否按时栏下分别为受理、办结、按时的件数；作废的登记不计入。",
        ),
        landscape=True,
        row_height=18,
    )


def _lines(
    rows: Iterable[Mapping[str, Any]], worked: Callable[[str, str], int]
) -> Iterator[Mapping[str, Cell | Value]]:
    sums = Counter[str]()
    for row in rows:
        yield _void(row) if row["voided"] else _line(row, worked, sums)
    total = {
        "place": Cell("合计"),
        "number": Cell(sums["received"], "A2_received"),
        "disputed": Cell(Decimal(sums["disputed"]) / 100, "A2_disputed"),
        "recovered": Cell(Decimal(sums["recovered"]) / 100, "A2_recovered"),
        "closed": Cell(sums["closed"], "A2_closed"),
        "on_time": Cell(sums["on_time"], "A2_closed_on_time"),
    }
    yield {
        column.key: total.get(column.key, Cell(None))._replace(bold=True)
        for column in (*_COLUMNS, _POINT)
    }


def _void(row: Mapping[str, Any]) -> Mapping[str, Value]:
    kept = {key: row[key] for key in ("number", "received", "point_name")}
    return kept | {
        "outcome": STATES["void"].zh,
        "remark": joined(row["voided"], row["void_reason"]),
    }


def _line(
    row: Mapping[str, Any], worked: Callable[[str, str], int], sums: Counter[str]
) -> Mapping[str, Value]:
    closed, escalated = row["closed"], row["escalated"]
    on_time = bool(closed) and min(closed, escalated or closed) <= row["due"].isoformat()
    sums.update(received=1, disputed=row["disputed"])
    if closed:
        sums.update(closed=1, on_time=int(on_time), recovered=row["recovered"])
    return {
        **row,
        "source": SOURCES[row["source"]].zh,
        "type": TYPES[row["type"]].zh,
        "problem": PROBLEMS[row["problem"]].zh,
        "disputed": Decimal(row["disputed"]) / 100,
        "outcome": OUTCOMES[row["outcome"]].zh if closed else STATES["open"].zh,
        "recovered": Decimal(row["recovered"]) / 100 if closed else None,
        "used": worked(row["received"], closed) if closed else None,
        "on_time": f"{'是' if on_time else '否'}{'（暂定）' if row['provisional'] else ''}"
        if closed
        else None,
        "rating": RATINGS[row["rating"]].zh if row["rating"] else None,
        "remark": joined(
            f"分流单号：{row['referral_no']}" if row["referral_no"] else "",
            row["remark"],
            f"{escalated}报请工商所：{row['escalation_reason']}" if escalated else "",
        ),
    }
