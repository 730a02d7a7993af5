"""The footnotes that forms share: how a rate came about, when the return is due, what the figures rest on. Source: domain 4-6."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from ledger12315.boxes.reading import yuan
from ledger12315.rules.measures import MEASURES, TOTAL, Figures
from ledger12315.rules.periods import ReturnDates
from ledger12315.rules.rates import Value, rates
from ledger12315.sheets.forms.spec import Head
from ledger12315.words import CASES, TYPES

_NAMES = {TOTAL: "合计", **{word.code: word.zh for word in TYPES.values()}}
NOTHING = "—"
"""What a rate with a zero denominator shows."""


def percent(value: Value) -> str:
    return NOTHING if value.percent is None else f"{value.percent}%"


def rate_notes(figures: Figures, keys: Collection[str]) -> Iterator[str]:
    """Each rate of 合计 with its formula, numerator, denominator, target and what limits it."""
    for value in rates(figures, TOTAL):
        if value.rate.key in keys:
            worked_out = (
                f"{value.rate.formula}={value.numerator}/{value.denominator}={percent(value)}"
            )
            yield f"{value.rate.name}={worked_out}{_judged(value, figures)}。"


def _judged(value: Value, figures: Figures) -> str:
    target, overdue = value.rate.target, figures["overdue_end"][TOTAL]
    met = NOTHING if value.met is None else "达标" if value.met else "未达标"
    parts = [
        f"目标{target}%，{met}" if target else "",
        f"样本过小（不足{value.rate.enough}例）" if value.small_sample else "",
        f"另有超期未结{overdue}件" if value.rate.key == "settled_rate" and overdue else "",
    ]
    return "".join(f"；{part}" for part in parts if part)


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def nominal(dates: ReturnDates) -> str:
    """三(五)7: the plan's date, and beside it the working day that counts where that is another."""
    moved = (
        f"（遇休息日，即{chinese_day(dates.county)}前）" if dates.county != dates.nominal else ""
    )
    return f"方案规定{chinese_day(dates.nominal)}前{moved}"


def carried_notes(head: Head) -> Iterator[str]:
    """上期更正: 02 = 17 as submitted + correction, then what was corrected and through which complaints. Domain 5."""
    if head.sent:
        yield f"以其上报数计入的服务点：{'、'.join(head.sent)}。"
    if head.carried is None:
        return
    before, tie, lines = head.carried
    if tie:
        sums = (
            f"{_NAMES[column]}{submitted}{correction:+}={opening}"
            for column, (submitted, correction, opening) in tie.items()
            if correction or column == TOTAL
        )
        yield f"期初未结={before}已报期末未结+上期更正：{'、'.join(sums)}。"
    for period, of_period in groupby(lines, itemgetter("period")):
        told = "；".join(
            _corrected(key, list(cells)) for key, cells in groupby(of_period, itemgetter("key"))
        )
        yield f"上期更正（{period}）：{told}。"


def _corrected(key: str, cells: Iterable[Mapping[str, Any]]) -> str:
    """One figure in each column that it changed in, and through which complaints."""
    figures = "、".join(
        f"{_NAMES[each['type']]}{_as_unit(key, each['submitted'])}→{_as_unit(key, each['now'])}"
        for each in cells
    )
    numbers = [number for each in cells for number in each["numbers"]]
    others = [
        f"{other['date']}的{CASES[other['kind']].zh}" for each in cells for other in each["others"]
    ]
    through = "、".join(dict.fromkeys([*numbers, *others]))
    return (
        f"{MEASURES[key].name.removeprefix('其中：')}{figures}{f'（{through}）' if through else ''}"
    )


def ground_notes(head: Head, keys: Collection[str]) -> Iterator[str]:
    """The settings used, the as-of date, and what the ledger cannot vouch for among the form's `keys`."""
    yield from _settings(head)
    yield f"数据截至{chinese_day(head.as_of or head.period.last)}。"
    if head.provisional:
        yield "期末超期未结、按时办结涉及放假安排尚未公布的年份，按周末和日期固定的法定节假日推算，为暂定数。"
    if names := [MEASURES[key].name for key in head.unrecorded if key in keys]:
        yield f"本账无记录、请核对后手工填写：{'、'.join(names)}。"
    if head.chain:
        yield f"台账历史校验值：{head.chain}。"


def _settings(head: Head) -> Iterator[str]:
    used = []
    if head.dates is not None:
        how = "顺延至其后" if head.settings["return_day_off"] == "after" else "提前至其前"
        used.append(f"报送日遇休息日{how}第一个工作日")
        used.append(
            f"工商所提前{head.settings['station_lead']}个、服务点提前{head.settings['point_lead']}个工作日报送"
        )
    if head.period.code.endswith("A"):
        statistical = head.settings["annual_period"] == "statistical"
        used.append(
            f"年报口径为{'统计年度(上年12月1日至本年11月30日)' if statistical else '自然年度(1月1日起)'}"
        )
    if used:
        yield f"所用设置：{'；'.join(used)}。"


def part_notes(head: Head, figures: Figures, keys: Iterable[str]) -> Iterator[str]:
    """How the parts of an annual return add up."""
    if head.parts:
        sums = []
        for key in keys:
            *parts, whole = (
                _as_unit(key, each[key][TOTAL])
                for each in (*(part for _, part in head.parts), figures)
            )
            sums.append(f"{MEASURES[key].name}{'+'.join(parts)}={whole}")
        yield f"全年构成：{'+'.join(name for name, _ in head.parts)}=全年；{'；'.join(sums)}。"


def _as_unit(key: str, figure: int) -> str:
    return yuan(figure) if MEASURES[key].money else str(figure)
