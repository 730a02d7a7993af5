"""What a station may set; printed on each form whose figures depend on it. Source: domain 3, 4."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.reading import Misread, read_past_day
from ledger12315.errors import Message, message
from ledger12315.words import Vocabulary, Word


class Setting(NamedTuple):
    """One setting: the words of a vocabulary, whole numbers from least to most, or a day."""

    default: str
    allowed: Vocabulary | tuple[int, int] | None
    meaning: str

    @property
    def words(self) -> Message | Vocabulary:
        """Return what the setting takes, in words."""
        if self.allowed is None:
            return message("a day that is not in the future")
        if isinstance(self.allowed, Vocabulary):
            return self.allowed
        return message("{least} to {most}", least=self.allowed[0], most=self.allowed[1])

    def said(self, value: str) -> Word | str:
        """Return a value as people read it."""
        return self.allowed[value] if isinstance(self.allowed, Vocabulary) else value

    def read(self, value: str, today: date) -> str | None:
        """Return the value as it is stored; None where the setting cannot hold it."""
        if self.allowed is None:
            with suppress(Misread):
                return read_past_day(value, today).isoformat()
            return None
        if isinstance(self.allowed, Vocabulary):
            word = self.allowed.find(value)
            return word.code if word else None
        whole = value.isascii() and value.isdigit()
        least, most = self.allowed
        return value if whole and least <= int(value) <= most else None


SETTINGS: Mapping[str, Setting] = {
    "station_limit": Setting("60", (1, 365), "days the station has after an escalation"),
    "return_day_off": Setting(
        "after",
        Vocabulary(Word("after", "顺延", "after"), Word("before", "提前", "before")),
        "a return date on a day off moves to the first working day after it, or the last before",
    ),
    "station_lead": Setting(
        "1", (0, 20), "working days the station's return is due before the county desk's date"
    ),
    "point_lead": Setting(
        "2", (0, 20), "working days a point's return is due before the county desk's date"
    ),
    "retention_years": Setting(
        "3", (3, 100), "years that a closed complaint is kept before it is listed for erasing"
    ),
    "major_amount": Setting(
        "5000", (0, 10**9), "yuan in dispute from which a complaint is proposed as a major matter"
    ),
    "notice_from": Setting(
        "3",
        (1, 1000),
        "complaints against one respondent in a quarter from which a notice is proposed",
    ),
    "demo_base_provincial": Setting(
        "6", (0, 10000), "provincial demonstration points the county is to keep (三(五)8)"
    ),
    "demo_base_municipal": Setting(
        "17", (0, 10000), "municipal demonstration points the county is to keep (三(五)8)"
    ),
    "annual_period": Setting(
        "statistical",
        Vocabulary(
            Word("statistical", "统计年度", "statistical"),
            Word("calendar", "自然年度", "calendar"),
        ),
        "what the annual return covers: 1 December to 30 November, or 1 January to 30 November or"
        " the as-of day",
    ),
    "begins": Setting(
        "", None, "the day from which the ledger is kept: nothing is owed for the time before it"
    ),
}
