"""抄告通知书, and what an interview 约谈 is called by: the cases against one operator, laid before it. Source: 三(五)2."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ledger12315.sheets.forms.spec import FormColumn, FormSheet, Value, table
from ledger12315.words import OUTCOMES, PROBLEMS, STATES

_TITLES = {"notice": "抄告通知书", "interview": "约谈通知书"}
_COLUMNS = (
    FormColumn("序号", 5, key="place"),
    FormColumn("登记编号", 11, key="number"),
    FormColumn("受理日期", 11, key="received"),
    FormColumn("商品/服务名称", 20, "left", "item"),
    FormColumn("问题类别", 9, key="problem"),
    FormColumn("争议金额", 12, "right", "disputed"),
    FormColumn("处理结果", 14, "left", "outcome"),
)
_ASKED = {
    "notice": "现将有关投诉抄告你单位。请对照所列投诉查找原因，妥善处理尚未办结的投诉，规范经营行为，并将整改情况书面报送我所。",
    "interview": "现约请你单位负责人就有关投诉接受约谈，说明情况和原因。请妥善处理尚未办结的投诉，规范经营行为。",
}


def advisory_notice(unit: str, notices: Iterable[Mapping[str, Any]]) -> Iterator[FormSheet]:
    """A page for each of supervision's notices with their cases."""
    for row in notices:
        kind, cases = row["kind"], row["cases"]
        yield FormSheet(
            name=_TITLES[kind],
            title=_TITLES[kind],
            left="",
            right=(f"编号：{row['id']}",),
            prose=(
                f"{row['respondent']}：",
                f"    {row['quarter'].title}（截至{row['day']}），{row['point_name']}受理消费者对你单位的投诉{len(cases)}件"
                "（见下表）。"
                f"根据《加强12315建设方案》三(五)2关于对消费者投诉较多的经营者发出抄告通知书或实行约谈的规定，{_ASKED[kind]}",
                *((f"    {row['text']}",) if row["text"] else ()),
            ),
            columns=_COLUMNS,
            fits="",
            rows=tuple(table(_COLUMNS, map(_row, cases))),
            signatures=(
                ("", f"{unit}（盖章）"),
                ("", row["day"]),
                ("签收人：", "签收日期："),
                ("整改情况：", ""),
            ),
        )


def _row(case: Mapping[str, Any]) -> Mapping[str, Value]:
    outcome = OUTCOMES[case["outcome"]].zh if case["outcome"] else STATES["open"].zh
    problem, disputed = PROBLEMS[case["problem"]].zh, Decimal(case["disputed"]) / 100
    return {**case, "problem": problem, "disputed": disputed, "outcome": outcome}
