"""A year's holiday notice, in the State Council's words or as JSON, and what it changes."""

import json
import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.reading import YEARS, Misread, dict_of_unique_keys, to_half_width
from ledger12315.rules.workdays import (
    BY_WEEK,
    OWN,
    Calendar,
    Special,
    each_day,
    unnamed_holidays,
)
from ledger12315.words import Word


class Announced(NamedTuple):
    """A notice's entry for a day."""

    working: bool
    holiday: str


class HolidayNotice(NamedTuple):
    """A year's notice; it may set days of the December before."""

    year: int
    days: Mapping[date, Announced]

    @property
    def lacks(self) -> list[str]:
        """The statutory holidays that the notice does not name."""
        return unnamed_holidays(each.holiday for each in self.days.values())


def read_holiday_notice(text: str) -> HolidayNotice:
    """Return the notice in a text, in words or as holiday-cn's JSON.

    Raises Misread if it is neither, or if its own count of days does not match.
    """
    found = _of_json(text) if text.lstrip().startswith("{") else _of_words(to_half_width(text))
    if found.year not in YEARS:
        raise Misread("{year} is not a year from 1990 to 2199", year=found.year)
    if not found.days:
        raise Misread("no day off and no make-up day is found in it")
    for day in found.days:
        if day.year not in (found.year - 1, found.year):
            raise Misread("{day} does not belong to the year {year}", day=day, year=found.year)
    return found


def _of_json(text: str) -> HolidayNotice:
    try:
        read = json.loads(text, object_pairs_hook=dict_of_unique_keys)
        year, said = read["year"], [(each["date"], *_parse_day(each)) for each in read["days"]]
        days = [(date.fromisoformat(day), Announced(not off, name)) for day, off, name in said]
        if type(year) is not int:  # not even a bool
            raise TypeError
    except Misread:
        raise
    except (ValueError, TypeError, LookupError, RecursionError):
        raise Misread(
            "it is not JSON with year and days of date, name, and isOffDay true or false"
        ) from None
    return HolidayNotice(year, _days_of_entries(days))


def _parse_day(day: Mapping[str, object]) -> tuple[bool, str]:
    """Return whether a day is off, and its holiday's name. Raises TypeError, LookupError."""
    off, name = day["isOffDay"], day["name"]
    if not isinstance(off, bool) or not isinstance(name, str):
        raise TypeError
    return off, name


def _days_of_entries(said: Iterable[tuple[date, Announced]]) -> dict[date, Announced]:
    """Return the days of all entries. Raises Misread for a day both off and worked."""
    days: dict[date, Announced] = {}
    for day, announced in said:
        if days.setdefault(day, announced).working != announced.working:
            raise Misread("{day} is both a day off and a working day in it", day=day)
        days[day] = announced
    return days


_DAY_ANNOUNCED = r"(?:(\d{4})年)?(?:(\d\d?)月)?(\d\d?)日(?:\([^)]*\))?"
_STRETCH = rf"{_DAY_ANNOUNCED}(?:[至到-]{_DAY_ANNOUNCED})?"
_PART_NUMBER = r"[一二三四五六七八九十]、\s*"
# Two holidays may share a number: 国庆节、中秋节.
_PART_TITLE = "[^:、。]{2,12}(?:、[^:、。]{2,12})?"
_NOTICE_PART = rf"{_PART_NUMBER}({_PART_TITLE}):(.*?)(?={_PART_NUMBER}{_PART_TITLE}:|\Z)"


def _of_words(text: str) -> HolidayNotice:
    titled = re.search(r"(\d{4})年(?:部分)?节假日安排", text)
    if not titled:
        raise Misread("it does not name its year, as in 2027年部分节假日安排")
    year = int(titled[1])
    return HolidayNotice(year, _days_of_entries(_announced_days(text, year)))


def _announced_days(text: str, year: int) -> Iterator[tuple[date, Announced]]:
    for holiday, part in re.findall(_NOTICE_PART, text, re.S):
        for clause in re.findall(r"[^。;]+", part):
            working = "上班" in clause
            if working or "放假" in clause:
                for day in _days_of_clause(holiday, clause, year, working):
                    yield day, Announced(working, holiday.strip())


def _days_of_clause(holiday: str, clause: str, year: int, working: bool) -> list[date]:
    """Return the days in a clause; a clause on days off may give their number."""
    named = list(_expand_days(re.split("放假|上班", clause)[0], year))
    counted = re.search(r"共(\d+)天", clause)
    if counted and not working and str(len(named)) != counted[1].lstrip("0"):
        raise Misread(
            "{name}: the number of days given is {said}, but {found} are listed",
            name=holiday,
            said=counted[1],
            found=len(named),
        )
    return named


def _expand_days(text: str, year: int) -> Iterator[date]:
    """Yield each day in a list of days and stretches; one without a month has the last month."""
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
            raise Misread("a holiday from {first} to {last} is not possible", first=day, last=end)
        yield from each_day(day, end)


class HolidayChanges(NamedTuple):
    """A notice's changes of the calendar: the `days` that it sets.

    `contradicted` are days that were known otherwise, `own` those that the station set otherwise,
    which stay. A year that `lacks` holidays stays provisional.
    """

    days: Mapping[date, Announced]
    contradicted: list[date]
    own: list[date]
    lacks: list[str]


def changes_of_holidays(before: Calendar, notice: HolidayNotice) -> HolidayChanges:
    """Return a notice's changes to a calendar.

    A holiday named again replaces its earlier days, which follow the week again.
    """
    noticed = {day: each for day, each in before.special.items() if each.notice == notice.year}
    said = _days_taken_back(noticed, notice) | dict(notice.days)
    turned = sorted(day for day in said if before.working(day) != said[day].working)
    own = [day for day in turned if day in before.own]
    known = [day for day in turned if day in before.special or not before.provisional(day)]
    names = [each.holiday.zh for each in noticed.values()]
    names += [each.holiday for each in said.values()]
    return HolidayChanges(
        said,
        [day for day in known if day not in own],
        own,
        [] if notice.year in before.announced else unnamed_holidays(names),
    )


def _days_taken_back(
    noticed: Mapping[date, Special], notice: HolidayNotice
) -> dict[date, Announced]:
    """Return the days set for the holidays that a notice names again, each as in any week.

    The days of two holidays together stay unless it names both.
    """
    every = unnamed_holidays(())
    found = {}
    for day, each in noticed.items():
        names = {name for name in every if name in each.holiday.zh}
        if names and names.isdisjoint(notice.lacks):
            found[day] = Announced(day.weekday() < 5, BY_WEEK)
    return found


def calendar_with(before: Calendar, found: HolidayChanges, year: int) -> Calendar:
    """Return a calendar with the changes by a year's notice."""
    days = {
        day: Special(said.working, Word(OWN, said.holiday, said.holiday), year)
        for day, said in found.days.items()
    }
    years = before.announced if found.lacks else sorted({*before.announced, year})
    # The type asks for a writable mapping, but it is only read.
    return Calendar(ChainMap(days, before.special), years, before.own)  # type: ignore[arg-type]
