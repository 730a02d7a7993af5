"""The settings of a station; forms whose figures depend on them print them. docs/figures.md"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from ledger12315.boxes.amounts import read_money
from ledger12315.boxes.reading import Misread, read_past_day
from ledger12315.renamed import NEWEST, PLAN
from ledger12315.rules.clocks import (
    CLOCKS,
    SETTABLE,
    Clock,
    clock_on,
    deadline,
    length_in_chinese,
    read_length,
)
from ledger12315.rules.rates import (
    RATES,
    formula_word,
    read_formula,
    read_target,
    target_for_setting,
    target_in_chinese,
)
from ledger12315.rules.workdays import Calendar
from ledger12315.words import LIFE, Vocabulary, Word, vocabulary


class Setting(NamedTuple):
    """One setting; `allowed` are words, bounds of whole numbers, or a function that reads a value.

    Without it the value is a day up to today. A `dated` setting is valid from a day on, or always;
    `from_today` if no day is given, so that a change keeps what was late. `before` has defaults of
    earlier days, earliest first. `name` is its Chinese name, `named` returns a value in Chinese,
    or in both languages.
    """

    name: str
    default: str
    allowed: Vocabulary | tuple[int, int] | Callable[[str], str] | None
    meaning: str
    dated: bool = False
    before: Sequence[tuple[date, str]] = ()
    named: Callable[[str], str | Word] = str
    from_today: bool = False

    def said(self, value: str) -> Word | str:
        """Return a value for people."""
        if isinstance(self.allowed, Vocabulary):
            return self.allowed.get(value, value)
        named = self.named(value)
        return named if isinstance(named, Word) else Word(value, named, value)

    def read(self, value: str, today: date) -> str:
        """Return the stored form of a value. Raises Misread."""
        if self.allowed is None:
            return read_past_day(value, today).isoformat()
        if isinstance(self.allowed, Vocabulary):
            if word := self.allowed.find(value):
                return word.code
            raise Misread("give one of {words}", words=self.allowed)
        if not isinstance(self.allowed, tuple):
            return self.allowed(value)
        least, most = self.allowed
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return str(int(value))
        raise Misread("give {least} to {most}", least=least, most=most)

    def default_on(self, day: date) -> str:
        """Return the default on a day."""
        return next((value for until, value in self.before if day < until), self.default)


def _whole_yuan(text: str) -> str:
    """Return an amount as whole yuan. Raises Misread."""
    if (fen := read_money(text)) % 100:
        raise Misread("give whole yuan")
    return str(fen // 100)


SETTINGS: Mapping[str, Setting] = {
    "return_day_off": Setting(
        "报送日逢放假",
        "after",
        vocabulary("""
            after  | 顺延
            before | 提前
        """),
        "a return date on a day off moves to the next working day, or to the last one before it",
        dated=True,
        from_today=True,
    ),
    "station_lead": Setting(
        "工商所提前工作日",
        "1",
        (0, 20),
        "working days by which the station reports before the county desk",
        dated=True,
        from_today=True,
    ),
    "point_lead": Setting(
        "服务点提前工作日",
        "2",
        (0, 20),
        "working days by which a point reports before the county desk",
        dated=True,
        from_today=True,
    ),
    "retention_years": Setting(
        "保存年限",
        "3",
        (3, 100),
        "years for which a closed complaint is kept before it is listed for erasing",
    ),
    "major_amount": Setting(
        "重大事项金额",
        "5000",
        _whole_yuan,
        "disputed amount in yuan from which a complaint is proposed as a major matter",
    ),
    "notice_from": Setting(
        "抄告件数",
        "3",
        (1, 1000),
        "complaints against one respondent in a quarter from which a notice is proposed",
    ),
    "publicity_from": Setting(
        "公示件数",
        "1",
        (1, 1000),
        "an operator with this many complaints in the period is made public",
    ),
    "publicity_days": Setting(
        "公示天数", "30", (1, 1000), "days for which a publicity notice stays on the wall"
    ),
    "demo_base_provincial": Setting(
        "省级示范保留数",
        "6",
        (0, 10000),
        "provincial demonstration points the county is to keep (三(五)8)",
    ),
    "demo_base_municipal": Setting(
        "市级示范保留数",
        "17",
        (0, 10000),
        "municipal demonstration points the county is to keep (三(五)8)",
    ),
    "annual_period": Setting(
        "年报口径",
        "statistical",
        vocabulary("""
            statistical | 统计年度
            calendar    | 自然年度
        """),
        "months of the annual return: 1 December to 30 November, or 1 January to 31 December "
        "as far as known when submitted",
    ),
    "words_of": Setting(
        "用语年代",
        "",
        vocabulary(f"""
            {PLAN} | 2011年方案的用语 | words of the plan of 2011
            {NEWEST} | 2018年以来的用语 | words since 2018
        """),
        "names of offices and acts [by the names of station and county]",
    ),
    "begins": Setting(
        "启用日期",
        "",
        None,
        "the first day of the ledger: nothing is due for the time before it",
    ),
    **{
        f"rate.{rate.key}": Setting(
            f"{rate.name}公式",
            rate.written,
            read_formula,
            "the rate's formula: a sum of measures of Attachment 3, a slash, one measure",
            True,
            named=formula_word,
        )
        for rate in RATES
    },
    **{
        f"target.{rate.key}": Setting(
            f"{rate.name}目标",
            target_for_setting(rate),
            read_target,
            "the rate's target in percent, or none",
            True,
            named=target_in_chinese,
        )
        for rate in RATES
    },
    **{
        f"clock.{key}": Setting(
            LIFE[key].zh,
            clock.length,
            read_length,
            "how long a complaint's clock runs: days, working days, or none",
            True,
            [
                (newer.since, each.length)
                for each, newer in pairwise(row for row in CLOCKS if row.key == key)
            ],
            length_in_chinese,
        )
        for key, clock in SETTABLE.items()
    },
}
SETTING_NAMES = Vocabulary(*(Word(key, each.name, key) for key, each in SETTINGS.items()))
"""The names of settings: their keys, in Chinese their names."""
INITIAL_SETTINGS = {
    key: each.default
    for key, each in SETTINGS.items()
    if each.default and (each.from_today or not each.dated)
}
"""The settings of a new ledger. Other dated ones have their defaults until somebody sets them."""


class SettingEntry(NamedTuple):
    """One entry of a setting; the last one has priority, from its day on or for all time."""

    key: str
    value: str
    since: date | None


class SettingHistory(NamedTuple):
    """The settings on any day, from the entries in order."""

    said: Sequence[SettingEntry] = ()

    def value(self, key: str, day: date = date.max) -> str:
        """Return the value of a setting on a day."""
        last = self._last(key, day)
        return last.value if last else SETTINGS[key].default_on(day)

    def _last(self, key: str, day: date) -> SettingEntry | None:
        held = (each for each in reversed(self.said) if each.key == key)
        return next((each for each in held if each.since is None or each.since <= day), None)

    def length(self, clock: Clock, start: date) -> str:
        """Return the length of a clock that started on a day; "" if it is the box's own day."""
        settable = clock.key in SETTABLE
        return self.value(f"clock.{clock.key}", start) if settable else clock.length

    def basis(self, key: str, start: date) -> str:
        """Return the article of a clock that started on a day; "" if the station set it."""
        return "" if self._last(f"clock.{key}", start) else clock_on(key, start).basis

    def deadline(self, clock: Clock, start: date, calendar: Calendar) -> date | None:
        """Return the last day of a clock that started on a day; None if it has no end."""
        return deadline(start, self.length(clock, start), calendar)

    def on(self, day: date) -> dict[str, str]:
        """Return every setting on a day."""
        found = {key: each.default_on(day) for key, each in SETTINGS.items()}
        for each in self.said:
            if each.key in found and (each.since is None or each.since <= day):
                found[each.key] = each.value
        return found

    def stretches(self, key: str) -> Iterator[tuple[str, date | None]]:
        """Yield each value of a setting with its first day, None for always."""
        said = [each.since for each in self.said if each.key == key and each.since]
        last = ""
        for day in sorted({date.min, *said, *(until for until, _ in SETTINGS[key].before)}):
            if (value := self.value(key, day)) != last:
                yield value, day if last else None
                last = value
