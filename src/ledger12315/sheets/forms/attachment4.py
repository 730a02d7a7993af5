"""附件4: one point as it stood on a day, on a page of its own. Source: 三(五)7, domain 6.4."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ledger12315.sheets.forms.spec import Box, FormSheet, Line, framed
from ledger12315.sheets.forms.values import boxed, change, joined, status
from ledger12315.words import CONDITIONS, DEMONSTRATION, ELIGIBILITY, TERMS

_LIAISON = {
    "name": ("姓名", 3),
    "terms": ("专/兼职", 2),
    "phone": ("电话", 4),
    "badge": ("胸卡号", 3),
    "since": ("任职日期", 3),
}
_CONDITION = (("条件", 5), ("检查结果", 2), ("检查日期", 3), ("检查人", 2), ("备注", 3))


def attachment4(unit: str, when: str, points: Iterable[Mapping[str, Any]]) -> Iterator[FormSheet]:
    """A page for each of the directory's profiles."""
    for row in points:
        yield FormSheet(
            **framed("附件4", unit, when),
            title="“消费维权服务点”信息登记表",
            boxes=tuple(_boxes(row)),
            fits="",
            signatures=(
                ("服务点（盖章）：", "工商所（盖章）：", "县局12315服务台（盖章）："),
                ("负责人：", "联系人：", "备案号："),
                ("日期：", "日期：", f"备案日期：{row['filed'] or ''}"),
            ),
        )


def _boxes(row: Mapping[str, Any]) -> Iterator[Line]:
    box = partial(boxed, row)
    level = joined(DEMONSTRATION[row["demonstration"]].zh, row["demonstration_since"])
    officer = row["officer"] or dict.fromkeys(_LIAISON)
    changes = [f"{day} {change(*rest)}" for day, *rest in row["changes"]]
    yield Line((box("名称", "name", 6), box("服务点编号", "code", 5)))
    yield Line((box("类型", "type", 6), box("依托经营者", "host", 5)))
    yield Line((box("地址", "address", 13),))
    yield Line(
        (box("营业面积", "area", 3), box("注册资金", "capital", 3), box("营业额", "turnover", 3))
    )
    yield Line(
        (box("固定摊位", "stalls", 3), box("景区等级", "grade", 3), box("行业", "sector", 3))
    )
    yield Line(
        (Box("设置依据", ELIGIBILITY[row["eligibility"]].zh, 6), box("设立日期", "since", 5))
    )
    yield Line((box("认定理由", "judgement", 13),))
    yield Line((Box("示范级别", level, 6), Box("状态", status(row), 5)))
    yield Line(
        tuple(Box("", label, span, heads=True) for label, span in _LIAISON.values()), "联络员"
    )
    for each in row["liaisons"] or [dict.fromkeys(_LIAISON)]:
        person = {**each, "terms": TERMS[each["terms"]].zh if each["terms"] else None}
        yield Line(
            tuple(Box("", person[key], span) for key, (_, span) in _LIAISON.items()), "联络员"
        )
    yield Line(
        (
            Box("工商所联系人", officer["name"], 3),
            Box("联系电话", officer["phone"], 3),
            Box("任职日期", officer["since"], 3),
        ),
    )
    yield Line(tuple(Box("", label, span, heads=True) for label, span in _CONDITION), "设置条件")
    for code, condition in CONDITIONS.items():
        found = row["conditions"][code]
        told = (
            ("达标" if found.met else "未达标", found.day, found.inspector, found.remark)
            if found
            else ("未检查", "", "", "")
        )
        values = zip((condition.zh, *told), _CONDITION, strict=True)
        yield Line(tuple(Box("", value, span) for value, (_, span) in values), "设置条件")
    yield Line((Box("变更记录", "\n".join(changes), 13),))
