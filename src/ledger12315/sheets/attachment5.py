"""附件5: the points of a station, with a version that may be made public. Source: 三(五)7, domain 6.5."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ledger12315.rules.periods import Period
from ledger12315.sheets.spec import SIGNED, Column, Row, Sheet
from ledger12315.sheets.values import CHANGED, status
from ledger12315.words import DEMONSTRATION, ELIGIBILITY, TYPES

_PERSONAL = 6, 7, 9, 10
"""Where names and phones stand: left out of what is made public."""
_COLUMNS = (
    Column("序号", 5),
    Column("服务点编号", 8),
    Column("名称", 20, "left"),
    Column("类型", 6),
    Column("依托经营者", 16, "left"),
    Column("地址", 18, "left"),
    Column("联络员", 8, "left"),
    Column("联系电话", 13),
    Column("工商所", 12, "left"),
    Column("联系人", 8),
    Column("联系电话", 13),
    Column("设置依据", 8),
    Column("示范级别", 6),
    Column("设立日期", 11),
    Column("状态", 8),
    Column("备注", 16, "left"),
)


def form(unit: str, when: str, points: Sequence[Mapping[str, Any]], period: Period | None, public: bool) -> Iterator[Sheet]:
    """Of the directory's profiles; what changed is counted within the period, where there is one."""

    def seen(row: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(each for place, each in enumerate(row) if not (public and place in _PERSONAL))

    yield Sheet(
        name="附件5",
        title=f"“消费维权服务点”信息登记汇总表{'(公开版)' if public else ''}",
        left=f"填报单位:{unit}",
        right=("表号:附件5", when),
        columns=seen(_COLUMNS),
        rows=tuple(seen(_row(number, row, unit, period)) for number, row in enumerate(points, 1)),
        closing=("".join(_counts(points, period)),),
        signatures=SIGNED,
        landscape=True,
    )


def _row(number: int, row: Mapping[str, Any], unit: str, period: Period | None) -> Row:
    liaisons, officer = row["liaisons"], row["officer"] or {}
    return (
        number,
        row["code"],
        row["name"],
        TYPES[row["type"]].zh,
        row["host"],
        row["address"],
        "\n".join(each["name"] for each in liaisons),
        "\n".join(each["phone"] or "" for each in liaisons),
        unit,
        officer.get("name"),
        officer.get("phone"),
        ELIGIBILITY[row["eligibility"]].zh,
        DEMONSTRATION[row["demonstration"]].zh,
        row["since"],
        status(row),
        ";".join(_remarks(row, period)),
    )


def _remarks(row: Mapping[str, Any], period: Period | None) -> Iterator[str]:
    """What changed, without names of people: the public version has the remarks too."""
    yield f"{row['filed']}备案" if row["filed"] else "未备案"
    yield from dict.fromkeys(f"{change.day}{CHANGED[change.box]}变更" for change in _changes(row, period))


def _changes(row: Mapping[str, Any], period: Period | None) -> list[Any]:
    return [each for each in row["changes"] if period and _within(each.day, period)]


def _within(day: str | None, period: Period) -> bool:
    return day is not None and period.first.isoformat() <= day <= period.last.isoformat()


def _counts(points: Sequence[Mapping[str, Any]], period: Period | None) -> Iterator[str]:
    present = [row for row in points if row["status"] == "active"]
    types, levels = (Counter(row[key] for row in present) for key in ("type", "demonstration"))
    yield f"在册服务点{len(present)}个:{'、'.join(f'{word.zh}{types[code]}个' for code, word in TYPES.items())}。"
    yield f"示范级别:省级{levels['provincial']}个、市级{levels['municipal']}个。"
    if period:
        new, retired = (sum(_within(row[key], period) for row in points) for key in ("since", "retired"))
        changed = sum(bool(_changes(row, period)) for row in points)
        yield f"本期设立{new}个、变更{changed}个、撤销{retired}个。"
