"""The footnotes that forms share."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from ledger12315.boxes.kinds import DAY
from ledger12315.renamed import in_year_words
from ledger12315.rules.measures import MEASURES, TOTAL, Figures
from ledger12315.rules.periods import ReturnDates
from ledger12315.rules.rates import Rate, RateValue, rates
from ledger12315.sheets.forms.spec import DASH, Head


def percent(value: RateValue) -> str:
    """Return a rate as forms show it."""
    return DASH if value.percent is None else f"{value.percent}%"


def percent_and_sums(value: RateValue) -> str:
    """Return a rate with its sums below it."""
    return f"{percent(value)}\n({value.numerator}/{value.denominator})"


def rate_notes(figures: Figures, by: Sequence[Rate]) -> Iterator[str]:
    """Yield each rate of 合计: formula, numerator, denominator, target and limits."""
    for value in rates(figures, TOTAL, by):
        rate = value.rate
        sums = f"{value.numerator}/{value.denominator}={percent(value)}"
        judged = "".join(f"；{part}" for part in _rate_judgement(value, figures))
        yield f"{rate.name}={rate.formula}={sums}{judged}。"


def _rate_judgement(value: RateValue, figures: Figures) -> Iterator[str]:
    rate, overdue = value.rate, figures["overdue_end"][TOTAL]
    if rate.target:
        yield f"目标{rate.target}%，{ {None: DASH, True: '达标', False: '未达标'}[value.met] }"
    if value.small_sample:
        yield f"样本过小（不足{rate.enough}例）"
    if rate.key == "settled_rate" and overdue:
        yield f"另有超期未结{overdue}件"


def due_dates_note(dates: ReturnDates, of_points: bool) -> str:
    """Return the note on due dates: the plan's for the county, then the station's and points'.

    If the plan's date is a day off, the working day that counts follows it. 三(五)7
    """
    nominal, county, station, point = map(DAY.printed, dates)
    office = in_year_words("工商所")
    moved = f"（遇休息日，即{county}前）" if county != nominal else ""
    points = f"；服务点{point}前报{office}" * of_points
    return f"报送期限：方案规定县局{nominal}前{moved}报省局；{office}{station}前报县局{points}。"


def missing_note(who: str, names: Collection[str]) -> str:
    """Return the note on missing returns."""
    return f"{who}（{len(names)}个）：{'、'.join(names)}。" if names else f"{who}：无。"


def type_change_note(figures: Figures) -> Iterator[str]:
    """Yield a note on points that changed their type, if there are any."""
    if changes := figures["type_changes"][TOTAL]:
        yield f"类型变更{changes}个：原类型计入撤销，新类型计入新设，合计均不计入。"


def unstated_note(count: int) -> Iterator[str]:
    """Yield the number of closed complaints without 挽回经济损失, counted as 0, if any."""
    if count:
        yield f"未填挽回金额{count}件，按0计。"


def _december_note(head: Head) -> Iterator[str]:
    """Yield a note on December in no annual return, or in two, after a change of reading."""
    before, year = head.year_before, head.period.last.year - 1
    if not before or before == head.settings["annual_period"]:
        return
    if before == "statistical":
        yield f"{year}年12月不在任何年报内：上年年报报至11月，本年报自1月起。该月另行补报。"
    else:
        yield f"{year}年12月也在上年年报内：上年年报报至12月，本年报自上年12月起。"


def basis_notes(head: Head) -> Iterator[str]:
    """Yield how an annual return reads the year, and the points that count by their totals."""
    yield from _december_note(head)
    if head.sent:
        yield f"以其上报数计入的服务点：{'、'.join(head.sent)}。"
    if head.left_open:
        yield f"期初未结、期末未结含其上报数中台账没有登记的投诉：{'、'.join(head.left_open)}。"


def ground_notes(head: Head, keys: Collection[str]) -> Iterator[str]:
    """Yield the as-of date, and the limits of the ledger's records for `keys`."""
    begun = head.settings.get("begins", "")
    if head.period.first.isoformat() < begun:
        day = DAY.printed(date.fromisoformat(begun))
        yield f"自{day}启用台账，此前的情况以补录的为限。"
    yield f"数据截至{DAY.printed(head.last)}。"
    if head.provisional:
        yield (
            "期末超期未结、按时办结涉及放假安排尚未公布的年份，"
            "按周末和日期固定的法定节假日推算，为暂定数。"
        )
    if names := [MEASURES[key].name for key in head.unrecorded if key in keys]:
        yield in_year_words(f"台账中尚无记录，按0填报：{'、'.join(names)}。")


def about_the_ledger(head: Head) -> Iterator[str]:
    """Yield the settings and the history's head, for the ledger's keeper."""
    if used := "；".join(_settings_notes(head)):
        yield f"所用设置：{used}。"
    if head.chain:
        yield f"台账历史校验值：{head.chain}（制表时；报送本身的校验值见报送回执）。"


def _settings_notes(head: Head) -> Iterator[str]:
    used = head.settings
    if head.dates is not None:
        how = "顺延至其后" if used["return_day_off"] == "after" else "提前至其前"
        yield f"报送日遇休息日{how}第一个工作日"
        leads = f"工商所提前{used['station_lead']}个、服务点提前{used['point_lead']}个"
        yield in_year_words(f"{leads}工作日报送")
    if head.period.code.endswith("A"):
        statistical = used["annual_period"] == "statistical"
        year = "统计年度(上年12月1日至本年11月30日)" if statistical else "自然年度(1月1日起)"
        yield f"年报口径为{year}"
