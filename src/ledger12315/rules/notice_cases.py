"""The complaints that a notice or interview names to an operator: 抄告 and 约谈. 三(五)2"""

from datetime import date
from typing import NamedTuple

from ledger12315.rules.periods import Period


class NoticeCase(NamedTuple):
    """A complaint in a notice, `disputed` in 分; without outcome if open on the notice's day."""

    number: str
    received: date
    item: str
    problem: str
    disputed: int | None
    outcome: str | None
    local_words: str | None


class NoticeCases(NamedTuple):
    """A notice or interview, and its cases: those of a quarter, or those that the record names.

    `serial` is its number within its kind and year.
    """

    serial: int
    kind: str
    day: date
    point_name: str
    respondent: str
    text: str | None
    quarter: Period | None
    cases: tuple[NoticeCase, ...]
