"""附件4: one point as it was on a day, on its own page. Source: 三(五)7."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import FEN_PER_WAN
from ledger12315.renamed import in_year_words
from ledger12315.rules.profile import Contact, Finding, Profile
from ledger12315.sheets.forms.spec import (
    FormBox,
    FormSheet,
    Line,
    change_in_words,
    chinese_of,
    fill_layout,
    join_parts,
    status,
    title_and_head,
)
from ledger12315.words import CONDITIONS, DEMONSTRATION, ELIGIBILITY, PARTICULARS, TERMS

_LAYOUT_OF_POINT = """
            名称 name                       服务点编号 code
            类型 type                       行业 sector
            依托经营者 host                 负责人 principal
            地址 address
            社会信用代码 credit_code        固定电话 phone
            营业面积 area                   注册资金 funds                  营业额 sales
            固定摊位 stalls                 景区等级 grade                  示范级别 level
            设置依据 basis                  设立日期 since                  状态 state
            认定理由 judgement
"""
_OFFICER = """
            工商所联系人 name               联系电话 phone                  任职日期 since
"""
# Heading -> how many columns it takes.
_LIAISON_COLUMNS = {"姓名": 3, "专/兼职": 2, "电话": 4, "胸卡号": 3, "任职日期": 3}
_CONDITION = {"条件": 8, "检查结果": 2, "检查日期": 3, "检查人": 2}
NO_POINT = Profile._make([None] * len(Profile._fields))._replace(
    liaisons=(), conditions={}, changes=()
)
"""An empty point, for a blank form."""
_NOBODY = Contact._make([None] * len(Contact._fields))


def attachment4(unit: str, when: str, points: Iterable[Profile]) -> Iterator[FormSheet]:
    """Yield a page for each of the points' profiles."""
    for point in points:
        yield FormSheet(
            **title_and_head("附件4", unit, when),
            title="“消费维权服务点”信息登记表",
            subject=f"服务点：{point.name}",
            boxes=tuple(_form_lines(point)),
            fits="",
            signatures=(
                (
                    "服务点（盖章）：",
                    f"{in_year_words('工商所')}（盖章）：",
                    "县局12315服务台（盖章）：",
                ),
                ("负责人：", "联系人：", f"备案号：{join_parts(point.filing_no)}"),
                ("日期：", "日期：", f"备案日期：{join_parts(point.filed)}"),
            ),
        )


def _form_lines(point: Profile) -> Iterator[Line]:
    shown = {
        **point._asdict(),
        "basis": chinese_of(ELIGIBILITY, point.eligibility),
        "level": join_parts(
            chinese_of(DEMONSTRATION, point.demonstration), point.demonstration_since
        ),
        "state": status(point),
        "funds": _to_wan(point.capital),
        "sales": _to_wan(point.turnover),
    }
    yield from fill_layout(_LAYOUT_OF_POINT, shown)
    people = (
        (each.name, chinese_of(TERMS, each.terms), each.phone, each.badge, each.since)
        for each in point.liaisons or [_NOBODY]
    )
    yield from _list_lines("联络员", _LIAISON_COLUMNS, people)
    yield from fill_layout(_OFFICER, (point.officer or _NOBODY)._asdict())
    yield from _list_lines("设置条件", _CONDITION, _condition_lines(point))
    changes = (f"{DAY.printed(each.day)} {change_in_words(*each[1:])}" for each in point.changes)
    yield Line((FormBox("变更记录", "\n".join(changes), 13),))


def _to_wan(fen: int | None) -> str:
    """Return money in 万元, the plan's unit for capital and turnover."""
    return "" if fen is None else f"{(Decimal(fen) / FEN_PER_WAN).normalize():f}万元"


def _list_lines(
    group: str, spans: Mapping[str, int], rows: Iterable[Iterable[object]]
) -> Iterator[Line]:
    """Yield the headings, and a line for each row below them."""
    yield Line(tuple(FormBox("", label, span, heads=True) for label, span in spans.items()), group)
    for row in rows:
        boxes = zip(row, spans.values(), strict=True)
        yield Line(tuple(FormBox("", join_parts(value), span) for value, span in boxes), group)


def _condition_lines(point: Profile) -> Iterator[tuple[object, ...]]:
    for code, condition in CONDITIONS.items():
        found = point.conditions.get(code)
        name = "：".join(filter(None, (condition.zh, _ticked_parts(code, found))))
        if not found:
            yield name, "未检查", "", ""
            continue
        updated = f"更新{DAY.printed(found.updated)}" if found.updated else None
        text = "；".join(filter(None, (name, updated, found.remark)))
        yield text, "达标" if found.met else "未达标", found.day, found.inspector


def _ticked_parts(code: str, found: Finding | None) -> str:
    """Return the parts of a condition, ticked if present; empty if not inspected."""
    lacking = found.lacking.split(",") if found and found.lacking else ()
    if found and not found.met and not lacking:
        return ""
    parts = ((word.zh, found and word.code not in lacking) for word in PARTICULARS[code].values())
    return " ".join(f"{'☑' if there else '□'}{name}" for name, there in parts)
