"""A year's notice of holidays, in the State Council's words or as JSON. Source: domain 4."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.reading import Misread, folded
from ledger12315.rules.workdays import ONE_DAY


class Announced(NamedTuple):
    """What a notice says of a day."""

    working: bool
    holiday: str


class HolidayNotice(NamedTuple):
    """A year's notice; it may set days of the December before."""

    year: int
    days: Mapping[date, Announced]


def read_holiday_notice(text: str) -> HolidayNotice:
    """Return the notice that stands in a text, in words or as holiday-cn's JSON.

    Raises Misread where it is neither, or where its own count of days does not tie.
    """
    found = _of_json(text) if text.lstrip().startswith("{") else _of_words(folded(text))
    if not found.days:
        raise Misread("no day off and no make-up day is found in it")
    for day in found.days:
        if day.year not in (found.year - 1, found.year):
            raise Misread("{day} does not belong to the year {year}", day=day, year=found.year)
    return found


def _of_json(text: str) -> HolidayNotice:
    try:
        read = json.loads(text)
        days = {
            date.fromisoformat(each["date"]): Announced(not each["isOffDay"], str(each["name"]))
            for each in read["days"]
        }
        return HolidayNotice(int(read["year"]), days)
    except (ValueError, TypeError, LookupError, RecursionError):
        raise Misread("it is not JSON with year and days of date, name and isOffDay") from None


_DAY = r"(?:(\d{4})年)?(?:(\d\d?)月)?(\d\d?)日(?:\([^)]*\))?"
_STRETCH = rf"{_DAY}(?:[至到-]{_DAY})?"
_NUMBER = r"[一二三四五六七八九十]、\s*"
_TITLE = "[^:、。]{2,12}"
_PART = re.compile(rf"{_NUMBER}({_TITLE}):(.*?)(?={_NUMBER}{_TITLE}:|\Z)", re.S)


def _of_words(text: str) -> HolidayNotice:
    titled = re.search(r"(\d{4})年(?:部分)?节假日安排", text)
    if not titled:
        raise Misread("it does not say of which year it is, as in 2027年部分节假日安排")
    year = int(titled[1])
    days: dict[date, Announced] = {}
    for holiday, part in _PART.findall(text):
        for clause in re.findall(r"[^。;]+", part):
            working = "上班" in clause
            if working or "放假" in clause:
                named = _named(holiday, clause, year, working)
                days |= dict.fromkeys(named, Announced(working, holiday.strip()))
    return HolidayNotice(year, days)


def _named(holiday: str, clause: str, year: int, working: bool) -> list[date]:
    """Return the days that a clause names; of days off it may say how many they are."""
    named = list(_days(re.split("放假|上班", clause)[0], year))
    counted = re.search(r"共(\d+)天", clause)
    if counted and not working and len(named) != int(counted[1]):
        raise Misread(
            "{name}: {said} days are said, {found} are named",
            name=holiday,
            said=counted[1],
            found=len(named),
        )
    return named


def _days(text: str, year: int) -> Iterator[date]:
    """Yield each day of a list of days and stretches; one without a month is of the last month."""
    month = 0
    for first_year, first_month, first_day, *last in re.findall(_STRETCH, text):
        month = int(first_month or month)
        try:
            day = end = date(int(first_year or year), month, int(first_day))
            if last[2]:
                end = date(int(last[0] or year), int(last[1] or month), int(last[2]))
        except ValueError:
            raise Misread(
                "{text} is not a day of the calendar", text=f"{month}-{first_day}"
            ) from None
        if not 0 <= (end - day).days <= 20:
            raise Misread("a holiday from {first} to {last} cannot be", first=day, last=end)
        yield from (day + n * ONE_DAY for n in range((end - day).days + 1))
