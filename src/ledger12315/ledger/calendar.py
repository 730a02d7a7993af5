"""The calendar as it is known now: the State Council's notices from 2004 on, as the chinesecalendar library carries them."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from ledger12315.rules.workdays import Calendar, Special
from ledger12315.words import Word

# The library has this day off; the notice for New Year 2006 made it a working day.
_CORRECTIONS = {date(2005, 12, 31): "New Year's Day"}


class _Notices(Mapping[date, Special]):
    """The library's two tables as one, read in place: building 770 records costs more than a command looks up."""

    def __init__(self) -> None:
        from chinese_calendar.constants import Holiday, holidays, workdays

        self._names = {holiday.value: Word(holiday.name, holiday.chinese, holiday.value) for holiday in Holiday}
        self._made_up = workdays | _CORRECTIONS
        self._all = holidays | self._made_up

    def __getitem__(self, day: date) -> Special:
        name = self._all[day]
        # New Year's notice is the next year's where it sets days of December.
        notice = day.year + (day.month == 12 and name == "New Year's Day")
        return Special(day in self._made_up, self._names[name], notice)

    def __iter__(self) -> Iterator[date]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@cache
def known_calendar() -> Calendar:
    """Working days by every notice that is known; other years are provisional."""
    notices = _Notices()
    return Calendar(notices, range(min(notices).year, max(notices).year + 1))
