"""附件5: the points of a station, with a version that may be made public.

Source: 三(五)7.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.tables import TABLES
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.profile import Change, Profile
from ledger12315.sheets.forms.notes import missing_note
from ledger12315.sheets.forms.spec import (
    ON_RECORD,
    SIGNED,
    CellValue,
    FormColumn,
    FormSheet,
    chinese_of,
    declared_columns,
    status,
    table_rows,
    title_and_head,
)
from ledger12315.words import DEMONSTRATION, ELIGIBILITY, TYPES

_TITLE_OF_5 = "“消费维权服务点”信息登记汇总表"
# Wrongly reported set-ups and ends of a point, with their entries in the directory.
_CORRECTED_ENTRIES = {
    "前报[^；]*撤销有误": "恢复",
    "前报[^；]*设立有误": "变更",
    "补报[^；]*设立": "新设",
}
_EVENTS = {key: f"{box.heading}变更" for key, box in TABLES["point"].items()} | {
    "since": "设立",
    "retired": "撤销",
}
_PERSONAL = ("liaison", "liaison_phone", "officer", "officer_phone")
"""Names and phones, which the public version omits."""
_CREDIT_CODE = "信用代码"
DIRECTORY_COLUMNS = declared_columns("""
序号          4  place
服务点编号    6  code
名称          14 name left
类型          4  type
依托经营者    14 host left
地址          14 address left
联络员        6  liaison left
联系电话      13 liaison_phone
工商所        10 station left
联系人        6  officer
联系电话      13 officer_phone
设置依据      7  eligibility
示范级别      4  demonstration
设立日期      14 since
状态          8  status
备注          13 remarks left
""")


_ENTERED = {each.key for each in DIRECTORY_COLUMNS} - {"place", "status", "remarks"}
"""What the directory has of a point."""


def attachment5(
    unit: str, when: str, points: Sequence[Profile], period: Period | None, public: bool
) -> Iterator[FormSheet]:
    """Yield the list of points; changes are counted within the period, if there is one."""
    left_out = _PERSONAL if public else ()
    shown = tuple(column for column in DIRECTORY_COLUMNS if column.key not in left_out)
    sheet = _list_of_points(
        unit, when, [_directory_row(each, unit, period) for each in points], shown
    )
    if public:
        sheet = replace(sheet, title=f"{_TITLE_OF_5}（公开版）")
    if period:
        late = sum(len(each.late) for each in points)
        counts = f"{_changes_in_numbers(points, period)}{f'补报、更正前期{late}项。' * bool(late)}"
        sheet = replace(sheet, closing=(f"{sheet.closing[0]}{counts}",))
    yield sheet


PointsByStation = Mapping[str, Sequence[Mapping[str, str]]]
"""The rows of stations' lists of points, by key."""


def county_points(
    unit: str,
    period: Period,
    points: Sequence[Mapping[str, str]],
    missing: Sequence[str],
    now: PointsByStation,
    told: PointsByStation,
) -> Iterator[FormSheet]:
    """Yield the points of a county's stations, and the entries for the national directory.

    They come from the stations' own lists; `missing` names stations without one. What was not
    `told` before is to be entered.
    """
    lacking = (missing_note("未报单位", missing),) if missing else ()
    listed: list[Mapping[str, CellValue]]
    listed = [{**row, "place": place} for place, row in enumerate(points, 1)]
    when = f"{_PERIOD_LABEL}：{period.title}"
    sheet = replace(_list_of_points(unit, when, listed), notes=lacking)
    yield sheet
    yield _directory(sheet, directory_entries(now, told, period))


def _list_of_points(
    unit: str,
    when: str,
    rows: Sequence[Mapping[str, CellValue]],
    shown: tuple[FormColumn, ...] = DIRECTORY_COLUMNS,
) -> FormSheet:
    """Return the list of points, with their number by type and by level below it."""
    present = [row for row in rows if row["status"] == ON_RECORD]
    types, levels = (Counter(row[key] for row in present) for key in ("type", "demonstration"))
    of_types = "、".join(f"{word.zh}{types[word.zh]}个" for word in TYPES.values())
    counts = (
        f"在册服务点{len(present)}个：{of_types}。"
        f"示范级别：省级{levels['省级']}个、市级{levels['市级']}个。"
    )
    return FormSheet(
        **title_and_head("附件5", unit, when),
        title=_TITLE_OF_5,
        columns=shown,
        rows=tuple(table_rows(shown, rows)),
        closing=(counts,),
        signatures=SIGNED,
        landscape=True,
    )


def credit_code_in(remarks: str) -> str:
    """Return the credit code in a listed point's remarks; empty if it has none."""
    return remarks.partition(_CREDIT_CODE)[2].partition("；")[0]


