"""附件5: the points of a station, with a version that may be made public. Source: 三(五)7, domain 6.5."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger12315.rules.periods import Period
from ledger12315.sheets.forms.spec import SIGNED, FormColumn, FormSheet, Value, framed, table
from ledger12315.sheets.forms.values import CHANGED, status
from ledger12315.words import DEMONSTRATION, ELIGIBILITY, TYPES

_PERSONAL = ("liaison", "liaison_phone", "officer", "officer_phone")
"""Names and phones: left out of what is made public."""
_COLUMNS = (
    FormColumn("序号", 5, key="place"),
    FormColumn("服务点编号", 8, key="code"),
    FormColumn("名称", 20, "left", "name"),
    FormColumn("类型", 6, key="type"),
    FormColumn("依托经营者", 16, "left", "host"),
    FormColumn("地址", 18, "left", "address"),
    FormColumn("联络员", 8, "left", "liaison"),
    FormColumn("联系电话", 13, key="liaison_phone"),
    FormColumn("工商所", 12, "left", "station"),
    FormColumn("联系人", 8, key="officer"),
    FormColumn("联系电话", 13, key="officer_phone"),
    FormColumn("设置依据", 8, key="eligibility"),
    FormColumn("示范级别", 6, key="demonstration"),
    FormColumn("设立日期", 11, key="since"),
    FormColumn("状态", 8, key="status"),
    FormColumn("备注", 16, "left", "remarks"),
)


def attachment5(
    unit: str, when: str, points: Sequence[Mapping[str, Any]], period: Period | None, public: bool
) -> Iterator[FormSheet]:
    """Of the directory's profiles; what changed is counted within the period, where there is one."""
    columns = tuple(column for column in _COLUMNS if not (public and column.key in _PERSONAL))
    yield FormSheet(
        **framed("附件5", unit, when),
        title=f"“消费维权服务点”信息登记汇总表{'（公开版）' if public else ''}",
        columns=columns,
        rows=tuple(table(columns, (_row(row, unit, period) for row in points))),
        closing=("".join(_counts(points, period)),),
        signatures=SIGNED,
        landscape=True,
    )


def _row(row: Mapping[str, Any], unit: str, period: Period | None) -> Mapping[str, Value]:
    liaisons, officer = row["liaisons"], row["officer"] or {}
    return {
        **row,
        "type": TYPES[row["type"]].zh,
        "liaison": "\n".join(each["name"] for each in liaisons),
        "liaison_phone": "\n".join(each["phone"] or "" for each in liaisons),
        "station": unit,
        "officer": officer.get("name"),
        "officer_phone": officer.get("phone"),
        "eligibility": ELIGIBILITY[row["eligibility"]].zh,
        "demonstration": DEMONSTRATION[row["demonstration"]].zh,
        "status": status(row),
        "remarks": "；".join(_remarks(row, period)),
    }


def _remarks(row: Mapping[str, Any], period: Period | None) -> Iterator[str]:
    """What changed, without names of people: the public version has the remarks too."""
    yield f"{row['filed']}备案" if row["filed"] else "未备案"
    yield from dict.fromkeys(
        f"{change.day}{CHANGED[change.box]}变更" for change in _changes(row, period)
    )


def _changes(row: Mapping[str, Any], period: Period | None) -> list[Any]:
    return [each for each in row["changes"] if period and _within(each.day, period)]


def _within(day: str | None, period: Period) -> bool:
    return day is not None and period.first.isoformat() <= day <= period.last.isoformat()


def _counts(points: Sequence[Mapping[str, Any]], period: Period | None) -> Iterator[str]:
    present = [row for row in points if row["status"] == "active"]
    types, levels = (Counter(row[key] for row in present) for key in ("type", "demonstration"))
    yield f"在册服务点{len(present)}个：{'、'.join(f'{word.zh}{types[code]}个' for code, word in TYPES.items())}。"
    yield f"示范级别：省级{levels['provincial']}个、市级{levels['municipal']}个。"
    if period:
        new, retired = (
            sum(_within(row[key], period) for row in points) for key in ("since", "retired")
        )
        changed = sum(bool(_changes(row, period)) for row in points)
        yield f"本期设立{new}个、变更{changed}个、撤销{retired}个。"
