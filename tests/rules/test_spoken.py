"""Amounts and days as Chinese people say them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger12315.boxes.amounts import AREA, COUNT, MONEY
from ledger12315.boxes.kinds import REPORTING_PERIOD
from ledger12315.boxes.reading import Misread, read_day, read_past_day
from ledger12315.boxes.spoken import spoken_money, spoken_number
from tests.rows import for_all

TODAY = date(2026, 9, 28)  # a Monday


@for_all("""
    said                       | yuan
    两千                       | 2000.00
    三百五                     | 350.00
    两千五                     | 2500.00
    三千零五                   | 3005.00
    三千零五十                 | 3050.00
    1万2                       | 12000.00
    一万二                     | 12000.00
    1万2500                    | 12500.00
    1万2千5                    | 12500.00
    1.5万                      | 15000.00
    0.000001万                 | 0.01
    2千5                       | 2500.00
    十五                       | 15.00
    五百块                     | 500.00
    3块5                       | 3.50
    三块五毛                   | 3.50
    八毛五                     | 0.85
    三分                       | 0.03
    3元5角2分                  | 3.52
    叁佰伍拾元整               | 350.00
    ￥两千元整                 | 2000.00
    一千万                     | 10000000.00
    1亿                        | 100000000.00
""")
def test_amounts_that_people_say(said: str, yuan: str) -> None:
    assert MONEY.printed(MONEY.read(said, TODAY)) == f"{yuan}元"


@for_all("""
    said
    1万25
    1.5万2
    三百多
    三百来块
    百
    千五
    零五
    三千零五百
    五百到六百
    两三百
    2元05
    3.5块5
    万
    元
    一二
    9999999亿
""")
def test_amounts_that_can_be_read_two_ways_or_none_are_refused(said: str) -> None:
    with pytest.raises(Misread):
        MONEY.read(said, TODAY)


def test_an_area_is_said_alike() -> None:
    assert AREA.printed(AREA.read("一千二百平方米", TODAY)) == "1200.00m²"


@for_all("""
    said
    80
    80 个
    ８０件
    八十
    八十家
    80人次
    000,080
""")
def test_a_count_is_said_alike(said: str) -> None:
    assert COUNT.read(said, TODAY) == 80


def spelled(number: int) -> str:
    """Return a number as it is read out, of four digits at a time."""
    names, text, gap = ("", "十", "百", "千"), "", False
    for place, digit in enumerate(reversed(str(number))):
        if place and place % 4 == 0:
            unit, four = ("万", "亿")[place // 4 - 1], number // 10**place % 10**4
            text, gap = (unit if four else "") + text, False
        if digit != "0":
            text, gap = "零一二三四五六七八九"[int(digit)] + names[place % 4] + text, True
        elif gap and not text.startswith("零"):
            text = "零" + text
            gap = False
    return text.rstrip("零") or "零"


@given(st.integers(1, 10**12 - 1))
def test_whatever_number_is_read_out_is_that_number(number: int) -> None:
    assert spoken_number(spelled(number)) == str(number), spelled(number)


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(("百", "千", "万", "亿")))
def test_a_last_digit_counts_the_next_lower_unit(many: int, digit: int, unit: str) -> None:
    worth = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[unit]
    for text in (f"{many}{unit}{digit}", f"{spelled(many)}{unit}{spelled(digit)}"):
        assert spoken_money(text) == str(many * worth + digit * worth // 10)


@for_all("""
    said            | past       | ahead
    今天; 今日; today | 2026-09-28 | 2026-09-28
    昨天; 昨日; yesterday | 2026-09-27 | 2026-09-27
    前天            | 2026-09-26 | 2026-09-26
    大前天; -3d     | 2026-09-25 | 2026-09-25
    明天; 明日; 1天后 | -        | 2026-09-29
    后天            | -          | 2026-09-30
    大后天          | -          | 2026-10-01
    上周五          | 2026-09-25 | 2026-09-25
    上星期日; 上周天 | 2026-09-27 | 2026-09-27
    上上周五        | 2026-09-18 | 2026-09-18
    本周一; 周一    | 2026-09-28 | 2026-09-28
    这周三          | -          | 2026-09-30
    周三            | 2026-09-23 | 2026-09-30
    下个礼拜三      | -          | 2026-10-07
    本月3号; 这个月3号; 当月3号; 今年9月3号; 本年9月3号 | 2026-09-03 | 2026-09-03
    上个月31号      | 2026-08-31 | 2026-08-31
    下月五号        | -          | 2026-10-05
    28号            | 2026-09-28 | 2026-09-28
    29号            | 2026-08-29 | 2026-09-29
    31日            | 2026-08-31 | 2026-10-31
    三天前          | 2026-09-25 | 2026-09-25
    两周前          | 2026-09-14 | 2026-09-14
    5天后           | -          | 2026-10-03
    九月二十八日    | 2026-09-28 | 2026-09-28
    二〇二六年九月三日 | 2026-09-03 | 2026-09-03
    去年12月3日     | 2025-12-03 | 2025-12-03
    明年1月3日      | -          | 2027-01-03
    2026-09-25 周五 | 2026-09-25 | 2026-09-25
    9-28 Mon        | 2026-09-28 | 2026-09-28
    9月28日（周一）  | 2026-09-28 | 2026-09-28
    9-28 (Mon)      | 2026-09-28 | 2026-09-28
    9月28日星期一   | 2026-09-28 | 2026-09-28
