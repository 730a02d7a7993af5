"""A year's notice, in its own words and as JSON, compared with the known calendar."""

import json
from datetime import date

import pytest

from ledger12315.boxes.reading import Misread
from ledger12315.ledger.calendar import library_calendar
from ledger12315.rules.holidays import read_holiday_notice
from tests.rows import for_all

NOTICE = """
国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府:
一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。
二、春节:2月15日(农历腊月二十八、周日)至23日(农历正月初七、周一)放假调休,共9天。
2月14日(周六)、2月28日(周六)上班。
三、清明节:4月4日(周六)至6日(周一)放假,共3天。
四、劳动节:5月1日(周五)至5日(周二)放假调休,共5天。5月9日(周六)上班。
五、端午节:6月19日(周五)至21日(周日)放假,共3天。
六、中秋节:9月25日(周五)至27日(周日)放假,共3天。
七、国庆节:10月1日(周四)至7日(周三)放假调休,共7天。9月20日(周日)、10月10日(周六)上班。
节假日期间,各地区、各部门要妥善安排好值班和安全、保卫等工作。
"""
WHY = {
    "COUNTED": "{name}: the number of days given is {said}, but {found} are listed",
    "NO_JSON": "it is not JSON with year and days of date, name, and isOffDay true or false",
    "BOTH": "{day} is both a day off and a working day in it",
}
# As it is printed, and as somebody typed it.
WIDE = NOTICE.translate(str.maketrans(",:()", "\uff0c\uff1a\uff08\uff09"))
JSON = json.dumps(
    {
        "year": 2026,
        "papers": [],
        "days": [
            {"name": special.holiday.zh, "date": str(day), "isOffDay": not special.working}
            for day, special in library_calendar().special.items()
            if day.year == 2026
        ],
    }
)


@for_all("text", [NOTICE, WIDE, JSON])
def test_a_notice_says_what_the_known_calendar_says(text: str) -> None:
    notice = read_holiday_notice(text)
    assert notice.year == 2026
    assert {day: said.working for day, said in notice.days.items()} == {
        day: special.working
        for day, special in library_calendar().special.items()
        if day.year == 2026
    }


@for_all("""
    text | days
    2023年部分节假日安排 一、元旦:2022年12月31日至2023年1月2日放假调休,共3天。 | 2022-12-31 2023-01-01 2023-01-02
    2021年部分节假日安排 一、劳动节:5月1日至3日放假调休。4月25日上班。 | 2021-04-25* 2021-05-01 2021-05-02 2021-05-03
    {"year": 2019, "days": [{"name": "元旦", "date": "2018-12-29", "isOffDay": false}]} | 2018-12-29*
""")
def test_stretches_over_a_month_and_a_year(text: str, days: str) -> None:
    found = sorted(read_holiday_notice(text).days.items())
    assert " ".join(f"{day}{'*' * said.working}" for day, said in found) == days


@for_all(r"""
    text | why
     | it does not name its year, as in 2027年部分节假日安排
    关于2027年部分节假日安排的通知 | no day off and no make-up day is found in it
    2027年节假日安排 一、元旦:1月1日至3日放假,共4天。 | COUNTED
    2027年节假日安排 一、元旦:1月32日放假。 | {text} is not a day of the calendar
    2027年节假日安排 一、元旦:1月1日至22日放假。 | a holiday from {first} to {last} is not possible
    {"year": 2027} | NO_JSON
    {"year": 2027, "days": [DAY, {"date": "2027-01-01"}]} | NO_JSON
    {"year": 2027, "days": [{"date": "2027-01-01", "name": "x", "isOffDay": "false"}]} | NO_JSON
    {"year": 2027, "days": [{"date": "2027-01-01", "name": "x", "isOffDay": 0}]} | NO_JSON
    {"year": 2027, "days": [{"date": "2027-01-01", "name": null, "isOffDay": true}]} | NO_JSON
    {"year": 2027.9, "days": [DAY]} | NO_JSON
    {"year": "2027", "days": [DAY]} | NO_JSON
    {"year": true, "days": [DAY]} | NO_JSON
    {"year": MANY, "days": [DAY]} | NO_JSON
    {"year": 2027, "year": 2026, "days": [DAY]} | {key} appears twice
    {"year": 2027, "days": [{"date": "2027-01-01", "name": "x", "isOffDay": true, \
        "isOffDay": false}]} | {key} appears twice
    {"year": 2027, "days": [DAY, {"date": "2027-01-01", "name": "x", "isOffDay": false}]} | BOTH
    2027年节假日安排 一、元旦:1月1日至3日放假。1月3日上班。 | BOTH
    2027年节假日安排 一、元旦:1月1日放假。二、春节:1月1日上班。 | BOTH
    2027年节假日安排 一、元旦:1月1日放假,共MANY天。二、春节:x | COUNTED
    {"year": 2027, "days": [{"name": "元旦", "date": "2025-01-01", "isOffDay": true}]} \
        | {day} does not belong to the year {year}
    {"year": 1989, "days": [DAY]} | {year} is not a year from 1990 to 2199
    {"year": 2200, "days": [DAY]} | {year} is not a year from 1990 to 2199
    0003年节假日安排 一、元旦:1月1日放假。 | {year} is not a year from 1990 to 2199
""")
def test_what_cannot_be_is_refused(text: str, why: str) -> None:
    day = '{"name": "元旦", "date": "2027-01-01", "isOffDay": true}'
    with pytest.raises(Misread) as refused:
        read_holiday_notice(text.replace("DAY", day).replace("MANY", "9" * 5000))
    assert refused.value.message.id == WHY.get(why, why)


def test_a_worked_weekday_is_nothing_special() -> None:
    notice = read_holiday_notice(
        '{"year": 2026, "days": [{"name": "x", "date": "2026-01-02", "isOffDay": false}]}'
    )
    assert notice.days[date(2026, 1, 2)].working
