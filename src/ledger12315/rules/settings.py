"""What a station may set, with its default; printed on each form whose figures depend on it. Source: domain 3 and 4."""

from collections.abc import Mapping
from typing import NamedTuple

from ledger12315.errors import Message, message


class Setting(NamedTuple):
    """One setting: its default, the words or whole numbers (least, most) that it takes, and its meaning."""

    default: str
    allowed: tuple[str, ...] | tuple[int, int]
    meaning: str

    @property
    def words(self) -> Message | str:
        """What it takes, in words."""
        if isinstance(self.allowed[0], int):
            return message("{least} to {most}", least=self.allowed[0], most=self.allowed[1])
        return " | ".join(map(str, self.allowed))

    def allows(self, value: str) -> bool:
        """Whether `value` may be stored."""
        least, most = self.allowed[0], self.allowed[-1]
        if isinstance(least, int) and isinstance(most, int):
            return value.isascii() and value.isdigit() and least <= int(value) <= most
        return value in self.allowed


SETTINGS: Mapping[str, Setting] = {
    "station_limit": Setting("60", (1, 365), "days the station has after an escalation"),
    "return_day_off": Setting(
        "after", ("after", "before"), "a return date on a day off moves to the first working day after it, or the last before"
    ),
    "station_lead": Setting("1", (0, 20), "working days the station's return is due before the county desk's date"),
    "point_lead": Setting("2", (0, 20), "working days a point's return is due before the county desk's date"),
    "annual_period": Setting(
        "statistical",
        ("statistical", "calendar"),
        "what the annual return covers: 1 December to 30 November, or 1 January to 30 November or the as-of day",
    ),
}