""")
def test_days_that_people_say(said: str, past: str, ahead: str) -> None:
    for each in said.split("; "):
        assert str(read_day(each, TODAY, ahead=True)) == ahead
        if past == "-":
            with pytest.raises(Misread, match="is in the future"):
                read_past_day(each, TODAY)
        else:
            assert str(read_past_day(each, TODAY)) == past


@for_all("""
    said
    上周
    月底
    2026-09-25 周四
    月初
    前几天
    前段时间
    周八
    上下周一
    本月31号
    上月0号
    三月
    一号两号
""")
def test_days_that_are_not_certain_are_refused(said: str) -> None:
    with pytest.raises(Misread):
        read_day(said, TODAY)


_days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(_days, st.integers(0, 6))
def test_a_day_of_the_week_lies_in_its_week(today: date, place: int) -> None:
    name = "一二三四五六日"[place]
    monday = today - timedelta(days=today.weekday())
    for words, weeks in (("上上", -2), ("上", -1), ("本", 0), ("下", 1)):
        said = read_day(f"{words}周{name}", today)
        assert said == monday + timedelta(days=7 * weeks + place)
    latest, following = read_day(f"周{name}", today), read_day(f"周{name}", today, ahead=True)
    assert latest.weekday() == following.weekday() == place
    assert 0 <= (today - latest).days < 7 and 0 <= (following - today).days < 7


@given(_days, st.integers(1, 31))
def test_a_day_of_the_month_alone_is_the_latest_such_day(today: date, number: int) -> None:
    latest = read_day(f"{number}号", today)
    between = (latest + timedelta(days=days) for days in range(1, (today - latest).days + 1))
    assert latest.day == number and latest <= today
    assert number not in [day.day for day in between]


@for_all("""
    said         | period
    本季度; 这个季度 | 2026Q3
    上季度; 上个季度 | 2026Q2
    上上季度     | 2026Q1
    第三季度     | 2026Q3
    四季度       | 2025Q4
    去年第一季度 | 2025Q1
    今年2季度    | 2026Q2
    上个月; 上月 | 2026-08
    本月; 这个月 | 2026-09
    10月         | 2025-10
    9月          | 2026-09
    今年3月      | 2026-03
    今年; 本年   | 2026
    去年; 上年   | 2025
    前年         | 2024
    2026Q3       | 2026Q3
    2026-03      | 2026-03
    2026-9       | 2026-9
""")
def test_periods_that_people_say(said: str, period: str) -> None:
    texts = said.split("; ")
    found = {text: REPORTING_PERIOD.read(text, TODAY) for text in texts}
    assert found == dict.fromkeys(texts, period)


def test_a_month_that_may_be_a_quarter_is_refused() -> None:
    with pytest.raises(Misread) as wrong:
        REPORTING_PERIOD.read("2026-3", TODAY)
    assert wrong.value.message.values == {
        "text": "2026-3",
        "month": "2026-03",
        "quarter": "2026Q3",
    }