_PERIOD_LABEL = "报告期"


def listed_period(when: str) -> Period | None:
    """Return the period of a list, None if it is of a single day. Raises Unclear."""
    label, _, days = when.partition("：")
    return parse_period(days.partition("(")[0]) if label == _PERIOD_LABEL else None


def _directory(sheet: FormSheet, entries: Iterable[tuple[str, Mapping[str, str]]]) -> FormSheet:
    """Return the sheet of entries for the national directory."""
    columns = (
        FormColumn("变动", 5, key="change"),
        *DIRECTORY_COLUMNS[1:],
        FormColumn("已录入", 6),
    )
    cells = [{**row, "change": change} for change, row in entries]
    return replace(
        sheet,
        name="名录录入",
        title="12315“五进”名录管理系统名录录入表",
        columns=columns,
        rows=tuple(table_rows(columns, cells)),
        closing=(),
        signatures=(("录入人：", "复核人：", "录入日期："),),
        notes=(
            "本期和补报的新设、变更、撤销、恢复的服务点，其余已在系统中，按单位和服务点编号排列。",
            *sheet.notes,
        ),
    )


def directory_entries(
    now: PointsByStation, told: PointsByStation, period: Period
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield each entry for the national directory: what is done, and the point.

    What was told before is in the directory; if nothing was, what is not of the period is.
    """
    for key, rows in now.items():
        was = {row["code"]: row for row in told.get(key, ())}
        for row in rows:
            before = was.pop(row["code"], None)
            change = _entry_of(before, row) if told else _directory_change(row, period)
            if change:
                yield change, row
        for row in was.values():
            if row["status"] == ON_RECORD:
                yield "撤销", {**row, "status": "撤销"}


def _entry_of(was: Mapping[str, str] | None, row: Mapping[str, str]) -> str:
    """Return the directory's entry for a listed point, by the row that was told, if any."""
    present, there = row["status"] == ON_RECORD, bool(was and was["status"] == ON_RECORD)
    if present and there:
        return "变更" if was and any(was[key] != row[key] for key in _ENTERED) else ""
    if present:
        return "恢复" if was else "新设"
    return "撤销" if there else ""


def _directory_change(row: Mapping[str, str], period: Period) -> str:
    """Return the directory's entry for a point by its own row, if any."""
    if row["status"] != ON_RECORD:
        return "撤销"
    since, remarks = tuple(map(int, re.findall(r"\d+", row["since"]))), row["remarks"]
    for pattern, becomes in _CORRECTED_ENTRIES.items():
        if re.search(pattern, remarks):
            return becomes
    if (period.first.year, period.first.month, period.first.day) <= since:
        return "新设"
    return "变更" if "变更" in remarks else ""


def _directory_row(point: Profile, unit: str, period: Period | None) -> Mapping[str, CellValue]:
    liaisons, officer = point.liaisons, point.officer
    # The changed boxes without names of people: the public version has the remarks too.
    changes = (
        f"{DAY.printed(each.day)}{_EVENTS[each.box]}" for each in _changes_within(point, period)
    )
    late = (
        f"{'前报' if each.undone else '补报'}{DAY.printed(each.day)}{_EVENTS[each.box]}"
        f"{'有误' * each.undone}"
        for each in point.late
    )
    filed = f"{DAY.printed(point.filed)}备案" if point.filed else "未备案"
    code = [f"{_CREDIT_CODE}{point.credit_code}"] * bool(point.credit_code)
    return {
        **point._asdict(),
        "type": TYPES[point.type].zh,
        "liaison": "\n".join(each.name for each in liaisons),
        "liaison_phone": "\n".join(each.phone or "" for each in liaisons),
        "station": unit,
        "officer": officer and officer.name,
        "officer_phone": officer and officer.phone,
        "eligibility": chinese_of(ELIGIBILITY, point.eligibility),
        "demonstration": DEMONSTRATION[point.demonstration].zh,
        "status": status(point),
        "remarks": "；".join((filed, *dict.fromkeys(changes), *late, *code)),
    }


def _changes_within(point: Profile, period: Period | None) -> list[Change]:
    return [each for each in point.changes if _is_within(each.day, period)]


def _is_within(day: date | None, period: Period | None) -> bool:
    return bool(day and period and period.first <= day <= period.last)


def _changes_in_numbers(points: Sequence[Profile], period: Period) -> str:
    new = sum(_is_within(each.since, period) for each in points)
    retired = sum(_is_within(each.retired, period) for each in points)
    changed = sum(bool(_changes_within(each, period)) for each in points)
    return f"本期设立{new}个、变更{changed}个、撤销{retired}个。"
