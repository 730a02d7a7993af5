"""Days as people say them: yesterday, -3d, 前天, 上周五, 本月3号, 三天前, 九月二十八日."""

import re
from contextlib import suppress
from datetime import date, timedelta

from ledger12315.boxes.numerals import spoken_number

_DAYS_NAMED = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "yesterday": -1}
_DAYS_NAMED |= {"今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_DAYS_AGO = r"-(\d{1,4})d"
_NUMBER_SPOKEN = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_STEPS = {"上": -1, "下": 1, "本": 0, "这": 0, "当": 0, "今": 0, "去": -1, "明": 1}
_AWAY = f"{_NUMBER_SPOKEN}(天|周|个?星期|个?礼拜)(前|后)"
_WEEKDAY = "(上{1,2}|下{1,2}|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天])"
_OF_MONTH = f"(?:(上{{1,2}}|下{{1,2}}|本|这|当)个?月)?{_NUMBER_SPOKEN}[日号]"
_OF_YEAR = f"([今本去明])年{_NUMBER_SPOKEN}月{_NUMBER_SPOKEN}[日号]"
_WEEK = 7


def spoken_day(text: str, today: date, ahead: bool) -> date | None:
    """Return the day named in words in lower case, or None if they name no day.

    A day of the week or month alone is the latest such day, or `ahead` the next. Raises ValueError
    where there is no such day in the calendar.
    """
    if text in _DAYS_NAMED:
        return today + timedelta(days=_DAYS_NAMED[text])
    if found := re.fullmatch(_DAYS_AGO, text, re.A):
        return today - timedelta(days=int(found[1]))
    if text.isascii():
        return None
    if found := re.fullmatch(_AWAY, text, re.A):
        days = _spoken_count(found[1]) * (1 if found[2] == "天" else _WEEK)
        return today + timedelta(days=days if found[3] == "后" else -days)
    if found := re.fullmatch(_WEEKDAY, text, re.A):
        return _day_of_week(found[1], "一二三四五六日天".index(found[2]), today, ahead)
    if found := re.fullmatch(_OF_MONTH, text, re.A):
        return _day_of_month(found[1], _spoken_count(found[2]), today, ahead)
    if found := re.fullmatch(_OF_YEAR, text, re.A):
        return date(
            today.year + _STEPS[found[1]], _spoken_count(found[2]), _spoken_count(found[3])
        )
    return None


def in_figures(text: str) -> str:
    """Return a day with its Chinese numerals as digits, and any other text unchanged."""
    year = re.sub("[〇零一二三四五六七八九]{4}(?=年)", _year_in_digits, text)
    return re.sub(
        "[一二三四五六七八九十]{1,3}(?=[月日号])", lambda it: str(_spoken_count(it[0])), year
    )


def _year_in_digits(found: re.Match[str]) -> str:
    return "".join(
        str("零一二三四五六七八九".index(each.replace("〇", "零"))) for each in found[0]
    )


def _spoken_count(text: str) -> int:
    number = spoken_number(text)
    return int(number) if number.isdecimal() else 0


def _sum_of_steps(words: str) -> int:
    return sum(_STEPS[each] for each in words)


def _day_of_week(week: str | None, place: int, today: date, ahead: bool) -> date:
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=min(place, 6))
    if week:
        return day + timedelta(days=_WEEK * _sum_of_steps(week))
    if ahead:
        return day if day >= today else day + timedelta(days=_WEEK)
    return day if day <= today else day - timedelta(days=_WEEK)


def _day_of_month(month: str | None, day: int, today: date, ahead: bool) -> date:
    if month:
        return months_on(today, _sum_of_steps(month), day)
    for step in range(3):  # not every month has a 31st
        with suppress(ValueError):
            found = months_on(today, step if ahead else -step, day)
            if found >= today if ahead else found <= today:
                return found
    raise ValueError(day)


def months_on(start: date, months: int, day: int) -> date:
    """Return this day of the month that is some months after another day."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, day)
