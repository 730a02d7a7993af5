"""Numbers and days as people say and write them: 两千五, 叁佰元整, 上周五, 三天前."""

import re
from contextlib import suppress
from datetime import date, timedelta

_FORMAL = str.maketrans(
    "壹贰叁肆伍陆柒捌玖拾佰仟萬億〇两圆塊", "一二三四五六七八九十百千万亿零二元块"
)
_DIGITS = "零一二三四五六七八九"
_UNITS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
_COINS = (
    "(?:(?P<yuan>.+?)[元块]钱?)?(?:(?P<jiao>.)(?:[角毛](?:(?P<fen>.)分?)?)?|(?P<only_fen>.)分)?"
)
_PLACES = 6
_ONE: int = 10**_PLACES


def spoken_number(text: str) -> str:
    """Return a number in words as digits, and any other text unchanged."""
    value = _spoken_value(text.translate(_FORMAL))
    return text if value is None else _in_digits(value)


def spoken_money(text: str) -> str:
    """Return yuan in words as digits, and any other text unchanged."""
    if text.isascii():
        return text
    plain = re.sub("(?<=[元角分])[整正]$", "", text.translate(_FORMAL).removeprefix("¥"))
    value = _spoken_value(plain)
    if value is None and re.search("[元块角毛分]", plain):
        value = _with_coins(plain)
    return text if value is None else _in_digits(value)


def _with_coins(text: str) -> int | None:
    """Return the yuan of 元, 角 and 分."""
    if not (found := re.fullmatch(_COINS, text)):
        return None
    yuan, jiao = (_spoken_value(found[name] or "零") for name in ("yuan", "jiao"))
    fen = _spoken_value(found["fen"] or found["only_fen"] or "零")
    if yuan is None or jiao is None or fen is None:
        return None
    coins = jiao // 10 + fen // 100
    return None if coins and yuan % _ONE else yuan + coins


def _in_digits(value: int) -> str:
    whole, rest = divmod(value, _ONE)
    return f"{whole}.{rest:0{_PLACES}}".rstrip("0").rstrip(".")


def _spoken_value(text: str) -> int | None:
    """Return the value of a number in words; None if it is not a number or is ambiguous."""
    if unit := next((each for each in _UNITS if each in text), ""):
        return _value_with_unit(*text.partition(unit))
    if re.fullmatch(f"[{_DIGITS}]", text):
        return _DIGITS.index(text) * _ONE
    found = re.fullmatch(rf"(\d{{1,12}})(?:\.(\d{{1,{_PLACES}}}))?", text, re.A)
    return int(found[1]) * _ONE + int((found[2] or "").ljust(_PLACES, "0")) if found else None


def _value_with_unit(before: str, unit: str, after: str) -> int | None:
    worth = _UNITS[unit]
    many = _ONE if unit == "十" and not before else _spoken_value(before)
    rest = _value_after_unit(after, worth)
    if many is None or rest is None or not 0 < many < max(worth, 10) * _ONE:
        return None
    return many * worth + rest if not after or many % _ONE == 0 else None


def _value_after_unit(text: str, worth: int) -> int | None:
    """Return the value of the digits after a unit: 五 after 百 is 50, 零五 is 5."""
    if not text:
        return 0
    if text.startswith("零"):
        value, most = _spoken_value(text.lstrip("零")), worth // 10
    elif re.fullmatch(f"[1-9{_DIGITS}]", text):
        return (_spoken_value(text) or 0) * worth // 10
    else:
        value, most = _spoken_value(text), worth
        # 1万25 may be 10,025 or 12,500; 1万2500 is clear.
        if text.isdecimal() and len(text) != len(str(worth)) - 1:
            return None
    whole = value is not None and value % _ONE == 0 and value < most * _ONE
    return value if whole else None


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
    if text.isascii():
        return text
    year = re.sub(f"[〇{_DIGITS}]{{4}}(?=年)", _year_in_digits, text)
    return re.sub(
        "[一二三四五六七八九十]{1,3}(?=[月日号])", lambda it: str(_spoken_count(it[0])), year
    )


def _year_in_digits(found: re.Match[str]) -> str:
    return "".join(str(_DIGITS.index(each)) for each in found[0].translate(_FORMAL))


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


_YEARS_AGO = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2}
_QUARTERS_AGO = {"本季度": 0, "这个季度": 0, "上季度": 1, "上个季度": 1, "上上季度": 2}
_MONTHS_AGO = {"本月": 0, "这个月": 0, "上月": 1, "上个月": 1}
_PART_OF_YEAR = "(?:第?(?P<quarter>[一二三四1-4])季度|(?P<month>1[0-2]|[1-9])月)"


def spoken_period(text: str, today: date) -> str:
    """Return the code of a period that is said from today, and any other text unchanged.

    A quarter or month without a year is the latest that has begun.
    """
    if text in _QUARTERS_AGO:
        count = today.year * 4 + (today.month - 1) // 3 - _QUARTERS_AGO[text]
        return f"{count // 4}Q{count % 4 + 1}"
    if text in _MONTHS_AGO:
        count = today.year * 12 + today.month - 1 - _MONTHS_AGO[text]
        return f"{count // 12}-{count % 12 + 1:02}"
    if text.isascii():
        return text
    said = next(filter(text.startswith, _YEARS_AGO), "")
    rest = text.removeprefix(said)
    part = re.fullmatch(_PART_OF_YEAR, rest, re.A)
    if said and not rest:
        return str(today.year - _YEARS_AGO[said])
    if not part:
        return text
    if part["quarter"]:
        number = "一二三四1234".index(part["quarter"]) % 4 + 1
        code, begins = f"Q{number}", 3 * number - 2
    else:
        begins = int(part["month"])
        code = f"-{begins:02}"
    return f"{today.year - (_YEARS_AGO[said] if said else begins > today.month)}{code}"
